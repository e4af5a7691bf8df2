"""Dates, times, numbers and durations as readers of a language write them (CLDR, through Babel)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import dates, numbers

from .languages import cldr

# Editions whose readers expect their own digits. CLDR's default for `fa` is arabext, and Babel asks for it by name.
_NATIVE_DIGITS = {"fa", "ps", "ckb", "ur"}
_EASTERN_ARABIC = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def native_digits(text: str, language: str) -> str:
    """`text` with the digits that the language's readers use."""
    return text.translate(_EASTERN_ARABIC) if language in _NATIVE_DIGITS else text


def format_day(moment: date | datetime, language: str, zone: ZoneInfo) -> str:
    """The day in words, such as `26 June 2023`; a moment is first moved into `zone`."""
    day = moment.astimezone(zone).date() if isinstance(moment, datetime) else moment
    locale = cldr(language)
    pattern = "d MMMM y" if language in {"en", "az", "hy", "tr", "fa"} else "long"
    return native_digits(dates.format_date(day, pattern, locale=locale), language)


def format_moment(moment: datetime, language: str, zone: ZoneInfo) -> str:
    """Day and time of the clock, such as `26 June 2023, 15:14`, in `zone`."""
    clock = native_digits(moment.astimezone(zone).strftime("%H:%M"), language)
    comma = "، " if language in _NATIVE_DIGITS else ", "
    return f"{format_day(moment, language, zone)}{comma}{clock}"


def format_clock(moment: datetime, language: str, zone: ZoneInfo) -> str:
    """The time of the clock, such as `15:14`, in `zone`."""
    return native_digits(moment.astimezone(zone).strftime("%H:%M"), language)


def format_month(day: date, language: str) -> str:
    """Month and year, such as `June 2023`."""
    return native_digits(dates.format_date(day, "LLLL y", locale=cldr(language)), language)


def format_number(number: int, language: str) -> str:
    """A whole number with the language's grouping and digits."""
    system = "arabext" if language in _NATIVE_DIGITS else "latn"
    return native_digits(numbers.format_decimal(number, locale=cldr(language), numbering_system=system), language)


def zone_offset(moment: datetime, zone: ZoneInfo) -> str:
    """The zone's offset at that moment as readers write it, such as `UTC+4`."""
    offset = moment.astimezone(zone).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")
