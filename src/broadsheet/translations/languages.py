"""The languages an edition can have: own names, script, direction and tags, taken from CLDR through Babel."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from . import letters

# Scripts that are written from right to left; CLDR says so of languages alone, and `az-Arab` has no data in older ones.
RIGHT_TO_LEFT = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"})


class UnknownLanguage(ValueError):
    """CLDR has no such language; the message names the code."""


@cache
def cldr(language: str) -> Locale:
    """CLDR's description of a language code such as `az` or `sr-Latn`. Raises UnknownLanguage."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise UnknownLanguage(f"{language!r} is not a language code that CLDR knows") from error


def own_name(language: str) -> str:
    """The language's name in the language itself, as its readers expect it in a list of links."""
    name = cldr(language).get_display_name(language.replace("-", "_")) or language
    return letters.capitalize(name, language)


@cache
def script(language: str) -> str:
    """The script of a language code, such as `Latn`: the one it names, else the one that CLDR finds likely."""
    for part in language.split("-")[1:]:
        if len(part) == 4 and part.isalpha():
            return part.title()
    likely = str(get_global("likely_subtags").get(language.replace("-", "_").split("_")[0], ""))
    return next((part for part in likely.split("_")[1:] if len(part) == 4), "Latn")


def direction(language: str) -> str:
    """`rtl` or `ltr`: the direction of the language's script. Raises UnknownLanguage."""
    cldr(language)
    return "rtl" if script(language) in RIGHT_TO_LEFT else "ltr"


def is_tag(text: str) -> bool:
    """Whether CLDR knows this language code, for fragments that editors mark."""
    try:
        return bool(text) and bool(cldr(text))
    except UnknownLanguage:
        return False


def django_languages(languages: Iterable[str]) -> list[tuple[str, str]]:
    """The pairs of code and own name that Django and Wagtail want for their settings."""
    return [(language, own_name(language)) for language in languages]
