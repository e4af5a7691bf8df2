"""What is asked of a renderer, and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class PageRequest:
    """All that a page may depend on: its path and query."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FinishedPage:
    """A page as it goes out, uncompressed, and the tags of all that was read for it.

    `is_immutable` says that nothing else will ever stand at this address.
    `storable` is false for what must never be kept by a cache: the choice of language at `/`, search results, errors.
    `fresh_until` is when its bytes change by themselves, though nothing is purged, in seconds since 1970; None: never.
    """

    body: bytes
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    tags: frozenset[str] = frozenset()
    storable: bool = True
    max_age_s: int = 60
    is_immutable: bool = False
    fresh_until: float | None = None


class PageMissing(Exception):
    """There is no such page; `language` is the one in which the reader is told so, `gone` that it was retracted."""

    def __init__(self, language: str = "", *, gone: bool = False) -> None:
        super().__init__(language)
        self.language = language
        self.gone = gone


class PageMoved(Exception):
    """The page stands at another path, for ever (301) or for this reader now (302)."""

    def __init__(self, path: str, *, permanent: bool = True) -> None:
        super().__init__(path)
        self.path = path
        self.permanent = permanent
