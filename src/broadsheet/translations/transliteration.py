"""Writes text in another script of its language, word by word, by rule and with exceptions made by hand.

Main path: `convert` -> for each word an exception, else a reason to leave it as it is (an address, a foreign word, a
Roman numeral), else `_convert_word`. What the letters look like (capitals, a capital first) stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from . import letters
from .script_rules import ScriptRule, find

# Addresses of any kind are no words; a tag of a network is one name, in the letters it was made with.
_ADDRESS = (
    r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[@#][\w.]+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,18}\b(?:/\S*)?"
)
# The letters of a word with the signs that stand inside it; Uzbek has two that are letters.
_WORD = r"[^\W\d_]+(?:[’'‘ʻʼ`][^\W\d_]+)*[ʻʼ‘]?"
_PIECES = re.compile(f"({_ADDRESS})|({_WORD})")
_UZBEK_SIGNS = re.compile(r"(?<=[oOgG])[’'‘`]")
_UZBEK_STOP = re.compile(r"(?<=[^\W\d_])[’'‘`](?=[^\W\d_])")
# Names of techniques and networks are written alike in every script.
_NAMES = frozenset(
    [
        "android",
        "app",
        "apple",
        "atom",
        "facebook",
        "feed",
        "google",
        "html",
        "http",
        "https",
        "instagram",
        "ios",
        "json",
        "linkedin",
        "pdf",
        "play",
        "rss",
        "store",
        "telegram",
        "tv",
        "url",
        "utc",
        "vpn",
    ]
)
# A comma between digits parts a number, not a sentence.
_PUNCTUATION = re.compile(r"(?<!\d)[,;?]|[,;?](?!\d)")
_ROMAN = re.compile(r"[IVXLCDM]{2,}|[IVX]")


@dataclass(frozen=True)
class Exceptions:
    """Words that editors write by hand, by how the base writes them in small letters: whole words, and beginnings.

    What follows a beginning is written by rule: endings of a word are not written down one by one.
    """

    whole: Mapping[str, str] = field(default_factory=dict)
    beginnings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, written: Mapping[str, str]) -> Exceptions:
        """From words as editors write them: a star at the end makes a beginning."""
        return cls(
            {word: other for word, other in written.items() if not word.endswith("*")},
            {word[:-1]: other for word, other in written.items() if word.endswith("*")},
        )

    def beginning_of(self, word: str) -> str:
        """The longest known beginning of the word; empty: there is none."""
        known = (word[:length] for length in range(len(word), 0, -1) if word[:length] in self.beginnings)
        return next(known, "") if self.beginnings else ""


NONE = Exceptions()


def convert(text: str, rule: ScriptRule, exceptions: Exceptions = NONE) -> str:
    """The text in the rule's target script."""
    text = unicodedata.normalize("NFC", text)
    if rule.language == "uz" and rule.source == "Latn":
        text = _UZBEK_STOP.sub("ʼ", _UZBEK_SIGNS.sub("ʻ", text))

    def piece(match: re.Match[str]) -> str:
        return match[0] if match[1] else _write(match[2], rule, exceptions)

    written = _PIECES.sub(piece, text)
    return _PUNCTUATION.sub(lambda mark: rule.punctuation.get(mark[0], mark[0]), written)


def convert_back(text: str, rule: ScriptRule) -> str:
    """A reader's words in the rule's source script, letter for letter: what a search looks for.

    The other way round stands among the rules for some languages. For the rest every letter goes back to the first that
    is written so; several of Arabic's do, so there a word is found with luck.
    """
    back = find(rule.language, rule.target, rule.source)
    if back is not None:
        return convert(text, back)
    table: dict[str, str] = {}
    for letter, other in (*rule.letters.items(), *rule.first.items(), *rule.last.items()):
        if other:
            table.setdefault(other, letter)
    known = sorted(table, key=len, reverse=True)
    small = letters.lower(unicodedata.normalize("NFC", text), f"{rule.language}-{rule.target}")
    return re.sub("|".join(map(re.escape, known)), lambda match: table[match[0]], small)


def _write(word: str, rule: ScriptRule, exceptions: Exceptions) -> str:
    language = _source_language(rule)
    small = letters.lower(word, language)
    if small in exceptions.whole:
        return _like(exceptions.whole[small], word, language)
    if known := exceptions.beginning_of(small):
        rest = "".join(other for _, other in _units(small, rule, len(known)))
        return _like(exceptions.beginnings[known] + rest, word, language)
    if rule.source == "Latn" and _ROMAN.fullmatch(word) and word not in rule.no_numerals:
        return word
    if small in _NAMES or (rule.alphabet and not set(small.replace("’", "").replace("'", "")) <= set(rule.alphabet)):
        return word
    return _with_capitals(_units(small, rule), word, language)


def _source_language(rule: ScriptRule) -> str:
    return f"{rule.language}-{rule.source}"


def _units(small: str, rule: ScriptRule, start: int = 0) -> Iterator[tuple[int, str]]:
    """From `start` on: how many letters are taken together, and what is written for them."""
    position = start
    while position < len(small):
        taken, other = _next(small, position, rule)
        yield taken, other
        position += taken


def _with_capitals(units: Iterable[tuple[int, str]], word: str, language: str) -> str:
    """What is written, with capitals where the word has them; a word in capitals stays one."""
    if len(word) > 1 and _is_capital(word, language):
        return "".join(other for _, other in units).upper()
    written, position = "", 0
    for taken, other in units:
        # A letter that became two is a capital followed by a small one: Ljubljana.
        written += other[:1].upper() + other[1:] if _is_capital(word[position : position + 1], language) else other
        position += taken
    return written


def _next(word: str, position: int, rule: ScriptRule) -> tuple[int, str]:
    """How many letters are taken at the position, and what is written for them."""
    pair, letter = word[position : position + 2], word[position]
    if len(pair) == 2 and pair in rule.letters and not _are_apart(word, position, rule):
        return 2, rule.letters[pair]
    if position == 0 and letter in rule.first:
        return 1, rule.first[letter]
    if position and letter in rule.after_vowel and word[position - 1] in rule.vowels:
        return 1, rule.after_vowel[letter]
    if position == len(word) - 1 and letter in rule.last:
        return 1, rule.last[letter]
    return 1, rule.letters.get(letter, letter)


def _are_apart(word: str, position: int, rule: ScriptRule) -> bool:
    """Whether the two letters here belong to two parts of the word, as `n` and `j` in `injekcija`."""
    for part in rule.apart:
        start = word.find(part)
        if 0 <= start <= position < start + len(part):
            return True
    return False


def _like(written: str, word: str, language: str) -> str:
    """`written` with the capitals of `word`. An exception that has capitals of its own keeps them."""
    if written != written.lower():
        return written
    if len(word) > 1 and _is_capital(word, language):
        return written.upper()
    return written[:1].upper() + written[1:] if _is_capital(word[:1], language) else written


def _is_capital(text: str, language: str) -> bool:
    return text == letters.upper(text, language) and text != letters.lower(text, language)
