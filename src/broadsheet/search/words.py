"""Words as they are compared: folded by the language's own rules, the same for the index and for the query.

Engines lower-case without knowing the language (`IŞIQ` becomes `işiq`, `İ` two code points), so they get words that are
folded already. Folding is generous: whoever writes `Istanbul`, `istanbul` or `İSTANBUL` finds İstanbul.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

LONGEST_WORD = 64

_TURKIC = frozenset({"az", "tr", "kk", "crh", "gag", "tt"})
_DOTS = str.maketrans({"İ": "i", "I": "ı"})
# After case folding, in every language: the dotless i is found without its lack of a dot, ё as е, Arabic letters as
# Persian ones, the Armenian ligature ew as the letters it is made of in either spelling.
_LETTERS = str.maketrans({"ı": "i", "ё": "е", "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "ـ": None})
_EW = re.compile("և|եվ")
# Readers without an Azerbaijani keyboard write e for ə.
_SCHWA = str.maketrans({"ə": "e"})
_JOINERS = re.compile("[\u00ad\u200c\u200d\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_WORD = re.compile(r"[^\W_]+")
# Marks and joiners belong to the word that they stand in.
_WRITTEN = re.compile(r"(?:[^\W_]|[\u0300-\u036f\u064b-\u0655\u0670\u00ad\u200c\u200d])+")
# A breve or a diaeresis makes another letter of a Cyrillic one: й is not и, ї is not і.
_LETTER_MARKS = {"\u0306", "\u0308"}


def normalise(text: str, language: str) -> str:
    """The text with its letters folded; what is between words stays."""
    main = language.split("-")[0]
    if text.isascii() and main not in _TURKIC:
        return text.lower()
    text = _JOINERS.sub("", unicodedata.normalize("NFKC", text))
    if main in _TURKIC:
        text = text.translate(_DOTS)
    text = unicodedata.normalize("NFC", _without_accents(text.casefold())).translate(_LETTERS)
    if main == "az":
        text = text.translate(_SCHWA)
    return _EW.sub("եւ", text) if main == "hy" else text


def split(text: str, language: str) -> list[str]:
    """The folded words of the text, in order: letters and digits only, so that no engine finds an operator in them."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(normalise(text, language))]


@lru_cache(maxsize=50_000)
def fold_word(word: str, language: str) -> str:
    """One written word, folded; a text has the same words again and again."""
    return normalise(word, language)


def spans(text: str) -> Iterator[re.Match[str]]:
    """The words of a text as it is written, joiners inside them included."""
    return _WRITTEN.finditer(text)


def _without_accents(text: str) -> str:
    """Letters without their marks, digits of all scripts as 0 to 9."""
    kept: list[str] = []
    base = ""
    for character in unicodedata.normalize("NFKD", text):
        if unicodedata.combining(character):
            if character in _LETTER_MARKS and "\u0400" <= base <= "\u04ff" and kept[-1] == base:
                kept.append(character)
            continue
        base = str(unicodedata.digit(character)) if unicodedata.decimal(character, None) is not None else character
        kept.append(base)
    return "".join(kept)
