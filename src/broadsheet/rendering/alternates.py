"""The language versions of a page: complete, reachable, the same set on each of them.

A version counts when its page answers 200: its language has an edition's setting, and the page would be found by
`reading`. Every function records the tag of the set, so that a page is stale when a version comes or goes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef

from broadsheet.articles import addresses
from broadsheet.articles.models import Author, PolicyPage, SectionPage, Topic
from broadsheet.articles.projection import PublishedArticle, PublishedAuthor, PublishedTopic

from . import reading, tags
from .variants.links import with_variants

DEFAULT = "x-default"


@dataclass(frozen=True)
class Version:
    """One language version: its language, its path and, for an article, its headline and first publication."""

    language: str
    path: str
    headline: str = ""
    published_at: datetime | None = None


def article_versions(row: PublishedArticle) -> tuple[Version, ...]:
    """The published members of the article's translation group, itself among them."""
    tags.record(tags.group(row.translation_key))
    members = PublishedArticle.objects.filter(translation_key=row.translation_key).select_related("section")
    members = members.defer("body", "body_text")
    tags.record(*(tags.address(member.section_id) for member in members))
    return in_site_order(
        Version(one.language, _path(one), one.headline, one.published_at) for one in members if one.section.live
    )


def _path(row: PublishedArticle) -> str:
    return addresses.article_path(row.language, row.section.slug, row.slug)


def front_versions() -> tuple[Version, ...]:
    """The fronts of all languages: each is by its nature the version of the others."""
    return in_site_order(Version(language, addresses.front_path(language)) for language in reading.editions())


def section_versions(section: SectionPage) -> tuple[Version, ...]:
    """The live sections that are translations of this one."""
    return _page_versions(SectionPage, section)


def policy_versions(page: PolicyPage) -> tuple[Version, ...]:
    """The live pages about the newsroom that are translations of this one."""
    return _page_versions(PolicyPage, page)


def author_versions(author: Author) -> tuple[Version, ...]:
    """The author in the languages in which something of theirs is published."""
    published = PublishedAuthor.objects.filter(author_id=OuterRef("pk"))
    return _named_versions(Author, author, Exists(published))


def topic_versions(topic: Topic) -> tuple[Version, ...]:
    """The topic in the languages in which something is published on it."""
    published = PublishedTopic.objects.filter(topic_id=OuterRef("pk"))
    return _named_versions(Topic, topic, Exists(published))


def in_site_order(versions: Iterable[Version]) -> tuple[Version, ...]:
    """One version a language, in the order in which the site names its languages; unknown languages are left out."""
    by_language = {version.language: version for version in versions}
    return tuple(by_language[language] for language in settings.CONFIG.languages if language in by_language)


def hreflang(versions: tuple[Version, ...]) -> tuple[tuple[str, str], ...]:
    """Pairs of hreflang and absolute address with `x-default` last; none where there is one language only."""
    whole = with_variants((version.language, version.path) for version in versions)
    if len(whole) < 2:
        return ()
    pairs = [(language, addresses.absolute(path)) for language, path in whole]
    return (*pairs, (DEFAULT, pairs[0][1]))


def _page_versions(model: type[SectionPage] | type[PolicyPage], page: SectionPage | PolicyPage) -> tuple[Version, ...]:
    tags.record(tags.group(page.translation_key))
    found = model._default_manager.filter(live=True, translation_key=page.translation_key).values_list(
        "locale__language_code", "slug"
    )
    return in_site_order(Version(language, addresses.section_path(language, slug)) for language, slug in found)


def _named_versions(model: type[Author] | type[Topic], named: Author | Topic, published: Exists) -> tuple[Version, ...]:
    tags.record(tags.group(named.translation_key))
    address = addresses.author_path if model is Author else addresses.topic_path
    found = model._default_manager.filter(published, translation_key=named.translation_key).values_list(
        "locale__language_code", "slug"
    )
    return in_site_order(Version(language, address(language, slug)) for language, slug in found)
