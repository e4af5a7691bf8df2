"""Record events in the transaction of the change, and deliver them at least once."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.utils import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.module_loading import import_string

from broadsheet import events

from . import wake
from .errors import DeliveryError
from .models import OutboxEvent

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=1)
ATTEMPTS = 12
KEEP_DELIVERED = timedelta(days=7)

Handler = Callable[[events.Event], None]


@dataclass(frozen=True)
class Delivery:
    """Which recorded event is being delivered, and when it was recorded, in seconds since 1970."""

    event_id: int
    recorded_at: float


# Events that this process has leased and could not give back, because the database was away or its disk full.
_cut_short: set[int] = set()

_current: ContextVar[Delivery | None] = ContextVar("delivery", default=None)


def current_delivery() -> Delivery | None:
    """For handlers that must know whether they have had this very event before."""
    return _current.get()


def record(event: events.Event, *, delay: timedelta = timedelta()) -> OutboxEvent:
    """Write the event beside the change it tells of; with a `delay` it is due so much later.

    Once the transaction is committed, the handlers of `PROMPT_HANDLERS` have it at once, and the relay is woken.
    """
    row = OutboxEvent.objects.create(
        kind=type(event).__name__, payload=events.to_payload(event), next_attempt_at=timezone.now() + delay
    )
    transaction.on_commit(lambda: _hand_over(row, event), robust=True)
    return row


def _hand_over(row: OutboxEvent, event: events.Event) -> None:
    try:
        for name in settings.PROMPT_HANDLERS:
            _handle(row, import_string(name), event)
    finally:
        wake.poke(settings.CONFIG.directory)


def _handle(row: OutboxEvent, handle: Handler, event: events.Event) -> None:
    token = _current.set(Delivery(row.pk, row.recorded_at.timestamp()))
    try:
        handle(event)
    finally:
        _current.reset(token)


def deliver_next() -> bool:
    """Deliver the oldest due event to those of its handlers that have not had it. False: nothing is due."""
    _give_back()
    row = _claim()
    if row is None:
        return False
    try:
        _deliver(row)
    except (OperationalError, InterfaceError):
        # What became of it could not be written down: nobody need wait for the end of our lease.
        _cut_short.add(row.pk)
        raise
    return True


def _deliver(row: OutboxEvent) -> None:
    """Have the event handled, and write down what became of it. Raises OperationalError, InterfaceError."""
    try:
        event = events.from_payload(row.kind, row.payload)
        handlers = _handlers(row.kind)
    except (KeyError, TypeError, ImportError) as error:
        _give_up(row, f"unreadable event: {error!r}")
        return
    for name, handle in handlers:
        if name in row.handlers_done:
            continue
        try:
            with transaction.atomic():
                _handle(row, handle, event)
                row.handlers_done.append(name)
                row.save(update_fields=["handlers_done"])
        except Exception as error:
            row.handlers_done = [done for done in row.handlers_done if done != name]
            logger.exception("handler %s failed for %s", name, row)
            _fail(row, f"{name}: {error!r}", permanent=isinstance(error, DeliveryError) and error.permanent)
            return
    row.delivered_at, row.next_attempt_at, row.last_error = timezone.now(), None, ""
    row.save(update_fields=["delivered_at", "next_attempt_at", "last_error"])


def deliver_all(at_most_s: float = math.inf) -> int:
    """Deliver whatever is due now, but begin with nothing more after so long; the number of events handled."""
    until, count = time.monotonic() + at_most_s, 0
    while time.monotonic() < until and deliver_next():
        count += 1
    return count


def forget_delivered(before: datetime | None = None) -> int:
    """Delete events delivered more than a week ago (or before `before`); the number deleted."""
    limit = before or timezone.now() - KEEP_DELIVERED
    deleted, _ = OutboxEvent.objects.filter(delivered_at__lt=limit).delete()
    return deleted


def _give_back() -> None:
    """The events in whose delivery the database failed us are due at once, and that attempt does not count."""
    if _cut_short:
        leased = OutboxEvent.objects.filter(pk__in=_cut_short, next_attempt_at__isnull=False, attempts__gt=0)
        leased.update(next_attempt_at=timezone.now(), attempts=F("attempts") - 1)
        _cut_short.clear()


def _claim() -> OutboxEvent | None:
    """Lease the oldest due row: nobody else takes it until the lease ends, so a killed relay loses nothing."""
    now = timezone.now()
    with transaction.atomic():
        due = OutboxEvent.objects.filter(next_attempt_at__lte=now).order_by("next_attempt_at", "id")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        row = due.first()
        if row is None:
            return None
        taken = OutboxEvent.objects.filter(pk=row.pk, next_attempt_at=row.next_attempt_at).update(
            next_attempt_at=now + LEASE, attempts=F("attempts") + 1
        )
    if not taken:
        return None
    row.refresh_from_db()
    return row


@lru_cache(maxsize=64)
def _handlers(kind: str) -> Sequence[tuple[str, Handler]]:
    return tuple((name, import_string(name)) for name in settings.EVENT_HANDLERS[kind])


def _fail(row: OutboxEvent, message: str, *, permanent: bool) -> None:
    if permanent or row.attempts >= ATTEMPTS:
        _give_up(row, message)
        return
    wait = min(timedelta(seconds=2**row.attempts), LONGEST_WAIT)
    row.next_attempt_at, row.last_error = timezone.now() + wait, message
    row.save(update_fields=["next_attempt_at", "last_error"])


def _give_up(row: OutboxEvent, message: str) -> None:
    logger.error("event %s given up: %s", row, message)
    row.next_attempt_at, row.last_error = None, message
    row.save(update_fields=["next_attempt_at", "last_error"])
