"""Takes versions into the ledger that were made elsewhere: by an import, the demo, Wagtail's own copying."""

from __future__ import annotations

from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from wagtail.models import Page

from broadsheet.articles.models import ArticlePage
from broadsheet.events import ArticlePublished, Event

from ..models import LanguageVersion, SourceText
from . import ledger

AT_ONCE = 200


def adopt_all() -> int:
    """Every version that the ledger does not know, or knows in another story; the number of versions."""
    count = 0
    while moves := set(_strayed().values_list("story", "page__translation_key")[:AT_ONCE]):
        for before, story in moves:
            count += _follow(before, story)
    while keys := _unknown_stories():
        for key in keys:
            count += adopt_story(key)
    return count


def adopt_anew() -> int:
    """Forget what is known, and take all versions to fit as they are: for an edition that has just been built."""
    LanguageVersion.objects.all().delete()
    SourceText.objects.all().delete()
    return adopt_all()


def follow(event: Event) -> None:
    """A public version was made one of another story: the ledger goes with it."""
    assert isinstance(event, ArticlePublished)
    if "translation_key" in event.changed and not event.first:
        for before, story in _strayed().filter(page_id=event.article_id).values_list("story", "page__translation_key"):
            _follow(before, story)


@transaction.atomic
def _follow(before: UUID, story: UUID) -> int:
    """Rows whose pages went from one story to another go together; what is left without its source gets another."""
    moved = list(
        LanguageVersion.objects.filter(story=before, page__translation_key=story).values_list("page_id", flat=True)
    )
    for page_id in moved:
        ledger.move(page_id, before, story)
    LanguageVersion.objects.filter(story=before, source_id__in=moved).update(source=None)
    ledger.note_deleted(before)
    parted = LanguageVersion.objects.filter(page_id__in=moved, is_translation=True)
    parted.exclude(source__translation_key=story).update(**ledger.WITHOUT_SOURCE)
    adopt_story(story)
    if ArticlePage.objects.filter(translation_key=story).count() == 1:
        LanguageVersion.objects.filter(story=story).delete()
    return len(moved)


@transaction.atomic
def adopt_story(story: UUID) -> int:
    """The story's versions that the ledger does not know, or takes for a second source. The number of versions.

    The oldest article is taken for what the others were made from, where the ledger knows no other.
    """
    pages = list(ArticlePage.objects.filter(translation_key=story).order_by("pk"))
    known = {one.page_id: one for one in LanguageVersion.objects.filter(story=story)}
    if len(pages) < 2:
        return 0
    source = next((one for one in pages if one.pk in known and not known[one.pk].is_translation), pages[0])
    waiting = [page for page in pages if page.pk not in known or not known[page.pk].is_translation]
    waiting = [page for page in waiting if page.pk != source.pk]
    for page in waiting:
        ledger.adopt(ledger.draft(page), ledger.current(source))
    ledger.begin_source(source)
    return len(waiting) + (source.pk not in known)


def _strayed() -> QuerySet[LanguageVersion]:
    """Rows whose page has been given to another story."""
    return LanguageVersion.objects.select_related("page", "source").exclude(story=F("page__translation_key"))


def _unknown_stories() -> list[UUID]:
    article = ContentType.objects.get_for_model(ArticlePage)
    known = LanguageVersion.objects.filter(page_id=OuterRef("pk"))
    others = Page.objects.filter(translation_key=OuterRef("translation_key")).exclude(pk=OuterRef("pk"))
    found = Page.objects.filter(~Exists(known), Exists(others), content_type=article)
    return list(dict.fromkeys(found.order_by("pk").values_list("translation_key", flat=True)[:AT_ONCE]))
