"""The languages an edition can have: own names, direction and tags, taken from CLDR through Babel."""

from __future__ import annotations

from collections.abc import Iterable

from babel import Locale, UnknownLocaleError


class UnknownLanguage(ValueError):
    """CLDR has no such language; the message names the code."""


def cldr(language: str) -> Locale:
    """CLDR's description of a language code such as `az` or `sr-Latn`. Raises UnknownLanguage."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise UnknownLanguage(f"{language!r} is not a language code that CLDR knows") from error


def own_name(language: str) -> str:
    """The language's name in the language itself, as its readers expect it in a list of links."""
    name = cldr(language).get_display_name(language.replace("-", "_")) or language
    return name[:1].upper().replace("I", "İ") + name[1:] if language in {"az", "tr"} else name[:1].upper() + name[1:]


def direction(language: str) -> str:
    """`rtl` or `ltr`: the direction of the language's script."""
    return "rtl" if cldr(language).text_direction == "rtl" else "ltr"


def django_languages(languages: Iterable[str]) -> list[tuple[str, str]]:
    """The pairs of code and own name that Django and Wagtail want for their settings."""
    return [(language, own_name(language)) for language in languages]
