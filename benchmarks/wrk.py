"""Asks two servers in turns with wrk, and counts requests a second and processor time for a request."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from . import machine
from .peers import Peer

CONNECTIONS = 64
# Asks for the addresses of a file in an order that is the same in each run.
SCRIPT = """
local requests = {}
function init(arguments)
  math.randomseed(7)
  for path in io.lines(arguments[1]) do requests[#requests + 1] = wrk.format("GET", path) end
end
function request() return requests[math.random(#requests)] end
"""


@dataclass(frozen=True, slots=True)
class Side:
    """Whom to ask for what; with `paths`, a file, the addresses in it are asked for. `during` happens meanwhile."""

    peer: Peer
    path: str
    fields: tuple[tuple[str, str], ...] = ()
    paths: Path | None = None
    during: Callable[[], AbstractContextManager[object]] = field(default=nullcontext)


@dataclass(frozen=True, slots=True)
class Round:
    """What one side did in one round."""

    rate: float
    cpu_us: float


@dataclass(frozen=True, slots=True)
class Contest:
    """All rounds of two sides."""

    ours: tuple[Round, ...]
    theirs: tuple[Round, ...]

    def rates(self) -> tuple[float, ...]:
        """Our requests a second as a ratio to theirs, round by round."""
        return tuple(ours.rate / theirs.rate for ours, theirs in zip(self.ours, self.theirs, strict=True))

    def costs(self) -> tuple[float, ...]:
        """Our processor time for a request as a ratio to theirs."""
        return tuple(ours.cpu_us / theirs.cpu_us for ours, theirs in zip(self.ours, self.theirs, strict=True))


def compare(ours: Side, theirs: Side, rounds: int, seconds: float) -> Contest:
    """Ask both in turns; who comes first changes with each round."""
    done: dict[Side, list[Round]] = {ours: [], theirs: []}
    for side in done:
        measure(side, 0.3)
    for number in range(rounds):
        for side in (ours, theirs) if number % 2 else (theirs, ours):
            done[side].append(measure(side, seconds))
    return Contest(tuple(done[ours]), tuple(done[theirs]))


def measure(side: Side, seconds: float) -> Round:
    """One round. Raises RuntimeError when anything was answered with an error, or not at all."""
    with side.during():
        before = machine.cpu_seconds(side.peer.process)
        said = _run(side, seconds)
        used_s = machine.cpu_seconds(side.peer.process) - before
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"{side.peer.name} has answered with errors:\n{said}")
    requests = int(_find(r"(\d+) requests in", said))
    return Round(float(_find(r"Requests/sec:\s*([\d.]+)", said)), used_s / requests * 1e6)


def version() -> str:
    """As wrk says it."""
    return subprocess.run(["wrk", "-v"], capture_output=True, text=True, check=False).stdout.split("\n")[0]  # noqa: S607


def _run(side: Side, seconds: float) -> str:
    command = [shutil.which("wrk") or "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s"]
    for name, value in (("Accept-Encoding", "br"), *side.fields):
        command += ["-H", f"{name}: {value}"]
    if side.paths is not None:
        script = side.paths.with_suffix(".lua")
        script.write_text(SCRIPT)
        command += ["-s", str(script)]
    command.append(side.peer.url(side.path))
    command += ["--", str(side.paths)] if side.paths is not None else []
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout  # noqa: S603


def _find(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(f"wrk has said something else:\n{text}")
    return found[1]
