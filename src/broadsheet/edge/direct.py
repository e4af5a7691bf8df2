"""Answers a plain request for a stored page straight from its bytes, where the table has no room for the page.

What `lookup.Lookup.at_once` does in general, this does for the commonest case with as few steps as it takes: a GET for
an address in its one spelling, of a page that is fresh. The bytes are verified and judged as ever; whatever is not
plain (a stale page, a list of entity tags, a damaged page) is None here, and goes the general way.

A page is taken into the table, by the general way, while that has room; then only when it was seen twice as often as
the page that would have to go. So whoever walks through the archive pushes nothing out.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .counters import Counter
from .errors import StoreUnusable
from .pages import Encoding, Freshness
from .replies import cut, make_not_modified, read_slots
from .sightings import Sightings

if TYPE_CHECKING:
    from .door import Door

# Addresses of which is remembered that they were judged fresh since the last purge.
_JUDGED = 16_384


class Direct:
    """For one thread. `turn` must be called once a second."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._lookup, self._table = door.lookup, door.lookup.table
        self._store, self._tags = self._table.store, self._table.store.tags
        self.sightings = Sightings()
        # A page that was seen no more often than this is not compared with those in the table.
        self._bar = 0
        # By address, the checksum of the head that was judged fresh when G was `_judged_at`. The head's checksum covers
        # the page's generation and slots.
        self._judged: dict[bytes, int] = {}
        self._judged_at = -1
        self._known: bytes | None = None
        self._given = self._not_modified_given = self._bytes_given = 0

    def answer(self, target: bytes, accepted: bytes | None, known: bytes | None) -> bytes | None:
        """The whole reply, or the 304 for who knows the entity tag `known`; None: ask in the general way.

        `accepted` is an Accept-Encoding that the door knows.
        """
        door, lookup = self._door, self._lookup
        if door.is_stopping or (target not in lookup.plain and not lookup.note_plain(target)):
            return None
        encoding = Encoding.IDENTITY if accepted is None else door.encodings[accepted]
        if target in self._table.entries[encoding] or not door.follow_generation():
            return None
        seen = self.sightings.note(target)
        if seen > self._bar and self._deserves_room(seen):
            return None
        self._known = known
        try:
            whole = self._store.read(target, self._take, encoding)
        except StoreUnusable:
            return None
        if whole is not None:
            self._given += 1
            self._bytes_given += len(whole)
            self._not_modified_given += known is not None
            if door.is_logging:
                door.log_given(target, whole, "store")
        return whole

    def turn(self) -> None:
        """Write down what was given in the last second, and let what was seen in it fade."""
        row = self._door.counters.row
        row[Counter.STORE_HITS] += self._given
        row[Counter.NOT_MODIFIED] += self._not_modified_given
        row[Counter.BYTES_SENT] += self._bytes_given
        self._given = self._not_modified_given = self._bytes_given = 0
        self.sightings.fade()
        self._bar = 0

    def _take(self, address: bytes, value: memoryview, encoding: Encoding) -> bytes | None:
        """Of a stored value the reply as it goes out; None where it is not fresh. Raises DamagedPage."""
        checksum, _, generation, until, slot_count, common, own, body, not_modified, entity_tag = cut(
            address, value, encoding
        )
        if until <= time.time() or not self._is_fresh(address, checksum, generation, value, slot_count):
            return None
        door, known = self._door, self._known
        outer = b"" if self._lookup.outer is None else self._lookup.outer_line(until)
        if known is None:
            return b"".join((common, own, outer, door.date, body))
        if not entity_tag or known != entity_tag:
            return None
        return b"".join((make_not_modified(not_modified, entity_tag), outer, door.date))

    def _is_fresh(self, address: bytes, checksum: int, generation: int, value: memoryview, slot_count: int) -> bool:
        """Judge by the slots of the tags, once for each version of a page and each G.

        The door has compared G with `seen_generation` before this is called, so a purge that comes meanwhile is
        noticed by the next request, and everything is judged anew.
        """
        current = self._door.seen_generation
        if current != self._judged_at or len(self._judged) >= _JUDGED:
            self._judged.clear()
            self._judged_at = current
        if self._judged.get(address) == checksum:
            return True
        if self._tags.judge(generation, read_slots(value, slot_count)) is not Freshness.FRESH:
            return False
        self._judged[address] = checksum
        return True

    def _deserves_room(self, seen: int) -> bool:
        """Whether a page that was seen so often should stand in the table."""
        if not self._table.is_full:
            return True
        oldest = self._table.oldest()
        self._bar = 2 * self.sightings.count(oldest) + 1
        return seen > self._bar
