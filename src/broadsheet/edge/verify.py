"""Walks a whole store and compares every page with its checksums, its digests and its other encodings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .errors import DamagedPage
from .pages import Encoding, Freshness
from .replies import StoredPage, check_value, key_of, unpack
from .store import LmdbStore


@dataclass(slots=True)
class StoreReport:
    """What the walk found; `damaged` are addresses, or keys where no address can be read."""

    pages: int = 0
    fresh: int = 0
    stale: int = 0
    gone: int = 0
    bodies_bytes: int = 0
    damaged: list[str] = field(default_factory=list)
    map_differs: int = 0


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """A page whose bytes are those that were put, for who compares it with a fresh render."""

    stored: StoredPage
    body: bytes
    freshness: Freshness


def verify_store(store: LmdbStore, now: float, *, drop_damaged: bool = True) -> StoreReport:
    """Walk all pages; damaged ones are dropped. Also compares the shared map with the ledger."""
    report = StoreReport(map_differs=store.tags.compare_map())
    for found in walk_pages(store, now):
        if isinstance(found, str):
            report.damaged.append(found)
            if drop_damaged:
                store.drop(found)
            continue
        report.pages += 1
        report.bodies_bytes += sum(found.stored.sizes[:2]) or found.stored.sizes[2]
        report.fresh += found.freshness is Freshness.FRESH
        report.stale += found.freshness is Freshness.STALE
        report.gone += found.freshness is Freshness.GONE
    return report


def walk_pages(store: LmdbStore, now: float) -> Iterator[CheckedPage | str]:
    """Every page in the order of the addresses, or the address of a damaged one."""
    for address in store.addresses():
        value = store.raw(address)
        if value is None:
            continue
        try:
            yield _checked(store, address, memoryview(value), now)
        except (DamagedPage, UnicodeDecodeError):
            yield address


def _checked(store: LmdbStore, address: str, value: memoryview, now: float) -> CheckedPage:
    stored = check_value(value)
    if key_of(stored.address.encode()) != key_of(address.encode()):
        raise DamagedPage("another address")
    reply = unpack(stored.address.encode(), value, Encoding.IDENTITY)
    return CheckedPage(stored, reply.body, store.tags.freshness(reply, now))
