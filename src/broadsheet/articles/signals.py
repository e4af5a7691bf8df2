"""The one module that listens to Wagtail: every change of published things becomes a projection row and an event."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import copy_for_translation_done, page_published, page_unpublished, post_page_move

from broadsheet import events
from broadsheet.media import publishing
from broadsheet.media.models import NewsImage
from broadsheet.outbox import services as outbox
from broadsheet.translations.models import ScriptWord

from . import addresses, changes, groups, portraits, published, stand_ins, totals
from .models import ArticlePage, Author, Edition, HomePage, PolicyPage, SectionPage, Topic

# Where a receiver leaves what readers saw of a thing before it was saved, for the receiver that tells what changed.
_BEFORE = "_seen_before"


@receiver(page_published, sender=ArticlePage)
def note_published(sender: type, instance: ArticlePage, **kwargs: Any) -> None:
    """Write the projection and record the event, in the transaction of the publish; an old address leads on."""
    if not instance.live:
        return  # Wagtail sends this signal also for what is only scheduled.
    with transaction.atomic():
        _record_rewritten(instance, changes.look_at_story(instance.pk))


@receiver(copy_for_translation_done)
def note_translated(sender: type, source_obj: Any, target_obj: Any, **kwargs: Any) -> None:
    """A translation was begun: the version that it was made from is the original, unless another one is known."""
    if isinstance(target_obj, ArticlePage):
        groups.note_original(source_obj)


def _record_rewritten(page: ArticlePage, before: changes.Story | None) -> None:
    event = published.write(page, before)
    outbox.record(event)
    stand_ins.settle({page.translation_key})
    if before is not None and {"section", "slug"} & set(event.changed):
        section = SectionPage.objects.get(pk=before.facts["section"])
        _record_move("article", page, addresses.article_path(page.language, section.slug, before.facts["slug"]))


@receiver(page_unpublished, sender=ArticlePage)
def note_retracted(sender: type, instance: ArticlePage, **kwargs: Any) -> None:
    """Unpublished, expired or deleted: out of the projection."""
    with transaction.atomic():
        event = published.retract(instance)
        if event is not None:
            outbox.record(event)
            stand_ins.settle({instance.translation_key})


@receiver(pre_save, sender=HomePage)
@receiver(pre_save, sender=SectionPage)
@receiver(pre_save, sender=PolicyPage)
@receiver(pre_save, sender=Author)
@receiver(pre_save, sender=Topic)
@receiver(pre_save, sender=Edition)
@receiver(pre_save, sender=NewsImage)
def look_before(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Remember what readers see of the thing until it is saved."""
    setattr(instance, _BEFORE, changes.look(sender, instance.pk))


def _changed(sender: type[Model], instance: Any) -> tuple[str, ...]:
    """What readers see otherwise since `look_before`; where nobody looked, everything."""
    before = instance.__dict__.pop(_BEFORE, None)
    return changes.compare(sender, before, changes.look(sender, instance.pk))


@receiver(page_published)
@receiver(page_unpublished)
def note_page_changed(sender: type[Model], instance: Page, signal: Any, **kwargs: Any) -> None:
    """Fronts, sections and pages about the newsroom: published, published again or retracted."""
    if sender not in changes.SHOWN:
        return
    if signal is page_unpublished:
        outbox.record(_page_event(instance, changes.SHOWN[sender]))
    elif instance.live:
        outbox.record(_page_event(instance, _changed(sender, instance)))


def _page_event(page: Any, changed: tuple[str, ...], **lists: events.Places) -> events.Event:
    if isinstance(page, HomePage):
        return events.FrontChanged(page.language, page.pk, changed)
    key = str(page.translation_key)
    if isinstance(page, SectionPage):
        return events.SectionChanged(page.pk, page.language, key, changed, **lists)
    return events.PolicyPageChanged(page.pk, page.language, key, changed)


@receiver(post_page_move)
def note_moved(sender: type, instance: Page, parent_page_before: Page, parent_page_after: Page, **kwargs: Any) -> None:
    """A page moved: an article has a new address and new lists, a section another place in the menus."""
    page = instance.specific
    moved = parent_page_before.pk != parent_page_after.pk
    if isinstance(page, ArticlePage):
        if moved:
            _article_moved(page)
    elif isinstance(page, SectionPage) and moved:
        _section_moved(page, parent_page_before.specific, parent_page_after.specific)
    elif type(page) in changes.SHOWN and page.live:
        outbox.record(_page_event(page, ("path",)))


def _article_moved(page: ArticlePage) -> None:
    before = changes.look_at_story(page.pk)
    if before is not None:
        with transaction.atomic():
            _record_rewritten(page, before)


def _section_moved(page: SectionPage, before: Page, after: Page) -> None:
    """Its stories leave the lists of the sections that were above it for those of the sections that are now."""
    above, now_above = _sections_above(before), _sections_above(after)
    with transaction.atomic():
        published.move_section(page.pk, above - now_above, now_above - above)
        entered, left = _at_the_top(now_above - above), _at_the_top(above - now_above)
        outbox.record(_page_event(page, ("path",), entered=entered, left=left))


def _sections_above(page: Page) -> set[int]:
    return set(published.ancestors(page)) if isinstance(page, SectionPage) else set()


def _at_the_top(section_ids: set[int]) -> events.Places:
    return {f"section:{one}": 0 for one in section_ids}


def _record_move(kind: str, page: Any, old_path: str) -> None:
    published.retire(old_path, page)
    outbox.record(events.AddressChanged(kind, page.pk, page.language, old_path, page.public_path))


@receiver(pre_save, sender=SectionPage)
@receiver(pre_save, sender=PolicyPage)
def note_slug_changed(sender: type, instance: SectionPage | PolicyPage, **kwargs: Any) -> None:
    """A public section's or page's slug changed: the old path leads on. Wagtail's own signal comes after the commit."""
    before = type(instance).objects.filter(pk=instance.pk, live=True).first() if instance.pk else None
    if before is not None and before.slug != instance.slug:
        _record_move("section" if sender is SectionPage else "page", instance, before.public_path)


@receiver(pre_save, sender=Author)
@receiver(pre_save, sender=Topic)
def note_renamed(sender: type, instance: Author | Topic, **kwargs: Any) -> None:
    """An author's or topic's slug changed: the old path leads on to the new one."""
    before = type(instance)._default_manager.filter(pk=instance.pk).first() if instance.pk else None
    if before is not None and before.slug != instance.slug:
        published.retire(before.public_path, None, target=instance.public_path)


@receiver([post_save, post_delete], sender=Author)
def note_author(sender: type[Model], instance: Author, **kwargs: Any) -> None:
    if kwargs["signal"] is post_save:
        portraits.publish_portrait(instance)
    else:
        publishing.release(portraits.author_owner(instance.pk))
    _record_named(events.AuthorChanged, instance, kwargs)


@receiver([post_save, post_delete], sender=Topic)
def note_topic(sender: type[Model], instance: Topic, **kwargs: Any) -> None:
    _record_named(events.TopicChanged, instance, kwargs)


def _record_named(
    event: type[events.AuthorChanged] | type[events.TopicChanged], named: Author | Topic, kwargs: dict[str, Any]
) -> None:
    """Nobody sees an author or topic before a story names them: that they are new is no change."""
    is_new = kwargs.get("created", False)
    changed = _changed(type(named), named) if kwargs["signal"] is post_save else changes.SHOWN[type(named)]
    outbox.record(event(named.pk, named.language, str(named.translation_key), () if is_new else changed))


@receiver(post_delete, sender=SectionPage)
@receiver(post_delete, sender=Author)
@receiver(post_delete, sender=Topic)
def forget_total(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    kind = "section" if sender is SectionPage else sender.__name__.lower()
    totals.forget(f"{kind}:{instance.pk}")


@receiver([post_save, post_delete], sender=Edition)
def note_edition(sender: type[Model], instance: Edition, **kwargs: Any) -> None:
    if kwargs["signal"] is post_save:
        portraits.publish_logos(instance)
        changed = _changed(sender, instance)
    else:
        publishing.release(portraits.edition_owner(instance.pk))
        changed = changes.SHOWN[sender]
    outbox.record(events.EditionChanged(instance.language, changed))


@receiver([post_save, post_delete], sender=ScriptWord)
def note_script_word(sender: type[Model], instance: ScriptWord, **kwargs: Any) -> None:
    outbox.record(events.ScriptWordsChanged(instance.variant))


@receiver(post_save, sender=NewsImage)
def note_image(sender: type[Model], instance: NewsImage, **kwargs: Any) -> None:
    outbox.record(events.ImageChanged(instance.pk, _changed(sender, instance)))


@receiver(pre_delete, sender=NewsImage)
def note_image_deleted(sender: type, instance: NewsImage, **kwargs: Any) -> None:
    """Portraits and logos go with the image; stories keep their public files until they are published without it."""
    for author in Author.objects.filter(portrait=instance):
        changed = ("portrait_id",)
        outbox.record(events.AuthorChanged(author.pk, author.language, str(author.translation_key), changed))
    for field in ("logo_light", "logo_dark"):
        for edition in Edition.objects.filter(**{field: instance}):
            outbox.record(events.EditionChanged(edition.language, (f"{field}_id",)))
