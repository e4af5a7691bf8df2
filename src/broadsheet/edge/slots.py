"""The map of slots that all processes share: the number of the last purge, and for each slot its last purges.

It is a file of 64-bit words in memory. Word 0 is the global number G; a reader that remembers with which G it judged
a reply need compare nothing else as long as G stays. The slots are written before G, and a reader reads G before the
slots, so that what it judged with half a purge is judged again. The map is a copy of the ledger and made anew from it
whenever no process has the store open; nothing is lost with it.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterable
from pathlib import Path

from .errors import DamagedVolume, StoreUnusable
from .pages import Freshness
from .replies import SLOTS
from .room import take_blocks

GENERATION, VERSION, FLOOR, PAGES_SIZE, LEDGER_SIZE = range(5)
MOVED = (1 << 64) - 1
"""What word 0 of a map says when its volume was given up: the store has to be opened anew."""
IDLE, READING, WRITING = range(3)

_LAYOUT = 0x4253_0001
_FIRST_MARK, _MARKS, _MARK_STEP = 64, 512, 8
_HEAD_WORDS = 8192
_WORDS = _HEAD_WORDS + 2 * SLOTS


class SlotMap:
    """`words` stand before the slots; `newest` and `hard` hold the last purge of any kind and the last hard one."""

    def __init__(self, path: Path) -> None:
        file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            if os.fstat(file).st_size != 8 * _WORDS:
                raise DamagedVolume(f"{path} has the wrong length")
            self._memory = mmap.mmap(file, 8 * _WORDS)
        finally:
            os.close(file)
        everything = memoryview(self._memory).cast("Q")
        self.words = everything[:_HEAD_WORDS]
        self.newest = everything[_HEAD_WORDS : _HEAD_WORDS + SLOTS]
        self.hard = everything[_HEAD_WORDS + SLOTS :]
        self.mark = 0
        if self.words[VERSION] != _LAYOUT:
            raise DamagedVolume(f"{path} is no map of slots")

    @classmethod
    def create(cls, path: Path, generation: int, floor: int, numbers: Iterable[tuple[int, int, int]]) -> SlotMap:
        """Write a new file beside the old one and put it in its place. Raises StoreUnusable when there is no room."""
        new = path.with_suffix(".new")
        new.unlink(missing_ok=True)
        try:
            take_blocks(new, 8 * _WORDS)
            with open(new, "r+b") as file:
                file.seek(8 * VERSION)
                file.write(_LAYOUT.to_bytes(8, "little"))
        except OSError as error:
            raise StoreUnusable(f"{new} cannot be written: {error.strerror}; 16 MiB of room are needed") from error
        made = cls(new)
        made.write(generation, floor, numbers)
        os.replace(new, path)
        return made

    def write(self, generation: int, floor: int, numbers: Iterable[tuple[int, int, int]]) -> None:
        """Take over (slot, newest, hard) from the ledger, and G last of all."""
        for slot, newest, hard in numbers:
            self.hard[slot] = hard
            self.newest[slot] = newest
        self.words[FLOOR] = floor
        self.words[GENERATION] = generation

    def judge(self, generation: int, slots: tuple[int, ...], current: int) -> Freshness:
        """FRESH while none of the slots was purged after `generation`; `current` is G, read before."""
        if generation > current or generation < self.words[FLOOR] or current == MOVED:
            return Freshness.GONE
        if generation == current or max(map(self.newest.__getitem__, slots)) <= generation:
            return Freshness.FRESH
        return Freshness.GONE if max(map(self.hard.__getitem__, slots)) > generation else Freshness.STALE

    def claim_mark(self) -> bool:
        """Take a word in which this process says what it is doing; True when somebody died while reading or writing.

        A process that dies between READING and IDLE was killed there by chance, or by what it read: the file is
        checked before it is opened again.
        """
        suspicious = False
        free = 0
        for at in range(_FIRST_MARK, _FIRST_MARK + _MARKS * _MARK_STEP, _MARK_STEP):
            word = self.words[at]
            if word and not _lives(word >> 8):
                suspicious = suspicious or (word & 0xFF) != IDLE
                self.words[at] = word = 0
            free = free or (0 if word else at)
        self.mark = free or _HEAD_WORDS - 1
        self.words[self.mark] = os.getpid() << 8
        return suspicious


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
