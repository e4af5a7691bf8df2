"""Words are folded by the language's own rules, so that what a reader types finds what a reporter wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search import words


@pytest.mark.parametrize(
    ("language", "written", "typed"),
    [
        ("tr", "İstanbul", "istanbul"),
        ("tr", "İSTANBUL", "ISTANBUL"),
        ("az", "İstanbul", "ISTANBUL"),
        ("en", "İstanbul", "istanbul"),
        ("tr", "ILIK", "ılık"),
        ("az", "IŞIQ", "işıq"),
        ("az", "Əliyev", "eliyev"),
        ("az", "ŞƏHƏR", "şəhər"),
        ("ru", "Артём", "артем"),
        ("ru", "САМОЛЁТ", "самолет"),
        ("hy", "Երևան", "երեւան"),
        ("hy", "ԵՐԵՎԱՆ", "Երևան"),
        ("fa", "كتاب عربي", "کتاب عربی"),
        ("fa", "می‌خواهم", "میخواهم"),
        ("fa", "قُرآن", "قران"),
        ("fa", "۱۴۰۲", "1402"),
        ("de", "Straße", "STRASSE"),
        ("en", "café", "CAFE"),
        ("en", "Z" + "\u0300" * 500, "z"),
        ("en", "soft\u00adhyphen", "softhyphen"),
        ("en", "\u202eevil\u202c", "evil"),
        ("el", "ΟΔΟΣ", "οδός"),
    ],
)
def test_what_is_typed_finds_what_is_written(language, written, typed):
    assert words.split(written, language) == words.split(typed, language) != []


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [("ru", "мой", "мои"), ("ru", "её", "ею"), ("uk", "їх", "іх"), ("tr", "kar", "kâğıt")],
)
def test_different_letters_stay_different(language, one, other):
    assert words.split(one, language) != words.split(other, language)


def test_suffix_after_an_apostrophe_is_a_word_of_its_own():
    assert words.split("İstanbul’da", "tr") == ["istanbul", "da"]


@given(st.text(), st.sampled_from(["en", "az", "ru", "hy", "fa", "tr"]))
def test_words_hold_nothing_that_an_engine_could_read_as_syntax(text, language):
    for word in words.split(text, language):
        assert 0 < len(word) <= words.LONGEST_WORD and word.isalnum()


@given(st.text(), st.sampled_from(["en", "az", "ru", "hy", "fa", "tr"]))
def test_folded_words_stay_as_they_are_when_folded_again(text, language):
    folded = [word for word in words.split(text, language) if len(word) < words.LONGEST_WORD]
    assert words.split(" ".join(folded), language) == folded
