"""Holds the volume that a process has open, and moves to the next one when it was given up by anybody.

Locks are always taken in the order opening, purge, pages. `words[0]` of a given-up volume's map says MOVED, which
differs from every generation, so that whoever compares it comes here.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import lmdb

from .errors import DamagedVolume, StoreForked, StoreUnusable
from .locks import locked
from .slots import GENERATION, MOVED
from .volume import Volume, create_volume, current_number, give_up, open_volume

Answer = TypeVar("Answer")

log = logging.getLogger(__name__)
_SANE_LEAD_US = 366 * 24 * 3600 * 1_000_000
_PATIENCE_S = 1.0
# Nothing is wrong with LMDB's files when it says one of these.
_HARMLESS = (lmdb.ReadersFullError, lmdb.MemoryError, lmdb.LockError, lmdb.ReadonlyError)
_shelves: weakref.WeakSet[Shelf] = weakref.WeakSet()
_left_behind: list[Volume] = []


class Shelf:
    """The open volume of one process. Threads may share it; a child made by `fork` may not, and is told so."""

    def __init__(self, directory: Path, *, store_bytes: int, writing: bool, durable: bool = True) -> None:
        self.directory = directory
        self.store_bytes = store_bytes
        self.writing = writing
        self.durable = durable
        self.lock = threading.RLock()
        self.given_up = 0
        self._volume: Volume | None = None
        self._closed_because: StoreUnusable | None = None
        self._next_try = 0.0
        directory.mkdir(parents=True, exist_ok=True)
        self._open_current()
        _shelves.add(self)

    def volume(self) -> Volume:
        """The open volume, the next one if it was given up. The caller holds `lock`. Raises StoreUnusable."""
        found = self._volume
        if found is None:
            return self._try_again()
        return found if found.words[GENERATION] != MOVED else self._open_current()

    def run(self, work: Callable[[Volume], Answer]) -> Answer:
        """Do the work with the volume; when its files prove damaged, begin a new one and do the work with that."""
        with self.lock:
            for last in (False, True):
                volume = self.volume()
                try:
                    return work(volume)
                except DamagedVolume as error:
                    if last:
                        raise StoreUnusable(f"The new store is damaged as well: {error}") from error
                    self.begin_new(volume, str(error))
                except lmdb.MapResizedError:
                    # Another process was told to let the store grow larger: LMDB wants to hear that we know.
                    volume.pages.set_mapsize(0)
                except _HARMLESS:
                    raise
                except lmdb.Error as error:
                    if last:
                        raise StoreUnusable(f"The new store is damaged as well: {error}") from error
                    self.begin_new(volume, f"{type(error).__name__}: {error}")
            raise StoreUnusable("The store grows faster than we can follow.")

    def purge_lock(self) -> Path:
        return self.directory / "purge.lock"

    def pages_lock(self) -> Path:
        return self.directory / "pages.lock"

    def check(self) -> None:
        """To be called once a second: follow the others, notice lost files and purges that the map lacks."""
        self.run(self._check)

    def _check(self, volume: Volume) -> None:
        if current_number(self.directory) != volume.number:
            raise DamagedVolume("`current` points elsewhere")
        volume.check_files()
        if volume.ledger.state().generation != volume.words[GENERATION]:
            # A purger died between the ledger and the map, or is between them now: then the lock waits for it.
            with locked(self.purge_lock()):
                volume.renew_map()

    def begin_new(self, damaged: Volume, reason: str) -> None:
        """Give up the damaged volume for all processes, unless somebody did so before. The caller holds `lock`."""
        if self._volume is not damaged:
            return
        self.directory.mkdir(parents=True, exist_ok=True)
        with ExitStack() as locks:
            for name in ("opening.lock", "purge.lock", "pages.lock"):
                locks.enter_context(locked(self.directory / name))
            number = current_number(self.directory)
            if number == damaged.number or not _stands(self.directory, number):
                log.warning("%s is given up, a new store is begun: %s", damaged.folder, reason)
                self.given_up += 1
                self._create(least_generation=_after(damaged.words[GENERATION]))
            damaged.words[GENERATION] = MOVED
            self._open_locked()

    def close(self) -> None:
        """Give everything back; the store cannot be used any more."""
        with self.lock:
            self._closed_because = StoreUnusable("The store was closed.")
            volume, self._volume = self._volume, None
            if volume is not None:
                volume.close()

    def _try_again(self) -> Volume:
        """Open a store that could not be opened when it moved, at most once a second."""
        if self._closed_because is not None:
            raise self._closed_because
        if time.monotonic() < self._next_try:
            raise StoreUnusable(f"The store in {self.directory} could not be opened a moment ago.")
        self._next_try = time.monotonic() + _PATIENCE_S
        return self._open_current()

    def _open_current(self) -> Volume:
        with ExitStack() as locks:
            for name in ("opening.lock", "purge.lock", "pages.lock"):
                locks.enter_context(locked(self.directory / name))
            return self._open_locked()

    def _open_locked(self) -> Volume:
        """Open what `current` names; a new volume when there is none or it cannot be trusted."""
        old, self._volume = self._volume, None
        if old is not None:
            old.close()
        number = current_number(self.directory)
        if number is not None:
            try:
                self._volume = self._open_number(number)
                return self._volume
            except DamagedVolume as error:
                log.warning("store-%s is given up, a new store is begun: %s", number, error)
                self.given_up += 1
        self._create(least_generation=0)
        made = current_number(self.directory)
        if made is None:
            raise StoreUnusable(f"{self.directory / 'current'} cannot be read")
        self._volume = self._open_number(made)
        return self._volume

    def _open_number(self, number: int) -> Volume:
        folder = self.directory / f"store-{number}"
        return open_volume(folder, store_bytes=self.store_bytes, writing=self.writing, durable=self.durable)

    def _create(self, *, least_generation: int) -> None:
        folder = create_volume(self.directory, store_bytes=self.store_bytes, least_generation=least_generation)
        give_up(self.directory, keep=int(folder.name.removeprefix("store-")))

    def _leave_behind(self) -> None:
        """In the child of a fork: the parent's volume is neither used nor closed, for closing would tear it from it."""
        self.lock = threading.RLock()
        volume, self._volume = self._volume, None
        self._closed_because = StoreForked("The store was opened before a fork; open it in the child, or do not fork.")
        if volume is not None:
            _left_behind.append(volume)
            os.close(volume.alive_file)
            volume.alive_file = -1


def _stands(directory: Path, number: int | None) -> bool:
    return number is not None and (directory / f"store-{number}" / "map").exists()


def _after(generation: int) -> int:
    """One more than the old volume's generation, unless that is no number that a clock can have given."""
    return generation + 1 if generation < time.time_ns() // 1000 + _SANE_LEAD_US else 0


def _leave_all_behind() -> None:
    for shelf in list(_shelves):
        shelf._leave_behind()


os.register_at_fork(after_in_child=_leave_all_behind)
