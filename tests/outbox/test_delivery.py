"""Events are delivered at least once, to each handler until it has done its work."""

from datetime import timedelta
from unittest import mock

import pytest
from django.db.utils import OperationalError
from django.utils import timezone

from broadsheet import events
from broadsheet.outbox import services
from broadsheet.outbox.errors import DeliveryError
from broadsheet.outbox.models import OutboxEvent

calls: list[str] = []
fail_with: list[Exception] = []


def first(event: events.Event) -> None:
    calls.append("first")


def second(event: events.Event) -> None:
    calls.append("second")
    if fail_with:
        raise fail_with[0]


@pytest.fixture(autouse=True)
def handlers(db, settings):
    settings.EVENT_HANDLERS = {"FrontChanged": (f"{__name__}.first", f"{__name__}.second")}
    services._handlers.cache_clear()
    calls.clear()
    fail_with.clear()
    yield
    services._handlers.cache_clear()


def make_due(row: OutboxEvent) -> None:
    OutboxEvent.objects.filter(pk=row.pk).update(next_attempt_at=timezone.now() - timedelta(seconds=1))


def test_event_reaches_all_its_handlers_in_order_once():
    row = services.record(events.FrontChanged("en"))
    assert services.deliver_all() == 1
    assert calls == ["first", "second"]
    row.refresh_from_db()
    assert row.delivered_at and row.next_attempt_at is None and services.deliver_all() == 0


def test_failed_handler_is_tried_again_without_those_that_are_done():
    fail_with.append(RuntimeError("away"))
    row = services.record(events.FrontChanged("en"))
    services.deliver_all()
    row.refresh_from_db()
    assert row.delivered_at is None and row.next_attempt_at > timezone.now() and "away" in row.last_error
    fail_with.clear()
    make_due(row)
    services.deliver_all()
    assert calls == ["first", "second", "second"]


def test_permanent_failure_is_given_up_and_kept_for_a_person():
    fail_with.append(DeliveryError("refused for good", permanent=True))
    row = services.record(events.FrontChanged("en"))
    services.deliver_all()
    row.refresh_from_db()
    assert row.delivered_at is None and row.next_attempt_at is None and "refused for good" in row.last_error


def test_event_that_nobody_knows_any_more_is_given_up():
    row = OutboxEvent.objects.create(kind="NoSuchEvent", payload={})
    assert services.deliver_next() is True
    row.refresh_from_db()
    assert row.next_attempt_at is None and "unreadable" in row.last_error


def test_event_of_a_killed_relay_is_delivered_after_its_lease():
    row = services.record(events.FrontChanged("en"))
    assert services._claim() == row
    assert services.deliver_all() == 0
    make_due(row)
    assert services.deliver_all() == 1


def test_event_whose_delivery_the_database_cut_short_is_due_at_once(monkeypatch):
    """A full disk or a database that goes away: the lease cannot be given back then, but as soon as it is there."""
    row = services.record(events.FrontChanged("en"))
    for _ in range(services.ATTEMPTS + 1):
        with monkeypatch.context() as patched:
            patched.setattr(services, "_deliver", mock.Mock(side_effect=OperationalError("disk full")))
            with pytest.raises(OperationalError):
                services.deliver_all()
    assert services.deliver_all() == 1
    row.refresh_from_db()
    assert row.delivered_at is not None and row.attempts == 1


def test_delivered_events_are_forgotten_after_a_week():
    services.record(events.FrontChanged("en"))
    services.deliver_all()
    assert services.forget_delivered() == 0
    OutboxEvent.objects.update(delivered_at=timezone.now() - timedelta(days=8))
    assert services.forget_delivered() == 1
