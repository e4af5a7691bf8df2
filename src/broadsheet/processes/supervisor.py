"""Starts the processes of a site, starts again what dies, and ends all of them together."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from broadsheet.config import Config

from . import locks, ports, sources

SUPERVISOR = "BROADSHEET_SUPERVISOR"
# The verbs of the command line that serve a site together.
PROCESSES = ("edge", "renderer", "newsroom", "relay")
NEEDS_NOTHING = "edge"
TURN_S = 0.2
# A process that dies waits this long before it is started again, twice as long each time it dies young.
FIRST_WAIT_S = 0.5
# Whatever ended it, a process is back within ten seconds of the end of the trouble.
LONGEST_WAIT_S = 4.0
# A process that lived so long has recovered: its next death counts as the first.
RECOVERED_S = 30.0
# Between two looks whether the database, without which only the edge is started, is there.
HELD_S = 1.0
# After SIGTERM a process has so long; then it is killed, with everything it started.
STOP_TIMEOUT_S = 6.0

Say = Callable[[str, str], None]


@dataclass
class Child:
    """One process of the site: its verb, and what became of it so far."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[str] | None = None
    repeater: threading.Thread | None = None
    started_at: float = 0.0
    wait_s: float = FIRST_WAIT_S
    start_at: float = field(default_factory=time.monotonic)


class Hold:
    """Asks again and again whether something is still missing, in a thread, because the answer may take seconds."""

    def __init__(self, is_held: Callable[[], bool], stopping: threading.Event) -> None:
        self._is_held, self._stopping = is_held, stopping
        self._is_over = threading.Event()
        self._problem: Exception | None = None
        threading.Thread(target=self._look, name="hold", daemon=True).start()

    def lasts(self) -> bool:
        """Whether it is still missing. Raises what the look raised."""
        if self._problem:
            raise self._problem
        return not self._is_over.is_set()

    def _look(self) -> None:
        try:
            while self._is_held():
                if self._stopping.wait(HELD_S):
                    return
            self._is_over.set()
        except Exception as error:
            # Told to the operator by the thread that runs everything.
            self._problem = error


class Supervisor:
    """The processes of the site of `config`; `say(name, line)` is told every line that they print."""

    def __init__(
        self, config: Config, say: Say, environment: Mapping[str, str], is_held: Callable[[], bool] | None = None
    ) -> None:
        self.config = config
        self.say = say
        environment = {**environment, SUPERVISOR: str(os.getpid()), "PYTHONUNBUFFERED": "1"}
        self.children = [Child(name, _command(name, config.directory), environment) for name in PROCESSES]
        self.stopping = threading.Event()
        self.hold = Hold(is_held, self.stopping) if is_held else None

    def run(self, on_ready: Callable[[], None], *, reload: bool = False) -> None:
        """Keep everything running until `stopping` is set; `on_ready` is called once both addresses answer.

        Raises what the look at a database raised that was away.
        """
        watched = sources.Sources() if reload else None
        waiting: Callable[[], None] | None = on_ready
        try:
            while not self.stopping.is_set():
                is_held = self.hold is not None and self.hold.lasts()
                for child in self.children:
                    if child.name == NEEDS_NOTHING or not is_held:
                        self._look_after(child)
                if watched and watched.changed():
                    self.say("serve", "the code has changed: starting again")
                    self._restart()
                if waiting and self._is_ready():
                    waiting()
                    waiting = None
                self.stopping.wait(TURN_S)
        finally:
            self.stop()

    def stop(self) -> None:
        """End all processes; those that do not end in time are killed with everything they started."""
        running = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in running:
            process.terminate()
        until = time.monotonic() + STOP_TIMEOUT_S
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, until - time.monotonic()))
        for child in self.children:
            if child.process:
                # Each child leads a process group of its own, so workers that lost their leader are found too.
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(child.process.pid, signal.SIGKILL)
                child.process.wait()
            if child.repeater:
                # Its last lines are said before ours, and no thread writes while the interpreter goes down.
                child.repeater.join(1.0)

    def _restart(self) -> None:
        self.stop()
        for child in self.children:
            child.process, child.start_at, child.wait_s = None, time.monotonic(), FIRST_WAIT_S

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_at:
                self._start(child)
            return
        code = child.process.poll()
        if code is None:
            return
        child.wait_s = FIRST_WAIT_S if now - child.started_at > RECOVERED_S else min(child.wait_s * 2, LONGEST_WAIT_S)
        self.say("serve", f"{child.name} ended with {code}; it is started again in {child.wait_s:g} s")
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process, child.start_at = None, now + child.wait_s

    def _start(self, child: Child) -> None:
        child.started_at = time.monotonic()
        child.process = subprocess.Popen(  # noqa: S603
            child.command,
            env=dict(child.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        child.repeater = threading.Thread(target=self._repeat_lines, args=(child.name, child.process), daemon=True)
        child.repeater.start()

    def _repeat_lines(self, name: str, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            self.say(name, line.rstrip("\n"))

    def _is_ready(self) -> bool:
        origins = (
            (self.config.reader_port, self.config.site_url),
            (self.config.newsroom_port, self.config.newsroom_url),
        )
        return all(_answers(self.config.listen, port, url) for port, url in origins)


def supervise(
    config: Config,
    say: Say,
    on_ready: Callable[[], None],
    environment: Mapping[str, str],
    *,
    reload: bool = False,
    is_held: Callable[[], bool] | None = None,
) -> None:
    """Serve the site until SIGTERM, SIGINT or SIGHUP; as long as `is_held()`, the edge alone.

    Raises PortBusy and AlreadyServed before anything is started, and whatever `is_held` raises.
    """
    with locks.hold_site(config.directory):
        ports.check_free(config.listen, config.reader_port, "readers")
        ports.check_free(config.listen, config.newsroom_port, "the newsroom")
        supervisor = Supervisor(config, say, environment, is_held)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *received: supervisor.stopping.set())
        say("serve", f"starting {', '.join(PROCESSES)} …")
        supervisor.run(on_ready, reload=reload)


def _command(verb: str, directory: Path) -> list[str]:
    return [sys.executable, "-m", "broadsheet", verb, "--dir", str(directory)]


def _answers(host: str, port: int, url: str) -> bool:
    """Whether the origin of `url`, which listens here, says that it is well."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": urlsplit(url).netloc})
        answer = connection.getresponse()
        # The edge is well when it can answer readers at all, and says what is wrong behind it.
        return answer.status == 200 and b'"degraded"' not in answer.read(1000)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
