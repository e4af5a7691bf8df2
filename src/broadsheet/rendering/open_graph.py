"""Open Graph and X card: how a page looks where it is shared (ogp.me, and the rules of the networks that read it)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from broadsheet.articles import addresses
from broadsheet.articles.models import Author, Topic
from broadsheet.articles.projection import PublishedArticle
from broadsheet.media.pictures import Picture

from . import facts
from .site import Site

Pairs = tuple[tuple[str, str], ...]
CARD_SIZE = (1200, 630)


@dataclass(frozen=True)
class SharePicture:
    """The picture that stands for a page: absolute address, size in pixels, what it shows, its type."""

    url: str
    width: int
    height: int
    alt: str
    content_type: str


def share_picture(site: Site, picture: Picture | None, *, alt: str) -> SharePicture:
    """The story's own picture in 1.91:1, else the language's share card."""
    file = picture.share.get("1.91:1") if picture else None
    if picture is None or file is None:
        url = addresses.absolute(addresses.share_card_path(site.language))
        return SharePicture(url, *CARD_SIZE, facts.cut(site.name, 420), "image/png")
    alt_text = facts.cut(picture.alt or alt, 420)
    return SharePicture(addresses.absolute(file.url), file.width, file.height, alt_text, "image/jpeg")


def page(
    site: Site, kind: str, name: str, description: str, url: str, share: SharePicture, languages: tuple[str, ...]
) -> Pairs:
    """The properties that every page has; `url` is its canonical address, `languages` are those of its versions."""
    own = facts.territory_locale(site.language)
    # Open Graph knows no scripts: two of one language are one locale.
    others = dict.fromkeys(map(facts.territory_locale, languages))
    others.pop(own, None)
    return (
        ("og:type", kind),
        ("og:title", facts.clean_text(name)),
        ("og:description", description),
        ("og:url", url),
        ("og:site_name", site.name),
        ("og:locale", own),
        *(("og:locale:alternate", other) for other in others),
        ("og:image", share.url),
        ("og:image:type", share.content_type),
        ("og:image:width", str(share.width)),
        ("og:image:height", str(share.height)),
        ("og:image:alt", share.alt),
    )


def story(site: Site, row: PublishedArticle, authors: Sequence[Author], topics: Sequence[Topic]) -> Pairs:
    """The properties of an article. Authors are named by the address of their page, as the protocol asks."""
    section = site.sections.get(row.section_id)
    publisher = site.edition.facebook_url
    return (
        ("article:published_time", iso(row.published_at)),
        ("article:modified_time", iso(facts.changed_at(row))),
        *((("article:section", section.title),) if section else ()),
        *(("article:author", addresses.absolute(author.public_path)) for author in authors),
        *(("article:tag", topic.name) for topic in topics),
        *((("article:publisher", publisher),) if publisher else ()),
    )


def card(site: Site, name: str, description: str, share: SharePicture) -> Pairs:
    """X's card with the large picture."""
    account = urlsplit(site.edition.x_url).path.strip("/").split("/")[0]
    return (
        ("twitter:card", "summary_large_image"),
        *((("twitter:site", f"@{account.removeprefix('@')}"),) if account else ()),
        ("twitter:title", facts.clean_text(name)),
        ("twitter:description", description),
        ("twitter:image", share.url),
        ("twitter:image:alt", share.alt),
    )


def iso(moment: datetime) -> str:
    """The moment in ISO 8601 with the site's own offset."""
    return moment.astimezone(settings.CONFIG.zone).isoformat(timespec="seconds")
