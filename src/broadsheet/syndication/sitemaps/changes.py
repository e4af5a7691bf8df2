"""When the articles of each part of the sitemap and of each section last changed: it is kept, and read from there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Max

from broadsheet.articles import kinds
from broadsheet.articles.models import SectionPage
from broadsheet.articles.projection import PublishedPart


@dataclass(frozen=True)
class Place:
    """A live section: its language and its place in the tree."""

    language: str
    tree_path: str


def places() -> dict[int, Place]:
    """The live sections of the site's languages, by id."""
    live = kinds.pages_of(SectionPage).filter(live=True, locale__language_code__in=settings.CONFIG.languages)
    return {pk: Place(language, path) for pk, language, path in live.values_list("pk", "locale__language_code", "path")}


def of_parts(section_ids: Iterable[int]) -> list[tuple[int, datetime]]:
    """The parts that hold an article of one of the sections, each with its last change."""
    rows = PublishedPart.objects.filter(total__gt=0, section_id__in=list(section_ids)).order_by("part")
    return list(rows.values_list("part").annotate(latest=Max("changed_at")))


def of_sections() -> dict[int, datetime]:
    """The last change among the articles of each section, by its id; that one of them went is a change."""
    return dict(PublishedPart.objects.order_by().values_list("section_id").annotate(latest=Max("changed_at")))
