"""What stands in which sitemap: addresses with the moment of their last change and their language versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from broadsheet.articles import addresses, kinds
from broadsheet.articles import parts as articles_parts
from broadsheet.articles.models import Author, HomePage, PolicyPage, SectionPage, Topic
from broadsheet.articles.projection import PublishedArticle, PublishedAuthor, PublishedTopic
from broadsheet.rendering import alternates, reading, tags

from . import changes
from .changes import Place


@dataclass(frozen=True)
class Address:
    """One page: its path, when it last changed, and its language versions.

    These are pairs of hreflang and path with `x-default` last, as in the page's own head; none where it is alone.
    """

    path: str
    changed_at: datetime | None
    versions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Named:
    """Authors or topics: those in whose lists something is published have a page, which changes with the newest story.

    `owner` is the model, `link` its links to published articles, `field` what it is called there.
    """

    owner: type[Author] | type[Topic]
    link: type[PublishedAuthor] | type[PublishedTopic]
    field: str
    address: Callable[..., str]


NAMED = {
    "authors": Named(Author, PublishedAuthor, "author", addresses.author_path),
    "topics": Named(Topic, PublishedTopic, "topic", addresses.topic_path),
}
KINDS = ("articles", *NAMED)


def _languages() -> list[str]:
    """Those in which anything answers: a language whose front is not public has no pages."""
    return list(reading.editions())


def numbers(kind: str) -> list[tuple[int, datetime]]:
    """The parts of a kind that hold something, each with its last change."""
    tags.record(tags.sitemap("index"))
    if kind == "articles":
        return changes.of_parts(changes.places())
    latest: dict[int, datetime] = {}
    for pk, changed_at in _newest(NAMED[kind]).values_list("pk", "latest"):
        part = articles_parts.part_of(pk)
        latest[part] = max(latest.get(part, changed_at), changed_at)
    return sorted(latest.items())


def entries(kind: str, number: int) -> Iterator[Address]:
    """What stands in part `number` of a kind, in the order of ids."""
    tags.record(tags.sitemap(kind))
    first, after = number * articles_parts.IDS_A_PART, (number + 1) * articles_parts.IDS_A_PART
    if kind != "articles":
        return _named_entries(NAMED[kind], first, after)
    tags.record(tags.sitemap(kind, number))
    return _article_entries(first, after)


def _article_entries(first: int, after: int) -> Iterator[Address]:
    # The language is looked at here: asked for it, SQLite reads the archive of a language instead of a part's ids.
    rows = PublishedArticle.objects.filter(section__live=True)
    inside = rows.filter(article_id__gte=first, article_id__lt=after)
    others = rows.filter(translation_key__in=inside.order_by().values("translation_key")).order_by()
    parts = ("translation_key", "language", "section__slug", "slug")
    versions = _grouped(others.values_list(*parts).iterator(), addresses.article_path)
    public = set(_languages())
    for key, language, section, slug, changed_at in inside.order_by("article_id").values_list(*parts, "modified_at"):
        if language in public:
            yield Address(addresses.article_path(language, section, slug), changed_at, _versions(versions[key]))


def _named_entries(kind: Named, first: int, after: int) -> Iterator[Address]:
    inside = _newest(kind).filter(pk__gte=first, pk__lt=after)
    parts = ("translation_key", "locale__language_code", "slug")
    keys = kind.owner._default_manager.filter(pk__gte=first, pk__lt=after).order_by().values("translation_key")
    others = _newest(kind).filter(translation_key__in=keys)
    versions = _grouped(others.values_list(*parts), kind.address)
    for key, language, slug, changed_at in inside.order_by("pk").values_list(*parts, "latest"):
        yield Address(kind.address(language, slug), changed_at, _versions(versions[key]))


def _newest(kind: Named) -> QuerySet[Any]:
    """Those that have a story, with the `latest` one's date: one step along the list's index for each, however long."""
    stories = kind.link._default_manager.filter(**{kind.field: OuterRef("pk")}).order_by("-published_at", "-article_id")
    rows = kind.owner._default_manager.filter(locale__language_code__in=_languages()).order_by()
    return rows.annotate(latest=Subquery(stories.values("published_at")[:1])).filter(latest__isnull=False)


def page_entries() -> Iterator[Address]:
    """Fronts, sections, indexes of names and pages about the newsroom: few, in one file."""
    tags.record(tags.sitemap("pages"))
    places, changed = changes.places(), changes.of_sections()
    known = [(place, changed[pk]) for pk, place in places.items() if pk in changed]
    return chain(_fronts(known), _sections(known), _indexes(), _policies())


def _fronts(known: Sequence[tuple[Place, datetime]]) -> Iterator[Address]:
    homes = kinds.pages_of(HomePage).filter(live=True)
    own: dict[str, datetime | None] = {}
    for language, published_at in homes.values_list("locale__language_code", "last_published_at"):
        own[language] = _later(own.get(language), published_at)
    paths = {language: addresses.front_path(language) for language in _languages()}
    for language, path in paths.items():
        latest = max((moment for place, moment in known if place.language == language), default=None)
        yield Address(path, _later(latest, own[language]), _versions(paths))


def _sections(known: Sequence[tuple[Place, datetime]]) -> Iterator[Address]:
    return _pages(SectionPage, addresses.section_path, {place.tree_path: moment for place, moment in known})


def _indexes() -> Iterator[Address]:
    """Each names other people and things than those of other languages: they are no versions of each other."""
    for language in _languages():
        for path in (addresses.authors_path(language), addresses.topics_path(language)):
            yield Address(path, None, _versions({language: path}))


def _policies() -> Iterator[Address]:
    return _pages(PolicyPage, addresses.page_path, {})


def _pages(
    model: type[SectionPage] | type[PolicyPage], address: Callable[..., str], latest: Mapping[str, datetime]
) -> Iterator[Address]:
    """`latest` holds changes by path in the tree: a section changes with the stories of those inside it, too."""
    live = kinds.pages_of(model).filter(live=True, locale__language_code__in=_languages())
    fields = ("pk", "translation_key", "locale__language_code", "slug", "last_published_at", "path")
    found = sorted(live.values_list(*fields))
    versions = _grouped(((key, language, slug) for _, key, language, slug, *_ in found), address)
    for _, key, language, slug, published_at, tree_path in found:
        inside = [moment for inner, moment in latest.items() if inner.startswith(tree_path)]
        changed_at = _later(max(inside, default=None), published_at)
        yield Address(address(language, slug), changed_at, _versions(versions[key]))


def _grouped(rows: Iterable[tuple[Any, ...]], address: Callable[..., str]) -> dict[Any, dict[str, str]]:
    """From rows of translation key, language and the parts of an address: paths by language, by key."""
    groups: dict[Any, dict[str, str]] = defaultdict(dict)
    for key, language, *parts in rows:
        groups[key][language] = address(language, *parts)
    return groups


def _versions(paths: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The versions as the pages' own heads name them."""
    return alternates.pairs({language: paths[language] for language in _languages() if language in paths})


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)
