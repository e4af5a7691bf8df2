"""Answers a plain request for a page that is not ready: from the table, or straight from its stored bytes.

What `lookup.Lookup.at_once` does in general, this does for the commonest case with as few steps as it takes: a GET for
an address in its one spelling, of a page that is fresh. The bytes are verified and judged as ever; whatever is not
plain (a stale page, a list of entity tags, a damaged page) is None here, and goes the general way.

Of a page that the table has no room for, what was made of its verified head is remembered under the head's checksum,
and given again with the body that is read and verified anew; a purge has everything judged anew.

A page is taken into the table, by the general way, while that has room; then only when it was seen twice as often as
the page that would have to go. So whoever walks through the archive pushes nothing out.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from xxhash import xxh3_64_intdigest as checksum_of

from .counters import Counter
from .errors import DamagedPage, StoreUnusable
from .pages import Encoding, Freshness
from .replies import cut, make_not_modified, read_slots
from .sightings import Sightings

if TYPE_CHECKING:
    from .door import Door
    from .table import Entry

# Pages whose heads are remembered in each encoding, and for how long: others find no room meanwhile, so that whoever
# walks through the archive does not make them all anew. With ordinary heads of 1 KB these are 6 MB in each.
_HEADS = 6144
_HEADS_LAST_S = 60
_CHECKSUM_BYTES = 8
Head = tuple[bytes, int, float, int, int, int, int, bytes, bytes, bytes]
"""The stored checksum of the head; G when it was judged fresh; fresh until; length of the value; where the body begins
and ends, its checksum; the head as it goes out, that of the 304, the entity tag."""


class Direct:
    """For one thread. `turn` must be called once a second."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._lookup, self._table = door.lookup, door.lookup.table
        self._store, self._tags = self._table.store, self._table.store.tags
        self.sightings = Sightings()
        # A page that was seen no more often than this is not compared with those in the table.
        self._bar = 0
        self._heads: tuple[dict[bytes, Head], ...] = tuple({} for _ in Encoding)
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
        if not door.follow_generation():
            return None
        entry = self._table.entries[encoding].get(target)
        if entry is not None:
            return self._from_table(target, encoding, entry, known)
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
        if self._door.second % _HEADS_LAST_S == 0:
            for heads in self._heads:
                heads.clear()

    def _from_table(self, target: bytes, encoding: Encoding, entry: Entry, known: bytes | None) -> bytes | None:
        """The reply of a page in the table, which is ready from now on, until the next second or purge."""
        if self._table.confirm(entry, time.time()) is not Freshness.FRESH:
            return None
        ready = self._door.keep_ready(target, encoding, entry.reply)
        if ready is None:
            return None
        if known is None:
            ready.given += 1
            whole = ready.whole
        elif known == ready.entity_tag:
            ready.not_modified_given += 1
            whole = ready.not_modified
        else:
            return None
        entry.asked = True
        if self._door.is_logging:
            self._door.log_given(target, whole)
        return whole

    def _take(self, address: bytes, value: memoryview, encoding: Encoding) -> bytes | None:
        """Of a stored value the reply as it goes out; None where it is not fresh. Raises DamagedPage."""
        head = self._heads[encoding].get(address)
        # The door has compared G with `seen_generation` before this is called, so a purge that comes meanwhile is
        # noticed by the next request, and everything is judged anew.
        if head is None or value[:_CHECKSUM_BYTES] != head[0] or head[1] != self._door.seen_generation:
            return self._read(address, value, encoding)
        _, _, until, length, begin, end, checksum, first, not_modified, entity_tag = head
        body = value[begin:end]
        if len(value) != length or checksum_of(body) != checksum:
            raise DamagedPage("body")
        if until <= time.time():
            return None
        return self._finish(until, first, body, not_modified, entity_tag)

    def _read(self, address: bytes, value: memoryview, encoding: Encoding) -> bytes | None:
        """The same from all of the value, whose head is remembered."""
        piece = cut(address, value, encoding)
        if piece.until <= time.time():
            return None
        current = self._door.seen_generation
        if self._tags.judge(piece.generation, read_slots(value, piece.slot_count)) is not Freshness.FRESH:
            return None
        first, not_modified = bytes(piece.common) + piece.own, make_not_modified(piece.not_modified, piece.entity_tag)
        heads = self._heads[encoding]
        if piece.begin and (len(heads) < _HEADS or address in heads):
            mark, end = bytes(value[:_CHECKSUM_BYTES]), piece.begin + len(piece.body)
            heads[address] = (
                *(mark, current, piece.until, len(value), piece.begin, end, piece.body_checksum),
                *(first, not_modified, piece.entity_tag),
            )
        return self._finish(piece.until, first, piece.body, not_modified, piece.entity_tag)

    def _finish(
        self, until: float, first: bytes, body: memoryview | bytes, not_modified: bytes, entity_tag: bytes
    ) -> bytes | None:
        door, known = self._door, self._known
        outer = b"" if self._lookup.outer is None else self._lookup.outer_line(until)
        if known is None:
            return b"".join((first, outer, door.date, body))
        if not entity_tag or known != entity_tag:
            return None
        return b"".join((not_modified, outer, door.date))

    def _deserves_room(self, seen: int) -> bool:
        """Whether a page that was seen so often should stand in the table."""
        if not self._table.is_full:
            return True
        oldest = self._table.oldest()
        self._bar = 2 * self.sightings.count(oldest) + 1
        return seen > self._bar
