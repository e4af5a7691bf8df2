"""The search page: /{language}/search/?q=…&page=…"""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from broadsheet.rendering import facts, head
from broadsheet.rendering.finished import FinishedPage, PageMissing, PageRequest
from broadsheet.rendering.routes import page
from broadsheet.rendering.site import read_site
from broadsheet.rendering.templating import finish

from . import query
from .index import LONGEST_QUERY

LAST_PAGE = 100


@page("/{language}/search/", query=("q", "page"), dynamic=True)
def search_page(request: PageRequest, language: str) -> FinishedPage:
    """What was found, or a friendly word. Raises PageMissing for a page number that does not exist."""
    site = read_site(language)
    text = facts.clean_text(" ".join(request.query.get("q", "")[:LONGEST_QUERY].split()))
    number = _number(request, language)
    found = query.search(language, text, number, settings.CONFIG.page_size)
    if number > 1 and not found.results:
        raise PageMissing(language)
    context = {
        "language": language,
        "head": head.describe_search(site, text),
        "query": text,
        "results": found.results,
        "total": found.total,
        "number": number,
        "has_next": found.has_next and number < LAST_PAGE,
        "message": _message(text, found),
    }
    return finish("search.html", context, storable=False)


def _number(request: PageRequest, language: str) -> int:
    """The number in `?page=`, 1 where none is asked for. Raises PageMissing for anything but a number up to 100."""
    text = request.query.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= LAST_PAGE):
        raise PageMissing(language)
    return int(text)


def _message(text: str, found: query.Results) -> str:
    """What stands where no results do."""
    if found.results:
        return ""
    if not text:
        return _("Write a word, a name or a place, and we look for it in all our stories.")
    return _("We found nothing for “%(query)s”. Try fewer or other words.") % {"query": facts.cut(text, 80)}
