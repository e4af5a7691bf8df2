"""Valid HTML: the Nu checker and html-validate on every template in every language, where they are installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from . import web
from .words import LANGUAGES

CHECKERS = Path(os.environ.get("BROADSHEET_CHECKERS", Path(__file__).parent / "checkers"))
# The checker's CSS part knows neither container queries nor their units, masks by gradients nor paths that clip.
NOT_KNOWN = re.compile(r"^CSS: .*(container|Parse Error|“mask”|“clip-path”)")
INSTALL = "npm ci --prefix tests/site/checkers"


@pytest.fixture(scope="session")
def pages(site, paths, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one file for every template in every language."""
    folder = tmp_path_factory.mktemp("pages")
    for language in LANGUAGES:
        for kind, path in paths[language].items():
            reply = web.fetch(site.url(path))
            assert reply.kind == "text/html", (path, reply.status)
            (folder / f"{language}-{kind.replace(' ', '-')}.html").write_bytes(reply.body)
    odd = [story["path"] for story in site.desk.stories("en") if "/hard-" in story["path"]]
    for number, path in enumerate(odd):
        (folder / f"odd-{number}.html").write_bytes(web.fetch(site.url(path)).body)
    assert len(odd) == 3
    return folder


def is_odd(message: dict[str, Any]) -> bool:
    """Whether it is about a story whose words are of no language."""
    return Path(message.get("url", "")).name.startswith("odd-")


def test_nu_checker_finds_nothing(pages: Path) -> None:
    jar = CHECKERS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    java = shutil.which("java")
    if java is None or not jar.exists():
        pytest.skip(f"no Nu checker: install Java 17 or newer and run: {INSTALL}")
    command = [java, "-Xmx512m", "-jar", str(jar), "--format", "json", "--exit-zero-always", str(pages)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    messages = json.loads(done.stdout or done.stderr)["messages"]
    found = [
        f"{Path(one.get('url', '')).name}:{one.get('lastLine', 0)} {one['message']} | {one.get('extract', '')[:120]}"
        for one in messages
        if not (is_odd(one) and "appears to be written in" in one["message"])
        and (one["type"] != "info" or one.get("subType") == "warning")
        and not NOT_KNOWN.match(one["message"])
    ]
    assert not found, f"{len(found)} findings\n" + "\n".join(found[:40])


def test_html_validate_finds_nothing(pages: Path) -> None:
    program = CHECKERS / "node_modules" / ".bin" / "html-validate"
    if shutil.which("node") is None or not program.exists():
        pytest.skip(f"no html-validate: install Node 20 or newer and run: {INSTALL}")
    rules = Path(__file__).parent / "checkers" / "html-validate.json"
    command = [str(program), "--config", str(rules), "--formatter", "json", *map(str, sorted(pages.glob("*.html")))]
    report = pages.parent / "html-validate.json"
    with report.open("wb") as file:
        # Into a file: through a pipe Node drops what is not read when it ends.
        done = subprocess.run(command, stdout=file, stderr=subprocess.PIPE)
    assert done.returncode in {0, 1}, done.stderr.decode()
    found = [
        f"{Path(file['filePath']).name}:{one['line']} {one['ruleId']}: {one['message']}"
        for file in json.loads(report.read_bytes())
        for one in file["messages"]
    ]
    assert not found, f"{len(found)} findings\n" + "\n".join(found[:40])
