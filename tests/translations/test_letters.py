"""Capitals and small letters are those of the language, and nothing that readers see is given to `str.upper`."""

import re
from pathlib import Path

import pytest

from broadsheet.translations import letters

SOURCE = Path(letters.__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("language", "text", "upper", "lower"),
    [
        ("tr", "diyarbakır IŞIK", "DİYARBAKIR IŞIK", "diyarbakır ışık"),
        ("az", "İlham ilə Irəvan", "İLHAM İLƏ IRƏVAN", "ilham ilə ırəvan"),
        ("az-Cyrl", "и i", "И I", "и i"),
        ("en", "İstanbul is", "İSTANBUL IS", "istanbul is"),
        ("hy", "և Երևան", "ԵՎ ԵՐԵՎԱՆ", "և երևան"),
        ("ka", "თბილისი x", "თბილისი X", "თბილისი x"),
        ("el", "Αθήνα Μαΐου", "ΑΘΗΝΑ ΜΑΪΟΥ", "αθήνα μαΐου"),
    ],
)
def test_letters_change_as_the_language_says(language, text, upper, lower):
    assert letters.upper(text, language) == upper
    assert letters.lower(text, language) == lower


@pytest.mark.parametrize(
    ("language", "text", "begun"),
    [
        ("tr", "istanbul", "İstanbul"),
        ("az", "ışıq", "Işıq"),
        ("en", "istanbul", "Istanbul"),
        ("ka", "ქართული", "ქართული"),
        ("nl", "ijsland", "IJsland"),
        ("hy", "և", "Եվ"),
        ("hr", "ǆep", "ǅep"),
        ("en", "", ""),
    ],
)
def test_a_sentence_begins_as_the_language_says(language, text, begun):
    assert letters.capitalize(text, language) == begun


def test_templates_and_styles_leave_case_to_us():
    filters = re.compile(r"\|\s*(?:upper|lower|title|capitalize|capfirst)\b|\bfilter (?:upper|lower|title|capfirst)\b")
    found = [
        f"{path.relative_to(SOURCE)}: {match[0]}"
        for path in SOURCE.rglob("templates/**/*.html")
        for match in filters.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


# What is no text of readers: names of headers, codes, suffixes of files, addresses, words of old exports.
CODES = ("edge", "processes", "cli", "importers", "media", "config.py", "readers", "search", "translations", "demo")


def test_texts_of_readers_are_never_given_to_pythons_own_case_functions():
    calls = re.compile(r"(?<!letters)\.(?:upper|lower|title|capitalize|swapcase)\(\)")
    allowed = {
        # Codes of languages, and the part of an address that is one.
        ("articles/addresses.py", "language.lower()"),
        ("articles/addresses.py", "first.lower()"),
        ("articles/blocks.py", "address.lower()"),
        ("articles/embeds.py", '(parts.hostname or "").lower()'),
        ("articles/forms.py", "strip().lower()"),
        ("articles/models.py", "WEB[0]).lower()"),
        ("articles/models.py", "address.lower()"),
        ("articles/signals.py", "sender.__name__.lower()"),
        # Latin letters and the one spelling of an address, after the language had its say.
        ("articles/slugs.py", "lower()"),
        ("newsroom/views.py", "file.suffix.lower()"),
        ("newsroom/board.py", "words.lower()"),
        ("syndication/sitemaps/xml.py", "language.lower()"),
    }
    found = []
    for path in SOURCE.rglob("*.py"):
        name = str(path.relative_to(SOURCE))
        if name.startswith(CODES) or "migrations" in name:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            known = any(name == place and piece in line for place, piece in allowed)
            if calls.search(line) and not known:
                found.append(f"{name}:{number}: {line.strip()}")
    assert found == []
