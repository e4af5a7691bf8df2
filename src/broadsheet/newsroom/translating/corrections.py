"""A correction in one language is urgent in all others, until it stands there or somebody says that it need not."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from broadsheet.articles.models import ArticlePage
from broadsheet.events import CorrectionPublished
from broadsheet.outbox import services as outbox

from ..models import LanguageVersion
from . import pieces


@transaction.atomic
def announce(page: ArticlePage, version: LanguageVersion) -> None:
    """The page was published: mark every other language for each correction that is new in it, and tell their desks.

    A correction that stands in another language under the same id is its translation: it answers the mark here. What
    a story is first published with is no correction of what anybody has read.
    """
    standing = pieces.corrections_of(page)
    fresh = [one for one in standing if one not in version.corrections]
    rows = LanguageVersion.objects.select_for_update().filter(story=version.story).order_by("pk")
    others = list(rows.exclude(pk=version.pk)) if fresh else []
    known = {_block(one) for other in others for one in other.corrections}
    answered = {_block(one) for one in standing}
    version.corrections = standing
    version.urgent = [one for one in version.urgent if one["block"] not in answered]
    version.urgent_since = version.urgent_since if version.urgent else None
    version.save(update_fields=["corrections", "urgent", "urgent_since"])
    raised = [one for one in fresh if _block(one) not in known]
    if raised and page.first_published_at != page.last_published_at:
        _raise(page, version, others, {_block(one) for one in raised})


def settle(version: LanguageVersion, user: Any) -> None:
    """Somebody looked at the corrections elsewhere: there is nothing to correct here, or it is done."""
    version.urgent, version.urgent_since = [], None
    version.save(update_fields=["urgent", "urgent_since"])
    log(instance=version.page.specific, action="broadsheet.settle_correction", user=user)


def _raise(page: ArticlePage, version: LanguageVersion, others: list[LanguageVersion], ids: set[str]) -> None:
    now = timezone.now()
    found = [raw for raw in pieces.raw_body(page) if str(raw["id"]) in ids]
    for other in others:
        other.urgent = [
            *other.urgent,
            *(
                {
                    "page": page.pk,
                    "language": page.language,
                    "block": str(raw["id"]),
                    "text": str(raw["value"].get("text") or ""),
                    "at": now.isoformat(),
                }
                for raw in found
            ),
        ]
        other.urgent_since = other.urgent_since or now
        other.save(update_fields=["urgent", "urgent_since"])
    if others:
        texts = tuple(str(raw["value"].get("text") or "") for raw in found)
        pages = tuple(other.page_id for other in others)
        outbox.record(CorrectionPublished(page.pk, page.language, str(version.story), texts, pages))


def _block(written: str) -> str:
    return written.partition(":")[0]
