"""Pages that weigh what a newspaper's weigh, in a store of their own."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from broadsheet.edge.pages import Encoding, PushedPage, ReadyReply
from broadsheet.edge.store import LmdbStore

HTML = "text/html; charset=utf-8"
# What the readers' side sends with every page, give or take some letters.
HEADERS = (
    ("Cache-Control", "public, max-age=0, must-revalidate"),
    ("Content-Security-Policy", "default-src 'none'; " + "img-src 'self' data:; style-src 'unsafe-inline'; " * 8),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("Permissions-Policy", "browsing-topics=()"),
)
STORE_BYTES = 4 << 30
# 14 KB of brotli, which is what the larger pages of the demo edition weigh.
_WORDS_OF_A_STORY = 4650
_BYTES_OF_NOISE = 14_000


@contextmanager
def opened(folder: Path, *, durable: bool = True, brotli_quality: int = 9) -> Iterator[LmdbStore]:
    """The store of the folder, closed at the end. Only a store that is being filled need not be durable."""
    store = LmdbStore(folder, store_bytes=STORE_BYTES, durable=durable, brotli_quality=brotli_quality)
    try:
        yield store
    finally:
        store.close()


def story(number: int, words: int = _WORDS_OF_A_STORY) -> bytes:
    """Text in made-up words, each number another one; the usual count of words has 14 KB of brotli."""
    chance = random.Random(number)  # noqa: S311  # the same pages in every run
    letters = "etaoinshrdlucmfwypvbgkjqxz"
    known = ["".join(chance.choices(letters, k=chance.randint(2, 9))) for _ in range(3000)]
    return f"<!doctype html><title>{number}</title><p>{' '.join(chance.choices(known, k=words))}".encode()


def noise(number: int) -> bytes:
    """Text that compresses to 14 KB within a millisecond, for sets of thousands of pages."""
    return base64.b64encode(random.Random(number).randbytes(_BYTES_OF_NOISE))  # noqa: S311


def tags_of(number: int) -> frozenset[str]:
    """What a story depends on: itself, its lists, and a dozen others that it leads to."""
    others = {f"article:{(number * 31 + step * 7) % 50_000 + 1_000_000}" for step in range(16)}
    return frozenset({f"article:{number}", "layout:en", "edition:en", "section:7"} | others)


def push(store: LmdbStore, address: str, number: int, body: bytes) -> None:
    """Put the page as the renderer does. Raises RuntimeError when the store does not take it."""
    page = PushedPage(address, 200, HTML, body, store.tags.generation(), tags_of(number), HEADERS)
    if not store.put(page):
        raise RuntimeError(f"{address} was not stored")


def fill(store: LmdbStore, count: int, body: Callable[[int], bytes]) -> list[str]:
    """Put so many pages; their addresses."""
    addresses = [f"/en/world/a-headline-of-some-length-{number}/" for number in range(count)]
    for number, address in enumerate(addresses):
        push(store, address, number, body(number))
    return addresses


def stored(store: LmdbStore, address: str) -> ReadyReply:
    """The page as it goes out, in brotli. Raises RuntimeError when it is not there."""
    reply = store.get(address, Encoding.BR)
    if reply is None:
        raise RuntimeError(f"{address} is not stored")
    return reply


def fields_of(head: bytes) -> list[tuple[str, str]]:
    """The header fields of a stored head."""
    lines = head.decode("latin-1").strip().split("\r\n")[1:]
    return [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
