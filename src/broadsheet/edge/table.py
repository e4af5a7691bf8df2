"""The replies that a worker has in its own memory, over the store; bounded by bytes.

A hit is one look-up in a dictionary and one comparison with G:

    entry = table.entries[encoding].get(target)
    if entry is not None and entry.confirmed == table.words[0] and entry.until > now:
        entry.asked = True
        reply = entry.reply

`find` does just that; `fetch` does the rest: it judges the entry by its tags, and reads the store.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass

from .pages import Encoding, Freshness, ReadyReply
from .slots import GENERATION, MOVED
from .store import LmdbStore

_ENTRY_BYTES = 700
"""What an entry takes besides its bytes: objects, key, slots of 20 tags."""
_UNCONFIRMED = -1
_FULL_FROM = 0.9


class Entry:
    """A reply, the G with which it was last judged fresh, and when it becomes stale of itself."""

    __slots__ = ("asked", "confirmed", "cost", "reply", "until")

    def __init__(self, reply: ReadyReply, cost: int) -> None:
        self.reply = reply
        self.cost = cost
        self.confirmed = _UNCONFIRMED
        self.until = math.inf if reply.fresh_until is None else reply.fresh_until
        self.asked = False


@dataclass(slots=True)
class Found:
    """A reply that may be given out: FRESH, or STALE and to be rendered anew."""

    reply: ReadyReply
    freshness: Freshness


class Table:
    """Replies by the target as it was sent, one dictionary an encoding, over a store; for one thread."""

    def __init__(self, store: LmdbStore, limit_bytes: int) -> None:
        self.store = store
        self._limit_bytes = limit_bytes
        self.words = store.tags.words
        self.size_bytes = 0
        self.entries: tuple[OrderedDict[bytes, Entry], ...] = tuple(OrderedDict() for _ in Encoding)
        self._sizes = [0 for _ in Encoding]

    def current_words(self) -> memoryview:
        """The words of the volume that counts now, `words[0]` is G; drops everything when it is another than before."""
        self._follow_store()
        return self.words

    def find(self, target: bytes, encoding: Encoding, now: float) -> ReadyReply | None:
        """The reply if it is in memory and fresh."""
        entry = self.entries[encoding].get(target)
        if entry is None or entry.confirmed != self.words[GENERATION] or entry.until <= now:
            return None
        entry.asked = True
        return entry.reply

    def fetch(self, target: bytes, address: str, encoding: Encoding, now: float) -> Found | None:
        """The best that may be given out now; None: it must be rendered.

        Keeps what it read under `target`, so call it with targets that are the address itself: an entry counts
        fully for each name under which it is kept.
        """
        self._follow_store()
        entry = self.entries[encoding].get(target)
        if entry is not None and self.confirm(entry, now) is Freshness.FRESH:
            entry.asked = True
            return Found(entry.reply, Freshness.FRESH)
        reply = self.store.get(address, encoding)
        self._follow_store()
        if reply is None:
            self.forget(target, encoding)
            return None
        entry = self.keep(target, encoding, reply)
        judged = self.confirm(entry, now)
        if judged is Freshness.GONE:
            self.forget(target, encoding)
            return None
        return Found(reply, judged)

    def keep(self, target: bytes, encoding: Encoding, reply: ReadyReply) -> Entry:
        """Put the reply into memory, in the place of an older one; others make room for it."""
        self.forget(target, encoding)
        cost = _ENTRY_BYTES + len(target) + len(reply.head) + len(reply.body) + len(reply.not_modified)
        entry = Entry(reply, cost + 8 * len(reply.slots))
        if entry.cost <= self._limit_bytes // 4:
            self.entries[encoding][target] = entry
            self._count(encoding, entry.cost)
            self._make_room()
        return entry

    def forget(self, target: bytes, encoding: Encoding) -> None:
        """Drop the entry."""
        entry = self.entries[encoding].pop(target, None)
        if entry is not None:
            self._count(encoding, -entry.cost)

    def clear(self) -> None:
        """Drop everything."""
        for encoding in Encoding:
            self.entries[encoding].clear()
            self._count(encoding, -self._sizes[encoding])

    @property
    def is_full(self) -> bool:
        """Whether nothing more can be kept unless something else goes."""
        return self.size_bytes > self._limit_bytes * _FULL_FROM

    def oldest(self) -> bytes:
        """The target that would go next; those that were asked for get their second chance. b"": there is none."""
        entries = self.entries[self._fullest()]
        for _ in range(len(entries)):
            target, entry = next(iter(entries.items()))
            if not entry.asked:
                return target
            entry.asked = False
            entries.move_to_end(target)
        return next(iter(entries), b"")

    def __len__(self) -> int:
        return sum(map(len, self.entries))

    def confirm(self, entry: Entry, now: float) -> Freshness:
        """Judge the entry, once for each G.

        That is read before the slots: a purge that comes between is noticed by the next look.
        """
        current = self.words[GENERATION]
        if entry.confirmed == current and entry.until > now:
            return Freshness.FRESH
        judged = self.store.tags.freshness(entry.reply, now)
        entry.confirmed = current if judged is Freshness.FRESH else _UNCONFIRMED
        return judged

    def _follow_store(self) -> None:
        """Another volume means other words, and that nothing read before may be given out."""
        if self.words[GENERATION] == MOVED:
            self.clear()
            self.words = self.store.tags.words

    def _make_room(self) -> None:
        """Second chance: the oldest goes, unless it was asked for since it was looked at last."""
        while self.size_bytes > self._limit_bytes:
            fullest = self._fullest()
            self._count(fullest, -self.entries[fullest].pop(self.oldest()).cost)

    def _fullest(self) -> Encoding:
        return max(Encoding, key=self._sizes.__getitem__)

    def _count(self, encoding: Encoding, cost: int) -> None:
        self._sizes[encoding] += cost
        self.size_bytes += cost
