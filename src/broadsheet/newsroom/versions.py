"""What may be done to the language versions of a story together: each act asks for the right to each of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from broadsheet.articles import groups
from broadsheet.articles.errors import GroupRefused
from broadsheet.articles.models import ArticlePage, SectionPage
from broadsheet.translations.languages import own_name

from .policies import led_locales, visible


@dataclass(frozen=True)
class Version:
    """A version as the page of languages shows it; `goes_live_at` is when it is scheduled for."""

    page: ArticlePage
    language: str
    state: str
    goes_live_at: datetime | None
    may_publish: bool
    may_retract: bool

    @property
    def name(self) -> str:
        return own_name(self.language)


def of(page: ArticlePage, user: Any) -> list[Version]:
    """The versions of the story that the user may see, in the site's order."""
    shown = set(visible(Page.objects.filter(translation_key=page.translation_key), user).values_list("pk", flat=True))
    found = [one for one in groups.members(page) if one.pk in shown]
    waiting = dict(
        Revision.objects.filter(object_id__in=[str(one.pk) for one in found], approved_go_live_at__isnull=False)
        .filter(base_content_type__model="page")
        .values_list("object_id", "approved_go_live_at")
    )
    return [_version(one, waiting.get(str(one.pk)), user) for one in found]


def _version(page: ArticlePage, goes_live_at: datetime | None, user: Any) -> Version:
    rights = page.permissions_for_user(user)
    state = "published" if page.live else "scheduled" if goes_live_at else "retracted" if page.last_published_at else ""
    return Version(page, page.language, state or "draft", goes_live_at, rights.can_publish(), rights.can_unpublish())


@transaction.atomic
def retract(pages: Sequence[ArticlePage], user: Any) -> None:
    """Retract these versions in one go. Raises GroupRefused, with nothing done, where the user may not retract one."""
    if not pages:
        raise GroupRefused(_("Choose at least one version."))
    refused = [own_name(one.language) for one in pages if not one.permissions_for_user(user).can_unpublish()]
    if refused:
        message = _("You may not retract the version in: %(languages)s. Nothing was retracted.")
        raise GroupRefused(message % {"languages": ", ".join(refused)})
    for one in pages:
        one.unpublish(user=user)


@transaction.atomic
def set_embargo(page: ArticlePage, moment: datetime | None, wanted: Iterable[int], user: Any) -> None:
    """One moment for all versions, and those of the ids scheduled for it. Raises GroupRefused."""
    versions = groups.members(page)
    _ask_for_all(versions, user)
    groups.set_embargo(page, moment)
    chosen = set(wanted)
    if moment is not None:
        groups.schedule([ArticlePage.objects.get(pk=one.pk) for one in versions if one.pk in chosen], user)


def set_original(page: ArticlePage, language: str, user: Any) -> None:
    """Raises GroupRefused, PermissionDenied."""
    _ask_for_all([page], user)
    groups.set_original(page, language)


def set_languages(section: SectionPage, languages: Iterable[str], user: Any) -> None:
    """Where the section publishes. Raises GroupRefused where a language changes that the user does not lead."""
    wanted, before = set(languages), set(groups.of(section.translation_key).languages)
    led = {language for language, pk in _locales().items() if user.is_superuser or pk in led_locales(user)}
    changed = (wanted or set(_locales())) ^ (before or set(_locales()))
    if changed - led:
        names = ", ".join(map(own_name, sorted(changed - led)))
        raise GroupRefused(_("You lead no edition in: %(languages)s. Nothing was changed.") % {"languages": names})
    groups.set_languages(section, languages)


def _locales() -> dict[str, int]:
    from django.conf import settings
    from wagtail.models import Locale

    known = Locale.objects.filter(language_code__in=settings.CONFIG.languages)
    return dict(known.values_list("language_code", "pk"))


def _ask_for_all(pages: Sequence[ArticlePage], user: Any) -> None:
    refused = [own_name(one.language) for one in pages if not one.permissions_for_user(user).can_publish()]
    if refused:
        message = _("You may not publish the version in: %(languages)s. Nothing was changed.")
        raise GroupRefused(message % {"languages": ", ".join(refused)})
