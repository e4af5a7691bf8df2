"""A throw-away site on SQLite with an archive of any size, and the programs that serve it."""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from . import desks, machine, rows

if TYPE_CHECKING:
    from broadsheet.articles.models import ArticlePage, SectionPage
    from broadsheet.config import Config

    from .desks import Desk

LANGUAGES = ("en", "ru", "fa")
_START_S = 120.0
TEXT = "The ferries run again, and the harbour is as loud as it was before the storm. " * 8


def found(folder: Path, languages: tuple[str, ...] = ("en",), workers: int = 2) -> Config:
    """Make the site in the folder, and start Django with it."""
    from broadsheet.cli import founding, sites

    _forget_environment()
    ports = machine.free_port(), machine.free_port()
    urls = {"site_url": f"http://localhost:{ports[0]}", "newsroom_url": f"http://localhost:{ports[1]}"}
    settings = {"languages": languages, "edge_workers": workers, "reader_port": ports[0], "newsroom_port": ports[1]}
    config = founding.make_folder(folder, {**settings, **urls})
    sites.start_django()
    founding.found(config, {}, lambda step, done, total: None)
    return config


def reopen(folder: Path) -> Config:
    """Start Django with a site that `found` made, brought up to date. Its ports are those that it was given."""
    from broadsheet.cli import databases, sites

    _forget_environment()
    config = sites.read_config(folder)
    sites.start_django()
    databases.migrate(lambda step, done, total: None)
    return config


def draft(section: SectionPage, title: str, desk: Desk) -> ArticlePage:
    """A story of ordinary length that nobody has published, with two topics and a byline."""
    from broadsheet.articles.models import ArticlePage, SectionPage

    article = ArticlePage(title=title, live=False, locale=section.locale)
    body = (TEXT, *desk.paragraphs[:3]) if desk.paragraphs else (TEXT,) * 4
    desks.fill(article, body, desk.topics[:2], desk.authors[:1])
    # Read anew: the tree keeps the count of a page's children in its row.
    SectionPage.objects.get(pk=section.pk).add_child(instance=article)
    return article


def begin(folder: Path, articles: int, workers: int = 2) -> Config:
    """Make the site and what its stories belong to; `finish` makes the stories."""
    from django.db import connection

    config = found(folder, LANGUAGES, workers)
    made = [desks.make(language) for language in LANGUAGES]
    connection.close()
    rows.multiply(database_of(config), made, articles, int(time.time()) - 60)
    return config


def finish(config: Config, limit_s: float = math.inf) -> bool:
    """Go on for about so long; False: call it again. At the end all that is kept of the archive is counted."""
    from django.db import connection

    from broadsheet.articles import parts, statistics, totals

    connection.close()
    if not rows.finish(database_of(config), limit_s):
        return False
    totals.recount()
    parts.recount()
    statistics.refresh()
    with connection.cursor() as cursor:
        # As one transaction the archive stands in the journal, where every page is looked for first.
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return True


def database_of(config: Config) -> Path:
    return config.directory / "broadsheet.sqlite3"


@contextmanager
def served(config: Config) -> Iterator[int]:
    """`broadsheet serve` of the site; the supervisor's process. Raises RuntimeError when it does not come up."""
    log = config.directory / "log" / "serve.txt"
    log.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "broadsheet", "serve", "--dir", str(config.directory)]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    with log.open("w") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)  # noqa: S603
    try:
        until = time.monotonic() + _START_S
        while "Stop with Ctrl-C" not in log.read_text():
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the site does not come up:\n{log.read_text()}")
            time.sleep(0.2)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def _forget_environment() -> None:
    for name in [name for name in os.environ if name.startswith(("BROADSHEET_", "DATABASE_"))]:
        del os.environ[name]


def main() -> None:
    """`python -m benchmarks.archive DIR`: begin an archive there or go on with it, until it is finished."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.archive", description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=1_000_000, help="articles in the archive")
    parser.add_argument("--workers", type=int, default=2, help="workers of the edge")
    parser.add_argument("--limit", type=float, default=math.inf, help="stop after so many seconds, with status 3")
    options = parser.parse_args()
    is_begun = (options.folder / "broadsheet.toml").exists()
    config = reopen(options.folder) if is_begun else begin(options.folder, options.articles, options.workers)
    if not finish(config, options.limit):
        raise SystemExit(3)
    machine.say(f"{database_of(config).stat().st_size / 1e9:.2f} GB")


if __name__ == "__main__":
    main()
