"""robots.txt: everything may be read but the endless search; where the sitemaps stand (RFC 9309, sitemaps.org)."""

from __future__ import annotations

from collections.abc import Sequence

from broadsheet.articles import addresses


def write(languages: Sequence[str]) -> str:
    """The file for a site with editions in these languages.

    Printing pages stay open: only a page that may be read can say that it is not to be indexed.
    """
    closed = [f"Disallow: {addresses.search_path(language)}" for language in languages]
    maps = [addresses.absolute("/sitemap.xml")]
    maps += [addresses.absolute(addresses.news_sitemap_path(language)) for language in languages]
    return "\n".join(["User-agent: *", *closed, "Allow: /", "", *(f"Sitemap: {one}" for one in maps), ""])
