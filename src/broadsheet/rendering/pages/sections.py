"""A section's own front and the numbered pages of its stream; pages about the newsroom share its kind of address."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from broadsheet.articles import addresses, published
from broadsheet.articles.models import SectionPage

from .. import head, layout, reading, streams
from ..finished import FinishedPage, PageMissing, PageRequest
from ..routes import page
from ..site import read_site
from ..templating import finish
from . import standing

SECONDARY = 3


@page("/{language}/{section}/", query=("page",))
def section_or_page(request: PageRequest, language: str, section: str) -> FinishedPage:
    """A section, or a page about the newsroom: they share one space of names."""
    try:
        found = reading.section(language, section)
    except PageMissing:
        return standing.policy_page(language, section)
    number = streams.asked_number(request, language)
    return finish("section.html", compose(found, language, number))


def compose(section: SectionPage, language: str, number: int = 0) -> dict[str, Any]:
    """All that the section's page shows, for the page itself and for the preview of a draft of it."""
    path = addresses.section_path(language, section.slug)
    rows = published.in_section(section.pk)
    stream = streams.read(rows, f"section:{section.pk}", language, number, settings.CONFIG.page_size)
    curated = _curated(section, language) if not number else {}
    shown = {card.id for cards in curated.values() for card in cards}
    rest = [card for card in stream.cards if card.id not in shown]
    lead = curated.get("lead") or (tuple(rest[:1]) if not number else ())
    rest = [card for card in rest if card not in lead]
    secondary = curated.get("secondary") or (tuple(rest[:SECONDARY]) if not number else ())
    return {
        "language": language,
        "head": head.describe_section(read_site(language), section, stream.place),
        "section": section,
        "path": path,
        "lead": lead,
        "secondary": secondary,
        "listed": curated.get("list", ()),
        "rest": tuple(card for card in rest if card not in secondary),
        "stream": stream,
        "inside": layout.links_inside(section, language),
    }


def _curated(section: SectionPage, language: str) -> dict[str, tuple[reading.Card, ...]]:
    slots = reading.slots(section)
    known = reading.cards_by_id([one for ids in slots.values() for one in ids], language)
    return {slot: tuple(known[one] for one in ids if one in known) for slot, ids in slots.items()}
