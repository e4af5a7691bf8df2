"""The access log: one JSON line a request, written by a thread of its own, and dropped rather than waited for.

No client's address is ever in it, and no query: what somebody searched for is nobody's business.
"""

from __future__ import annotations

import json
import os
import queue
import re
import threading
import time
from typing import NamedTuple

# What waits while the disk is slow; more is dropped and counted.
_LONGEST_WAIT_LINES = 100_000
_LONGEST_PATH = 500
_NEEDS_NO_CARE = re.compile(r"[!#-\[\]-~]*")


class Line(NamedTuple):
    """One answered request. `target` is as it was sent; `duration_s` is 0 for what was ready."""

    method: bytes
    target: bytes
    status: int
    size_bytes: int
    source: str
    duration_s: float


class AccessLog:
    """Appends lines to the file at `path`, which several workers may share; an empty path: no log is kept."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.dropped = 0
        self.lines: list[Line] = []
        self._descriptor = -1
        self._batches: queue.SimpleQueue[tuple[float, list[Line]] | None] = queue.SimpleQueue()
        self._waiting = 0
        self._reopen = threading.Event()
        self._thread = threading.Thread(target=self._write_batches, name="access log", daemon=True)
        if path:
            self._thread.start()

    def flush(self) -> None:
        """Hand what was noted to the thread; costs the loop nothing. Called once a second."""
        if not self.lines:
            return
        lines, self.lines = self.lines, []
        if self._waiting > _LONGEST_WAIT_LINES:
            self.dropped += len(lines)
            return
        self._waiting += len(lines)
        self._batches.put((time.time(), lines))

    def reopen(self) -> None:
        """Open the file anew before the next line: somebody has moved it away."""
        self._reopen.set()

    def close(self) -> None:
        """Write what is left, for at most a second."""
        if self.path:
            self.flush()
            self._batches.put(None)
            self._thread.join(1.0)

    def _write_batches(self) -> None:
        while (batch := self._batches.get()) is not None:
            written_at, lines = batch
            try:
                self._append(_format(written_at, lines).encode())
            except OSError:
                # A full disk, or a folder that is gone: readers are more important than their log.
                self.dropped += len(lines)
                self._close_file()
            self._waiting -= len(lines)
        self._close_file()

    def _append(self, text: bytes) -> None:
        if self._reopen.is_set():
            self._reopen.clear()
            self._close_file()
        if self._descriptor < 0:
            self._descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
        written = os.write(self._descriptor, text)
        while written < len(text):
            written += os.write(self._descriptor, text[written:])

    def _close_file(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _format(written_at: float, lines: list[Line]) -> str:
    """The lines as JSON, put together by hand: a module for JSON would cost more than the answers do."""
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(written_at))
    return "".join(
        f'{{"time":"{when}","method":"{line.method.decode("latin-1")}","path":{_quote(line.target)},"status":{line.status}'
        f',"bytes":{line.size_bytes},"source":"{line.source}","duration_ms":{line.duration_s * 1000:.1f}}}\n'
        for line in lines
    )


def _quote(target: bytes) -> str:
    path = target.split(b"?", 1)[0][:_LONGEST_PATH].decode("latin-1")
    return f'"{path}"' if _NEEDS_NO_CARE.fullmatch(path) else json.dumps(path)
