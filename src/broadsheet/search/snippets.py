"""A piece of a story round the words that were searched for, with those words marked."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from . import words
from .index import is_beginning

LENGTH = 240
BEFORE = 60
# Enough of a story to find a good place in; the rest of a very long one is not looked at.
LOOKED_AT = 12_000


def make(texts: Sequence[str], wanted: Sequence[str], language: str) -> Markup:
    """From the first of the texts that holds a wanted word; from the first text where none does.

    `wanted` are the folded words of the query. Everything is escaped but the marks.
    """
    looked_at = [" ".join(text[:LOOKED_AT].split()) for text in texts if text]
    for text in looked_at:
        found = _find(text, wanted, language)
        if found:
            return _cut(text, found)
    return _cut(looked_at[0], []) if looked_at else Markup("")


def _find(text: str, wanted: Sequence[str], language: str) -> list[tuple[int, int]]:
    """Where the wanted words stand, from the first on and as far as one snippet reaches."""
    found: list[tuple[int, int]] = []
    beginnings = tuple(word for word in wanted if is_beginning(word))
    for match in words.spans(text):
        if found and match.start() > found[0][0] + LENGTH:
            break
        folded = words.fold_word(match[0], language)
        if folded in wanted or folded.startswith(beginnings):
            found.append(match.span())
    return found


def _cut(text: str, marks: Sequence[tuple[int, int]]) -> Markup:
    start = max(0, marks[0][0] - BEFORE) if marks else 0
    if start:
        start = text.find(" ", start, marks[0][0] + 1) + 1 or marks[0][0]
    end = start + LENGTH
    if end < len(text):
        end = max(text.rfind(" ", start, end), marks[0][1] if marks else start + 1)
    parts = [Markup("… ") if start else Markup("")]
    place = start
    for first, last in marks:
        if last > end:
            break
        parts += [escape(text[place:first]), Markup("<mark>"), escape(text[first:last]), Markup("</mark>")]
        place = last
    parts += [escape(text[place:end]), Markup(" …") if end < len(text) else Markup("")]
    return Markup("").join(parts)
