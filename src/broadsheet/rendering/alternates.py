"""The language versions of a page: complete, reachable, the same set on each of them.

A version counts when its page answers 200: its language is one of the site's, with a public front and an edition, and
the page would be found by `reading`. Every function records the tag of the set, so that a page is stale when a version
comes or goes. `x-default` is the site's first language where the set has it, else the first that it has in the order of
the site's settings. `docs/languages.md` states these rules, `broadsheet check languages` proves them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from broadsheet.articles import addresses, groups
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
    return versions_of_key(row.translation_key)


def versions_of_key(translation_key: Any) -> tuple[Version, ...]:
    """The published members of a group of articles of which nothing else is known."""
    tags.record(tags.group(translation_key))
    members = PublishedArticle.objects.filter(translation_key=translation_key).select_related("section")
    found = list(members.defer("body", "body_text"))
    tags.record(*(tags.address(member.section_id) for member in found))
    return in_site_order(
        Version(one.language, _path(one), one.headline, one.published_at) for one in found if one.section.live
    )


def original_of(translation_key: Any, versions: Sequence[Version]) -> Version:
    """The version of which the others are translations: the one that is recorded, else the one published first.

    The group's tag is recorded with its versions.
    """
    recorded = groups.of(translation_key).original
    for version in versions:
        if version.language == recorded:
            return version
    dated = [version for version in versions if version.published_at is not None]
    return min(dated, key=lambda version: version.published_at) if dated else versions[0]  # type: ignore[arg-type,return-value]


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
    """One version a language, in the order in which the site names its languages.

    Languages that are none of the site's, or whose front is not public, are left out: their pages answer 404.
    """
    by_language = {version.language: version for version in versions}
    return tuple(by_language[language] for language in reading.editions() if language in by_language)


def pairs(paths: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Pairs of hreflang and path from paths by language in the site's order, script variants beside, `x-default` last.

    None where there is one version only: a page that is alone has nothing to say. The site's first language comes
    first, so the first pair is the default.
    """
    whole = with_variants(paths.items())
    return (*whole, (DEFAULT, whole[0][1])) if len(whole) > 1 else ()


def hreflang(versions: tuple[Version, ...]) -> tuple[tuple[str, str], ...]:
    """Pairs of hreflang and absolute address, as in `pairs`."""
    found = pairs({version.language: version.path for version in versions})
    return tuple((language, addresses.absolute(path)) for language, path in found)


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
