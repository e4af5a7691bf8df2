"""Makes a story's translations: drafts in the counterpart sections, with the ledger of what they were made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from wagtail.signals import copy_for_translation_done

from broadsheet.articles.models import ArticlePage, SectionPage

from . import ledger, pieces, places
from .counterparts import Counterparts, related_of
from .places import Destination

# Taken over as they are: the same in every language, or translated by hand later.
_COPIED = (*pieces.FIELDS, "picture_id")


@dataclass(frozen=True)
class Made:
    """What became of one language: the draft, or why there is none; names that were made or left out."""

    destination: Destination
    page: ArticlePage | None = None
    state: str = ""
    made: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def translate(source: ArticlePage, languages: Iterable[str], user: Any, *, with_sections: bool = False) -> list[Made]:
    """Drafts of the story in the languages; each is made wholly or not at all.

    `with_sections`: missing counterparts of the section are made, where the person may. Raises PermissionDenied for a
    source that the person may not read.
    """
    places.check_source(user, source)
    wanted = set(languages)
    return [
        _translate(source, destination, user, with_sections)
        for destination in places.destinations(source, user)
        if destination.language in wanted
    ]


def _translate(source: ArticlePage, destination: Destination, user: Any, with_sections: bool) -> Made:
    try:
        with transaction.atomic():
            place = destination.place
            if destination.state == places.NO_SECTION and with_sections and destination.may_make:
                place = places.make_section(source, destination, user)
            elif destination.state != places.POSSIBLE:
                return Made(destination, destination.page, destination.state)
            assert isinstance(place, SectionPage)
            return _make(source, destination, place, user)
    except PermissionDenied:
        return Made(destination, None, places.NOT_ALLOWED)
    except IntegrityError:
        # Somebody else made it in the same moment: the database keeps one page a story and language.
        return Made(destination, _standing(source, destination), places.EXISTS)


def _make(source: ArticlePage, destination: Destination, place: SectionPage, user: Any) -> Made:
    original = ledger.current(source)
    found = Counterparts(destination.locale, user)
    raw = pieces.raw_body(original)
    page = ArticlePage(
        **{name: getattr(original, name) for name in _COPIED},
        body=found.body(raw),
        locale=destination.locale,
        translation_key=source.translation_key,
        live=False,
        owner=user,
    )
    for author in found.authors([one.author for one in original.bylines.all()]):
        page.bylines.create(author=author)
    for topic in found.topics([one.topic for one in original.topic_links.all()]):
        page.topic_links.create(topic=topic)
    for story_id in found.stories(related_of(original)):
        page.related_links.create(story_id=story_id)
    place.add_child(instance=page)
    page.save_revision(user=user, log_action="wagtail.copy_for_translation", clean=False)
    kept = {str(block["id"]) for block in pieces.raw_body(page)}
    left_out = [pieces.BODY + str(block["id"]) for block in raw if str(block["id"]) not in kept]
    ledger.begin(page, original, left_out=left_out)
    copy_for_translation_done.send(sender=ArticlePage, source_obj=source, target_obj=page)
    return Made(destination, page, places.POSSIBLE, tuple(found.made), tuple(found.missing))


def _standing(source: ArticlePage, destination: Destination) -> ArticlePage | None:
    found: ArticlePage | None = ArticlePage.objects.filter(
        translation_key=source.translation_key, locale=destination.locale
    ).first()
    return found
