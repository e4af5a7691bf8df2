"""Takes letters that no page could show out of imported text, and mends what was surely decoded twice."""

from __future__ import annotations

import re
import unicodedata

from broadsheet.articles.words import MOST_MARKS, clean_line

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# UTF-8 that was read as Latin-1: a control character of the second block among it never stands in real text.
_TWICE = re.compile("[\xc2-\xf4][\x80-\xbf]{1,3}")


def clean(text: str) -> str:
    """Text of any length without control characters; line breaks and tabs stay."""
    if not _CONTROLS.search(text):
        return text
    return _CONTROLS.sub("", _TWICE.sub(_decode_again, text))


def one_line(text: str) -> str:
    """One line as `articles.words` wants it of a headline or a name: nothing unseen, no heaps of marks."""
    return clean_line(_fewer_marks(clean(text)))


def _decode_again(found: re.Match[str]) -> str:
    if not re.search("[\x80-\x9f]", found[0]):
        return found[0]
    try:
        return found[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def _fewer_marks(text: str) -> str:
    if text.isascii():
        return text
    kept, marks = [], 0
    for letter in text:
        marks = marks + 1 if unicodedata.category(letter) in {"Mn", "Me"} else 0
        if marks <= MOST_MARKS:
            kept.append(letter)
    return "".join(kept)
