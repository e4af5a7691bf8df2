"""The one module of the newsroom that listens to Django and Wagtail."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page, Revision, WorkflowPage
from wagtail.signals import page_published, page_unpublished

from broadsheet.articles.models import ArticlePage, HomePage, SectionPage

from . import previews, roles
from .models import Desk
from .translating import noting


@receiver(post_save, sender=HomePage)
@receiver(post_save, sender=SectionPage)
def note_desk(sender: type, instance: HomePage | SectionPage, raw: bool = False, **kwargs: Any) -> None:
    """A front or section was made or renamed: its groups and its approval with it, in the same transaction."""
    fields = kwargs.get("update_fields")
    if raw or (fields is not None and "title" not in fields):
        return
    if isinstance(instance, HomePage):
        roles.ensure_language(instance)
    else:
        roles.ensure_section(instance)


@receiver(post_delete, sender=Desk)
def note_desk_closed(sender: type, instance: Desk, **kwargs: Any) -> None:
    """A section was deleted: nobody keeps its rights."""
    instance.group.delete()


@receiver(post_delete, sender=WorkflowPage)
def note_approval_closed(sender: type, instance: WorkflowPage, **kwargs: Any) -> None:
    """A section was deleted: its approval stays in the history, but is used no more."""
    if not instance.workflow.workflow_pages.exists():
        instance.workflow.active = False
        instance.workflow.save(update_fields=["active"])


@receiver(page_published)
@receiver(page_unpublished)
def note_no_longer_draft(sender: type, instance: Page, signal: Any, **kwargs: Any) -> None:
    """What was shown as a draft is public, or was: the links end for good. (Published is also sent when scheduled.)"""
    if instance.live or signal is page_unpublished:
        previews.end_all(instance)


@receiver(post_save, sender=Revision)
def note_draft(sender: type, instance: Revision, raw: bool = False, **kwargs: Any) -> None:
    """A draft was saved: translations of it may have to follow, and a translation's pieces may have been written."""
    if not raw and instance.content_type.model_class() is ArticlePage:
        noting.note_draft(instance)


@receiver(page_published, sender=ArticlePage)
def note_version_published(sender: type, instance: ArticlePage, **kwargs: Any) -> None:
    """Published (and not only scheduled): other languages are compared with it, and told of corrections."""
    if instance.live:
        noting.note_published(instance)


@receiver(post_delete, sender=ArticlePage)
def note_version_deleted(sender: type, instance: ArticlePage, **kwargs: Any) -> None:
    """A version is gone; what was made from it gets another source."""
    noting.note_deleted(instance)
