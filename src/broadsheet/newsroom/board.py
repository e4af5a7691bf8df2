"""The article board: every story of the newsroom that a person may see, newest work first.

Wagtail's own listing counts and sorts all pages, which takes seconds at a million; here each page of the list begins
after the last row of the one before, one index gives the order, and nothing is counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.dateparse import parse_datetime
from wagtail.models import Page, Revision, WorkflowState

from broadsheet.articles.models import ArticleByline, ArticlePage, SectionPage

from .policies import reading_paths, working_paths

PAGE_SIZE = 50
# More stories than this are never scheduled or in review at one time; SQLite takes so many numbers in one question.
MOST_AT_ONCE = 5000
STATES = ("draft", "review", "scheduled", "published", "retracted")


@dataclass(frozen=True)
class Filters:
    """What was asked for; empty: anything."""

    language: str = ""
    section_id: int = 0
    state: str = ""
    author_id: int = 0
    words: str = ""


@dataclass(frozen=True)
class Translation:
    """A language of the site and the story in it: `published`, `draft`, or empty where there is none."""

    language: str
    state: str
    page_id: int


@dataclass(frozen=True)
class Row:
    """A story as the board shows it."""

    page: Page
    state: str
    section: SectionPage | None
    authors: tuple[str, ...]
    translations: tuple[Translation, ...]
    go_live_at: datetime | None
    may_edit: bool


@dataclass(frozen=True)
class BoardPage:
    """Rows, and where the next ones begin; empty: there are none."""

    rows: tuple[Row, ...]
    next_before: str = ""
    sections: tuple[SectionPage, ...] = field(default=())


def find(user: Any, filters: Filters, languages: Iterable[str], before: str = "") -> BoardPage:
    """The stories that the user may see and that pass the filters, those changed last first."""
    sections = sections_of(user)
    pages = _filtered(stories(user), filters)
    found = slice_after(pages, before, PAGE_SIZE + 1)
    shown, more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    return BoardPage(
        rows=tuple(_rows(user, shown, sections, tuple(languages))),
        next_before=cursor_after(shown[-1]) if more else "",
        sections=tuple(sections.values()),
    )


def stories(user: Any) -> QuerySet[Page]:
    """All stories on desks of the user that the user may see there."""
    pages = Page.objects.filter(content_type=ContentType.objects.get_for_model(ArticlePage))
    if user.is_superuser:
        return pages
    working = _under(working_paths(user))
    reading = _under(reading_paths(user))
    return pages.filter(working & (reading | Q(live=True) | Q(owner=user)))


def latest(pages: QuerySet[Page], state: str) -> QuerySet[Page]:
    """Those of the pages in the state, changed last first."""
    return _ordered(_in_state(pages, state).filter(latest_revision_created_at__isnull=False))


def sections_of(user: Any) -> dict[str, SectionPage]:
    """The sections on the user's desks, by tree path."""
    sections = SectionPage.objects.select_related("locale").order_by("path")
    if not user.is_superuser:
        sections = sections.filter(_under(working_paths(user)))
    return {section.path: section for section in sections}


def _under(paths: list[str]) -> Q:
    matching = Q(pk__in=[])
    for path in paths:
        matching |= Q(path__startswith=path)
    return matching


def _filtered(pages: QuerySet[Page], filters: Filters) -> QuerySet[Page]:
    if filters.language:
        pages = pages.filter(locale__language_code=filters.language)
    if filters.section_id:
        section = SectionPage.objects.filter(pk=filters.section_id).first()
        pages = pages.filter(path__startswith=section.path) if section else pages.none()
    if filters.author_id:
        written = ArticleByline.objects.filter(article_id=OuterRef("pk"), author_id=filters.author_id)
        pages = pages.filter(Exists(written))
    if filters.words:
        pages = pages.filter(has_words(filters.words))
    return _in_state(pages, filters.state)


def has_words(words: str) -> Q:
    """The words in the headline. SQLite folds the case of ASCII alone: other alphabets are asked for in four ways."""
    matching = Q()
    for spelled in {words, words.lower(), words.upper(), words.capitalize()}:
        matching |= Q(draft_title__icontains=spelled)
    return matching


def _in_state(pages: QuerySet[Page], state: str) -> QuerySet[Page]:
    if state == "published":
        return pages.filter(live=True)
    if state == "scheduled":
        return pages.filter(pk__in=_numbers(_scheduled()))
    if state == "review":
        return pages.filter(pk__in=waiting_pages())
    if state == "retracted":
        return pages.filter(live=False, last_published_at__isnull=False)
    if state == "draft":
        drafts = pages.filter(live=False, last_published_at=None)
        return drafts.exclude(Exists(_of_page(_scheduled()))).exclude(Exists(_of_page(_reviewed())))
    return pages


def _scheduled() -> QuerySet[Revision]:
    return Revision.objects.filter(approved_go_live_at__isnull=False, base_content_type=_base())


def _reviewed() -> QuerySet[WorkflowState]:
    return WorkflowState.objects.active().filter(base_content_type=_base())


def _of_page(rows: QuerySet[Any]) -> QuerySet[Any]:
    # Both tables name a page by its number as text; the page's number is cast, which costs neither table its index.
    return rows.filter(object_id=Cast(OuterRef("pk"), CharField()))


def waiting_pages() -> list[int]:
    """The pages that wait for approval now."""
    return _numbers(_reviewed())


def _numbers(rows: QuerySet[Any]) -> list[int]:
    """The pages of the rows. Few are scheduled or reviewed at a time: asking for them beats asking each page."""
    return [int(number) for number in rows.order_by("-pk").values_list("object_id", flat=True)[:MOST_AT_ONCE]]


def _base() -> ContentType:
    return ContentType.objects.get_for_model(Page)


def slice_after(pages: QuerySet[Page], before: str, size: int) -> list[Page]:
    """The first `size` of the pages behind the place `before`.

    Two questions, each answered by one index: a condition that joins them (pages without a revision come last) would
    make the database sort them all.
    """
    moment, number = _read_cursor(before)
    found: list[Page] = []
    if moment is not None or not number:
        behind = _ordered(pages.filter(latest_revision_created_at__isnull=False))
        if moment is not None:
            behind = behind.filter(latest_revision_created_at__lte=moment).exclude(
                latest_revision_created_at=moment, pk__gte=number
            )
        found = list(behind[:size])
        number = 0
    if len(found) < size:
        undated = _ordered(pages.filter(latest_revision_created_at=None))
        found += list((undated.filter(pk__lt=number) if number else undated)[: size - len(found)])
    return found


def _ordered(pages: QuerySet[Page]) -> QuerySet[Page]:
    by_change = F("latest_revision_created_at").desc(nulls_last=True)
    return pages.select_related("locale", "owner").order_by(by_change, "-pk")


def _read_cursor(before: str) -> tuple[datetime | None, int]:
    """The moment and number of the last row that was shown; nonsense means the beginning."""
    moment, _, number = before.rpartition("~")
    try:
        return (parse_datetime(moment) if moment else None), int(number)
    except ValueError:
        return None, 0


def cursor_after(page: Page) -> str:
    """The place behind the page, as an address can hold it."""
    moment = page.latest_revision_created_at
    return f"{moment.isoformat() if moment else ''}~{page.pk}"


def _rows(user: Any, pages: list[Page], sections: dict[str, SectionPage], languages: tuple[str, ...]) -> Iterable[Row]:
    ids = [page.pk for page in pages]
    authors = _authors(ids)
    translations = _translations({page.translation_key for page in pages})
    going_live = _going_live(ids)
    in_review = in_review_now(ids)
    for page in pages:
        members = translations.get(page.translation_key, {})
        yield Row(
            page=page,
            state=_state(page, page.pk in in_review, page.pk in going_live),
            section=sections.get(page.path[: -Page.steplen]),
            authors=tuple(authors.get(page.pk, ())),
            translations=tuple(members.get(one, Translation(one, "", 0)) for one in languages),
            go_live_at=going_live.get(page.pk),
            may_edit=page.permissions_for_user(user).can_edit() if page.pk not in in_review else True,
        )


def _state(page: Page, in_review: bool, scheduled: bool) -> str:
    if scheduled:
        return "scheduled"
    if in_review:
        return "review"
    if page.live:
        return "published"
    return "retracted" if page.last_published_at else "draft"


def _authors(ids: list[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    for article_id, name in (
        ArticleByline.objects.filter(article_id__in=ids)
        .order_by("sort_order")
        .values_list("article_id", "author__name")
    ):
        names.setdefault(article_id, []).append(name)
    return names


def _translations(keys: set[UUID]) -> dict[UUID, dict[str, Translation]]:
    groups: dict[UUID, dict[str, Translation]] = {}
    members = Page.objects.filter(translation_key__in=keys).values_list(
        "translation_key", "locale__language_code", "live", "pk"
    )
    for key, language, live, pk in members:
        groups.setdefault(key, {})[language] = Translation(language, "published" if live else "draft", pk)
    return groups


def _going_live(ids: list[int]) -> dict[int, datetime]:
    due = _scheduled().filter(object_id__in=map(str, ids))
    return {int(pk): moment for pk, moment in due.values_list("object_id", "approved_go_live_at")}


def in_review_now(ids: list[int]) -> set[int]:
    """Those of the pages that wait for approval."""
    active = _reviewed().filter(object_id__in=map(str, ids))
    return {int(pk) for pk in active.values_list("object_id", flat=True)}
