"""Finished pages go into the edge's store; the edge is told under which address it finds them there."""

from __future__ import annotations

import contextlib
import logging

from django.http import HttpRequest, HttpResponse

from broadsheet.edge.contracts import PutOutcome
from broadsheet.edge.counters import Counter
from broadsheet.edge.errors import EdgeError
from broadsheet.edge.pages import PushedPage
from broadsheet.rendering import store
from broadsheet.rendering.finished import FinishedPage

from . import policies, replies

logger = logging.getLogger(__name__)

# Every asset of a release; its address changes with its content, so nothing purges it but a new release.
ASSETS = "assets"
_STORED = "Edge-Stored"
_SAME_AS = "Edge-Same-As"
_KEPT_STATUSES = frozenset({200, 301, 308, 404, 410})


def is_asked(request: HttpRequest) -> bool:
    """Whether the edge asks, which takes a page from the store."""
    return bool(request.META.get("HTTP_EDGE_RENDER"))


def generation() -> int | None:
    """To be read before anything is read for a page; None: there is no store now."""
    try:
        return store.pages().tags.generation()
    except EdgeError as error:
        logger.error("the edge's store cannot be read: %s", error)
        return None


def push(key: str, asked: str, page: FinishedPage, language: str, begun_at: int) -> HttpResponse | None:
    """Store the page under `key` and say so to the edge, which asked for the address `asked`.

    None: the page was not stored, and goes to the reader as it is. Raises Overtaken.
    """
    if not page.storable or page.status not in _KEPT_STATUSES:
        return None
    try:
        pushed = _describe(key, page, language, begun_at)
        outcome = store.pages().put(pushed)
    except EdgeError as error:
        logger.error("the page at %s cannot be stored: %s", key, error)
        return None
    if outcome is PutOutcome.OVERTAKEN:
        raise Overtaken(key)
    with contextlib.suppress(OSError):
        store.counters().add(Counter.PUTS if outcome else Counter.PUTS_REFUSED)
    if not outcome:
        logger.warning("the edge's store has no room for the page at %s", key)
        return None
    response = HttpResponse(status=200, content_type="text/plain")
    response[_STORED if key == asked else _SAME_AS] = key
    return response


class Overtaken(Exception):
    """What the page was made of was purged while it was made: nobody may be given it."""


def _describe(key: str, page: FinishedPage, language: str, begun_at: int) -> PushedPage:
    headers = dict(policies.security_headers()) | dict(replies.headers_of(page, language))
    return PushedPage(
        address=key,
        status=page.status,
        content_type=page.content_type,
        body=page.body,
        generation=begun_at,
        tags=page.tags,
        headers=tuple(headers.items()),
        fresh_until=page.fresh_until,
    )
