"""A second calendar beside the Gregorian one, where an edition's readers count their days by it."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from persiantools.jdatetime import JalaliDate

PERSIAN = "persian"
CALENDARS = (PERSIAN,)

# CLDR's months of the Persian calendar: Babel carries the Gregorian ones alone.
_MONTHS = {
    "fa": "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
    "fa-AF": "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
    "ps": "وری غویی غبرگولی چنگاښ زمری وږی تله لړم لیندۍ مرغومی سلواغه کب",
    "ckb": "خاکەلێوە گوڵان جۆزەردان پووشپەڕ گەلاوێژ خەرمانان ڕەزبەر گەڵاڕێزان سەرماوەز بەفرانبار ڕێبەندان ڕەشەمە",
    "en": "Farvardin Ordibehesht Khordad Tir Mordad Shahrivar Mehr Aban Azar Dey Bahman Esfand",
    "ru": "фарвардин ордибехешт хордад тир мордад шахривер мехр абан азер дей бахман эсфанд",
    "az": "fərvərdin ordibeheşt xordad tir mordad şəhrivər mehr aban azər dey bəhmən esfənd",
}


def second_of(language: str) -> str:
    """The calendar that the settings put beside the Gregorian one in this edition; empty: none."""
    return dict(settings.CONFIG.calendars).get(language, "")


def write_persian(day: date, language: str) -> str:
    """The day in the Persian calendar, such as `5 Tir 1402`, in Latin digits."""
    jalali = JalaliDate(day)
    return f"{jalali.day} {_months(language)[jalali.month - 1]} {jalali.year}"


def write_persian_month(first: date, last: date, language: str) -> str:
    """The one or two Persian months that a Gregorian month runs through, such as `Khordad – Tir 1402`."""
    begun, ended = JalaliDate(first), JalaliDate(last)
    names = _months(language)
    start = names[begun.month - 1] + (f" {begun.year}" if begun.year != ended.year else "")
    return f"{start} – {names[ended.month - 1]} {ended.year}"


def _months(language: str) -> list[str]:
    return (_MONTHS.get(language) or _MONTHS.get(language.split("-")[0]) or _MONTHS["en"]).split()
