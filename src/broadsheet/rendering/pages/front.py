"""The front of a language: curated places above the newest stories, and a block for each section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from broadsheet.articles.models import HomePage

from .. import head, layout, reading
from ..finished import FinishedPage, PageRequest
from ..layout import Link
from ..reading import Card
from ..routes import page
from ..site import read_site
from ..templating import finish

SECONDARY = 4
LATEST = 10
IN_BLOCK = 5
# A block leaves out what stands above it: so many more are read that it can still be full.
READ_FOR_BLOCK = 10


@dataclass(frozen=True)
class Block:
    """A section on the front, with its newest stories that stand nowhere above."""

    section: Link
    cards: tuple[Card, ...]


@page("/{language}/")
def front(request: PageRequest, language: str) -> FinishedPage:
    """The front page."""
    home = reading.home(language)
    return finish("front.html", compose(home, language))


def compose(home: HomePage, language: str) -> dict[str, Any]:
    """All that the front shows, for the page itself and for the preview of a draft of it."""
    sections = layout.section_links(language)
    slots = reading.slots(home)
    stream = reading.newest(language, LATEST + SECONDARY + 1)
    by_section = reading.newest_in_sections([int(link.key) for link in sections], READ_FOR_BLOCK)
    curated = [*slots["lead"], *slots["secondary"], *slots["list"]]
    known = reading.cards_by_id([*curated, *(one for ids in by_section.values() for one in ids)], language)
    known = {**{card.id: card for card in stream}, **known}
    shown: set[int] = set()
    free = [card for card in stream if card.id not in curated]
    lead = _take(known, slots["lead"], shown) or _take(known, _with_picture_first(free), shown, 1)
    secondary = _take(known, slots["secondary"], shown) or _take(known, [one.id for one in free], shown, SECONDARY)
    listed = _take(known, slots["list"], shown)
    latest = tuple(card for card in stream if card.id not in shown)[:LATEST]
    # What stands above without its picture may stand in its section's block as well.
    blocks = tuple(_blocks(sections, by_section, known, shown - {card.id for card in listed}))
    return {
        "language": language,
        "head": head.describe_front(read_site(language), home),
        "lead": lead,
        "secondary": secondary,
        "listed": listed,
        "latest": latest,
        "blocks": blocks,
    }


def _with_picture_first(stream: Iterable[Card]) -> list[int]:
    """The newest story leads; among the very newest, one with a picture."""
    return [card.id for card in sorted(stream, key=lambda card: card.picture is None)]


def _take(known: dict[int, Card], ids: Iterable[int], shown: set[int], count: int = 100) -> tuple[Card, ...]:
    """The first of the stories that stand nowhere yet; they are marked as standing somewhere."""
    taken = tuple(known[one] for one in dict.fromkeys(ids) if one in known and one not in shown)[:count]
    shown.update(card.id for card in taken)
    return taken


def _blocks(
    sections: tuple[Link, ...], by_section: dict[int, list[int]], known: dict[int, Card], shown: set[int]
) -> Iterator[Block]:
    for link in sections:
        cards = _take(known, by_section.get(int(link.key), []), shown, IN_BLOCK)
        if cards:
            yield Block(link, cards)
