"""What articles do when other published things change."""

from __future__ import annotations

from broadsheet import events
from broadsheet.media.models import PictureUse
from broadsheet.outbox import services as outbox

from . import changes, portraits, published
from .models import ArticlePage, Author, Edition

# Facts of an image that stand in words alone; portraits and logos are shown without them.
_WORDS = {"title", "alt_text"}


def republish_pictures(event: events.ImageChanged) -> None:
    """An image's credit, words or focal point changed: write again what shows it, and tell of what is different."""
    owners = PictureUse.objects.filter(image_id=event.image_id, released_at=None).values_list("owner", flat=True)
    ids: dict[str, list[int]] = {"article": [], "author": [], "edition": []}
    for owner in owners:
        kind, _, owner_id = owner.partition(":")
        ids[kind].append(int(owner_id))
    for page in ArticlePage.objects.live().filter(pk__in=ids["article"]):
        rewritten = published.write(page, changes.look_at_story(page.pk))
        if set(rewritten.changed) - {"modified_at"}:
            outbox.record(rewritten)
    if not set(event.changed) <= _WORDS or not event.changed:
        _republish_portraits(ids["author"])
        _republish_logos(ids["edition"])


def _republish_portraits(author_ids: list[int]) -> None:
    for author in Author.objects.filter(pk__in=author_ids):
        portraits.publish_portrait(author)
        key = str(author.translation_key)
        outbox.record(events.AuthorChanged(author.pk, author.language, key, ("portrait_id",)))


def _republish_logos(edition_ids: list[int]) -> None:
    for edition in Edition.objects.filter(pk__in=edition_ids):
        portraits.publish_logos(edition)
        outbox.record(events.EditionChanged(edition.language, ("logo_light_id", "logo_dark_id")))
