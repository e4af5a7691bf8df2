"""Where a translation would stand, and whether this person may write it: asked of the source and of the destination."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from wagtail.models import Locale, Page

from broadsheet.articles import groups
from broadsheet.articles.models import ArticlePage, HomePage, NewsPage, SectionPage
from broadsheet.translations.languages import direction, own_name

from ..policies import visible

RIGHT = "simple_translation.submit_translation"
# What can be said of a language: it can be made, it is there, or what is in the way.
POSSIBLE, EXISTS, NO_SECTION, NO_FRONT, NOT_ALLOWED = "possible", "exists", "no_section", "no_front", "not_allowed"


@dataclass(frozen=True)
class Destination:
    """A language, and what is to be said of a translation into it.

    `place` is the counterpart section; for `no_section` the nearest place above it that there is, in which `may_make`
    says whether the person could make the section.
    """

    locale: Locale
    state: str
    place: Page | None = None
    page: ArticlePage | None = None
    may_make: bool = False

    @property
    def language(self) -> str:
        return str(self.locale.language_code)

    @property
    def name(self) -> str:
        return own_name(self.language)

    @property
    def direction(self) -> str:
        return direction(self.language)


def may_translate(user: Any, source: Page) -> bool:
    """Whether the person may read the source and translate at all."""
    return bool(user.has_perm(RIGHT) and visible(Page.objects.filter(pk=source.pk), user).exists())


def check_source(user: Any, source: Page) -> None:
    """Raises PermissionDenied for a source that the person may not read, and for who may not translate."""
    if not may_translate(user, source):
        raise PermissionDenied


def may_write_in(user: Any, place: Page) -> bool:
    """Whether the person may add stories to the section."""
    return bool(place.permissions_for_user(user).can_add_subpage())


def destinations(source: ArticlePage, user: Any) -> list[Destination]:
    """Every other language in which the section publishes, in the site's order, with what is to be said of it."""
    locales = {one.language_code: one for one in Locale.objects.all()}
    places = _ancestors(source)
    members = {one.locale_id: one for one in ArticlePage.objects.translation_of(source)}
    return [
        _destination(locales[language], places, members.get(locales[language].pk), user)
        for language in groups.languages_of(source.section)
        if language in locales and locales[language].pk != source.locale_id
    ]


def make_section(source: ArticlePage, destination: Destination, user: Any) -> SectionPage:
    """The counterpart of the source's section as a draft, with its desk; sections above it are made, too."""
    if destination.state != NO_SECTION or not destination.may_make or destination.place is None:
        raise PermissionDenied
    place = destination.place
    for section in _missing(source, destination.locale):
        made = SectionPage(
            title=section.title,
            label=section.label,
            description=section.description,
            locale=destination.locale,
            translation_key=section.translation_key,
            live=False,
            owner=user,
        )
        place.add_child(instance=made)
        made.save_revision(user=user, log_action="wagtail.copy_for_translation", clean=False)
        place = made
    assert isinstance(place, SectionPage)
    return place


def _destination(locale: Locale, places: list[NewsPage], page: ArticlePage | None, user: Any) -> Destination:
    if page is not None:
        return Destination(locale, EXISTS, page=page)
    section = _counterpart(places[0], locale)
    if section is not None:
        state = POSSIBLE if may_write_in(user, section) else NOT_ALLOWED
        return Destination(locale, state, section)
    above = next((found for place in places[1:] if (found := _counterpart(place, locale))), None)
    if above is None:
        return Destination(locale, NO_FRONT)
    rights = above.permissions_for_user(user)
    may_make = bool(rights.can_add_subpage() and rights.can_edit())
    return Destination(locale, NO_SECTION, above, may_make=may_make)


def _ancestors(source: ArticlePage) -> list[NewsPage]:
    """The source's section, those above it, and its front: the nearest first."""
    above = source.get_ancestors().exclude(depth=1).order_by("-depth").specific()
    return [one for one in above if isinstance(one, (SectionPage, HomePage))]


def _counterpart(place: NewsPage, locale: Locale) -> Page | None:
    found: Page | None = (
        type(place)._default_manager.filter(translation_key=place.translation_key, locale=locale).first()
    )
    if found is None and isinstance(place, HomePage):
        # Fronts are one a language, whether or not anybody linked them.
        found = HomePage.objects.filter(locale=locale).order_by("path").first()
    return found


def _missing(source: ArticlePage, locale: Locale) -> list[SectionPage]:
    missing: list[SectionPage] = []
    for place in _ancestors(source):
        if _counterpart(place, locale) is not None:
            break
        assert isinstance(place, SectionPage)
        missing.insert(0, place)
    return missing


def possible(found: Iterable[Destination]) -> list[Destination]:
    """Those into which the person may translate now."""
    return [one for one in found if one.state == POSSIBLE]
