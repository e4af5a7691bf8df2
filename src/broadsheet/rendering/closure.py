"""What every page must say of its language versions, and what a finished page does say: for tests and for the check.

The sets are read from the database in one go for the whole site, by other queries than those with which `alternates`
answers for one page, so that the two can be held against each other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from broadsheet.articles import addresses, kinds
from broadsheet.articles.models import PolicyPage, SectionPage
from broadsheet.articles.projection import PublishedArticle, PublishedAuthor, PublishedTopic

from . import alternates, reading
from .variants.links import with_variants

# Pairs of hreflang and absolute address, as a page's head names them.
Pairs = tuple[tuple[str, str], ...]
Row = tuple[Any, str, str]

# The links stand at the beginning of a page, before its style.
HEAD_BYTES = 24 * 1024
_CANONICAL = re.compile(r'<link rel="canonical" href="([^"]*)">')
_VERSION = re.compile(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">')
_ENTRY = re.compile(r"<url><loc>([^<]*)</loc>(.*?)</url>", re.DOTALL)
_LINK = re.compile(r'<xhtml:link rel="alternate" hreflang="([^"]*)" href="([^"]*)"/>')


@dataclass(frozen=True)
class Claims:
    """What a page's head says: its one address, and its language versions."""

    canonical: str
    versions: Pairs


@dataclass(frozen=True)
class Site:
    """Every public page that an index may hold, by path, with what it must say of them; `doubled` are paths that two
    members of one set have in one language.
    """

    pages: Mapping[str, Pairs]
    doubled: tuple[str, ...]


def read_site() -> Site:
    """The whole site as the database has it now, in a query for each kind of page."""
    languages = list(reading.editions())
    pages: dict[str, Pairs] = {}
    doubled: list[str] = []
    fronts = ((None, code, addresses.front_path(code)) for code in languages)
    for rows in (
        fronts,
        _indexes(languages),
        _articles(),
        _pages(SectionPage),
        _pages(PolicyPage),
        _authors(),
        _topics(),
    ):
        for members in _group(rows, languages, doubled):
            paths = {code: members[code] for code in languages if code in members}
            found = _absolute(alternates.pairs(paths))
            # A script variant stands wherever its base does.
            pages.update(dict.fromkeys((path for _, path in with_variants(paths.items())), found))
    return Site(pages, tuple(doubled))


def read_claims(html: str) -> Claims:
    """What the page's head says. `html` may end after the head."""
    canonical = _CANONICAL.search(html)
    found = tuple((unescape(language), unescape(url)) for language, url in _VERSION.findall(html))
    return Claims(unescape(canonical[1]) if canonical else "", found)


def read_sitemap(xml: str) -> dict[str, Pairs]:
    """The addresses of a sitemap, each with its versions; absolute, as they stand there."""
    return {
        unescape(location): tuple((unescape(code), unescape(url)) for code, url in _LINK.findall(rest))
        for location, rest in _ENTRY.findall(xml)
    }


def wrong_with(path: str, claims: Claims, expected: Pairs) -> str:
    """What is wrong with a page that must have the `expected` versions; empty: nothing."""
    if claims.canonical != addresses.absolute(path):
        return f"its canonical address is {claims.canonical or 'missing'}"
    if claims.versions != expected:
        return f"it names the versions {_say(claims.versions)} and not {_say(expected)}"
    return ""


def _say(pairs: Pairs) -> str:
    return ", ".join(f"{language} {url}" for language, url in pairs) or "none"


def _absolute(pairs: Iterable[tuple[str, str]]) -> Pairs:
    return tuple((language, addresses.absolute(path)) for language, path in pairs)


def _group(rows: Iterable[Row], languages: list[str], doubled: list[str]) -> Iterator[dict[str, str]]:
    """From rows of key, language and path: the paths by language of each set, without languages that do not answer."""
    sets: dict[Any, dict[str, str]] = defaultdict(dict)
    for key, language, path in rows:
        if language in languages:
            if language in sets[key]:
                doubled.append(path)
            sets[key][language] = path
    yield from sets.values()


def _indexes(languages: Iterable[str]) -> Iterator[Row]:
    """Each is alone in its set: it names others than those of other languages do."""
    for language in languages:
        for path in (addresses.authors_path(language), addresses.topics_path(language)):
            yield path, language, path


def _articles() -> Iterator[Row]:
    live = dict(kinds.pages_of(SectionPage).filter(live=True).values_list("pk", "slug"))
    rows = PublishedArticle.objects.order_by().values_list("translation_key", "language", "section_id", "slug")
    for key, language, section, slug in rows.iterator(5_000):
        if section in live:
            yield key, language, addresses.article_path(language, live[section], slug)


def _pages(model: type[SectionPage] | type[PolicyPage]) -> Iterator[Row]:
    rows = kinds.pages_of(model).filter(live=True).values_list("translation_key", "locale__language_code", "slug")
    return ((key, language, addresses.section_path(language, slug)) for key, language, slug in rows)


def _authors() -> Iterator[Row]:
    rows = PublishedAuthor.objects.order_by().values_list(
        "author__translation_key", "author__locale__language_code", "author__slug"
    )
    return ((key, code, addresses.author_path(code, slug)) for key, code, slug in rows.distinct())


def _topics() -> Iterator[Row]:
    rows = PublishedTopic.objects.order_by().values_list(
        "topic__translation_key", "topic__locale__language_code", "topic__slug"
    )
    return ((key, code, addresses.topic_path(code, slug)) for key, code, slug in rows.distinct())
