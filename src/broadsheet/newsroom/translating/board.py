"""The board of languages: every story with its versions, what is missing, out of date or urgent, newest work first.

A row is a story, shown by the version that the others were made from. Whatever the number of stories, a page costs the
same few questions: the rows come from one index, as on the board of articles, and all that is shown of them is asked
for all rows at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.dateparse import parse_datetime
from wagtail.models import Page
from wagtail.permissions import policy_registry

from broadsheet.articles.models import ArticlePage, SectionPage

from .. import board as articles
from ..models import LanguageVersion
from ..policies import reading_paths, visible
from . import places

PAGE_SIZE = 50
STATES = ("untranslated", "draft", "review", "published", "outdated")


@dataclass(frozen=True)
class Asked:
    """What was asked for; empty: anything."""

    language: str = ""
    section_id: int = 0
    state: str = ""
    urgent: bool = False
    words: str = ""


@dataclass(frozen=True)
class Passage:
    """A piece that is out of date, for a list: its kind, how many passages of it, the first of them."""

    kind: str
    count: int
    excerpt: str


@dataclass(frozen=True)
class Urgent:
    """A correction that was published in another language."""

    language: str
    text: str
    at: datetime | None


@dataclass(frozen=True)
class Cell:
    """A story in one language. `state`: as on the board of articles, or `untranslated`, or `source` of the others."""

    language: str
    state: str
    page_id: int = 0
    may_edit: bool = False
    may_make: bool = False
    is_source: bool = False
    outdated_since: datetime | None = None
    passages: tuple[Passage, ...] = ()
    coming: int = 0
    untranslated: int = 0
    machine_made: int = 0
    urgent: tuple[Urgent, ...] = ()

    @property
    def number(self) -> int:
        """How many passages are out of date."""
        return sum(one.count for one in self.passages)


@dataclass(frozen=True)
class Row:
    """A story: the version that the others were made from, its section, and a cell a language."""

    page: Page
    section: SectionPage | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class BoardPage:
    """Rows, and where the next ones begin; empty: there are none."""

    rows: tuple[Row, ...]
    next_before: str = ""


@dataclass
class _Rights:
    """What the person may do, by places in the tree; asked once a page of the board."""

    user: Any
    may_translate: bool = False
    writing: tuple[str, ...] = ()
    reading: tuple[str, ...] = ()
    sections: dict[tuple[UUID, str], str] = field(default_factory=dict)

    def may_edit(self, path: str, owner_id: int | None) -> bool:
        return self.user.is_superuser or path.startswith(self.reading) or owner_id == self.user.pk

    def may_make(self, section: SectionPage | None, language: str) -> bool:
        """Whether the person could translate into the language, or make the section there that is missing."""
        if section is None or not self.may_translate:
            return False
        path = self.sections.get((section.translation_key, language), "")
        return self.user.is_superuser or bool(path and path.startswith(self.writing))


def find(user: Any, asked: Asked, languages: Sequence[str], before: str = "", story: UUID | None = None) -> BoardPage:
    """The stories that the user may read and that pass the filters, or the one `story`, those changed last first."""
    pages = _filtered(stories(user), asked, languages)
    found = articles.slice_after(pages.filter(translation_key=story) if story else pages, before, PAGE_SIZE + 1)
    shown, more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    return BoardPage(
        rows=tuple(_rows(user, shown, languages)), next_before=articles.cursor_after(shown[-1]) if more else ""
    )


def stories(user: Any) -> QuerySet[Page]:
    """The first version of every story that the user may read."""
    pages = Page.objects.filter(content_type=ContentType.objects.get_for_model(ArticlePage))
    made = LanguageVersion.objects.filter(page_id=OuterRef("pk"), is_translation=True)
    return visible(pages.filter(~Exists(made)), user)


def _filtered(pages: QuerySet[Page], asked: Asked, languages: Sequence[str]) -> QuerySet[Page]:
    if asked.section_id:
        pages = pages.filter(_in_section(asked.section_id))
    if asked.words:
        pages = pages.filter(articles.has_words(asked.words))
    if asked.urgent:
        urgent = LanguageVersion.objects.filter(urgent_since__isnull=False)
        pages = pages.filter(translation_key__in=_in_language(urgent, asked.language).values("story"))
    return _in_state(pages, asked, languages)


def _in_section(section_id: int) -> Q:
    """Stories of the section in whatever language they were written first."""
    key = SectionPage.objects.filter(pk=section_id).values("translation_key")
    matching = Q(pk__in=[])
    for path in SectionPage.objects.filter(translation_key__in=key).values_list("path", flat=True):
        matching |= Q(path__startswith=path)
    return matching


def _in_language(versions: QuerySet[LanguageVersion], language: str) -> QuerySet[LanguageVersion]:
    return versions.filter(page__locale__language_code=language) if language else versions


def _in_state(pages: QuerySet[Page], asked: Asked, languages: Sequence[str]) -> QuerySet[Page]:
    if asked.state == "outdated":
        changed = LanguageVersion.objects.filter(changed_since__isnull=False)
        return pages.filter(translation_key__in=_in_language(changed, asked.language).values("story"))
    if asked.state == "review":
        waiting = Page.objects.filter(pk__in=articles.waiting_pages())
        return pages.filter(translation_key__in=_of_language(waiting, asked.language).values("translation_key"))
    members = _of_language(Page.objects.filter(translation_key=OuterRef("translation_key")), asked.language)
    if asked.state == "draft":
        return pages.filter(Exists(members.filter(live=False)))
    if asked.state == "published":
        return pages.filter(Exists(members.filter(live=True)))
    if asked.state == "untranslated":
        return pages.filter(~Exists(members)) if asked.language else _incomplete(pages, languages)
    return pages


def _of_language(pages: QuerySet[Page], language: str) -> QuerySet[Page]:
    return pages.filter(locale__language_code=language) if language else pages


def _incomplete(pages: QuerySet[Page], languages: Sequence[str]) -> QuerySet[Page]:
    """Stories that lack any of the languages."""
    members = Page.objects.filter(
        translation_key=OuterRef("translation_key"), locale__language_code__in=list(languages)
    ).order_by()
    count = Subquery(
        members.values("translation_key").annotate(number=Count("pk")).values("number"), output_field=IntegerField()
    )
    return pages.annotate(versions=Coalesce(count, 0)).filter(versions__lt=len(languages))


def _rows(user: Any, pages: list[Page], languages: Sequence[str]) -> Iterable[Row]:
    sections = list(SectionPage.objects.select_related("locale"))
    by_path = {section.path: section for section in sections}
    rights = _rights_of(user, sections)
    keys = {page.translation_key for page in pages}
    members = _members(keys)
    versions = {one.page_id: one for one in LanguageVersion.objects.filter(story__in=keys)}
    waiting = articles.in_review_now([one["pk"] for found in members.values() for one in found.values()])
    for page in pages:
        section, found = by_path.get(page.path[: -Page.steplen]), members.get(page.translation_key, {})
        yield Row(
            page,
            section,
            tuple(
                _cell(one, found[one], versions.get(found[one]["pk"]), page, rights, waiting)
                if one in found
                else Cell(one, "untranslated", may_make=rights.may_make(section, one))
                for one in languages
            ),
        )


def _rights_of(user: Any, sections: Iterable[SectionPage]) -> _Rights:
    granted = policy_registry.get_by_type(Page).get_cached_permissions_for_user(user)
    return _Rights(
        user,
        may_translate=user.has_perm(places.RIGHT),
        writing=tuple({one.page.path for one in granted if one.permission.codename == "add_page"}),
        reading=tuple(reading_paths(user)),
        sections={(one.translation_key, one.language): one.path for one in sections},
    )


def _members(keys: Iterable[UUID]) -> dict[UUID, dict[str, dict[str, Any]]]:
    groups: dict[UUID, dict[str, dict[str, Any]]] = {}
    rows = Page.objects.filter(translation_key__in=list(keys)).values(
        "pk", "translation_key", "live", "last_published_at", "path", "owner_id", language=F("locale__language_code")
    )
    for row in rows:
        groups.setdefault(row["translation_key"], {})[row["language"]] = row
    return groups


def _cell(
    language: str,
    member: dict[str, Any],
    version: LanguageVersion | None,
    shown: Page,
    rights: _Rights,
    waiting: set[int],
) -> Cell:
    may_edit = rights.may_edit(member["path"], member["owner_id"])
    facts: dict[str, Any] = {"is_source": member["pk"] == shown.pk}
    # Who may not read a draft is not told what stands in it.
    if version is not None and (member["live"] or may_edit):
        facts.update(
            outdated_since=version.changed_since,
            passages=tuple(Passage(*flag[1:]) for flag in version.changed.values()),
            coming=len(version.coming),
            untranslated=version.untranslated if version.is_translation else 0,
            machine_made=version.machine_made,
            urgent=tuple(Urgent(one["language"], one["text"], parse_datetime(one["at"])) for one in version.urgent),
        )
    return Cell(language, _state(member, waiting), member["pk"], may_edit, **facts)


def _state(member: dict[str, Any], waiting: set[int]) -> str:
    if member["pk"] in waiting:
        return "review"
    if member["live"]:
        return "published"
    return "retracted" if member["last_published_at"] else "draft"
