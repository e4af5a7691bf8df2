"""Tags by lazy generations: a purge writes a few numbers, and a page is judged when somebody asks for it.

A page carries the number G that was read before it was begun; each of its tags has a slot with the number of its last
purge. The page is fresh while none of them is greater. `purge` takes the purge lock, writes the ledger (durable), then
the map, and gives the lock back: because the lock spans both, the map never says a G whose slots it lacks, and a
purger that is killed between them leaves a G behind the ledger's, which the next purge and each worker's `check`
bring in step.
"""

from __future__ import annotations

from collections.abc import Iterable

from .locks import locked
from .pages import Freshness, ReadyReply
from .replies import slot_of
from .shelf import Shelf
from .slots import GENERATION
from .volume import Volume


class LmdbTags:
    """The tag ledger of a store; `store.tags` is one."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    @property
    def words(self) -> memoryview:
        """`words[0]` is G. Ask for it anew whenever a judgement was not confirmed: another volume has other words."""
        with self._shelf.lock:
            return self._shelf.volume().words

    def generation(self) -> int:
        """The number of the last purge; to be read before anything is read for a page."""
        with self._shelf.lock:
            number: int = self._shelf.volume().words[GENERATION]
            return number

    def purge(self, tags: Iterable[str], *, hard: bool, purge_id: str = "") -> int:
        """Make all pages with one of the tags gone or stale, see `contracts.TagLedger`."""
        slots = sorted({slot_of(tag) for tag in tags})
        return (
            self._shelf.run(lambda volume: self._purge(volume, slots, hard, purge_id)) if slots else self.generation()
        )

    def _purge(self, volume: Volume, slots: list[int], hard: bool, purge_id: str) -> int:
        with locked(self._shelf.purge_lock()):
            volume.check_files()
            if volume.ledger.state().generation != volume.words[GENERATION]:
                volume.renew_map()
            if purge_id and (before := volume.ledger.generation_of(purge_id)):
                return before
            state, numbers = volume.ledger.write(slots, hard=hard, purge_id=purge_id)
            volume.slot_map.write(state.generation, state.floor, numbers)
            volume.note_sizes()
            return state.generation

    def freshness(self, reply: ReadyReply, now: float) -> Freshness:
        """Whether the reply may be given out at `now`."""
        judged = self.judge(reply.generation, reply.slots)
        if judged is Freshness.FRESH and reply.fresh_until is not None and reply.fresh_until <= now:
            return Freshness.STALE
        return judged

    def judge(self, generation: int, slots: tuple[int, ...]) -> Freshness:
        """Whether a page of that generation with those slots may be given out, its time left aside."""
        with self._shelf.lock:
            volume = self._shelf.volume()
        return volume.slot_map.judge(generation, slots, volume.words[GENERATION])

    def compare_map(self) -> int:
        """Bring the map in step with the ledger; returns in how many slots they differed, which should be none."""
        return self._shelf.run(self._compare_map)

    def _compare_map(self, volume: Volume) -> int:
        with locked(self._shelf.purge_lock()):
            volume.check_files()
            _, numbers = volume.ledger.numbers()
            kept, slot_map = {slot for slot, _, _ in numbers}, volume.slot_map
            found = [s for s, newest, hard in numbers if (slot_map.newest[s], slot_map.hard[s]) != (newest, hard)]
            surplus = [slot for slot, number in enumerate(slot_map.newest) if number and slot not in kept]
            # A number that is too great only makes pages anew, one that is too small would keep a purged one.
            volume.renew_map()
            return len(found) + len(surplus)
