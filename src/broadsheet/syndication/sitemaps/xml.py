"""Writes sitemaps as XML, line by line, from addresses that come one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from broadsheet.articles import addresses
from broadsheet.rendering import facts
from broadsheet.rendering.variants.links import with_variants

from .parts import Address

CONTENT_TYPE = "application/xml; charset=utf-8"
LONGEST_ADDRESS = 2_047
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_XHTML = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'


def write_index(files: Iterable[tuple[str, datetime | None]]) -> bytes:
    """An index of the sitemaps at these paths."""
    lines = (f"<sitemap><loc>{_absolute(path)}</loc>{_lastmod(changed)}</sitemap>\n" for path, changed in files)
    return _document("sitemapindex", _SITEMAP, lines)


def write_addresses(entries: Iterable[Address]) -> bytes:
    """A sitemap with the language versions of every address (`xhtml:link`, as search engines ask for them)."""
    return _document("urlset", f"{_SITEMAP} {_XHTML}", _addresses(entries))


def _addresses(entries: Iterable[Address]) -> Iterator[str]:
    for entry in entries:
        # A page stands in the script variants of its language as well, with the same versions.
        language = entry.path.split("/")[1]
        for location in (_absolute(path) for _, path in with_variants([(language, entry.path)])):
            if len(location) <= LONGEST_ADDRESS:
                yield f"<url><loc>{location}</loc>{_lastmod(entry.changed_at)}{_links(entry.versions)}</url>\n"


def _links(versions: tuple[tuple[str, str], ...]) -> str:
    return "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href={quoteattr(addresses.absolute(path))}/>'
        for language, path in versions
    )


def write_news(name: str, language: str, stories: Iterable[tuple[str, str, datetime]]) -> bytes:
    """A news sitemap: path, headline and first publication of each story; `name` exactly as the pages show it."""
    namespace = f'{_SITEMAP} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    publication = (
        f"<news:publication><news:name>{_text(name)}</news:name>"
        f"<news:language>{news_language(language)}</news:language></news:publication>"
    )
    lines = (
        f"<url><loc>{_absolute(path)}</loc><news:news>{publication}"
        f"<news:publication_date>{_moment(published_at)}</news:publication_date>"
        f"<news:title>{_text(headline)}</news:title></news:news></url>\n"
        for path, headline, published_at in stories
    )
    return _document("urlset", namespace, lines)


def news_language(language: str) -> str:
    """The language as news sitemaps name it: ISO 639, but `zh-cn` and `zh-tw` for the two ways of writing Chinese."""
    main, _, rest = language.lower().partition("-")
    if main == "zh":
        return "zh-tw" if {"hant", "tw", "hk", "mo"} & set(rest.split("-")) else "zh-cn"
    return main


def _document(root: str, namespaces: str, lines: Iterable[str]) -> bytes:
    parts = [_DECLARATION, f"<{root} {namespaces}>\n", *lines, f"</{root}>\n"]
    return "".join(parts).encode("utf-8")


def _absolute(path: str) -> str:
    return escape(addresses.absolute(path))


def _text(text: str) -> str:
    return escape(facts.clean_text(" ".join(text.split())))


def _lastmod(moment: datetime | None) -> str:
    return f"<lastmod>{_moment(moment)}</lastmod>" if moment else ""


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
