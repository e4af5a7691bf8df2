"""Builds a site with the demo edition and serves it with its real processes, for tests."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from . import web

ROOT = Path(__file__).resolve().parents[2]
# Where a built edition is kept between runs; `build/` is never committed.
KEPT = ROOT / "build" / "test-sites"
# Packages that show what was built, and build nothing.
ONLY_SHOWN = {"edge", "rendering", "readers", "cli", "processes", "syndication", "locale"}
START_TIMEOUT_S = 180
STOP_TIMEOUT_S = 20


@dataclass(frozen=True)
class RunningSite:
    """A site that answers: the two origins, its folder, and the desk that changes it."""

    readers: str
    newsroom: str
    directory: Path
    desk: Desk
    server: Server

    def url(self, path: str) -> str:
        """The address of a path on the readers' origin."""
        return f"{self.readers}{path}"


class Desk:
    """Asks the functions of `tests.site.desk`, which run in a process of their own with the site's settings."""

    def __init__(self, directory: Path, environment: dict[str, str]) -> None:
        self.errors = (directory / "log-desk.txt").open("w+b")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.site.desk"],
            cwd=ROOT,
            env={**environment, "DJANGO_SETTINGS_MODULE": "broadsheet.settings.newsroom"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
        )

    def __getattr__(self, name: str) -> Any:
        """`desk.retract(5)` calls the function `retract` over there; its answer is plain values."""

        def ask(*args: Any, **kwargs: Any) -> Any:
            assert self.process.stdin and self.process.stdout
            self.process.stdin.write(json.dumps([name, args, kwargs]) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
            if not line:
                self.errors.seek(0)
                raise AssertionError(f"the desk broke down: {self.errors.read().decode()[-3000:]}")
            answer = json.loads(line)
            assert "failure" not in answer, answer["failure"]
            return answer["value"]

        return ask

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait(STOP_TIMEOUT_S)
        self.process.stdout.close()
        self.errors.close()


def build(say: Any = print) -> Path:
    """The folder of the demo edition with our hard cases, of this source and this day, made unless it is kept.

    One process makes it, the others wait.
    """
    KEPT.parent.mkdir(exist_ok=True)
    with (KEPT.parent / "test-sites.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _build(say)


def _build(say: Any) -> Path:
    demo, whole = KEPT / f"demo-{_key_of_demo()}", KEPT / f"whole-{_key_of_whole()}"
    if (whole / "built").exists():
        return whole
    if not (demo / "built").exists():
        shutil.rmtree(KEPT, ignore_errors=True)
        say("building the demo edition for the tests of the site …")
        _broadsheet(["demo", "--dir", str(demo), "--build-only"], _environment(demo))
        (demo / "built").touch()
    for old in KEPT.glob("whole-*"):
        shutil.rmtree(old)
    copy(demo, whole)
    desk = Desk(whole, _environment(whole))
    try:
        desk.add_hard_cases()
    finally:
        desk.close()
    (whole / "built").touch()
    return whole


class Server:
    """`broadsheet serve` for one folder, on ports that stay the same when it is killed and started again."""

    def __init__(self, directory: Path, options: dict[str, str]) -> None:
        self.directory = directory
        self.ports = _free_ports(2)
        self.readers, self.newsroom = (f"http://localhost:{port}" for port in self.ports)
        self.environment = _environment(directory) | {
            "BROADSHEET_SITE_URL": self.readers,
            "BROADSHEET_NEWSROOM_URL": self.newsroom,
            "BROADSHEET_EMAIL_URL": "",
            **{f"BROADSHEET_{name.upper()}": value for name, value in options.items()},
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the supervisor; it is not waited for."""
        port, newsroom_port = map(str, self.ports)
        command = ["serve", "--dir", str(self.directory), "--port", port, "--newsroom-port", newsroom_port]
        with (self.directory / "log-serve.txt").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "broadsheet", *command],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Until both origins say that they are well."""
        for origin in (self.readers, self.newsroom):
            self._wait_for(origin)

    def kill(self) -> None:
        """End the supervisor, and it alone, in an instant."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End everything in good order."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise

    def said(self) -> str:
        """The end of what its processes have printed."""
        return (self.directory / "log-serve.txt").read_text(errors="replace")[-3000:]

    def _wait_for(self, origin: str) -> None:
        assert self.process
        until = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                if '"ok"' in web.fetch(f"{origin}/healthz").text:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.2)
        raise AssertionError(f"{origin} does not answer:\n{self.said()}")


@contextlib.contextmanager
def serve(directory: Path, *, wait: bool = True, **options: str) -> Iterator[RunningSite]:
    """Serve the site of `directory` on free ports; on the way out end its processes and no others."""
    server = Server(directory, options)
    server.start()
    desk = Desk(directory, server.environment)
    try:
        if wait:
            server.wait()
        yield RunningSite(server.readers, server.newsroom, directory, desk, server)
    finally:
        desk.close()
        server.stop()


def copy(built: Path, into: Path) -> Path:
    """A copy that one run of the tests may change."""
    shutil.copytree(built, into, dirs_exist_ok=True, ignore=shutil.ignore_patterns("run", "edge", "built", "log-*.txt"))
    return into


def _key_of_demo() -> str:
    """Changes with the source of what is built, and with the day: stories are dated by hours before it was built."""
    digest = hashlib.sha256(datetime.now(UTC).strftime("%Y-%m-%d").encode())
    package = ROOT / "src" / "broadsheet"
    for path in sorted(package.rglob("*")):
        parts = path.relative_to(package).parts
        is_shown = parts[0] in ONLY_SHOWN and "migrations" not in parts
        if path.is_file() and not is_shown and path.suffix not in {".pyc", ".html", ".css", ".js"}:
            digest.update("/".join(parts).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _key_of_whole() -> str:
    digest = hashlib.sha256(_key_of_demo().encode())
    for path in (ROOT / "tests" / "factories.py", *sorted(Path(__file__).parent.glob("desk*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _environment(directory: Path) -> dict[str, str]:
    """What the site's processes inherit: nothing of the tests' own settings."""
    ours = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("BROADSHEET_") and name not in ours
    }
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return kept | {"PYTHONPATH": path, "BROADSHEET_DIR": str(directory), "PYTHONWARNINGS": "ignore"}


def run(arguments: list[str], directory: Path) -> None:
    """Run `broadsheet` with the arguments for the site in `directory`."""
    _run("broadsheet", arguments, _environment(directory))


def run_module(name: str, arguments: list[str], directory: Path) -> None:
    """Run a module of the tests in a process of its own, with the settings of the site in `directory`."""
    _run(name, arguments, _environment(directory) | {"DJANGO_SETTINGS_MODULE": "broadsheet.settings.newsroom"})


def _broadsheet(arguments: list[str], environment: dict[str, str]) -> None:
    _run("broadsheet", arguments, environment)


def _run(name: str, arguments: list[str], environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", name, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{name} {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}"


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
