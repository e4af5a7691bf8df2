"""Locks between processes on files, which the kernel frees when their holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the file's lock alone; waits for it. The file is made when it is missing, and never deleted by us."""
    file = _lock_standing_file(path)
    try:
        yield
    finally:
        os.close(file)


def _lock_standing_file(path: Path) -> int:
    """A lock on a file that somebody has deleted meanwhile would shut out nobody: then the new one is taken."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            if is_standing(file, path):
                return file
        except BaseException:
            os.close(file)
            raise
        os.close(file)


def is_standing(file: int, path: Path) -> bool:
    """Whether the opened file is still the one that stands at the path."""
    try:
        there = os.stat(path)
    except OSError:
        return False
    ours = os.fstat(file)
    return (ours.st_dev, ours.st_ino) == (there.st_dev, there.st_ino)
