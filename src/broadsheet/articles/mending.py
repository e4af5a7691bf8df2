"""Looks, a little at a time, whether what is kept of the archive is still what stands in it, which it must be."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from broadsheet.outbox.rounds import Rounds

from . import kinds, parts, totals
from .models import SectionPage
from .projection import PublishedArticle, PublishedTotal

logger = logging.getLogger(__name__)


def mend_some() -> None:
    """One turn of a round a day. What is found wrong is put right and told of: it must not happen."""
    for wrong in _rounds.turn():
        if wrong:
            logger.error("%d totals were wrong and were counted anew: %s", len(wrong), ", ".join(wrong[:5]))


def mend_all() -> list[str]:
    """A whole round at once; the names of what was wrong."""
    return [name for wrong in go_round() for name in wrong]


def go_round() -> Iterator[list[str]]:
    """One step after the other, each with the names of what it found wrong. No step reads more than a list's index."""
    for name in _names("section", "topic", "author"):
        yield _mend_list(name)
    for section_id in kinds.pages_of(SectionPage).values_list("pk", flat=True):
        yield [f"parts of section {section_id}"] if parts.mend(section_id) else []
    for language in settings.CONFIG.languages:
        for year in _years(language):
            for month in range(1, 13):
                yield _mend_month(language, year, month)
            yield _mend_year(language, year)


_rounds = Rounds(go_round, every_s=24 * 60 * 60, turn_s=0.2)


def _names(*kinds_of_lists: str) -> list[str]:
    """Of all lists that there are, and of those that are kept."""
    kept = PublishedTotal.objects.filter(total__gt=0).values_list("listing", flat=True)
    found = {name for name in kept if name.partition(":")[0] in kinds_of_lists}
    for kind in set(kinds_of_lists) & set(totals.LINKS):
        owner = totals.LINKS[kind]._meta.get_field(kind).related_model
        found.update(f"{kind}:{pk}" for pk in owner._default_manager.values_list("pk", flat=True))  # type: ignore[union-attr]
    return sorted(found)


def _mend_list(name: str) -> list[str]:
    # Between the two questions a story may have come: only what is still wrong when nobody can write is wrong.
    if totals.of(name) == totals.count_one(name):
        return []
    return totals.mend([name], lambda: {name: totals.count_one(name)})


def _years(language: str) -> range:
    """From the first to the last of which there is a story, or something is kept."""
    found = {int(name.split(":")[2]) for name in _names("year") if name.split(":")[1] == language}
    moments = PublishedArticle.objects.filter(language=language).values_list("published_at", flat=True)
    for moment in (moments.order_by("published_at").first(), moments.order_by("-published_at").first()):
        found |= {moment.astimezone(settings.CONFIG.zone).year} if moment else set()
    return range(min(found), max(found) + 1) if found else range(0)


def _mend_month(language: str, year: int, month: int) -> list[str]:
    """The month and its days."""
    start, end = _start(year, month), _start(year + month // 12, month % 12 + 1)
    days = [f"day:{language}:{year:04}-{month:02}-{day:02}" for day in range(1, 32)]
    names = [*days, f"month:{language}:{year:04}-{month:02}"]
    return totals.mend(names, lambda: totals.count_days(language, start, end))


def _mend_year(language: str, year: int) -> list[str]:
    name, months = f"year:{language}:{year:04}", [f"month:{language}:{year:04}-{one:02}" for one in range(1, 13)]
    return totals.mend([name], lambda: {name: sum(totals.of_all(months))})


def _start(year: int, month: int) -> datetime:
    return datetime(year, month, 1, tzinfo=settings.CONFIG.zone)
