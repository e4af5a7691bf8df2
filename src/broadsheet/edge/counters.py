"""Counters that all processes share: each adds to a row of its own in a small file in memory, a reader sums the rows.

A row belongs to who holds the lock on its byte; the next holder goes on from where the last one died, so the sums
never go back. Counting costs no system call.
"""

from __future__ import annotations

import enum
import fcntl
import mmap
import os
import struct
from pathlib import Path

_ROWS = 256
_COLUMNS = 32
_SIZE = 8 * _ROWS * _COLUMNS
_FLOCK = struct.Struct("hhqqi4x")


class Counter(enum.IntEnum):
    """What is counted; only ever append, the numbers stand in the file."""

    HITS = 0
    STORE_HITS = 1
    MISSES = 2
    STALE = 3
    NOT_MODIFIED = 4
    RENDERS = 5
    RENDER_FAILURES = 6
    UNAVAILABLE = 7
    REFUSED_REQUESTS = 8
    CONNECTIONS = 9
    PURGES = 10
    PURGE_LAG_US = 11
    PUTS = 12
    PUTS_REFUSED = 13
    DAMAGED_PAGES = 14
    STORES_GIVEN_UP = 15
    BYTES_SENT = 16
    PASSED = 17
    FILES = 18
    LOG_LINES_DROPPED = 19


class Counters:
    """`row[Counter.HITS] += 1` counts; `totals()` sums all rows."""

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        folder = Path(directory)
        folder.mkdir(parents=True, exist_ok=True)
        self._file = os.open(folder / "counters", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        os.posix_fallocate(self._file, 0, _SIZE)
        self._cells = memoryview(mmap.mmap(self._file, _SIZE)).cast("Q")
        at = _COLUMNS * self._claim_row()
        self.row = self._cells[at : at + _COLUMNS]

    def add(self, counter: Counter, count: int = 1) -> None:
        """Count."""
        self.row[counter] += count

    def totals(self) -> dict[Counter, int]:
        """The sums over all processes, living and dead."""
        return {counter: sum(self._cells[counter::_COLUMNS]) for counter in Counter}

    def close(self) -> None:
        """Give the row to the next process."""
        os.close(self._file)

    def _claim_row(self) -> int:
        """The first row that nobody holds; with more processes than rows the last one is shared, and counts less."""
        for row in range(_ROWS - 1):
            try:
                fcntl.fcntl(self._file, fcntl.F_OFD_SETLK, _FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, row, 1, 0))
            except (BlockingIOError, PermissionError):
                continue
            return row
        return _ROWS - 1
