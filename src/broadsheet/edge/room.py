"""Tells a full disk from a damaged file, and takes blocks before they are needed."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import lmdb

from .errors import NoRoom

_FULL = (lmdb.MapFullError, lmdb.TxnFullError)
# LMDB calls a write that the disk cut short an input/output error.
_SAID_OF_FULL_DISKS = tuple(os.strerror(number) for number in (errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


@contextmanager
def room_wanted() -> Iterator[None]:
    """Turns what LMDB says of a full map or disk, and of a disk that cannot be written, into NoRoom."""
    try:
        yield
    except lmdb.Error as error:
        is_disk = str(error).endswith(_SAID_OF_FULL_DISKS) or isinstance(error, lmdb.DiskError)
        if is_disk or isinstance(error, _FULL):
            raise NoRoom(str(error), is_disk=is_disk) from error
        raise


def take_blocks(path: Path, size_bytes: int) -> None:
    """Make the file at least so long, with all its blocks.

    For files that are written through memory: a hole that cannot be filled any more kills whoever writes there
    (SIGBUS). Raises OSError when there is no room.
    """
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        os.posix_fallocate(file, 0, size_bytes)
    finally:
        os.close(file)
