"""Dates, numbers and names as readers of each language write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from broadsheet.translations import formats, languages

BAKU = ZoneInfo("Asia/Baku")
MOMENT = datetime(2023, 6, 26, 11, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "26 June 2023, 15:14"),
        ("az", "26 iyun 2023, 15:14"),
        ("ru", "26 июня 2023\u202fг., 15:14"),
        ("hy", "26 հունիսի 2023, 15:14"),
        ("fa", "۲۶ ژوئن ۲۰۲۳، ۱۵:۱۴"),
    ],
)
def test_moment_in_each_language(language, text):
    assert formats.format_moment(MOMENT, language, BAKU) == text


@pytest.mark.parametrize(("year", "offset"), [(2015, "UTC+5"), (2016, "UTC+4")])
def test_offset_follows_the_rules_of_the_day(year, offset):
    assert formats.zone_offset(datetime(year, 7, 1, tzinfo=UTC), BAKU) == offset


@pytest.mark.parametrize(("language", "text"), [("en", "12,345"), ("ru", "12\xa0345"), ("fa", "۱۲٬۳۴۵")])
def test_number_in_each_language(language, text):
    assert formats.format_number(12345, language) == text


def test_names_and_directions():
    assert [languages.own_name(code) for code in ("en", "az", "ru", "hy", "fa")] == [
        "English",
        "Azərbaycan",
        "Русский",
        "Հայերեն",
        "فارسی",
    ]
    assert languages.direction("fa") == "rtl" and languages.direction("hy") == "ltr"
    with pytest.raises(languages.UnknownLanguage):
        languages.direction("xx-nonsense")
