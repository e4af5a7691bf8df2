"""Takes versions into the ledger that were made elsewhere: by an import, the demo, Wagtail's own copying."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from broadsheet.articles.models import ArticlePage
from broadsheet.events import ArticlePublished, Event
from broadsheet.outbox.rounds import Rounds

from ..models import LanguageVersion, SourceText
from . import ledger

AT_ONCE = 200


def adopt_some() -> None:
    """One turn of a round an hour: an archive that was moved in may hold very many versions."""
    for _ in _rounds.turn():
        pass


def adopt_all() -> int:
    """Every version that the ledger does not know, or knows in another story; the number of versions."""
    return sum(go_round())


def go_round() -> Iterator[int]:
    """One step after the other, each with the number of versions that it took in."""
    for first, last in _windows(LanguageVersion):
        moves = _strayed().filter(pk__gte=first, pk__lte=last).values_list("story", "page__translation_key")
        yield sum(_follow(before, story) for before, story in set(moves))
    for keys in _unknown_stories():
        yield 0
        for key in keys:
            yield adopt_story(key)


_rounds = Rounds(go_round, every_s=60 * 60, turn_s=0.2)


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


def _unknown_stories() -> Iterator[list[UUID]]:
    """Those with versions that the ledger does not know, from the oldest article on."""
    known = LanguageVersion.objects.filter(page_id=OuterRef("pk"))
    others = ArticlePage.objects.filter(translation_key=OuterRef("translation_key")).exclude(pk=OuterRef("pk"))
    for first, last in _windows(ArticlePage):
        found = ArticlePage.objects.filter(~Exists(known), Exists(others), pk__gte=first, pk__lte=last)
        yield list(dict.fromkeys(found.order_by("pk").values_list("translation_key", flat=True)))


def _windows(model: type[ArticlePage] | type[LanguageVersion]) -> Iterator[tuple[int, int]]:
    """The first and the last key of some hundred rows, one window after the other: no step reads a whole table."""
    last = 0
    while keys := list(
        model._default_manager.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    ):
        last = keys[-1]
        yield keys[0], last
