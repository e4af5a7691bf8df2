"""Public addresses: short, readable, permanent; every path of the readers' site is built here."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings

# What stands for itself in an address, an escape that is there already among it.
_SAFE = "/-._~!$&'()*+,;=:@?#%"


def absolute(path: str) -> str:
    """The path on the readers' origin, which comes from the configuration alone, never from a request.

    Letters of other scripts are escaped, as an address goes over the wire (RFC 3986).
    """
    return f"{settings.CONFIG.site_url}{path if path.isascii() else quote(path, safe=_SAFE)}"


def segment(language: str) -> str:
    """The first part of every address of a language: addresses have no capitals, so `sr-Latn` stands at `/sr-latn/`."""
    return language.lower()


def language_at(path: str) -> str | None:
    """The site's language whose address the path begins with; None: it begins with none."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return next((language for language in settings.CONFIG.languages if segment(language) == first.lower()), None)


def front_path(language: str) -> str:
    return f"/{segment(language)}/"


def offline_path(language: str) -> str:
    return f"/{segment(language)}/offline/"


def section_path(language: str, slug: str) -> str:
    return f"/{segment(language)}/{slug}/"


def article_path(language: str, section_slug: str, slug: str) -> str:
    return f"/{segment(language)}/{section_slug}/{slug}/"


def print_path(language: str, section_slug: str, slug: str) -> str:
    return f"/{segment(language)}/{section_slug}/{slug}/print/"


def page_path(language: str, slug: str) -> str:
    """A page about the newsroom itself; its slug shares the names of the sections."""
    return f"/{segment(language)}/{slug}/"


def author_path(language: str, slug: str) -> str:
    return f"/{segment(language)}/author/{slug}/"


def topic_path(language: str, slug: str) -> str:
    return f"/{segment(language)}/topic/{slug}/"


def authors_path(language: str) -> str:
    """The index of all authors."""
    return f"/{language}/authors/"


def topics_path(language: str) -> str:
    """The index of all topics."""
    return f"/{language}/topics/"


def search_path(language: str) -> str:
    return f"/{segment(language)}/search/"


def archive_path(language: str, year: int = 0, month: int = 0, day: int = 0) -> str:
    """The archive of a language, a year, a month or a day; 0 leaves a part out."""
    parts = [f"{year:04}"] * bool(year) + [f"{month:02}"] * bool(month) + [f"{day:02}"] * bool(day)
    return "/".join(["", segment(language), "archive", *parts, ""])


def missing_path(language: str) -> str:
    """Where nothing ever stands: readers who change the language on a 404 read the same in theirs."""
    return f"/{segment(language)}/not-found/"


def feed_path(below: str, kind: str) -> str:
    """The feed of what stands at the path `below`, such as `/en/world/`; `kind` is feed.xml, atom.xml or feed.json."""
    return f"{below}{kind}"


def news_sitemap_path(language: str, number: int = 0) -> str:
    """The language's sitemap of the last two days, or one of its files where it has several."""
    return f"/{segment(language)}/news-sitemap-{number}.xml" if number else f"/{segment(language)}/news-sitemap.xml"


def share_card_path(language: str) -> str:
    """The picture that stands for a page without one where it is shared."""
    return f"/{segment(language)}/share-card.png"
