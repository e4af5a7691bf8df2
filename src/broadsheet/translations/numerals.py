"""The digits an edition is written with: CLDR's for its language, or those that the settings choose."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from .languages import cldr

LATIN = "latn"
# The zero of each of CLDR's decimal systems that newspapers are written with; its nine others follow.
ZEROS = {
    LATIN: 0x30,
    "arab": 0x660,
    "arabext": 0x6F0,
    "beng": 0x9E6,
    "deva": 0x966,
    "gujr": 0xAE6,
    "guru": 0xA66,
    "khmr": 0x17E0,
    "knda": 0xCE6,
    "laoo": 0xED0,
    "mlym": 0xD66,
    "mymr": 0x1040,
    "orya": 0xB66,
    "tamldec": 0xBE6,
    "telu": 0xC66,
    "thai": 0xE50,
    "tibt": 0xF20,
}
# What CSS calls the same digits, for counters of lists.
LIST_STYLES = {
    "arab": "arabic-indic",
    "arabext": "persian",
    "beng": "bengali",
    "deva": "devanagari",
    "gujr": "gujarati",
    "guru": "gurmukhi",
    "khmr": "khmer",
    "knda": "kannada",
    "laoo": "lao",
    "mlym": "malayalam",
    "mymr": "myanmar",
    "orya": "oriya",
    "tamldec": "tamil",
    "telu": "telugu",
    "thai": "thai",
    "tibt": "tibetan",
}


def system_of(language: str) -> str:
    """The numbering system of an edition, as CLDR calls it: the setting's, else the language's own."""
    chosen = dict(settings.CONFIG.numerals).get(language)
    return chosen or _usual(language)


@cache
def _usual(language: str) -> str:
    system = str(cldr(language).default_numbering_system)
    return system if system in ZEROS else LATIN


def localize(text: str, language: str) -> str:
    """`text` with the digits that the edition's readers use."""
    system = system_of(language)
    return text if system == LATIN else text.translate(_table(system))


@cache
def _table(system: str) -> dict[int, int]:
    return {ord("0") + digit: ZEROS[system] + digit for digit in range(10)}
