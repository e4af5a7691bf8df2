"""Quotation marks are those of the language, and never doubled."""

import pytest

from broadsheet.translations import quotes


@pytest.mark.parametrize(
    ("language", "quoted"),
    [
        ("en", "“x”"), ("az", "“x”"), ("tr", "“x”"), ("ru", "«x»"), ("uk", "«x»"), ("hy", "«x»"), ("fa", "«x»"),
        ("ar", "”x“"), ("he", "”x”"), ("ka", "„x“"), ("kk", "“x”"), ("de", "„x“"), ("fr", "«\u202fx\u202f»"),
        ("es", "«x»"), ("sr-Latn", "„x”"), ("xx", "“x”"),
    ],
)  # fmt: skip
def test_marks_of_each_language(language, quoted):
    assert quotes.quote("x", language) == quoted


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("“We sail.”", "We sail."),
        ("«Мы готовы»", "Мы готовы"),
        ("„Wir fahren.“", "Wir fahren."),
        ('"We sail."', "We sail."),
        ("“We sail,” he said, “at nine.”", "“We sail,” he said, “at nine.”"),
        ("We “sail”", "We “sail”"),
        ("””", "””"),
    ],
)
def test_marks_round_a_whole_quotation_are_left_to_the_page(text, bare):
    assert quotes.without_marks(text) == bare


def test_styles_name_the_marks_of_the_sites_languages_alone():
    css = quotes.css(("en", "ru", "uk", "hy"))
    assert ':root { quotes: "“" "”" "‘" "’"; }' in css
    assert ':root:is(:lang(ru), :lang(uk)) { quotes: "«" "»" "„" "“"; }' in css
    assert "lang(de)" not in css
