"""Checks what the settings choose for single languages: digits, calendars, script variants."""

from __future__ import annotations

from broadsheet.config import Config

from . import variants
from .calendars import CALENDARS
from .languages import UnknownLanguage, cldr
from .numerals import ZEROS


def check(config: Config) -> None:
    """Raises UnknownLanguage for a language or a choice that does not exist, with the possible ones."""
    for language, system in config.numerals:
        cldr(language)
        _check_one("numerals", language, system, tuple(ZEROS))
    for language, calendar in config.calendars:
        cldr(language)
        _check_one("calendars", language, calendar, CALENDARS)
    variants.check(config)


def _check_one(option: str, language: str, chosen: str, known: tuple[str, ...]) -> None:
    if chosen not in known:
        raise UnknownLanguage(f"{option}: {language} cannot have {chosen!r}; possible are {', '.join(known)}")
