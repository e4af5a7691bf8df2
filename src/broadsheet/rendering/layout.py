"""What stands on every page round its content: name and logo, menus, languages, social addresses, footer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from markupsafe import Markup

from broadsheet.articles import addresses
from broadsheet.articles.models import Edition, SectionPage
from broadsheet.media.pictures import PictureFile
from broadsheet.translations import formats, languages, variants
from broadsheet.translations.transliteration import convert

from . import facts, reading
from .variants.links import with_variants


@dataclass(frozen=True)
class Link:
    """A link of a menu. `key` names an icon or a language, `inside` are the links below it."""

    label: str
    url: str
    key: str = ""
    inside: tuple[Link, ...] = ()


@dataclass(frozen=True)
class LanguageLink:
    """The way to another language: to the same thing there, or to that language's front where it lacks the thing.

    `words` say which of the two, `front_words` where it leads otherwise, and `dismiss` names the button that puts the
    offer away: all in that language.
    """

    key: str
    label: str
    url: str
    has_this: bool
    words: str
    front_words: str
    dismiss: str


@dataclass(frozen=True)
class Layout:
    """All that header and footer show in one language."""

    language: str
    name: str
    tagline: str
    front: str
    logo_light: PictureFile | None
    logo_dark: PictureFile | None
    menu: tuple[Link, ...]
    sections: tuple[Link, ...]
    languages: tuple[LanguageLink, ...]
    social: tuple[Link, ...]
    apps: tuple[Link, ...]
    about: tuple[Link, ...]
    footer_text: str
    contact_text: str
    contact_email: str
    years: str
    holder: str
    reuse_rule: Markup


# The addresses an edition may have elsewhere: field of the edition, icon, name. Names of firms are not translated.
_SOCIAL = (
    ("x_url", "x", "X"),
    ("youtube_url", "youtube", "YouTube"),
    ("instagram_url", "instagram", "Instagram"),
    ("facebook_url", "facebook", "Facebook"),
    ("telegram_url", "telegram", "Telegram"),
)
_APPS = (("app_store_url", "apple", "App Store"), ("google_play_url", "play", "Google Play"))


def load(language: str, switch: Sequence[tuple[str, str]] = ()) -> Layout:
    """The layout of a page that stands in other languages at these paths, given as pairs of language and path.

    Raises PageMissing when the language has no edition.
    """
    edition = reading.layout(language)
    sections = section_links(language)
    about = tuple(Link(one.title, one.public_path) for one in reading.policy_pages(language))
    return Layout(
        language=language,
        name=edition.publication_name,
        tagline=edition.tagline,
        front=addresses.front_path(language),
        logo_light=reading.logo(edition.logo_light),
        logo_dark=reading.logo(edition.logo_dark),
        menu=tuple(_menu(edition.header_menu, language)) or sections,
        sections=sections,
        languages=_language_links(language, dict(switch)),
        social=_named_links(edition, _SOCIAL),
        apps=_named_links(edition, _APPS),
        about=tuple(_menu(edition.footer_menu, language)) or about,
        footer_text=edition.footer_text,
        contact_text=edition.contact_text,
        contact_email=edition.contact_email,
        years=_years(edition, language),
        holder=facts.holder(edition),
        reuse_rule=facts.reuse_html(edition),
    )


def section_links(language: str) -> tuple[Link, ...]:
    """The sections at the top, each with those inside it; a link's key is its section's id."""
    known = list(reading.sections(language).values())
    below = {
        one.pk: [other for other in known if other.path != one.path and other.path.startswith(one.path)]
        for one in known
    }
    nested = {other.pk for others in below.values() for other in others}
    return tuple(_section_link(one, below[one.pk]) for one in known if one.pk not in nested)


def links_inside(section: SectionPage, language: str) -> tuple[Link, ...]:
    """The sections inside a section, whatever stands above it."""
    known = reading.sections(language).values()
    return tuple(_section_link(one) for one in known if one.path != section.path and one.path.startswith(section.path))


def seconds_of_the_year_left(now: datetime | None = None) -> int:
    """How long a page that shows the year may be kept: until the year ends in the site's zone, at least a second."""
    here = (now or timezone.now()).astimezone(settings.CONFIG.zone)
    next_year = datetime(here.year + 1, 1, 1, tzinfo=settings.CONFIG.zone)
    return max(1, int((next_year - here) / timedelta(seconds=1)))


def _language_links(here: str, paths: Mapping[str, str]) -> tuple[LanguageLink, ...]:
    """The languages by their own names: to the same thing in each, else to that language's front."""
    found = dict(with_variants(paths.items()))
    fronts = with_variants((code, addresses.front_path(code)) for code in reading.editions())
    return tuple(_language_link(code, found.get(code, ""), front, is_here=code == here) for code, front in fronts)


def _language_link(code: str, path: str, front: str, *, is_here: bool) -> LanguageLink:
    with translation.override(code):
        if path or is_here:
            words = _("This page is also available in your language:")
        else:
            words = _("This page is not available in your language. To its front page:")
        front_words, dismiss = _("To the front page"), _("Close")
    variant = variants.named(code)
    if variant is not None:
        # Translations are in the letters of the base.
        words, front_words, dismiss = (convert(text, variant.rule) for text in (words, front_words, dismiss))
    return LanguageLink(
        key=code,
        label=languages.own_name(code),
        url=path or front,
        has_this=bool(path) or is_here,
        words=words,
        front_words=front_words,
        dismiss=dismiss,
    )


def _section_link(section: SectionPage, inside: Sequence[SectionPage] = ()) -> Link:
    return Link(section.title, section.public_path, str(section.pk), tuple(_section_link(one) for one in inside))


def _menu(menu: Any, language: str) -> Iterator[Link]:
    """An edited menu, without links to pages that are not public. Read from its stored form: no query for each page."""
    wanted = list(menu.raw_data) if menu else []
    pages = _page_links(language, [child["value"] for child in wanted if child["type"] == "page"])
    for child in wanted:
        if child["type"] == "link":
            yield Link(child["value"]["label"], child["value"]["url"])
        elif child["value"] in pages:
            yield pages[child["value"]]


def _page_links(language: str, page_ids: list[int]) -> dict[int, Link]:
    if not page_ids:
        return {}
    known = {one.pk: _section_link(one) for one in reading.sections(language).values()}
    known.update({one.pk: Link(one.title, one.public_path) for one in reading.policy_pages(language)})
    home = reading.home_in_menus(language)
    known[home.pk] = Link(home.title, home.public_path)
    others = [one for one in page_ids if one not in known]
    known.update(
        {card.id: Link(card.short_headline, card.path) for card in reading.cards_by_id(others, language).values()}
    )
    return known


def _named_links(edition: Edition, fields: tuple[tuple[str, str, str], ...]) -> tuple[Link, ...]:
    return tuple(Link(name, url, key) for field, key, name in fields if (url := getattr(edition, field)))


def _years(edition: Edition, language: str) -> str:
    now = timezone.now().astimezone(settings.CONFIG.zone).year
    since = edition.founded_year
    years = f"{since}–{now}" if since and since < now else str(now)
    return formats.native_digits(years, language)
