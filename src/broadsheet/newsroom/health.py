"""What a monitor wants to know of the newsroom: the database, the outbox, the schedule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import DatabaseError
from django.utils import timezone

from broadsheet.outbox.models import OutboxEvent

from . import schedule

# A relay that works is never so late.
LATEST = timedelta(minutes=2)


def examine() -> dict[str, Any]:
    """The state in numbers; `status` is `ok` or `degraded`, `problems` says why."""
    try:
        return _examine_data()
    except DatabaseError:
        return {"status": "degraded", "problems": ["the database does not answer"], "database": False}


def _examine_data() -> dict[str, Any]:
    now = timezone.now()
    waiting = OutboxEvent.objects.filter(next_attempt_at__isnull=False)
    oldest = waiting.order_by("id").values_list("recorded_at", flat=True).first()
    age_s = round((now - oldest).total_seconds()) if oldest else 0
    late = schedule.overdue(now - LATEST)
    problems = []
    if age_s > LATEST.total_seconds():
        problems.append("the outbox is not being delivered: is the relay running?")
    if late:
        problems.append("scheduled stories are overdue: is the relay running?")
    return {
        "status": "degraded" if problems else "ok",
        "problems": problems,
        "database": True,
        "outbox_age_s": age_s,
        "overdue_stories": late,
    }
