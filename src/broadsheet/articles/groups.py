"""Language versions that belong together: which is the original, one embargo for all, where a section publishes.

Everything that changes a group goes through here. A group is no more than pages that share a translation key, so it
cannot hold a cycle; Wagtail allows one page a language in it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from broadsheet import events
from broadsheet.outbox import services as outbox
from broadsheet.translations.languages import own_name

from . import changes, published, stand_ins
from .agreements import TranslationGroup
from .errors import GroupRefused, PublishRefused
from .models import ArticlePage, SectionPage


def of(translation_key: Any) -> TranslationGroup:
    """What is agreed for the group; nothing where nobody has agreed on anything."""
    found = TranslationGroup.objects.filter(translation_key=translation_key).first()
    return found or TranslationGroup(translation_key=translation_key)


def members(page: ArticlePage) -> list[ArticlePage]:
    """All versions of the story, drafts among them, in the order of the site's languages, others after them."""
    found = ArticlePage.objects.filter(translation_key=page.translation_key).select_related("locale")
    order = {language: place for place, language in enumerate(settings.CONFIG.languages)}
    return sorted(found, key=lambda one: (order.get(one.language, len(order)), one.language))


def check_may_publish(page: ArticlePage) -> None:
    """Raises PublishRefused where the story's section does not publish in its language.

    A story that is public already may be corrected whatever the section says now.
    """
    if page.live and page.last_published_at:
        return
    section = page.section
    if page.language not in (allowed := languages_of(section)):
        raise PublishRefused(
            _(
                "The section “%(section)s” does not publish in %(language)s, only in: %(allowed)s. The story stays a "
                "draft. Move it to another section, or have the section's languages changed."
            )
            % {
                "section": section.title,
                "language": own_name(page.language),
                "allowed": ", ".join(map(own_name, allowed)),
            }
        )


def languages_of(section: SectionPage) -> tuple[str, ...]:
    """The site's languages in which the section publishes: its own rule, else that of the nearest section above."""
    line = section.get_ancestors(inclusive=True).type(SectionPage).order_by("-depth")
    keys = list(line.values_list("translation_key", flat=True))
    rules = dict(TranslationGroup.objects.filter(translation_key__in=keys).values_list("translation_key", "languages"))
    chosen = next((rules[key] for key in keys if rules.get(key)), settings.CONFIG.languages)
    return tuple(language for language in settings.CONFIG.languages if language in chosen)


@transaction.atomic
def set_languages(section: SectionPage, languages: Iterable[str]) -> None:
    """Let the section publish in these languages, in every language version of it; none: wherever the one above does.

    Raises GroupRefused for a language that the site does not have.
    """
    wanted = list(dict.fromkeys(languages))
    unknown = [language for language in wanted if language not in settings.CONFIG.languages]
    if unknown:
        raise GroupRefused(_("This site has no language %(code)s.") % {"code": ", ".join(unknown)})
    _update(section.translation_key, languages=wanted)


@transaction.atomic
def set_original(page: ArticlePage, language: str) -> None:
    """Say which version is the original; empty: the one that was published first. Raises GroupRefused."""
    if language and language not in {one.language for one in members(page)}:
        raise GroupRefused(_("The story has no version in %(language)s.") % {"language": language})
    if of(page.translation_key).original != language:
        _update(page.translation_key, original=language)
        outbox.record(events.GroupChanged(str(page.translation_key), ("original",)))


def note_original(source: ArticlePage) -> None:
    """A translation was made of this version: unless another one is known to be the original, it is this one."""
    if not of(source.translation_key).original:
        _update(source.translation_key, original=source.language)


def embargo_of(translation_key: Any) -> datetime | None:
    """The moment before which no version may go public, where it is still to come."""
    until = of(translation_key).embargo_until
    return until if until and until > timezone.now() else None


def go_live_of(page: ArticlePage) -> datetime | None:
    """When the story may go public: its own moment, but not before that of all its versions."""
    until = None if page.live else embargo_of(page.translation_key)
    return max(filter(None, (page.go_live_at, until)), default=None)


def hold_back(page: ArticlePage, revision: Revision) -> None:
    """Write the group's embargo into a revision that is about to be published, so that it is scheduled instead.

    The revision's own moment stays where it is later. What is public already is not held back.
    """
    until = None if page.live else embargo_of(page.translation_key)
    if until is None:
        return
    own = revision.as_object().go_live_at
    if own is None or own < until:
        revision.content["go_live_at"] = until.isoformat()
        revision.save(update_fields=["content"])


@transaction.atomic
def set_embargo(page: ArticlePage, moment: datetime | None) -> list[ArticlePage]:
    """One moment for all versions; None: each has its own. Gives the versions whose schedule followed.

    Versions that are scheduled move with it; drafts wait for it when somebody publishes them. Raises GroupRefused
    where a version is public already, or the moment has passed.
    """
    versions = members(page)
    public = [one for one in versions if one.live]
    if moment is not None and public:
        names = ", ".join(own_name(one.language) for one in public)
        raise GroupRefused(_("Already public, so it can be held back no more: %(languages)s.") % {"languages": names})
    if moment is not None and moment <= timezone.now():
        raise GroupRefused(_("This moment has passed."))
    _update(page.translation_key, embargo_until=moment)
    return [one for one in versions if moment is not None and _move_schedule(one, moment)]


def _move_schedule(page: ArticlePage, moment: datetime) -> bool:
    revision = Revision.objects.for_instance(page).filter(approved_go_live_at__isnull=False).first()
    if revision is None:
        return False
    revision.content["go_live_at"] = moment.isoformat()
    revision.approved_go_live_at = moment
    revision.save(update_fields=["content", "approved_go_live_at"])
    ArticlePage.objects.filter(pk=page.pk).update(go_live_at=moment)
    return True


def schedule(pages: Sequence[ArticlePage], user: Any = None) -> None:
    """Publish the latest drafts of versions that wait for their group's embargo: each is scheduled for it."""
    for page in pages:
        revision = page.get_latest_revision() or page.save_revision(user=user)
        revision.publish(user=user)


@transaction.atomic
def link(page: ArticlePage, other: ArticlePage) -> None:
    """Make the story a version of the other one, with all that are versions of it already. Raises GroupRefused."""
    if page.translation_key == other.translation_key:
        raise GroupRefused(_("These two are versions of each other already."))
    ours, theirs = members(page), members(other)
    twice = {one.language for one in ours} & {one.language for one in theirs}
    if twice:
        raise GroupRefused(
            _(
                "Both have a version in %(languages)s already: a story has one version a language. Take one of them "
                "out of its set first."
            )
            % {"languages": ", ".join(map(own_name, sorted(twice)))}
        )
    kept, left = of(other.translation_key), of(page.translation_key)
    if left.embargo_until and not kept.embargo_until:
        _update(other.translation_key, embargo_until=left.embargo_until)
    TranslationGroup.objects.filter(translation_key=page.translation_key).delete()
    for one in ours:
        _give_key(one, other.translation_key)


@transaction.atomic
def unlink(page: ArticlePage) -> None:
    """Take the story out of its set: from now on it is a story of its own. Raises GroupRefused where it is alone."""
    others = [one for one in members(page) if one.pk != page.pk]
    if not others:
        raise GroupRefused(_("The story has no other versions."))
    group = of(page.translation_key)
    if group.original == page.language:
        _update(page.translation_key, original="")
    new = uuid.uuid4()
    if group.embargo_until:
        _update(new, embargo_until=group.embargo_until)
    _give_key(page, new)


def _give_key(page: ArticlePage, translation_key: Any) -> None:
    """Drafts hold the key, too: the next one that is published must not bring the old one back."""
    before, old = changes.look_at_story(page.pk), page.translation_key
    page.translation_key = translation_key
    Page.objects.filter(pk=page.pk).update(translation_key=translation_key)
    for revision in Revision.objects.for_instance(page).exclude(content__translation_key=str(translation_key)):
        revision.content["translation_key"] = str(translation_key)
        revision.save(update_fields=["content"])
    if before is not None:
        outbox.record(published.write(page, before))
        stand_ins.settle({old, translation_key})


def _update(translation_key: Any, **agreed: Any) -> None:
    TranslationGroup.objects.update_or_create(translation_key=translation_key, defaults=agreed)
