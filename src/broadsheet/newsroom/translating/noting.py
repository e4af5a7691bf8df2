"""What the ledger learns from Wagtail's signals, at one question for a story that has no translations."""

from __future__ import annotations

from django.db import transaction
from wagtail.models import Page, Revision

from broadsheet.articles.models import ArticlePage

from ..models import LanguageVersion
from . import adopting, corrections, ledger


def note_draft(revision: Revision) -> None:
    """A draft of the article was saved."""
    known = LanguageVersion.objects.filter(page_id=int(revision.object_id)).values_list("pk", flat=True).first()
    if known is None:
        return
    saved: ArticlePage = revision.as_object()
    with transaction.atomic():
        version = ledger.lock(known)
        if version.source_id is not None:
            ledger.note_target_saved(version, saved, is_public=False)
        ledger.note_source_saved(saved, saved, is_public=False)


def note_published(page: ArticlePage) -> None:
    """The article is public as it is now."""
    members = Page.objects.filter(translation_key=page.translation_key).values_list("pk", "language_version__pk")
    known = dict(members)
    if len(known) < 2:
        return
    with transaction.atomic():
        if not all(known.values()):
            adopting.adopt_story(page.translation_key)
        version = ledger.lock(LanguageVersion.objects.get(page_id=page.pk).pk)
        if version.source_id is not None:
            ledger.note_target_saved(version, page, is_public=True)
        ledger.note_source_saved(page, page, is_public=True)
        corrections.announce(page, version)


def note_deleted(page: ArticlePage) -> None:
    """The article is no more."""
    ledger.note_deleted(page.translation_key)
