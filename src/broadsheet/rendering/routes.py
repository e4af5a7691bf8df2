"""Which renderer answers which path: a table that the modules named in the wiring fill."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.conf import settings

from broadsheet.articles import addresses
from broadsheet.articles.slugs import OWN_PART, RESERVED
from broadsheet.edge.pages import Rule
from broadsheet.translations import variants

from .finished import FinishedPage, PageRequest

Renderer = Callable[..., FinishedPage]

# The parts a pattern may name, and what they match; letters are those of any script. A language is matched here and
# checked against the editions later.
PARTS = {
    "language": r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*",
    # The site's own names (search, author, archive …) are never a section's: the order of registration does not matter.
    "section": rf"(?!(?:{'|'.join(sorted(RESERVED))})/)(?![^/]*[A-Z]){OWN_PART}",
    "slug": OWN_PART,
    "year": r"\d{4}",
    "month": r"\d{2}",
    "day": r"\d{2}",
    "number": r"\d{1,6}",
}


@dataclass(frozen=True)
class Route:
    """A pattern such as `/{language}/{section}/` and the function that renders it, given the parts by name.

    `query_names` are the names in a query that the renderer reads. A `dynamic` page is made for each request.
    """

    pattern: re.Pattern[str]
    renderer: Renderer
    query_names: tuple[str, ...] = ()
    dynamic: bool = False


_ROUTES: list[Route] = []


def page(pattern: str, *, query: tuple[str, ...] = (), dynamic: bool = False) -> Callable[[Renderer], Renderer]:
    """Register the function below as the renderer of the addresses of this shape, which reads `query`'s names."""
    expression = re.sub(r"\\\{(\w+)\\\}", lambda part: f"(?P<{part[1]}>{PARTS[part[1]]})", re.escape(pattern))

    def register(renderer: Renderer) -> Renderer:
        _ROUTES.append(Route(re.compile(expression), renderer, query, dynamic))
        return renderer

    return register


def place_of(path: str) -> str:
    """What a path begins with that says how its page is written: a language or a script variant, else the first."""
    variant = variants.at(path)
    return variant.place if variant else language_of(path)


def language_of(path: str) -> str:
    """The language of the stories that a path asks for, else the site's first."""
    variant = variants.at(path)
    return variant.base if variant else addresses.language_at(path) or settings.CONFIG.default_language


@cache
def _load() -> list[Route]:
    for module in settings.PAGE_MODULES:
        import_module(module)
    return _ROUTES


def find(request: PageRequest) -> tuple[Renderer, dict[str, str]] | None:
    """The first renderer whose pattern fits the whole path, and the parts of the path."""
    for route in _load():
        if match := route.pattern.fullmatch(request.path):
            return route.renderer, match.groupdict()
    return None


def rules() -> tuple[Rule, ...]:
    """What the edge must know of the pages' addresses, in the order of matching."""
    return tuple(Rule(route.pattern.pattern, route.query_names, dynamic=route.dynamic) for route in _load())
