"""Slugs: the last part of an address, made from a headline by the language's own rules.

In Latin letters (`translations.romanization`), or in the language's script for editions that the settings name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from anyascii import anyascii
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from broadsheet.translations import letters
from broadsheet.translations.romanization import romanize_word

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

# No slug needs more of a headline; a longer one is no headline but an attack.
LONGEST_READ = 1000
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_SPACES = re.compile(r"\s+")
_APOSTROPHES = re.compile("['’‘ʻʼ`´]")
_ADDRESS_PART = re.compile(r"[a-z0-9][a-z0-9_-]{0,119}")
# Signs of scripts whose syllables are written with signs, which Python does not count among the letters of a word.
_SIGNS = r"\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
OWN_PART = rf"[^\W_][\w{_SIGNS}-]*"
_OWN_PART = re.compile(rf"[^\W_][\w{_SIGNS}-]{{0,119}}")
# Marks of format (direction among them), private and unassigned letters, symbols; emoji are symbols.
_UNREAD = frozenset({"Cf", "Co", "Cn", "Cs", "So", "Sk"})
# A Persian word is written in two parts that do not join; both are part of how it is read.
_JOINERS = frozenset({"\u200c", "`", "´"})
_SUFFIX = re.compile(r"-\d+$")
_DATED = re.compile(r"[a-z]+-\d{4}-\d{2}-\d{2}")
_SYLLABIC = (("\u0900", "\u0dff"), ("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff"))


def make_slug(headline: str, language: str, fallback: str = "story") -> str:
    """A readable slug of at most 80 characters, cut at a word; `fallback` where the headline has no letters.

    In Latin letters by the language's own rules, or in the language's script where the settings say so.
    """
    text = letters.lower(_visible(headline), language)
    is_own = language in settings.CONFIG.own_script_slugs
    parts = _own_words(text) if is_own else _latin_words(text, language)
    return _cut("-".join(filter(None, parts))) or fallback


def _visible(headline: str) -> str:
    """The beginning of the headline without what nobody reads: marks of direction, emoji, stacks of accents."""
    text = unicodedata.normalize("NFC", headline[:LONGEST_READ])
    kept = (letter for letter in text if letter in _JOINERS or unicodedata.category(letter) not in _UNREAD)
    return unicodedata.normalize("NFC", "".join(kept))


def _latin_words(text: str, language: str) -> Iterator[str]:
    chosen = {letter: latin for code, letter, latin in settings.CONFIG.slug_letters if code == language}
    for word in _SPACES.split(text):
        own = "".join(chosen.get(letter, letter) for letter in word)
        latin = anyascii(romanize_word(own, language)).lower()
        yield _NOT_WORD.sub("-", _APOSTROPHES.sub("", latin)).strip("-")


def _own_words(text: str) -> Iterator[str]:
    """The words in their own letters, in the one spelling in which the edge knows an address: small and NFC.

    Vowel signs stay where they are part of a syllable (as in Hindi or Thai); accents that stand apart are left out.
    """
    for word in _SPACES.split(_APOSTROPHES.sub("", text).replace("\u200c", "-").replace("\u200d", "")):
        kept = "".join(letter if letter.isalnum() or _belongs(letter) else "-" for letter in _without_loose(word))
        yield unicodedata.normalize("NFC", re.sub(r"-+", "-", kept).lower()).strip("-")


def _without_loose(word: str) -> str:
    return "".join(letter for letter in word if _belongs(letter) or unicodedata.category(letter)[0] != "M")


def _belongs(mark: str) -> bool:
    """Whether this is a sign of a script whose syllables are written with signs (Devanagari to Khmer)."""
    return unicodedata.category(mark)[0] == "M" and any(start <= mark <= end for start, end in _SYLLABIC)


def _cut(slug: str) -> str:
    if len(slug) > LONGEST:
        slug = slug[: LONGEST + 1].rsplit("-", 1)[0][:LONGEST].strip("-")
    return slug


def dated(kind: str) -> str:
    """What stands in place of a slug where a headline has no letters: readable, and made unique like any other."""
    return f"{kind}-{timezone.now().astimezone(settings.CONFIG.zone):%Y-%m-%d}"


def is_made(slug: str, headline: str, language: str) -> bool:
    """Whether this slug is one that we make of the headline, with or without a number that makes it unique."""
    made = make_slug(headline, language, fallback="")
    bare = _SUFFIX.sub("", slug)
    return made in {slug, bare} if made else bool(_DATED.fullmatch(bare) or _DATED.fullmatch(slug))


def is_reserved(slug: str, languages: tuple[str, ...]) -> bool:
    """Whether the slug would hide one of the site's own addresses, or begin like that of another edition."""
    return slug in RESERVED or slug in {code.lower() for code in (*languages, *_variants())}


def check_not_reserved(slug: str, languages: tuple[str, ...]) -> None:
    """Raises ValidationError when the slug would hide one of the site's own addresses."""
    if is_reserved(slug, languages):
        raise ValidationError(
            {"slug": _("“%(slug)s” is an address of the site itself: choose another.") % {"slug": slug}}
        )


def check_address_part(slug: str, language: str) -> None:
    """Raises ValidationError for a slug that no address of ours could hold."""
    if _ADDRESS_PART.fullmatch(slug):
        return
    if language not in settings.CONFIG.own_script_slugs:
        raise ValidationError(
            {"slug": _("Use small Latin letters, digits and hyphens, 120 at most; begin with a letter or digit.")}
        )
    if not _OWN_PART.fullmatch(slug) or not is_one_spelling(slug):
        raise ValidationError(
            {"slug": _("Use small letters, digits and hyphens, 120 at most; begin with a letter or digit.")}
        )


def is_one_spelling(slug: str) -> bool:
    """Whether the slug is spelled as the edge spells addresses: small letters, NFC, nothing that nobody reads."""
    return slug == unicodedata.normalize("NFC", slug.lower()) and not any(
        unicodedata.category(letter) in _UNREAD for letter in slug
    )


def _variants() -> tuple[str, ...]:
    variants: tuple[str, ...] = settings.CONFIG.script_variants
    return variants
