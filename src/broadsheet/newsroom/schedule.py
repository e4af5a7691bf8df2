"""Publishes what is due and retracts what has expired: each story in a transaction of its own, each once.

Wagtail's own command publishes all in one go, so that one failing story stops those behind it. Main path: the relay's
duty (or `broadsheet manage publish_due`) -> `publish_due` -> `_publish` or `_retract`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.models import Page, Revision

from broadsheet.articles.errors import PublishRefused

logger = logging.getLogger(__name__)


@dataclass
class Done:
    """The ids of the pages that were published, that were retracted, and that failed and will be tried again."""

    published: list[int] = field(default_factory=list)
    retracted: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)


def publish_due(now: datetime | None = None) -> Done:
    """Publish every revision whose moment has come, then retract every page whose end has come."""
    now = now or timezone.now()
    done = Done()
    due = Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at", "pk")
    _each(due.values_list("pk", "object_id"), lambda pk: _publish(pk, now), done.published, done.failed)
    ended = Page.objects.filter(live=True, expire_at__lte=now).order_by("expire_at", "pk")
    _each(ended.values_list("pk", "pk"), lambda pk: _retract(pk, now), done.retracted, done.failed)
    return done


def overdue(now: datetime) -> int:
    """How many revisions should have been published before `now` and were not."""
    return Revision.objects.filter(approved_go_live_at__lt=now).count()


def _each(
    rows: Iterable[tuple[int, object]], work: Callable[[int], bool], succeeded: list[int], failed: list[int]
) -> None:
    for pk, page_id in list(rows):
        try:
            with transaction.atomic():
                if work(pk):
                    succeeded.append(int(str(page_id)))
        except Exception:
            # The loop over stories is where something can be done: go on with the next one, try this one again.
            logger.exception("page %s could not be published or retracted when it was due", page_id)
            failed.append(int(str(page_id)))


def _publish(revision_id: int, now: datetime) -> bool:
    """Publish the revision unless another scheduler was first. Call it in a transaction: the row is locked in it."""
    revision = _locked(Revision.objects.all()).filter(pk=revision_id, approved_go_live_at__lte=now).first()
    if revision is None:
        return False
    if _ended_before_it_began(revision, now):
        Revision.objects.filter(pk=revision_id).update(approved_go_live_at=None)
        logger.warning("page %s expired before it went live: it stays a draft", revision.object_id)
        return False
    try:
        revision.publish(log_action="wagtail.publish.scheduled")
    except PublishRefused as error:
        Revision.objects.filter(pk=revision_id).update(approved_go_live_at=None)
        logger.warning("page %s was not published when it was due: %s", revision.object_id, error)
        return False
    return True


def _ended_before_it_began(revision: Revision, now: datetime) -> bool:
    expire_at = parse_datetime(revision.content.get("expire_at") or "")
    return expire_at is not None and expire_at <= now


def _retract(page_id: int, now: datetime) -> bool:
    page = _locked(Page.objects.all()).filter(pk=page_id, live=True, expire_at__lte=now).first()
    if page is None:
        return False
    page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return True


def _locked(rows: QuerySet) -> QuerySet:
    """Rows that a second scheduler waits for. SQLite has no row locks: there the whole transaction waits."""
    return rows.select_for_update() if connection.features.has_select_for_update else rows
