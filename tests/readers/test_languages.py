"""`/` leads to the best language of the browser's list; what a reader chose stays in the browser."""

import pytest

from broadsheet.readers.languages import preferred

LANGUAGES = ("en", "az", "ru", "sr-Latn")


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", "en"),
        ("az", "az"),
        ("fr, ru;q=0.8, en;q=0.9", "en"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("AZ-latn-az", "az"),
        ("sr", "sr-Latn"),
        ("en;q=0, fr", "az"),
        ("*", "en"),
        ("nonsense;;q=,,;q=9", "en"),
        ("az;q=0.5," + "x" * 100_000, "az"),
    ],
)
def test_best_language_comes_first(accepted, expected):
    assert preferred(LANGUAGES, accepted)[0] == expected


def test_every_language_is_somewhere_in_the_order():
    assert sorted(preferred(LANGUAGES, "ru, en;q=0")) == sorted(LANGUAGES)
    assert preferred(LANGUAGES, "en;q=0")[-1] == "en"


def test_script_that_is_asked_for_by_name_comes_before_the_languages_usual_one():
    editions = ("en", "az", "az-Cyrl")
    assert preferred(editions, "az-Cyrl, en;q=0.5")[:2] == ["az-Cyrl", "az"]
    assert preferred(editions, "az, en;q=0.5")[0] == "az"
