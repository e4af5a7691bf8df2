"""What an index of published stories can do, and what every index takes of a story and of a query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup

from broadsheet.articles.projection import PublishedArticle

from . import words

# What counts of a very long story; a tsvector holds no more than a megabyte.
LONGEST_BODY = 150_000
LONGEST_QUERY = 300
MOST_WORDS = 16
# More stories than these are neither counted nor shown.
MOST_HITS = 2_000
# A shorter word is looked for as it is: too much begins with it.
SHORTEST_BEGINNING = 3


@dataclass(frozen=True)
class Hit:
    """An article that was found, and a piece of it with the words that were searched for marked."""

    article_id: int
    snippet: Markup


@dataclass(frozen=True)
class Found:
    """One page of hits, the best first, and how many there are in all (`MOST_HITS` at most)."""

    hits: tuple[Hit, ...]
    total: int


class SearchIndex(Protocol):
    """An index of what is published. Only articles that stand in the projection are ever found."""

    def index(self, row: PublishedArticle) -> None:
        """Put the row into the index, in place of what it held of it."""

    def drop(self, article_id: int) -> None:
        """Forget the article; nothing happens where it is not known."""

    def drop_unpublished(self) -> None:
        """Forget every article that does not stand in the projection."""

    def query(self, language: str, text: str, page: int, size: int) -> Found:
        """Page `page` (from 1) of what holds all words of the text, else any of them. No text is an error."""


def fields_of(row: PublishedArticle) -> tuple[list[str], list[str], list[str]]:
    """The folded words of headline, lead and body, as every index keeps them."""
    headline = " ".join([row.headline, row.short_headline if row.short_headline != row.headline else ""])
    return (
        words.split(headline, row.language),
        words.split(row.lead, row.language),
        words.split(row.body_text[:LONGEST_BODY], row.language),
    )


def wanted_words(language: str, text: str) -> list[str]:
    """The words of a query: the first 16 of its first 300 characters, each once."""
    return list(dict.fromkeys(words.split(text[:LONGEST_QUERY], language)))[:MOST_WORDS]


def is_beginning(word: str) -> bool:
    """A folded word of a query stands for all words that begin with it, unless it is very short."""
    return len(word) >= SHORTEST_BEGINNING
