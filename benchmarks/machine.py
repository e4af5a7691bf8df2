"""What the machine says of itself and of processes: cores, load, processor time, memory, free ports. Linux only."""

from __future__ import annotations

import os
import platform
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_MAPPING = re.compile(r"^[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \d+\s*(.*)$")


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))


def load() -> str:
    """The load averages of the last 1, 5 and 15 minutes."""
    return " ".join(f"{average:.1f}" for average in os.getloadavg())


def describe() -> str:
    """Processor, cores and Python, in one line."""
    model = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    processor = model[1] if model else platform.machine()
    return f"{processor}, {cores()} cores, Linux {platform.release()}, Python {platform.python_version()}"


def free_port() -> int:
    """A port of the loopback at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def family(process: int) -> Iterator[int]:
    """The process and all that it has started, as far as they live."""
    yield process
    for thread in _list(Path(f"/proc/{process}/task")):
        for child in _read(thread / "children").split():
            yield from family(int(child))


def cpu_seconds(process: int) -> float:
    """Processor time (user and system) of the process and of its living descendants."""
    return sum(map(_own_cpu_seconds, family(process)))


def private_bytes(process: int, shared_files: tuple[str, ...]) -> int:
    """The proportional share (PSS) of all the process has mapped but the files whose paths end so."""
    total, counts = 0, True
    for line in Path(f"/proc/{process}/smaps").read_text().splitlines():
        mapping = _MAPPING.match(line)
        if mapping:
            counts = not mapping[1].removesuffix(" (deleted)").endswith(shared_files)
        elif counts and line.startswith("Pss:"):
            total += int(line.split()[1]) * 1024
    return total


def holder_of(server_port: int, client_port: int, among: Iterator[int]) -> int | None:
    """Which of the processes has accepted the connection between the two ports of the loopback."""
    inode = _inode_of(server_port, client_port)
    for process in among:
        for file in _list(Path(f"/proc/{process}/fd")):
            if inode and _target(file) == f"socket:[{inode}]":
                return process
    return None


def say(line: str = "") -> None:
    """Print the line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _own_cpu_seconds(process: int) -> float:
    fields = _read(Path(f"/proc/{process}/stat")).rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND if fields else 0.0


def _inode_of(server_port: int, client_port: int) -> str:
    ends = [f"0100007F:{server_port:04X}", f"0100007F:{client_port:04X}"]
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1:3] == ends:
            return fields[9]
    return ""


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _list(path: Path) -> list[Path]:
    try:
        return list(path.iterdir())
    except OSError:
        return []


def _target(path: Path) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return ""
