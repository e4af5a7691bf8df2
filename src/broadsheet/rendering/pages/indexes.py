"""The indexes of a language: all authors, all topics, in the order in which its readers look for names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from broadsheet.articles import addresses
from broadsheet.articles.models import Author, Topic
from broadsheet.translations import collation

from .. import head, reading
from ..finished import FinishedPage, PageMissing, PageRequest
from ..routes import page
from ..site import read_site
from ..templating import finish

# So many names stand on one page; of more, those of one letter do.
ON_ONE_PAGE = 300
Named = Author | Topic


@dataclass(frozen=True)
class Letter:
    """The names that begin with a letter."""

    letter: str
    names: tuple[Named, ...]


@page("/{language}/authors/", query=("letter",))
def authors(request: PageRequest, language: str) -> FinishedPage:
    """Everybody of whom something is published."""
    return _finish(request, language, _("Authors"), addresses.authors_path(language), reading.authors(language))


@page("/{language}/topics/", query=("letter",))
def topics(request: PageRequest, language: str) -> FinishedPage:
    """Everything on which something is published."""
    return _finish(request, language, _("Topics"), addresses.topics_path(language), reading.topics(language))


def _finish(request: PageRequest, language: str, title: str, path: str, names: Sequence[Named]) -> FinishedPage:
    """Raises PageMissing for a letter under which nothing stands."""
    letters = _by_letter(names, language)
    asked = request.query.get("letter")
    shown = [one for one in letters if one.letter == asked] if asked else letters
    if asked and not shown:
        raise PageMissing(language)
    context = {
        "language": language,
        "head": head.describe_list(read_site(language), title, path),
        "title": title,
        "path": path,
        "letters": letters,
        "shown": shown if asked or len(names) <= ON_ONE_PAGE else [],
        "asked": asked,
        "on_one_page": len(names) <= ON_ONE_PAGE,
    }
    return finish("index.html", context)


def _by_letter(names: Sequence[Named], language: str) -> list[Letter]:
    found = collation.sort_names(names, language, lambda one: one.name)
    grouped = groupby(found, key=lambda one: collation.initial_of(one.name, language))
    return [Letter(letter, tuple(some)) for letter, some in grouped]
