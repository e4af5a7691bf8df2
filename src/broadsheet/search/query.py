"""What a reader's search gives: cards of published stories, each with a snippet."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from broadsheet.articles import published
from broadsheet.rendering import reading

from . import backends


@dataclass(frozen=True)
class Result:
    """A story that was found: its card, and a piece of it with the words marked (HTML that is safe to show)."""

    card: reading.Card
    snippet: Markup


@dataclass(frozen=True)
class Results:
    """One page of what was found, and how many stories there are in all."""

    results: tuple[Result, ...]
    total: int
    number: int
    size: int

    @property
    def has_next(self) -> bool:
        return self.number * self.size < self.total


def search(language: str, text: str, number: int, size: int) -> Results:
    """Page `number` (from 1) of the stories that hold the words of the text."""
    found = backends.current().query(language, text, number, size)
    snippets = {hit.article_id: hit.snippet for hit in found.hits}
    cards = reading.cards(published.in_order(list(snippets)), language)
    return Results(tuple(Result(card, snippets[card.id]) for card in cards), found.total, number, size)
