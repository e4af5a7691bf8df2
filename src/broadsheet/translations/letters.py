"""Capitals and small letters as each language has them (Unicode's SpecialCasing and CLDR's case rules).

Never `str.upper`, `str.capitalize` or `str.title` on what readers see: they turn a Turkish or Azerbaijani `i` into `I`,
give Georgian letters that no sentence begins with, and keep the accents of Greek capitals.
"""

from __future__ import annotations

import unicodedata

# Languages in which a small letter with a dot has a capital with a dot, and one without a dot one without.
DOTTED = frozenset({"az", "tr", "crh", "gag"})
_UP = str.maketrans({"i": "İ", "ı": "I"})
_DOWN = str.maketrans({"I": "ı", "İ": "i"})
_TONOS = "\u0301"
# Latin is what these languages are written in; with another script they have letters of their own.
_OTHER_SCRIPTS = ("cyrl", "arab")


def has_dotted_i(language: str) -> bool:
    """Whether the language's `i` and `ı` are two letters."""
    main, *rest = language.lower().split("-")
    return main in DOTTED and not set(rest) & set(_OTHER_SCRIPTS)


def upper(text: str, language: str) -> str:
    """All letters as capitals. Georgian stays as it is: its capitals are for whole lines of display alone."""
    main = language.split("-")[0]
    if main == "ka":
        return "".join(letter if "ა" <= letter <= "ჿ" else letter.upper() for letter in text)
    if main == "el":
        return _without_tonos(text).upper()
    if main == "hy":
        # The ligature is two letters of today's spelling; Unicode has those of the older one.
        text = text.replace("և", "եվ")
    return (text.translate(_UP) if has_dotted_i(language) else text).upper()


def lower(text: str, language: str) -> str:
    """All letters small; İ never becomes two code points."""
    text = text.translate(_DOWN) if has_dotted_i(language) else text.replace("İ", "i")
    return text.lower()


def capitalize(text: str, language: str) -> str:
    """The text with its first letter as a sentence begins with it; the rest stays as it is written."""
    if not text:
        return text
    first, rest = text[0], text[1:]
    if has_dotted_i(language) and first in "iı":
        return first.translate(_UP) + rest
    if language.split("-")[0] == "nl" and text[:2] == "ij":
        return "IJ" + text[2:]
    if language.split("-")[0] == "hy" and first == "և":
        return "Եվ" + rest
    # Title case, not capitals: ǆ begins as ǅ, and a Georgian letter as itself.
    return first.title() + rest


def _without_tonos(text: str) -> str:
    """Greek capitals stand without accent; a dialytika stays."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).replace(_TONOS, ""))
