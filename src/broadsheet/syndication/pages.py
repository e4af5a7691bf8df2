"""The addresses of what machines read."""

from __future__ import annotations

import math
from datetime import datetime

from django.conf import settings

from broadsheet.articles import addresses
from broadsheet.rendering import reading
from broadsheet.rendering.finished import FinishedPage, PageMissing, PageRequest
from broadsheet.rendering.routes import page
from broadsheet.translations import variants

from . import robots, share_card
from .feeds import atom, channel, jsonfeed, rss
from .sitemaps import news, parts, xml

DAY_S = 24 * 60 * 60


def _finish_feed(found: channel.Channel, kind: str) -> FinishedPage:
    writer = {"feed.xml": rss, "atom.xml": atom, "feed.json": jsonfeed}[kind]
    return FinishedPage(body=writer.write(found), content_type=writer.CONTENT_TYPE)


def _register_feeds(kind: str) -> None:
    """One format of the feeds of a language, and below a section, topic or author."""

    @page(f"/{{language}}/{kind}")
    def language_feed(request: PageRequest, language: str) -> FinishedPage:
        return _finish_feed(channel.of_language(language), kind)

    @page(f"/{{language}}/{{section}}/{kind}")
    def section_feed(request: PageRequest, language: str, section: str) -> FinishedPage:
        return _finish_feed(channel.of_section(language, section), kind)

    @page(f"/{{language}}/topic/{{slug}}/{kind}")
    def topic_feed(request: PageRequest, language: str, slug: str) -> FinishedPage:
        return _finish_feed(channel.of_topic(language, slug), kind)

    @page(f"/{{language}}/author/{{slug}}/{kind}")
    def author_feed(request: PageRequest, language: str, slug: str) -> FinishedPage:
        return _finish_feed(channel.of_author(language, slug), kind)


for _kind in ("feed.xml", "atom.xml", "feed.json"):
    _register_feeds(_kind)


@page("/sitemap.xml")
def sitemap_index(request: PageRequest) -> FinishedPage:
    """All sitemaps but those of news, which robots.txt names."""
    files: list[tuple[str, datetime | None]] = [("/sitemap-pages.xml", None)]
    for kind in parts.KINDS:
        files += [(f"/sitemap-{kind}-{number}.xml", changed) for number, changed in parts.numbers(kind)]
    return _finish_sitemap(xml.write_index(files))


@page("/sitemap-pages.xml")
def pages_sitemap(request: PageRequest) -> FinishedPage:
    """Fronts, sections and pages about the newsroom."""
    return _finish_sitemap(xml.write_addresses(parts.page_entries()))


@page("/sitemap-articles-{number}.xml")
def articles_sitemap(request: PageRequest, number: str) -> FinishedPage:
    """One part of the articles of all languages."""
    return _finish_part("articles", number)


@page("/sitemap-authors-{number}.xml")
def authors_sitemap(request: PageRequest, number: str) -> FinishedPage:
    """One part of the authors' pages."""
    return _finish_part("authors", number)


@page("/sitemap-topics-{number}.xml")
def topics_sitemap(request: PageRequest, number: str) -> FinishedPage:
    """One part of the topics' pages."""
    return _finish_part("topics", number)


@page("/{language}/news-sitemap.xml")
def news_sitemap(request: PageRequest, language: str) -> FinishedPage:
    """The stories of the last two days, or an index of their files where there are more than fit into one."""
    edition, stories = reading.edition(language), news.recent(language)
    if len(stories) <= news.STORIES_A_FILE:
        body = xml.write_news(edition.publication_name, language, stories)
        return _finish_sitemap(body, news.fresh_until(language, stories))
    count = math.ceil(len(stories) / news.STORIES_A_FILE)
    files = [(addresses.news_sitemap_path(language, number), None) for number in range(1, count + 1)]
    return _finish_sitemap(xml.write_index(files), news.fresh_until(language, stories))


@page("/{language}/news-sitemap-{number}.xml")
def news_sitemap_file(request: PageRequest, language: str, number: str) -> FinishedPage:
    """One file of the stories of the last two days, where one does not hold them all. Raises PageMissing."""
    edition, stories = reading.edition(language), news.recent(language)
    start = (int(number) - 1) * news.STORIES_A_FILE
    if start < 0 or len(stories) <= max(start, news.STORIES_A_FILE):
        raise PageMissing(language)
    chosen = stories[start : start + news.STORIES_A_FILE]
    body = xml.write_news(edition.publication_name, language, chosen)
    return _finish_sitemap(body, news.fresh_until(language, stories))


@page("/robots.txt")
def robots_file(request: PageRequest) -> FinishedPage:
    """What crawlers may read."""
    places = (*settings.CONFIG.languages, *(variant.place for variant in variants.all_variants()))
    body = robots.write(places).encode("ascii")
    return FinishedPage(body=body, content_type="text/plain; charset=utf-8")


@page("/{language}/share-card.png")
def share_card_picture(request: PageRequest, language: str) -> FinishedPage:
    """The picture of pages that have none where they are shared."""
    body = share_card.draw(reading.layout(language))
    return FinishedPage(body=body, content_type="image/png", max_age_s=DAY_S)


def _finish_part(kind: str, number: str) -> FinishedPage:
    entries = list(parts.entries(kind, int(number)))
    if not entries:
        raise PageMissing
    return _finish_sitemap(xml.write_addresses(entries))


def _finish_sitemap(body: bytes, fresh_until: float | None = None) -> FinishedPage:
    return FinishedPage(body=body, content_type=xml.CONTENT_TYPE, fresh_until=fresh_until)
