"""Dates, numbers and names as readers of each language write them."""

import dataclasses
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from broadsheet.translations import calendars, formats, languages, names, numerals

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
        ("ar", "26 يونيو 2023، 15:14"),
        ("he", "26 ביוני 2023, 15:14"),
        ("tr", "26 Haziran 2023, 15:14"),
        ("de", "26. Juni 2023, 15:14"),
        ("ckb", "٢٦ی حوزەیرانی ٢٠٢٣، ١٥:١٤"),
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


@pytest.fixture
def chosen(settings):
    """The settings with other choices."""

    def choose(**options):
        settings.CONFIG = dataclasses.replace(settings.CONFIG, **options)

    return choose


def test_digits_are_cldrs_unless_an_edition_chooses_others(chosen):
    assert [numerals.system_of(one) for one in ("en", "fa", "ar", "ckb", "ur")] == [
        *("latn", "arabext", "latn", "arab", "latn"),
    ]
    chosen(numerals=(("ar", "arab"), ("fa", "latn")))
    assert formats.format_moment(MOMENT, "ar", BAKU) == "٢٦ يونيو ٢٠٢٣، ١٥:١٤"
    assert formats.format_number(12345, "ar") == "١٢٬٣٤٥"
    assert formats.format_moment(MOMENT, "fa", BAKU) == "26 ژوئن 2023، 15:14"


def test_second_calendar_stands_beside_the_first(chosen):
    chosen(calendars=(("fa", "persian"),))
    assert formats.format_day(MOMENT, "fa", BAKU) == "۵ تیر ۱۴۰۲ (۲۶ ژوئن ۲۰۲۳)"
    assert formats.format_month(MOMENT.date(), "fa") == "ژوئن ۲۰۲۳ (خرداد – تیر ۱۴۰۲)"
    assert formats.format_day(MOMENT, "en", BAKU) == "26 June 2023"


@pytest.mark.parametrize(
    ("day", "written"),
    [("2024-03-19", "29 Esfand 1402"), ("2024-03-20", "1 Farvardin 1403"), ("2025-03-20", "30 Esfand 1403"),
     ("2025-03-21", "1 Farvardin 1404"), ("1979-02-11", "22 Bahman 1357")],
)  # fmt: skip
def test_persian_days_at_the_turn_of_years(day, written):
    assert calendars.write_persian(datetime.fromisoformat(day).date(), "en") == written


@pytest.mark.parametrize(
    ("language", "two", "three"),
    [("en", "A and B", "A, B and C"), ("az", "A və B", "A, B və C"), ("ru", "A и B", "A, B и C"),
     ("hy", "A և B", "A, B և C"), ("tr", "A ve B", "A, B ve C"), ("he", "A וB", "A, B וC"), ("ar", "A وB", "A وB وC"),
     ("de", "A und B", "A, B und C"), ("ka", "A და B", "A, B და C")],
)  # fmt: skip
def test_lists_are_joined_as_the_language_does(language, two, three):
    assert formats.join(["A"], language) == "A" and formats.join([], language) == ""
    assert formats.join(["A", "B"], language) == two
    assert formats.join(["A", "B", "C"], language) == three


def test_joined_markup_escapes_what_is_none():
    assert formats.join([Markup("<b>A</b>"), "B & C"], "en") == Markup("<b>A</b> and B &amp; C")


@pytest.mark.parametrize(
    ("language", "month", "first"),
    [("az", "iyun", "B.E."), ("ka", "ივნისი", "ორშ"), ("he", "יוני", "יום ב׳"), ("tr", "Haziran", "Pzt"),
     ("ru", "июнь", "пн"), ("hy", "հունիս", "երկ")],
)  # fmt: skip
def test_names_are_the_languages_own_whichever_was_asked_first(language, month, first):
    assert names.month_name(6, language) == month
    assert names.day_names("abbreviated", language)[0] == first
    assert formats.format_month(MOMENT.date(), "ru") == "июнь 2023\u202fг."
    assert formats.format_month(MOMENT.date(), "es") == "junio de 2023"


@pytest.mark.parametrize(
    ("code", "script", "direction"),
    [("az", "Latn", "ltr"), ("az-Cyrl", "Cyrl", "ltr"), ("az-Arab", "Arab", "rtl"), ("he", "Hebr", "rtl"),
     ("sr", "Cyrl", "ltr"), ("sr-Latn", "Latn", "ltr"), ("ckb", "Arab", "rtl"), ("zh-Hant", "Hant", "ltr")],
)  # fmt: skip
def test_script_and_direction(code, script, direction):
    assert (languages.script(code), languages.direction(code)) == (script, direction)


def test_own_names_begin_as_the_language_does():
    assert [languages.own_name(one) for one in ("ka", "tr", "az-Cyrl")] == ["ქართული", "Türkçe", "Азәрбајҹан (Кирил)"]
