"""Long lists on numbered pages that stay as they are when new articles arrive.

Pages are numbered from the oldest: page 1 holds the oldest stories and stays as it is, whatever is published later.
The list's own address shows the newest: the page that is still filling up together with the full page before it. Its
`older` link leads to the page below those, and so on down to page 1; nobody meets a story twice or misses one, however
long the walk takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from broadsheet.articles import totals
from broadsheet.articles.projection import PublishedArticle

from . import tags
from .finished import PageMissing, PageRequest
from .head import Place
from .reading import Card, cards, in_live_sections, in_retracted_sections


@dataclass(frozen=True)
class Stream:
    """What one address of a list shows, newest first. `number` 0 is the list's own address, which shows the newest.

    `newer` and `older` are the numbers of the neighbouring pages, None where there is none; `newer` may be 0.
    """

    cards: tuple[Card, ...]
    number: int
    newer: int | None
    older: int | None
    total: int

    @property
    def place(self) -> Place:
        """Where the page stands in its list, for its head."""
        return Place(self.number, self.newer, self.older)

    @property
    def first_at(self) -> datetime | None:
        """When the oldest story of the page was published."""
        return self.cards[-1].published_at if self.cards else None

    @property
    def last_at(self) -> datetime | None:
        """When the newest story of the page was published."""
        return self.cards[0].published_at if self.cards else None


def asked_number(request: PageRequest, language: str) -> int:
    """The number in `?page=`; 0 where none is asked for. Raises PageMissing for anything but a number from 1 on."""
    text = request.query.get("page")
    if text is None:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= 7 and int(text) > 0):
        raise PageMissing(language)
    return int(text)


def read(rows: QuerySet[PublishedArticle], listing: str, language: str, number: int, size: int) -> Stream:
    """Page `number` of the rows, which come newest first; `listing` is the list's name, as in `tags.listing`.

    Raises PageMissing beyond the last page.
    """
    total = count(rows, listing, language)
    rows = in_live_sections(rows, language)
    full, rest = divmod(total, size)
    last = max(1, full + bool(rest))
    if number > last:
        raise PageMissing(language)
    # What comes and goes among the newest two pages' worth of stories changes neither these pages nor their links.
    is_settled = 0 < number < full - 2
    tags.record(tags.shelf(listing) if is_settled else tags.listing(listing))
    if number == 0:
        start, end = 0, rest + size
        newer, older = None, (full - 1 or None) if full > 1 else None
    else:
        end = total - (number - 1) * size
        start = max(0, end - size)
        newer, older = (number + 1 if number + 1 < full else 0), number - 1 or None
    return Stream(cards(_slice(rows, start, end, total), language), number, newer, older, total)


def count(rows: QuerySet[PublishedArticle], listing: str, language: str) -> int:
    """How many of a list's rows stand in live sections, whatever the size of the archive."""
    if not totals.is_kept(listing):
        return in_live_sections(rows, language).count()
    hidden = in_retracted_sections(rows, language)
    return totals.of(listing) - (0 if hidden is None else hidden.count())


def _slice(rows: QuerySet[PublishedArticle], start: int, end: int, total: int) -> list[PublishedArticle]:
    """The rows from `start` to `end`, counted from whichever end of the list is nearer."""
    if start <= total // 2:
        return list(rows[start:end])
    return list(rows.reverse()[max(0, total - end) : total - start])[::-1]
