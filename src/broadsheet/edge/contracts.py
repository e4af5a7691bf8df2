"""What every page store, tag ledger and flight must do, whatever it is made of; tests/edge/contract.py checks it.

The promise that all of it serves: when `purge` has returned, no process gives out as fresh a page whose making began
before it. So the renderer reads `generation` before it reads anything else for a page, and the page carries it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from typing import Protocol

from .pages import Encoding, Freshness, PushedPage, ReadyReply


class PutOutcome(enum.Enum):
    """What became of a page that was put; true when the store holds this page or a newer one."""

    STORED = "stored"
    NEWER_STAYS = "newer stays"
    """The store holds a page of a later generation, which was not touched."""
    OVERTAKEN = "overtaken"
    """A hard purge came after the page was begun: nobody may be given it; it must be rendered anew."""
    REFUSED = "refused"
    """No room, or the disk refuses: nothing was stored, the page itself may be given to who asked."""

    def __bool__(self) -> bool:
        return self in (PutOutcome.STORED, PutOutcome.NEWER_STAYS)


class TagLedger(Protocol):
    """Which tags were purged when, in every process at once."""

    def generation(self) -> int:
        """The number of the last purge; to be read before anything is read for a page."""
        ...

    def purge(self, tags: Iterable[str], *, hard: bool, purge_id: str = "") -> int:
        """Make all pages with one of the tags gone (hard) or stale (soft); returns the generation after it.

        The cost does not depend on the number of pages. The tag `*` stands on every page. A `purge_id` that was
        delivered before is skipped. Visible in every process when it returns. Raises PurgeUnwritten.
        """
        ...

    def freshness(self, reply: ReadyReply, now: float) -> Freshness:
        """Whether the reply may be given out at `now` (seconds since 1970)."""
        ...


class PageStore(Protocol):
    """Ready replies by address, shared by all processes of a machine."""

    def put(self, page: PushedPage) -> PutOutcome:
        """Store the page in all its encodings at once. Raises UnusablePage for what may never be stored."""
        ...

    def get(self, address: str, encoding: Encoding) -> ReadyReply | None:
        """The stored reply with its checksum verified; None when absent or damaged. Freshness is asked of the tags."""
        ...

    def drop(self, address: str) -> None:
        """Forget the page."""
        ...

    def addresses(self) -> Iterator[str]:
        """All stored addresses in the order of their bytes."""
        ...

    def write_rules(self, rules: bytes) -> None:
        """Keep the rules of the site's addresses for workers that start alone."""
        ...

    def read_rules(self) -> bytes | None:
        """The rules as they were last written; None when there are none or they are damaged."""
        ...


class Flight(Protocol):
    """One render for an address at a time, however many processes ask."""

    def take(self, address: str) -> bool:
        """Become the one who renders the address; False while somebody else is. Never waits."""
        ...

    def release(self, address: str) -> None:
        """Let the next one render; does nothing when the flight is not ours."""
        ...
