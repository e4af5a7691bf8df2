"""Cuts the tags of a purge into pieces that fit into one request."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from ..replies import OVERFULL
from .errors import OuterPurgeFailed

# What the store lets onto a page: no blanks, commas or letters outside of ASCII.
_TAG = re.compile(r"[!-+\--~]{1,255}")


def to_purge(tags: Collection[str]) -> list[str]:
    """The tags, each once, in order, and the one of pages that have too many; none for none. Raises OuterPurgeFailed.

    A tag that no page can have is refused: in a header it could be the beginning of another header.
    """
    for tag in tags:
        if not _TAG.fullmatch(tag):
            raise OuterPurgeFailed(f"{tag[:80]!r} is no tag: it has blanks, commas or strange letters", permanent=True)
    return sorted({*tags, OVERFULL}) if tags else []


def cut(words: Iterable[str], *, count: int, size_bytes: int) -> Iterator[list[str]]:
    """Pieces of at most so many words, at most so long when joined by one character; a word alone may be longer."""
    piece: list[str] = []
    size = 0
    for word in words:
        if piece and (len(piece) == count or size + len(word) + 1 > size_bytes):
            yield piece
            piece, size = [], 0
        piece.append(word)
        size += len(word) + 1
    if piece:
        yield piece
