"""Tags: a promise that a page is stale once the tagged thing changes; recorded while the page is rendered.

Every tag is made by one function here, and `docs/tags.md` says of each who records it and which events purge it. A tag
stands for one way of showing a thing, so that a page is not stale when something changes that it does not show.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from broadsheet.edge import files

# What each kind of tag stands for: the part before the first colon, and the table of `docs/tags.md`.
KINDS = {
    "article": "a story's own page",
    "text": "its whole text, as feeds carry it",
    "line": "its short headline, address and time in a list, and whether it is public",
    "headline": "its whole headline above a list or within a text",
    "card": "its label, lead and picture in a list",
    "address": "where a page stands, and whether it is public",
    "group": "the set of a thing's language versions",
    "front": "the text of a language's front",
    "section": "a section's own text",
    "section-name": "what stands above the headlines of a section's stories",
    "sections": "the sections of a language: which, where, called what, in which order",
    "slots": "the curated places of a front or section",
    "page": "the text of a page about the newsroom",
    "about": "the pages about the newsroom: which, where, called what, in which order",
    "author": "an author's own page",
    "author-name": "an author as a byline names them",
    "topic": "a topic's own text",
    "topic-name": "a topic as stories name it",
    "names": "who or what stands in a language's index of authors or topics",
    "newest": "the first stories of a list",
    "feed": "as many stories of a list as a feed carries",
    "list": "the list's own address and its last numbered pages: any story that comes or goes",
    "shelf": "the list's older numbered pages, which stay as they are when it grows",
    "archive": "how many stories there are in each year, month and day",
    "news": "the stories of the last two days",
    "sitemap": "a sitemap, or a part of it",
    "edition": "the publication's name, its tagline and its rule of reuse",
    "layout": "what stands round every page: logo, menus, addresses elsewhere, footer",
    "editions": "which languages the site has",
    "script-words": "the words that a script variant writes by hand",
    "missing": "an address at which nothing stands",
    "picture": "the public files of a picture, as outer caches keep them",
}

_recorded: ContextVar[set[str] | None] = ContextVar("recorded_tags", default=None)


@contextmanager
def recording() -> Iterator[set[str]]:
    """Collect the tags of everything that is read inside the block."""
    tags: set[str] = set()
    token = _recorded.set(tags)
    try:
        yield tags
    finally:
        _recorded.reset(token)


def record(*tags: str) -> None:
    """Say that the page being rendered depends on these things."""
    recorded = _recorded.get()
    if recorded is not None:
        recorded.update(tags)


def forget() -> None:
    """What was read so far led to nothing: the page that is answered instead does not depend on it."""
    recorded = _recorded.get()
    if recorded is not None:
        recorded.clear()


def article(article_id: int) -> str:
    return f"article:{article_id}"


def text(article_id: int) -> str:
    return f"text:{article_id}"


def headline(article_id: int) -> str:
    return f"headline:{article_id}"


def card(article_id: int) -> str:
    return f"card:{article_id}"


def line(article_id: int) -> str:
    return f"line:{article_id}"


def address(page_id: int) -> str:
    """Of an article, section, front or page about the newsroom."""
    return f"address:{page_id}"


def group(translation_key: Any) -> str:
    return f"group:{translation_key}"


def front(language: str) -> str:
    return f"front:{language}"


def section(section_id: int) -> str:
    return f"section:{section_id}"


def section_name(section_id: int) -> str:
    return f"section-name:{section_id}"


def sections(language: str) -> str:
    return f"sections:{language}"


def slots(page_id: int) -> str:
    return f"slots:{page_id}"


def page(page_id: int) -> str:
    return f"page:{page_id}"


def about(language: str) -> str:
    return f"about:{language}"


def author(author_id: int) -> str:
    return f"author:{author_id}"


def author_name(author_id: int) -> str:
    return f"author-name:{author_id}"


def topic(topic_id: int) -> str:
    return f"topic:{topic_id}"


def topic_name(topic_id: int) -> str:
    return f"topic-name:{topic_id}"


def names(kind: str, language: str) -> str:
    """Of `author` or `topic`."""
    return f"names:{kind}:{language}"


def newest(listing: str) -> str:
    """Of a list as events name it, such as `section:3` or `language:en`; so are `feed`, `listing` and `shelf`."""
    return f"newest:{listing}"


def feed(listing: str) -> str:
    return f"feed:{listing}"


def listing(listing: str) -> str:
    return f"list:{listing}"


def shelf(listing: str) -> str:
    return f"shelf:{listing}"


def archive(language: str, span: str = "") -> str:
    """Of the years, the months of `2026`, or the days of `2026-03`."""
    return f"archive:{language}:{span}" if span else f"archive:{language}"


def news(language: str) -> str:
    return f"news:{language}"


def sitemap(name: str, part: int | None = None) -> str:
    """`index`, `pages`, `authors`, `topics` or `articles`; the last has parts."""
    return f"sitemap:{name}" if part is None else f"sitemap:{name}:{part}"


def edition(language: str) -> str:
    return f"edition:{language}"


def layout(language: str) -> str:
    return f"layout:{language}"


def editions() -> str:
    return "editions"


def script_words(variant: str) -> str:
    return f"script-words:{variant}"


def missing(language: str) -> str:
    return f"missing:{language}"


def picture(stem: str) -> str:
    """Of the files in `/pictures/` whose names begin so; the edge gives it with them, no page has it."""
    return files.tag_of(stem)
