"""How many published articles stand in a list, kept beside the projection: counting takes longer every year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F

from .projection import PublishedArticle, PublishedAuthor, PublishedSection, PublishedTopic, PublishedTotal

# Lists that grow with the archive, by the first part of their names; the second is the id of what they are of.
LINKS = {"section": PublishedSection, "topic": PublishedTopic, "author": PublishedAuthor}
_BATCH = 1000
# Django cannot say by how much a row that stands there already is to grow.
_ENTER = (
    "INSERT INTO articles_published_total (listing, total) VALUES {values} "
    "ON CONFLICT (listing) DO UPDATE SET total = articles_published_total.total + 1"
)


def is_kept(listing: str) -> bool:
    """Whether the list's total is kept here; a day's list is short and is counted."""
    return listing.partition(":")[0] in LINKS


def of(listing: str) -> int:
    """The total of a list whose total is kept."""
    return of_all([listing])[0]


def of_all(names: Collection[str]) -> list[int]:
    """The kept totals of these names, in their order, in one query."""
    kept = dict(PublishedTotal.objects.filter(listing__in=names).values_list("listing", "total"))
    return [kept.get(name, 0) for name in names]


def listings(links: Mapping[str, Iterable[int]]) -> Iterator[str]:
    """The names of the lists of an article with these `sections`, `topics` and `authors`."""
    for kind, ids in links.items():
        yield from (f"{kind.removesuffix('s')}:{one}" for one in ids)


def day_of(language: str, moment: datetime) -> str:
    """The name of the list of a day, on the site's calendar."""
    return f"day:{language}:{moment.astimezone(settings.CONFIG.zone).date().isoformat()}"


def counted(lists: Iterable[str]) -> Iterator[str]:
    """The names under which an article in these lists is counted: with a day also its month and its year."""
    for name in lists:
        kind, _, rest = name.partition(":")
        if kind in LINKS:
            yield name
        elif kind == "day":
            yield from (name, f"month:{rest[:-3]}", f"year:{rest[:-6]}")


def move(before: Iterable[str], after: Iterable[str]) -> None:
    """One article stood in the lists `before` and stands in those `after`; in the transaction of that change."""
    stood, stands = set(counted(before)), set(counted(after))
    left, entered = stood - stands, stands - stood
    if left:
        rows = PublishedTotal.objects.filter(listing__in=left | entered)
        _lock(rows)
        rows.filter(listing__in=left).update(total=F("total") - 1)
    if entered:
        with connection.cursor() as cursor:
            cursor.execute(_ENTER.format(values=", ".join(["(%s, 1)"] * len(entered))), sorted(entered))


def move_many(count: int, left: Iterable[str], entered: Collection[str]) -> None:
    """So many articles at once went out of the lists `left` and came into the lists `entered`."""
    PublishedTotal.objects.bulk_create(
        (PublishedTotal(listing=name, total=0) for name in sorted(entered)), ignore_conflicts=True
    )
    _lock(PublishedTotal.objects.filter(listing__in={*left, *entered}))
    PublishedTotal.objects.filter(listing__in=set(left)).update(total=F("total") - count)
    PublishedTotal.objects.filter(listing__in=set(entered)).update(total=F("total") + count)


def forget(listing: str) -> None:
    """The section, topic or author of the list was deleted."""
    PublishedTotal.objects.filter(listing=listing).delete()


def recount() -> None:
    """Count everything anew, for rows that were written otherwise than by `published`."""
    with transaction.atomic():
        _lock(PublishedTotal.objects.all())
        PublishedTotal.objects.all().delete()
        PublishedTotal.objects.bulk_create(
            (PublishedTotal(listing=listing, total=total) for listing, total in _count()), batch_size=_BATCH
        )


def mend(names: Collection[str], count: Callable[[], Mapping[str, int]]) -> list[str]:
    """Put right those of the names whose total is not what `count` gives; what it does not name is 0.

    Nobody moves these totals between the count and the comparison.
    """
    with transaction.atomic():
        _lock(PublishedTotal.objects.filter(listing__in=names))
        found = count()
        kept = dict(PublishedTotal.objects.filter(listing__in=names).values_list("listing", "total"))
        wrong = sorted(name for name in names if kept.get(name, 0) != found.get(name, 0))
        for name in wrong:
            PublishedTotal.objects.update_or_create(listing=name, defaults={"total": found.get(name, 0)})
        return wrong


def find_wrong() -> list[str]:
    """The names whose total is not the number of their articles."""
    kept = dict(PublishedTotal.objects.filter(total__gt=0).values_list("listing", "total"))
    found = dict(_count())
    return sorted(listing for listing in kept | found if kept.get(listing) != found.get(listing))


def count_one(listing: str) -> int:
    """The rows of a section's, topic's or author's list, counted."""
    kind, _, number = listing.partition(":")
    return int(LINKS[kind]._default_manager.filter(**{f"{kind}_id": int(number)}).count())


def count_days(language: str, start: datetime, end: datetime) -> Counter[str]:
    """The days from `start` on and before `end`, counted, with their months and years."""
    rows = PublishedArticle.objects.filter(language=language, published_at__gte=start, published_at__lt=end).order_by()
    return Counter(counted(day_of(language, moment) for moment in rows.values_list("published_at", flat=True)))


def _count() -> Iterator[tuple[str, int]]:
    for kind, link in LINKS.items():
        for row in link._default_manager.values(f"{kind}_id").annotate(total=Count("pk")).order_by():
            yield f"{kind}:{row[f'{kind}_id']}", row["total"]
    moments = PublishedArticle.objects.order_by().values_list("language", "published_at").iterator()
    yield from Counter(counted(day_of(language, moment) for language, moment in moments)).items()


def _lock(rows: object) -> None:
    """In one order everywhere, so that two changes never wait for each other."""
    if connection.features.has_select_for_update:
        list(rows.select_for_update().order_by("listing"))  # type: ignore[attr-defined]
