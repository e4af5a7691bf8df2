"""One render for an address at a time, over all processes: a byte of a file is locked for each address in flight.

The locks are of the kind that belongs to the opened file (OFD, fcntl(2)): the kernel frees them the moment their
holder dies, whoever waits takes over with the next `take`. Within a process the addresses are remembered besides,
because a lock never stands in the way of who holds it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import struct
import threading
import time
import weakref
from pathlib import Path

from .errors import StoreForked

_FLOCK = struct.Struct("hhqqi4x")
_flights: weakref.WeakSet[FileFlight] = weakref.WeakSet()


class FileFlight:
    """`contracts.Flight` on a file. One object a process."""

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        folder = Path(directory)
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "flights"
        self._held: set[int] = set()
        self._lock = threading.Lock()
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        _flights.add(self)

    def take(self, address: str) -> bool:
        """Become the one who renders the address; False while somebody else, or another task of ours, is."""
        place = _place(address)
        with self._lock:
            if place in self._held:
                return False
            if not self._held:
                self._follow_file()
            taken = self._set(fcntl.F_WRLCK, place)
            if taken:
                self._held.add(place)
            return taken

    def release(self, address: str) -> None:
        """Let the next one render; does nothing when the flight is not ours."""
        place = _place(address)
        with self._lock:
            if place in self._held:
                self._held.discard(place)
                self._set(fcntl.F_UNLCK, place)

    def wait(self, address: str, timeout_s: float, poll_s: float = 0.01) -> bool:
        """Take the flight as soon as it is free, blocking; False when that took too long."""
        until = time.monotonic() + timeout_s
        while not self.take(address):
            if time.monotonic() >= until:
                return False
            time.sleep(poll_s)
        return True

    def close(self) -> None:
        """Release everything."""
        with self._lock:
            if self._file >= 0:
                os.close(self._file)
            self._file = -1
            self._held.clear()

    def _set(self, kind: int, place: int) -> bool:
        if self._file < 0:
            raise StoreForked("The flights were closed, or opened before a fork; open them in the child.")
        try:
            fcntl.fcntl(self._file, fcntl.F_OFD_SETLK, _FLOCK.pack(kind, os.SEEK_SET, place, 1, 0))
        except (BlockingIOError, PermissionError):
            return False
        return True

    def _follow_file(self) -> None:
        """When somebody deleted the file, the next one is used, as by processes that start later."""
        try:
            there = os.stat(self._path)
        except OSError:
            there = None
        ours = os.fstat(self._file) if self._file >= 0 else None
        if ours and (there is None or (there.st_dev, there.st_ino) != (ours.st_dev, ours.st_ino)):
            os.close(self._file)
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)


def _place(address: str) -> int:
    """The byte of an address, one of 2**62: the file stays empty, only its numbers are used."""
    return int.from_bytes(hashlib.blake2b(address.encode(), digest_size=8).digest(), "little") >> 2


def _close_all() -> None:
    """In the child of a fork: the parent's locks would live on with a child that has the file open."""
    for flight in list(_flights):
        flight._lock = threading.Lock()
        flight.close()


os.register_at_fork(after_in_child=_close_all)
