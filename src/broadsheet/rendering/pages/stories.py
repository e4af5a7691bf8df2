"""A story: the page to read and the page to print."""

from __future__ import annotations

from typing import Any

from broadsheet.articles import addresses, published
from broadsheet.articles.models import Author, SectionPage, Topic
from broadsheet.articles.projection import PublishedArticle
from broadsheet.media.pictures import Picture

from .. import head, reading, related
from ..finished import FinishedPage, PageRequest
from ..routes import page
from ..site import read_site
from ..templating import finish


@page("/{language}/{section}/{slug}/")
def article(request: PageRequest, language: str, section: str, slug: str) -> FinishedPage:
    """A story."""
    row = reading.article(language, section, slug)
    context = compose(row, reading.story_section(row), reading.authors_of(row.pk), reading.topics_of(row.pk))
    return finish("article.html", context)


@page("/{language}/{section}/{slug}/print/")
def print_page(request: PageRequest, language: str, section: str, slug: str) -> FinishedPage:
    """A story without everything that cannot be printed."""
    row = reading.article(language, section, slug)
    context = compose(
        row,
        reading.story_section(row),
        reading.authors_of(row.pk),
        [],
        printed=True,
    )
    return finish("print.html", context)


def compose(
    row: PublishedArticle,
    section: SectionPage,
    authors: list[Author],
    topics: list[Topic],
    *,
    printed: bool = False,
) -> dict[str, Any]:
    """All that a story's page shows, for the page itself and for the preview of a draft. On paper stand no topics."""
    language = row.language
    path = addresses.article_path(language, section.slug, row.slug)
    site = read_site(language)
    beside = (
        related.choose_in_body(row.pk, language, row.body)
        if printed
        else related.choose(row.pk, section, [one.pk for one in topics], row.related, row.body)
    )
    return {
        "language": language,
        "head": head.describe_print(site, row)
        if printed
        else head.describe_article(site, row, authors=authors, topics=topics),
        "article": row,
        "section": section,
        "section_path": addresses.section_path(language, section.slug),
        "path": path,
        "print_path": addresses.print_path(language, section.slug, row.slug),
        "authors": authors,
        "topics": topics,
        "picture": Picture.from_json(row.picture) if row.picture else None,
        "minutes": published.reading_minutes(row.word_count),
        "beside": beside,
    }
