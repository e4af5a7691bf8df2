"""When the articles of each part and section last changed, read from one index and never from the wide rows.

No condition stands in that query: with one, the databases' planners leave the index `published_changes` for another and
read 100,000 bodies. What is not public is left out afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.db.models import F, IntegerField, Max
from django.db.models.expressions import ExpressionWrapper

from broadsheet.articles import kinds
from broadsheet.articles.models import SectionPage
from broadsheet.articles.projection import PublishedArticle

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Change:
    """The newest change of a live section's articles in one part; `tree_path` is the section's place."""

    part: int
    language: str
    tree_path: str
    changed_at: datetime


def part_of(field: str, ids_a_part: int) -> ExpressionWrapper:
    """The number of the part that an id belongs to."""
    return ExpressionWrapper(F(field) / ids_a_part, output_field=IntegerField())


def read(ids_a_part: int) -> list[Change]:
    """All changes, in two queries: as many as there are pairs of part and section."""
    live = kinds.pages_of(SectionPage).filter(live=True, locale__language_code__in=settings.CONFIG.languages)
    sections = {pk: (language, path) for pk, language, path in live.values_list("pk", "locale__language_code", "path")}
    rows = (
        PublishedArticle.objects.order_by()
        .annotate(part=part_of("article_id", ids_a_part))
        .values_list("part", "section_id")
        .annotate(latest=Max("modified_at"))
    )
    return [Change(part, *sections[section], latest) for part, section, latest in rows if section in sections]


def newest(changes: Iterable[Change], key: Callable[[Change], Key]) -> dict[Key, datetime]:
    """The newest change by what `key` gives."""
    found: dict[Key, datetime] = {}
    for change in changes:
        found[key(change)] = max(found.get(key(change), change.changed_at), change.changed_at)
    return found
