"""The only door through which pages read published things: what is given is recorded, with the tag of how it is shown.

Functions record what they look up; a `Card` records what is read of it, so that a page depends on no more of a story
than it shows, and not at all on those that were read and left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db.models import Exists, F, Model, OuterRef, QuerySet, Subquery
from wagtail.models import Locale, Page
from wagtail.rich_text import expand_db_html, extract_references_from_rich_text

from broadsheet.articles import addresses, kinds, portraits, published, totals
from broadsheet.articles.changes import NEWEST
from broadsheet.articles.models import ArticlePage, Author, Edition, HomePage, PolicyPage, SectionPage, Topic
from broadsheet.articles.projection import (
    PublishedArticle,
    PublishedAuthor,
    PublishedSection,
    PublishedStandIn,
    PublishedTopic,
)
from broadsheet.media.models import NewsImage
from broadsheet.media.pictures import Picture, PictureFile
from broadsheet.translations import exceptions
from broadsheet.translations.transliteration import Exceptions

from . import tags
from .finished import PageMissing
from .memo import once

Name = TypeVar("Name", Author, Topic)


@dataclass(frozen=True)
class Card:
    """An article as a list shows it. Reading one of its properties records that the page shows it.

    `foreign` is its language where the list is one of another, `around`: there it stands in for a missing version.
    """

    id: int
    language: str
    row: PublishedArticle
    section: SectionPage
    around: str = ""

    @property
    def foreign(self) -> str:
        return self.language if self.around and self.around != self.language else ""

    @property
    def path(self) -> str:
        tags.record(tags.line(self.id), tags.address(self.section.pk))
        return addresses.article_path(self.language, self.section.slug, self.row.slug)

    @property
    def short_headline(self) -> str:
        tags.record(tags.line(self.id))
        return self.row.short_headline

    @property
    def published_at(self) -> datetime:
        tags.record(tags.line(self.id))
        return self.row.published_at

    @property
    def headline(self) -> str:
        tags.record(tags.headline(self.id))
        return self.row.headline

    @property
    def lead(self) -> str:
        tags.record(tags.card(self.id))
        return self.row.lead

    @property
    def label(self) -> str:
        tags.record(tags.card(self.id))
        return self.row.label

    @property
    def picture(self) -> Picture | None:
        tags.record(tags.card(self.id))
        return Picture.from_json(self.row.picture) if self.row.picture else None

    @property
    def section_name(self) -> str:
        tags.record(tags.section_name(self.section.pk))
        return self.section.label or self.section.title

    @property
    def section_path(self) -> str:
        return addresses.section_path(self.language, self.section.slug)


def edition(language: str) -> Edition:
    """The publication in this language, for its name and rule. Raises PageMissing when the language has none."""
    tags.record(tags.edition(language))
    found = _editions().get(language)
    if found is None:
        raise PageMissing(language)
    return found


def layout(language: str) -> Edition:
    """The same for all that an edition can say, which stands round every page. Raises PageMissing."""
    tags.record(tags.layout(language))
    return edition(language)


def editions() -> dict[str, Edition]:
    """The editions whose front is public, by language, in the order of the site's settings."""
    tags.record(tags.editions())
    return _editions()


@once
def _editions() -> dict[str, Edition]:
    fronts = HomePage.objects.live().filter(locale=OuterRef("locale"))
    found = Edition.objects.select_related("locale", "logo_light", "logo_dark").filter(Exists(fronts))
    known = {one.language: one for one in found}
    return {language: known[language] for language in settings.CONFIG.languages if language in known}


def sections(language: str) -> dict[int, SectionPage]:
    """The language's live sections by id, in the newsroom's order, nested ones after their parents."""
    return {pk: one for pk, one in _all_sections(language).items() if one.live}


@once
def _all_sections(language: str) -> dict[int, SectionPage]:
    tags.record(tags.sections(language))
    return {one.pk: one for one in _of_language(SectionPage, language)}


def is_public(row: PublishedArticle) -> bool:
    """A retracted section takes its articles with it."""
    return row.section_id in sections(row.language)


def in_live_sections(rows: QuerySet[PublishedArticle], language: str) -> QuerySet[PublishedArticle]:
    """The rows without those of retracted sections."""
    retracted = _retracted_sections(language)
    return rows.exclude(section_id__in=retracted) if retracted else rows


def in_retracted_sections(rows: QuerySet[PublishedArticle], language: str) -> QuerySet[PublishedArticle] | None:
    """The rows that readers do not see because their section is retracted; None: no section is."""
    retracted = _retracted_sections(language)
    return rows.filter(section_id__in=retracted) if retracted else None


def _retracted_sections(language: str) -> list[int]:
    return [pk for pk, one in _all_sections(language).items() if not one.live]


def home(language: str) -> HomePage:
    """The language's front. Raises PageMissing where there is none or it is not live."""
    tags.record(tags.front(language))
    return _home(language)


def home_in_menus(language: str) -> HomePage:
    """The language's front, for its title and address. Raises PageMissing."""
    tags.record(tags.layout(language))
    return _home(language)


def _home(language: str) -> HomePage:
    tags.record(tags.edition(language))
    found = next((one for one in _of_language(HomePage, language) if one.live), None)
    if found is None:
        raise PageMissing(language)
    return found


def section(language: str, slug: str) -> SectionPage:
    """The live section with this slug. Raises PageMissing."""
    for found in sections(language).values():
        if found.slug == slug:
            tags.record(tags.section(found.pk))
            return found
    raise PageMissing(language)


def policy_page(language: str, slug: str) -> PolicyPage:
    """The live page about the newsroom with this slug. Raises PageMissing."""
    for found in policy_pages(language):
        if found.slug == slug:
            tags.record(tags.page(found.pk))
            return found
    raise PageMissing(language)


@once
def policy_pages(language: str) -> list[PolicyPage]:
    """All live pages about the newsroom, in the newsroom's order."""
    tags.record(tags.about(language))
    return [one for one in _of_language(PolicyPage, language) if one.live]


def _of_language(kind: type[kinds.Kind], language: str) -> list[kinds.Kind]:
    """All pages of the kind, in the newsroom's order."""
    locale = _locales().get(language)
    if locale is None:
        return []
    # A sum has no index.
    found = list(kinds.pages_of(kind).alias(spoken=F("locale_id") + 0).filter(spoken=locale.pk))
    for one in found:
        one.locale = locale
    return sorted(found, key=lambda one: one.path)


@once
def _locales() -> dict[str, Locale]:
    return {one.language_code: one for one in Locale.objects.all()}


def article(language: str, section_slug: str, slug: str) -> PublishedArticle:
    """The published article at this address. Raises PageMissing."""
    sections_here = [pk for pk, one in sections(language).items() if one.slug == section_slug]
    # By the columns of one index, and those alone: offered more, SQLite takes another and reads the language's archive.
    found = PublishedArticle.objects.select_related("section").filter(section_id__in=sections_here, slug=slug).first()
    if found is None:
        raise PageMissing(language)
    tags.record(tags.article(found.pk), tags.address(found.section_id))
    return found


def story_section(row: PublishedArticle) -> SectionPage:
    """The section of a published article, with what stands above the story's headline."""
    tags.record(tags.section_name(row.section_id))
    return sections(row.language)[row.section_id]


def texts(rows: QuerySet[PublishedArticle], language: str, count: int) -> list[PublishedArticle]:
    """The first of the rows with all that a feed carries. Rows whose section is not live are left out."""
    known = sections(language)
    found = [row for row in published.whole(rows)[:count] if row.section_id in known]
    for row in found:
        tags.record(tags.text(row.pk), tags.address(row.section_id))
        tags.record(*(tags.author_name(link.author_id) for link in row.publishedauthors.all()))
        tags.record(*(tags.topic_name(link.topic_id) for link in row.publishedtopics.all()))
    return found


def author(language: str, slug: str) -> Author:
    """The author with this slug who has something published, for a page of their own. Raises PageMissing."""
    found = Author.objects.select_related("portrait").filter(locale__language_code=language, slug=slug).first()
    if found is None or not published.by_author(found.pk).exists():
        raise PageMissing(language)
    tags.record(tags.author_name(found.pk))
    return found


def topic(language: str, slug: str) -> Topic:
    """The topic with this slug on which something is published. Raises PageMissing."""
    found = Topic.objects.filter(locale__language_code=language, slug=slug).first()
    if found is None or not published.on_topic(found.pk).exists():
        raise PageMissing(language)
    tags.record(tags.topic(found.pk), tags.topic_name(found.pk))
    return found


def authors(language: str) -> list[Author]:
    """Everybody who has something published in the language, for an index."""
    return _named(Author, PublishedAuthor, "author", language)


def topics(language: str) -> list[Topic]:
    """Everything on which something is published in the language, for an index."""
    return _named(Topic, PublishedTopic, "topic", language)


def _named(model: type[Name], link: type[Model], field: str, language: str) -> list[Name]:
    tags.record(tags.names(field, language))
    known = link._default_manager.filter(**{field: OuterRef("pk")})
    found = model._default_manager.filter(Exists(known), locale__language_code=language)
    return list(found.select_related("locale").only("name", "slug", "locale__language_code").order_by())


def follow_links(html: str) -> str:
    """Stored rich text with the addresses of the pages that it links to, in the active language where they have it."""
    ids = [pk for model, pk, *_ in extract_references_from_rich_text(html) if model is Page]
    pages = Page.objects.filter(pk__in=ids).specific() if ids else []
    for linked in [version for one in pages for version in (one, one.localized)]:
        tags.record(tags.address(linked.pk), tags.group(linked.translation_key))
        if isinstance(linked, ArticlePage):
            tags.record(tags.address(linked.section.pk))
    return str(expand_db_html(html))


def authors_of(article_id: int) -> list[Author]:
    """The article's authors in the order of its bylines."""
    links = PublishedAuthor.objects.filter(article_id=article_id).select_related("author__locale").order_by("position")
    authors = [link.author for link in links]
    tags.record(*(tags.author_name(one.pk) for one in authors))
    return authors


def topics_of(article_id: int) -> list[Topic]:
    """The article's topics in the editor's order."""
    links = PublishedTopic.objects.filter(article_id=article_id).select_related("topic__locale").order_by("position")
    topics = [link.topic for link in links]
    tags.record(*(tags.topic_name(one.pk) for one in topics))
    return topics


def slots(page: HomePage | SectionPage) -> dict[str, list[int]]:
    """The ids of the stories that editors put into the page's places, in their order, by place."""
    tags.record(tags.slots(page.pk))
    found: dict[str, list[int]] = {"lead": [], "secondary": [], "list": []}
    for slot in page.slots.all():
        found[slot.slot].append(slot.article_id)
    return found


def reach(language: str) -> tuple[datetime, datetime] | None:
    """When the oldest and the newest story were published, in the site's zone; None: there is none."""
    tags.record(tags.archive(language))
    rows = in_live_sections(PublishedArticle.objects.filter(language=language), language)
    # Asked for both at once, SQLite reads the whole index.
    oldest = rows.order_by("published_at").values_list("published_at", flat=True).first()
    newest_ = rows.order_by("-published_at").values_list("published_at", flat=True).first()
    if oldest is None or newest_ is None:
        return None
    return oldest.astimezone(settings.CONFIG.zone), newest_.astimezone(settings.CONFIG.zone)


def count_spans(language: str, names: Sequence[str], within: str = "") -> list[int]:
    """How many stories were published in each year, month or day, named as ISO 8601 does; all are `within` one.

    In one query whatever the size of the archive; in one more where a section is retracted.
    """
    tags.record(tags.archive(language, within))
    if not names:
        return []
    kind = {4: "year", 7: "month", 10: "day"}[len(names[0])]
    found = totals.of_all([f"{kind}:{language}:{name}" for name in names])
    hidden = in_retracted_sections(PublishedArticle.objects.filter(language=language), language)
    if hidden is None:
        return found
    first, last = (date.fromisoformat(f"{name}-01-01"[:10]) for name in (min(names), max(names)))
    zone = settings.CONFIG.zone
    # To be on the safe side a year more than the last of the spans may be long.
    end = datetime(last.year, last.month, last.day, tzinfo=zone) + timedelta(days=366)
    hidden = hidden.filter(published_at__gte=datetime(first.year, first.month, first.day, tzinfo=zone))
    moments = hidden.filter(published_at__lt=end).order_by().values_list("published_at", flat=True).iterator()
    unseen = Counter(moment.astimezone(zone).date().isoformat()[: len(names[0])] for moment in moments)
    return [total - unseen[name] for name, total in zip(names, found, strict=True)]


def languages_between(languages: Sequence[str], start: datetime, end: datetime, within: str) -> list[str]:
    """Those of the languages in which a public story was published from `start` on and before `end`.

    `within` is the year or month whose count would change with it, as in `count_spans`.
    """
    tags.record(*(tags.archive(language, within) for language in languages))
    if not languages:
        return []
    rows = PublishedArticle.objects.filter(published_at__gte=start, published_at__lt=end, section__live=True)
    here = rows.filter(language=OuterRef("language_code"))
    tags.record(*(tags.sections(language) for language in languages))
    known = Locale.objects.filter(Exists(here), language_code__in=languages)
    return list(known.values_list("language_code", flat=True))


def newest(language: str, count: int) -> tuple[Card, ...]:
    """The newest articles of the language."""
    assert count <= NEWEST, "nobody is told of changes further down"
    tags.record(tags.newest(f"language:{language}"))
    rows = list(in_live_sections(published.in_language(language), language)[:count])
    if _shows_stand_ins(language):
        rows += published.standing_in(language)[:count]
        rows.sort(key=lambda row: (row.published_at, row.pk), reverse=True)
    return cards(rows[:count], language)


def _shows_stand_ins(language: str) -> bool:
    """Whether lists show stories that lack the language; every page is told when that changes."""
    found = _editions().get(language)
    return found is not None and found.shows_stand_ins


def newest_in_sections(section_ids: Sequence[int], count: int) -> dict[int, list[int]]:
    """The ids of each section's newest articles, those of nested sections included."""
    tags.record(*(tags.newest(f"section:{one}") for one in section_ids))
    return _newest(SectionPage, PublishedSection, "section", section_ids, count)


def newest_on_topics(topic_ids: Sequence[int], count: int) -> dict[int, list[int]]:
    """The ids of each topic's newest articles."""
    tags.record(*(tags.newest(f"topic:{one}") for one in topic_ids))
    return _newest(Topic, PublishedTopic, "topic", topic_ids, count)


def _newest(
    owner: type[Model], link: type[Model], field: str, owner_ids: Sequence[int], count: int
) -> dict[int, list[int]]:
    """One query whatever the number of owners: each of the `count` places is one step along the list's own index."""
    assert count <= NEWEST, "nobody is told of changes further down"
    if not owner_ids:
        return {}
    newest = link._default_manager.filter(**{field: OuterRef("pk")}).order_by("-published_at", "-article_id")
    places = {f"place_{n}": Subquery(newest.values("article_id")[n : n + 1]) for n in range(count)}
    rows = owner._default_manager.filter(pk__in=owner_ids).annotate(**places).values_list("pk", *places)
    return {row[0]: [one for one in row[1:] if one is not None] for row in rows}


def cards(rows: QuerySet[PublishedArticle] | Iterable[PublishedArticle], language: str) -> tuple[Card, ...]:
    """The rows as cards. Rows whose section is not live are left out.

    Those of another language stand in for a version that the language lacks.
    """
    shown = list(rows)
    known: dict[int, SectionPage] = {}
    for spoken in dict.fromkeys([language, *(row.language for row in shown)]):
        known |= sections(spoken)
    public = (row for row in shown if row.section_id in known)
    return tuple(Card(row.pk, row.language, row, known[row.section_id], language) for row in public)


def cards_by_id(article_ids: Iterable[int], language: str) -> dict[int, Card]:
    """The public ones of the articles, in the order given. An id that is not public is watched all the same."""
    wanted = list(dict.fromkeys(article_ids))
    rows = _shown_in(published.in_order(wanted), language) if wanted else []
    found = {card.id: card for card in cards(rows, language)}
    tags.record(*(tags.line(one) for one in wanted if one not in found))
    return found


def _shown_in(rows: list[PublishedArticle], language: str) -> list[PublishedArticle]:
    """Those of the language, and those that stand in for it."""
    foreign = [row.pk for row in rows if row.language != language]
    if foreign and _shows_stand_ins(language):
        standing = PublishedStandIn.objects.filter(article_id__in=foreign, language=language)
        allowed = set(standing.values_list("article_id", flat=True))
        return [row for row in rows if row.language == language or row.pk in allowed]
    return [row for row in rows if row.language == language]


def portrait(author_: Author) -> Picture | None:
    """The author's public portrait, where there is one; only the author's own page shows it."""
    tags.record(tags.author(author_.pk))
    return portraits.find_portrait(author_)


def script_words(variant: str) -> Exceptions:
    """How a script variant writes words that it does not write by rule."""
    tags.record(tags.script_words(variant))
    return exceptions.exceptions_of(variant)


def logo(image: NewsImage | None) -> PictureFile | None:
    """The public file of an edition's logo, where it has one."""
    return portraits.find_logo(image)
