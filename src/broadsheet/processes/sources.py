"""Notices that the code has changed, for development."""

from __future__ import annotations

from pathlib import Path

import broadsheet

SUFFIXES = frozenset({".py", ".html", ".css", ".js", ".mo"})
# Between two looks at all files.
EVERY_TURNS = 5


class Sources:
    """The files of the package and when they were written."""

    def __init__(self) -> None:
        self.folder = Path(broadsheet.__file__).parent
        self.times = self._look()
        self.turn = 0

    def changed(self) -> bool:
        """True once after a file was written, made or deleted."""
        self.turn += 1
        if self.turn % EVERY_TURNS:
            return False
        before, self.times = self.times, self._look()
        return before != self.times

    def _look(self) -> dict[Path, int]:
        found = (path for path in self.folder.rglob("*") if path.suffix in SUFFIXES)
        return {path: path.stat().st_mtime_ns for path in found if path.exists()}
