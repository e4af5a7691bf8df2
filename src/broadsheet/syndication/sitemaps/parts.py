"""What stands in which sitemap: addresses with the moment of their last change and their language versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.db.models import Max, QuerySet

from broadsheet.articles import addresses, kinds
from broadsheet.articles.models import HomePage, PolicyPage, SectionPage
from broadsheet.articles.projection import PublishedArticle, PublishedAuthor, PublishedTopic
from broadsheet.rendering import alternates, reading, tags
from broadsheet.rendering.tags import IDS_A_PART

from . import changes
from .changes import Change


@dataclass(frozen=True)
class Address:
    """One page: its path, when it last changed, and its language versions.

    These are pairs of hreflang and path with `x-default` last, as in the page's own head; none where it is alone.
    """

    path: str
    changed_at: datetime | None
    versions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Kind:
    """A kind of page that is numerous: which rows name it, which of their fields, how its address is made.

    `fields` are id, translation key, language, last change, then what `address` takes after the language. The page of
    an author or topic changes when a story comes: its date stands in the link, so the index alone answers.
    """

    name: str
    rows: Callable[[], QuerySet[Any]]
    fields: tuple[str, ...]
    address: Callable[..., str]


def _languages() -> list[str]:
    """Those in which anything answers: a language whose front is not public has no pages."""
    return list(reading.editions())


def _articles() -> QuerySet[Any]:
    return PublishedArticle.objects.filter(section__live=True, language__in=_languages())


def _authors() -> QuerySet[Any]:
    return PublishedAuthor.objects.filter(author__locale__language_code__in=_languages())


def _topics() -> QuerySet[Any]:
    return PublishedTopic.objects.filter(topic__locale__language_code__in=_languages())


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "articles",
            _articles,
            ("article_id", "translation_key", "language", "modified_at", "section__slug", "slug"),
            addresses.article_path,
        ),
        Kind(
            "authors",
            _authors,
            (
                "author_id",
                "author__translation_key",
                "author__locale__language_code",
                "published_at",
                "author__slug",
            ),
            addresses.author_path,
        ),
        Kind(
            "topics",
            _topics,
            (
                "topic_id",
                "topic__translation_key",
                "topic__locale__language_code",
                "published_at",
                "topic__slug",
            ),
            addresses.topic_path,
        ),
    )
}


def numbers(kind: Kind) -> list[tuple[int, datetime]]:
    """The parts of a kind that hold something, each with its last change."""
    tags.record(tags.sitemap("index"))
    if kind.name == "articles":
        return sorted(changes.newest(changes.read(IDS_A_PART), lambda change: change.part).items())
    key, _, _, changed, *_ = kind.fields
    rows = kind.rows().order_by().annotate(part=changes.part_of(key, IDS_A_PART)).values_list("part")
    return list(rows.annotate(latest=Max(changed)).order_by("part"))


def entries(kind: Kind, number: int) -> Iterator[Address]:
    """What stands in part `number` of a kind, in the order of ids."""
    tags.record(tags.sitemap(kind.name))
    if kind.name == "articles":
        tags.record(tags.sitemap(kind.name, number))
    key, group, language, changed, *rest = kind.fields
    inside = kind.rows().filter(**{f"{key}__gte": number * IDS_A_PART, f"{key}__lt": (number + 1) * IDS_A_PART})
    others = kind.rows().filter(**{f"{group}__in": inside.order_by().values(group)})
    versions = _grouped(others.order_by().values_list(group, language, *rest).distinct().iterator(), kind.address)
    found = inside.order_by(key).values_list(key, group, language, *rest).annotate(latest=Max(changed))
    for _, group_key, code, *names in found.iterator():
        *parts, changed_at = names
        yield Address(kind.address(code, *parts), changed_at, _versions(versions[group_key]))


def page_entries() -> Iterator[Address]:
    """Fronts, sections and pages about the newsroom: few, in one file."""
    tags.record(tags.sitemap("pages"))
    known = changes.read(IDS_A_PART)
    return chain(_fronts(known), _sections(known), _policies())


def _fronts(known: Sequence[Change]) -> Iterator[Address]:
    latest = changes.newest(known, lambda change: change.language)
    homes = kinds.pages_of(HomePage).filter(live=True)
    own: dict[str, datetime | None] = {}
    for language, published_at in homes.values_list("locale__language_code", "last_published_at"):
        own[language] = _later(own.get(language), published_at)
    paths = {language: addresses.front_path(language) for language in _languages()}
    for language, path in paths.items():
        yield Address(path, _later(latest.get(language), own[language]), _versions(paths))


def _sections(known: Sequence[Change]) -> Iterator[Address]:
    return _pages(SectionPage, addresses.section_path, changes.newest(known, lambda change: change.tree_path))


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
