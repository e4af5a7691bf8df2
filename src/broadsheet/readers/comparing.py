"""Compares the pages of the edge's store with fresh renders of the same addresses."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from broadsheet.edge.pages import Encoding, Freshness
from broadsheet.edge.store import LmdbStore
from broadsheet.edge.verify import CheckedPage, walk_pages
from broadsheet.rendering import assets
from broadsheet.rendering.finished import FinishedPage

from .views import find_page, read_query

Report = Callable[[str, int, int], None]


@dataclass(slots=True)
class Comparison:
    """What was found; `stale` are those that are made anew with the next request anyway."""

    pages: int = 0
    same: int = 0
    stale: int = 0
    damaged: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)


def compare_all(store: LmdbStore, report: Report = lambda *step: None) -> Comparison:
    """Compare every page. A page that is purged while it is compared counts as stale; what is wrong is dropped."""
    found = Comparison()
    total = store.stats().pages
    for checked in walk_pages(store, time.time()):
        report("comparing pages", min(found.pages + 1, total), total)
        found.pages += 1
        if isinstance(checked, str):
            found.damaged.append(checked)
            store.drop(checked)
        elif checked.freshness is not Freshness.FRESH:
            found.stale += 1
        elif _is_same(checked):
            found.same += 1
        elif _is_still_fresh(store, checked):
            found.different.append(checked.stored.address)
            store.drop(checked.stored.address)
        else:
            found.stale += 1
    return found


def _is_same(checked: CheckedPage) -> bool:
    page = _render(checked.stored.address)
    return page is None or (page.status, page.body) == (checked.stored.status, checked.body)


def _render(address: str) -> FinishedPage | None:
    """The page as it would be made now; None: files and what stands for many addresses are not compared."""
    path, _, query = address.partition("?")
    if address.startswith("404:") or path == "/favicon.ico" or assets.find_asset(path):
        return None
    return find_page(path, read_query(query))


def _is_still_fresh(store: LmdbStore, checked: CheckedPage) -> bool:
    reply = store.get(checked.stored.address, Encoding.BR)
    return (
        reply is not None
        and reply.generation == checked.stored.generation
        and store.tags.freshness(reply, time.time()) is Freshness.FRESH
    )
