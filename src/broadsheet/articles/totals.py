"""How many published articles stand in a list, kept beside the projection: counting takes longer every year."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping

from django.db import connection, transaction
from django.db.models import Count, F

from .projection import PublishedAuthor, PublishedSection, PublishedTopic, PublishedTotal

logger = logging.getLogger(__name__)

# Lists that grow with the archive, by the first part of their names; the second is the id of what they are of.
_LINKS = {"section": PublishedSection, "topic": PublishedTopic, "author": PublishedAuthor}
_BATCH = 1000
# Django cannot say by how much a row that stands there already is to grow.
_ENTER = (
    "INSERT INTO articles_published_total (listing, total) VALUES {values} "
    "ON CONFLICT (listing) DO UPDATE SET total = articles_published_total.total + 1"
)


def is_kept(listing: str) -> bool:
    """Whether the list's total is kept here; a day's list is short and is counted."""
    return listing.partition(":")[0] in _LINKS


def of(listing: str) -> int:
    """The total of a list whose total is kept."""
    return PublishedTotal.objects.filter(listing=listing).values_list("total", flat=True).first() or 0


def listings(links: Mapping[str, Iterable[int]]) -> Iterator[str]:
    """The names of the lists of an article with these `sections`, `topics` and `authors`."""
    for kind, ids in links.items():
        yield from (f"{kind.removesuffix('s')}:{one}" for one in ids)


def lists_of(article_id: int, *, stand_ins: bool | None = None) -> set[str]:
    """The lists in which a published article stands, of those whose totals are kept.

    `stand_ins`: only those of other languages, or only those of its own; None: all.
    """
    chosen = {} if stand_ins is None else {"is_stand_in": stand_ins}
    return {
        f"{kind}:{one}"
        for kind, link in _LINKS.items()
        for one in link._default_manager.filter(article_id=article_id, **chosen).values_list(f"{kind}_id", flat=True)
    }


def move(before: Collection[str], after: Collection[str]) -> None:
    """One article stood in the lists `before` and stands in those `after`; in the transaction of that change."""
    left, entered = set(before) - set(after), set(after) - set(before)
    if left:
        rows = PublishedTotal.objects.filter(listing__in=left | entered)
        if connection.features.has_select_for_update:
            # Locked in one order everywhere, so that two changes never wait for each other.
            list(rows.select_for_update().order_by("listing"))
        rows.filter(listing__in=left).update(total=F("total") - 1)
    if entered:
        with connection.cursor() as cursor:
            cursor.execute(_ENTER.format(values=", ".join(["(%s, 1)"] * len(entered))), sorted(entered))


def forget(listing: str) -> None:
    """The section, topic or author of the list was deleted."""
    PublishedTotal.objects.filter(listing=listing).delete()


def recount() -> None:
    """Count everything anew, for rows that were written otherwise than by `published`."""
    with transaction.atomic():
        list(PublishedTotal.objects.select_for_update().order_by("listing"))
        PublishedTotal.objects.all().delete()
        PublishedTotal.objects.bulk_create(
            (PublishedTotal(listing=listing, total=total) for listing, total in _count()), batch_size=_BATCH
        )


def find_wrong() -> list[str]:
    """The lists whose total is not the number of their articles."""
    kept = dict(PublishedTotal.objects.filter(total__gt=0).values_list("listing", "total"))
    counted = dict(_count())
    return sorted(listing for listing in kept | counted if kept.get(listing) != counted.get(listing))


def mend() -> None:
    """Look once in a while whether a total went wrong, which must not happen, and then count everything anew."""
    if wrong := find_wrong():
        logger.error("the totals of %d lists were wrong and are counted anew: %s", len(wrong), ", ".join(wrong[:5]))
        recount()


def _count() -> Iterator[tuple[str, int]]:
    for kind, link in _LINKS.items():
        for row in link._default_manager.values(f"{kind}_id").annotate(total=Count("pk")).order_by():
            yield f"{kind}:{row[f'{kind}_id']}", row["total"]
