"""The pages of authors and topics: who or what it is, and everything published by or on it."""

from __future__ import annotations

from django.conf import settings

from broadsheet.articles import published

from .. import head, reading, streams
from ..finished import FinishedPage, PageRequest
from ..routes import page
from ..site import read_site
from ..templating import finish


@page("/{language}/author/{slug}/", query=("page",))
def author(request: PageRequest, language: str, slug: str) -> FinishedPage:
    """An author."""
    found = reading.author(language, slug)
    number = streams.asked_number(request, language)
    rows = published.by_author(found.pk)
    stream = streams.read(rows, f"author:{found.pk}", language, number, settings.CONFIG.page_size)
    context = {
        "language": language,
        "head": head.describe_author(read_site(language), found, stream.place),
        "author": found,
        "portrait": reading.portrait(found),
        "path": found.public_path,
        "stream": stream,
    }
    return finish("author.html", context)


@page("/{language}/topic/{slug}/", query=("page",))
def topic(request: PageRequest, language: str, slug: str) -> FinishedPage:
    """A topic."""
    found = reading.topic(language, slug)
    number = streams.asked_number(request, language)
    rows = published.on_topic(found.pk)
    stream = streams.read(rows, f"topic:{found.pk}", language, number, settings.CONFIG.page_size)
    context = {
        "language": language,
        "head": head.describe_topic(read_site(language), found, stream.place),
        "topic": found,
        "path": found.public_path,
        "stream": stream,
    }
    return finish("topic.html", context)
