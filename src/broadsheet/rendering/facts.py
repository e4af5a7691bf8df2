"""What machines are told of an article wherever it is described: page head, structured data, feeds, sitemaps."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from babel import Locale
from babel.core import get_global
from django.conf import settings
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from broadsheet.articles import addresses
from broadsheet.articles.models import Edition
from broadsheet.articles.projection import PublishedArticle
from broadsheet.media.pictures import Picture

# XML 1.0, section 2.2; lone surrogates can arrive through JSON.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean_text(text: str) -> str:
    """The text without the characters that XML 1.0 forbids and UTF-8 cannot hold."""
    return _ILLEGAL.sub("", text)


def cut(text: str, longest: int) -> str:
    """The text in one line of at most `longest` characters, ended at a word and with an ellipsis where it was cut."""
    line = " ".join(clean_text(text).split())
    if len(line) <= longest:
        return line
    head = line[:longest]
    words = head[: head.rfind(" ")] if " " in head else head[:-1]
    # Never between a letter and its accents.
    while unicodedata.combining(line[len(words)]) and words:
        words = words[:-1]
    return words.rstrip(" ,;:–—-") + "…"


def article_path(row: PublishedArticle) -> str:
    """The article's path; its section must have been read with it."""
    return addresses.article_path(row.language, row.section.slug, row.slug)


def changed_at(row: PublishedArticle) -> datetime:
    """When the story last changed in a way that readers are told of: first published, updated or corrected."""
    corrected = (datetime.fromisoformat(correction["at"]) for correction in row.corrections)
    moments = [min(moment, row.modified_at) for moment in corrected]
    return max([row.published_at, *moments, *([row.updated_at] if row.updated_at else [])])


def picture_of(row: PublishedArticle) -> Picture | None:
    return Picture.from_json(row.picture) if row.picture else None


def holder(edition: Edition) -> str:
    """Who holds the copyright of the edition's stories."""
    return edition.copyright_holder or edition.publication_name


def copyright_notice(edition: Edition, year: int) -> str:
    return f"© {year} {holder(edition)}"


def year_of(moment: datetime) -> int:
    """The year on the site's own calendar."""
    return moment.astimezone(settings.CONFIG.zone).year


def reuse_rule(edition: Edition) -> str:
    """The edition's rule for those who reuse its stories; `{site}` in it stands for the hyperlink to the site."""
    return edition.reuse_rule or _("Any use of materials is allowed only if there is a hyperlink to {site}")


def reuse_text(edition: Edition) -> str:
    """The rule as plain text: the site is named with its address."""
    front = addresses.absolute(addresses.front_path(edition.language))
    return reuse_rule(edition).replace("{site}", f"{edition.publication_name} ({front})")


def reuse_html(edition: Edition) -> Markup:
    """The rule as HTML, with the hyperlink that it speaks of."""
    front = addresses.absolute(addresses.front_path(edition.language))
    link = Markup('<a href="{}"><bdi>{}</bdi></a>').format(front, edition.publication_name)
    return escape(reuse_rule(edition)).replace("{site}", link)


def territory_locale(language: str) -> str:
    """The language with the territory that most of its readers live in, as Open Graph wants it: `az_AZ`."""
    locale = Locale.parse(language, sep="-")
    if locale.territory:
        return f"{locale.language}_{locale.territory}"
    known = get_global("likely_subtags")
    name = "_".join(filter(None, [locale.language, locale.script]))
    likely = known.get(name) or known.get(locale.language) or ""
    territory = likely.rsplit("_", 1)[-1]
    return f"{locale.language}_{territory}" if len(territory) == 2 and territory.isupper() else locale.language
