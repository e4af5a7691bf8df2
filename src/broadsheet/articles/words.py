"""What may stand in a headline, a lead or a name: one line of visible text, well-formed in every output."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from .errors import UnusableText

# More marks than this on one letter is an attack on the line spacing, not a language.
MOST_MARKS = 8
# Directions that outlive the word they stand in (UAX 9). The plain marks U+200E, U+200F and U+061C stay.
_DIRECTION_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Nothing to see and no work to do in a line. ZWNJ and ZWJ stay: Persian and emoji need them.
_EMPTY = re.compile("[\u200b\u2060-\u2064\ufeff\u00ad\ufff9-\ufffb]|[\U000e0000-\U000e0fff]")
_SPACE = re.compile(r"[\s\u0085\u2028\u2029]+")


def clean_line(text: str) -> str:
    """The text as one line: white space single, invisible letters and direction controls gone.

    Raises UnusableText for control characters, lone surrogates and heaps of combining marks.
    """
    text = _SPACE.sub(" ", _EMPTY.sub("", _DIRECTION_CONTROLS.sub("", text))).strip()
    check_letters(text)
    return text


def clean_text(text: str) -> str:
    """Text of several lines: as `clean_line`, but line breaks and tabs stay."""
    text = _EMPTY.sub("", _DIRECTION_CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))).strip()
    check_letters(text.replace("\n", " ").replace("\t", " "))
    return text


def check_letters(text: str) -> None:
    """Raises UnusableText for what no output could carry: control characters, surrogates, heaps of marks."""
    marks = 0
    for letter in text:
        category = unicodedata.category(letter)
        if category in {"Cc", "Cs"}:
            raise UnusableText(_("a character that cannot be shown (U+%(code)s)") % {"code": f"{ord(letter):04X}"})
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks > MOST_MARKS:
            raise UnusableText(_("more than %(number)s marks on one letter") % {"number": MOST_MARKS})


def is_visible(text: str) -> bool:
    """Whether a reader would see anything of it."""
    return any(unicodedata.category(letter)[0] not in "ZCM" for letter in text)
