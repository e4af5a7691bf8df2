"""The simplest store and ledger that keep the contract: what the real ones are compared with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from broadsheet.edge.contracts import PutOutcome
from broadsheet.edge.pages import Encoding, Freshness, PushedPage, ReadyReply
from broadsheet.edge.replies import describe, pack, slot_of, unpack


class MemoryTags:
    """Purges in a list, looked through from the beginning each time."""

    def __init__(self) -> None:
        self._purges: list[tuple[frozenset[int], bool]] = []
        self._delivered: dict[str, int] = {}

    def generation(self) -> int:
        return 1000 + len(self._purges)

    def purge(self, tags: Iterable[str], *, hard: bool, purge_id: str = "") -> int:
        slots = frozenset(map(slot_of, tags))
        if not slots:
            return self.generation()
        if purge_id in self._delivered:
            return self._delivered[purge_id]
        self._purges.append((slots, hard))
        if purge_id:
            self._delivered[purge_id] = self.generation()
        return self.generation()

    def freshness(self, reply: ReadyReply, now: float) -> Freshness:
        judged = self.judge(reply.generation, reply.slots)
        late = reply.fresh_until is not None and reply.fresh_until <= now
        return Freshness.STALE if late and judged is Freshness.FRESH else judged

    def judge(self, generation: int, slots: tuple[int, ...]) -> Freshness:
        if not 1000 <= generation <= self.generation():
            return Freshness.GONE
        since = [hard for purged, hard in self._purges[generation - 1000 :] if purged & set(slots)]
        return Freshness.GONE if any(since) else Freshness.STALE if since else Freshness.FRESH


class MemoryStore:
    """Packed pages in a dictionary."""

    def __init__(self) -> None:
        self.tags = MemoryTags()
        self._values: dict[bytes, bytes] = {}
        self._rules: bytes | None = None

    def put(self, page: PushedPage) -> PutOutcome:
        packed = pack(page)
        if self.tags.judge(packed.generation, packed.slots) is Freshness.GONE:
            return PutOutcome.OVERTAKEN
        before = self._values.get(packed.address)
        if before and describe(memoryview(before)).generation > packed.generation:
            return PutOutcome.NEWER_STAYS
        self._values[packed.address] = packed.value
        return PutOutcome.STORED

    def get(self, address: str, encoding: Encoding) -> ReadyReply | None:
        value = self._values.get(address.encode())
        return unpack(address.encode(), memoryview(value), encoding) if value else None

    def drop(self, address: str) -> None:
        self._values.pop(address.encode(), None)

    def addresses(self) -> Iterator[str]:
        return iter([address.decode() for address in sorted(self._values)])

    def write_rules(self, rules: bytes) -> None:
        self._rules = rules

    def read_rules(self) -> bytes | None:
        return self._rules
