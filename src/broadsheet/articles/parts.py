"""What stands in each part of the articles' sitemap, kept beside the projection: no sitemap reads the archive."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Case, Count, F, IntegerField, Max, Value, When
from django.db.models.expressions import ExpressionWrapper
from django.utils import timezone

from .projection import PublishedArticle, PublishedPart

# How many ids one part spans. 50,000 addresses are allowed; but a part is written anew with each of its stories, and
# their index with every story: with a million stories one has as many lines as the other.
IDS_A_PART = 1_000
_BATCH = 1000
# Django cannot say how a row that stands there already is to change.
_ENTER = (
    "INSERT INTO articles_published_part (part, section_id, total, changed_at) VALUES (%s, %s, %s, %s) "
    "ON CONFLICT (part, section_id) DO UPDATE SET total = articles_published_part.total + excluded.total, changed_at = "
    "CASE WHEN excluded.changed_at > articles_published_part.changed_at "
    "THEN excluded.changed_at ELSE articles_published_part.changed_at END"
)


def part_of(article_id: int) -> int:
    """The number of the part in which an article stands, for ever."""
    return article_id // IDS_A_PART


def move(article_id: int, before: int | None, after: int | None, changed_at: datetime) -> None:
    """An article of the section `before` stands in the section `after` now; None: it was not, or is not, published.

    In the transaction of that change.
    """
    part = part_of(article_id)
    if before is not None and before != after:
        _leave(part, before)
    if after is not None:
        with connection.cursor() as cursor:
            moment = connection.ops.adapt_datetimefield_value(changed_at)
            cursor.execute(_ENTER, [part, after, int(before != after), moment])


def _leave(part: int, section_id: int) -> None:
    now = timezone.now()
    later = Case(When(changed_at__lt=now, then=Value(now)), default=F("changed_at"))
    PublishedPart.objects.filter(part=part, section_id=section_id).update(total=F("total") - 1, changed_at=later)


def recount() -> None:
    """Count everything anew, for rows that were written otherwise than by `published`."""
    with transaction.atomic():
        PublishedPart.objects.all().delete()
        number = ExpressionWrapper(F("article_id") / IDS_A_PART, output_field=IntegerField())
        rows = PublishedArticle.objects.order_by().annotate(part=number).values("part", "section_id")
        counted = rows.annotate(total=Count("pk"), changed_at=Max("modified_at"))
        PublishedPart.objects.bulk_create((PublishedPart(**row) for row in counted), batch_size=_BATCH)


def mend(section_id: int) -> bool:
    """Put the section's parts right where they hold another number of articles than is kept. True: they did.

    When they last changed is left as it is.
    """
    if not _wrong(section_id):
        return False
    # Meanwhile a story may have come: only what is still wrong when nobody can write is wrong.
    with transaction.atomic():
        list(PublishedPart.objects.select_for_update().filter(section_id=section_id).order_by("part"))
        wrong = _wrong(section_id)
        for part, total in wrong.items():
            known = {"total": total}
            new = {**known, "changed_at": timezone.now()}
            PublishedPart.objects.update_or_create(
                part=part, section_id=section_id, defaults=known, create_defaults=new
            )
        return bool(wrong)


def _wrong(section_id: int) -> dict[int, int]:
    """The parts whose number is not what is kept, with what it is."""
    kept = dict(PublishedPart.objects.filter(section_id=section_id).values_list("part", "total"))
    counted = _count(section_id)
    every = sorted(kept.keys() | counted.keys())
    return {part: counted.get(part, 0) for part in every if kept.get(part, 0) != counted.get(part, 0)}


def _count(section_id: int) -> dict[int, int]:
    """By part. Answered by the sections' index alone, which ends in the article's id."""
    number = ExpressionWrapper(F("article_id") / IDS_A_PART, output_field=IntegerField())
    rows = PublishedArticle.objects.order_by().filter(section_id=section_id).annotate(part=number)
    return dict(rows.values_list("part").annotate(total=Count("article_id")))
