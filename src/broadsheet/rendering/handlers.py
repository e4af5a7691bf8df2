"""What the edge's store does when published things change: pages are purged by tag, the hot ones made anew at once."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Collection
from datetime import timedelta

from django.conf import settings

from broadsheet import events
from broadsheet.edge.counters import Counter
from broadsheet.edge.errors import EdgeError
from broadsheet.edge.outer.choice import outer_cache
from broadsheet.edge.outer.errors import OuterPurgeFailed
from broadsheet.outbox import services as outbox
from broadsheet.outbox.errors import DeliveryError

from . import store, warming
from .purging import tags_of

logger = logging.getLogger(__name__)

# No reply of the edge is on its way to a cache in front for longer.
ON_THE_WAY = timedelta(seconds=10)


def purge(event: events.Event) -> None:
    """Make every page gone or stale that shows what has changed. Raises EdgeError; a second delivery does nothing."""
    found = tags_of(event)
    delivery = outbox.current_delivery()
    counted = False
    for tags, hard in ((found.hard, True), (found.soft, False)):
        if not tags:
            continue
        ledger = store.pages().tags
        before = ledger.generation()
        name = f"{store.pages().number} {delivery.event_id} {'hard' if hard else 'soft'}" if delivery else ""
        counted |= ledger.purge(tags, hard=hard, purge_id=name) > before
    if counted and delivery:
        _count(delivery.recorded_at)


def purge_promptly(event: events.Event) -> None:
    """The same at once, in the process of the change, so that nobody is told of a change that readers cannot see yet.

    The relay purges too: what fails here is done there.
    """
    try:
        purge(event)
    except EdgeError as error:
        logger.error("not purged at once (the relay tries again): %s", error)


def purge_outer(event: events.Event) -> None:
    """Purge the cache in front of the edge, now and once more a little later. Raises DeliveryError."""
    if not settings.CONFIG.outer_cache:
        return
    found = tags_of(event)
    if found.hard or found.soft:
        _purge_outer(found.hard, found.soft)
        again = events.OuterPurgeDue(tuple(sorted(found.hard)), tuple(sorted(found.soft)))
        outbox.record(again, delay=ON_THE_WAY)


def purge_outer_again(event: events.OuterPurgeDue) -> None:
    """The second time: what the edge answered before the first purge has arrived by now. Raises DeliveryError."""
    _purge_outer(event.hard, event.soft)


def _purge_outer(hard: Collection[str], soft: Collection[str]) -> None:
    try:
        cache = outer_cache(settings.CONFIG.outer_cache, settings.CONFIG.outer_cache_token)
        for tags, is_hard in ((hard, True), (soft, False)):
            if cache is not None and tags:
                cache.purge(tags, hard=is_hard)
    except OuterPurgeFailed as error:
        raise DeliveryError(str(error), permanent=error.permanent) from error


def warm(event: events.Event) -> None:
    """Render the pages that are asked for at once after such a change; the rest is rendered when it is asked for."""
    warming.warm(warming.hot_paths(event))


def _count(recorded_at: float) -> None:
    with contextlib.suppress(OSError):
        counters = store.counters()
        counters.add(Counter.PURGES)
        counters.add(Counter.PURGE_LAG_US, max(0, int((time.time() - recorded_at) * 1_000_000)))
