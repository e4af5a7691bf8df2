"""Slugs: the last part of an address, in ASCII, made from a headline by the language's own transliteration."""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 80

# Addresses of the site itself below /{language}/; no section or page may be called so.
RESERVED = frozenset(
    {
        "search",
        "author",
        "authors",
        "topic",
        "topics",
        "archive",
        "offline",
        "not-found",
        "print",
        "page",
        "feed",
        "atom",
        "static",
    }
    | {
        "news-sitemap",
        "sitemap",
        "manifest",
        "robots",
        "pictures",
        "media",
        "healthz",
        "preview",
        "admin",
        "api",
    }
)

_TABLES: dict[str, dict[str, str]] = {
    "az": {"ə": "e", "ı": "i", "ö": "o", "ü": "u", "ç": "c", "ş": "s", "ğ": "g"},
    "tr": {"ı": "i", "ö": "o", "ü": "u", "ç": "c", "ş": "s", "ğ": "g"},
    "ru": {
        **dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True)),
        "ё": "e",
        "ж": "zh",
        "х": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "shch",
        "ъ": "",
        "ь": "",
        "ю": "yu",
        "я": "ya",
    },
    "hy": {
        "ա": "a",
        "բ": "b",
        "գ": "g",
        "դ": "d",
        "ե": "e",
        "զ": "z",
        "է": "e",
        "ը": "y",
        "թ": "t",
        "ժ": "zh",
        "ի": "i",
        "լ": "l",
        "խ": "kh",
        "ծ": "ts",
        "կ": "k",
        "հ": "h",
        "ձ": "dz",
        "ղ": "gh",
        "ճ": "ch",
        "մ": "m",
        "յ": "y",
        "ն": "n",
        "շ": "sh",
        "ո": "o",
        "չ": "ch",
        "պ": "p",
        "ջ": "j",
        "ռ": "r",
        "ս": "s",
        "վ": "v",
        "տ": "t",
        "ր": "r",
        "ց": "ts",
        "ւ": "v",
        "փ": "p",
        "ք": "k",
        "օ": "o",
        "ֆ": "f",
        "և": "ev",
        "ու": "u",
    },
    "fa": {
        "ا": "a",
        "آ": "a",
        "ب": "b",
        "پ": "p",
        "ت": "t",
        "ث": "s",
        "ج": "j",
        "چ": "ch",
        "ح": "h",
        "خ": "kh",
        "د": "d",
        "ذ": "z",
        "ر": "r",
        "ز": "z",
        "ژ": "zh",
        "س": "s",
        "ش": "sh",
        "ص": "s",
        "ض": "z",
        "ط": "t",
        "ظ": "z",
        "ع": "a",
        "غ": "gh",
        "ف": "f",
        "ق": "q",
        "ک": "k",
        "ك": "k",
        "گ": "g",
        "ل": "l",
        "م": "m",
        "ن": "n",
        "و": "v",
        "ه": "h",
        "ی": "y",
        "ي": "y",
        "ئ": "y",
        "أ": "a",
        "ؤ": "v",
        "ء": "",
        "ة": "h",
        "\u200c": "-",
    },
}
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_ADDRESS_PART = re.compile(r"[a-z0-9][a-z0-9_-]{0,119}")


def make_slug(headline: str, language: str, fallback: str = "story") -> str:
    """A readable ASCII slug of at most 80 characters, cut at a word; `fallback` where the headline has no letters."""
    text = (
        unicodedata.normalize("NFC", headline).replace("İ", "i").replace("I", "ı" if language in {"az", "tr"} else "i")
    )
    text = text.lower()
    table = _TABLES.get(language.split("-")[0], {})
    for many in (key for key in table if len(key) > 1):
        text = text.replace(many, table[many])
    latin = anyascii("".join(table.get(letter, letter) for letter in text)).lower()
    slug = _NOT_WORD.sub("-", latin.replace("'", "").replace("’", "")).strip("-")
    if len(slug) > LONGEST:
        slug = slug[: LONGEST + 1].rsplit("-", 1)[0][:LONGEST].strip("-")
    return slug or fallback


def is_reserved(slug: str, languages: tuple[str, ...]) -> bool:
    """Whether the slug would hide one of the site's own addresses."""
    return slug in RESERVED or slug in {language.lower() for language in languages}


def check_not_reserved(slug: str, languages: tuple[str, ...]) -> None:
    """Raises ValidationError when the slug would hide one of the site's own addresses."""
    if is_reserved(slug, languages):
        raise ValidationError(
            {"slug": _("“%(slug)s” is an address of the site itself: choose another.") % {"slug": slug}}
        )


def check_address_part(slug: str) -> None:
    """Raises ValidationError for a slug that no address of ours could hold."""
    if not _ADDRESS_PART.fullmatch(slug):
        raise ValidationError(
            {"slug": _("Use small Latin letters, digits and hyphens, 120 at most; begin with a letter or digit.")}
        )
