"""Dates, times, numbers, lists and durations as readers of a language write them (CLDR, through Babel)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import dates, numbers
from markupsafe import Markup, escape

from . import calendars, numerals
from .languages import cldr, script
from .names import month_name

# News in English is dated and listed as in most of the world, not as in the United States (CLDR's en-001).
_ENGLISH = "en-001"
# Where CLDR's long form carries what no newspaper writes: a zero before the day, the abbreviated word for “year”.
_DAY_PATTERNS = {"hy": "d MMMM y", "az": "d MMMM y", "tr": "d MMMM y", "fa": "d MMMM y"}


def native_digits(text: str, language: str) -> str:
    """`text` with the digits that the edition's readers use."""
    return numerals.localize(text, language)


def format_day(moment: date | datetime, language: str, zone: ZoneInfo) -> str:
    """The day in words, such as `26 June 2023`; a moment is first moved into `zone`.

    Where the edition has a second calendar, its day stands first, and the Gregorian one beside it.
    """
    day = moment.astimezone(zone).date() if isinstance(moment, datetime) else moment
    pattern = _DAY_PATTERNS.get(language, "long")
    written = dates.format_date(day, pattern, locale=cldr(_with_world_english(language)))
    if calendars.second_of(language) == calendars.PERSIAN:
        written = f"{calendars.write_persian(day, language)} ({written})"
    return native_digits(written, language)


def format_moment(moment: datetime, language: str, zone: ZoneInfo) -> str:
    """Day and time of the clock, such as `26 June 2023, 15:14`, in `zone`."""
    comma = "، " if script(language) == "Arab" else ", "
    return f"{format_day(moment, language, zone)}{comma}{format_clock(moment, language, zone)}"


def format_clock(moment: datetime, language: str, zone: ZoneInfo) -> str:
    """The time of the clock, such as `15:14`, in `zone`."""
    return native_digits(moment.astimezone(zone).strftime("%H:%M"), language)


def format_month(day: date, language: str) -> str:
    """Month and year, such as `June 2023`."""
    locale = cldr(language)
    pattern = "LLLL y" if language in _DAY_PATTERNS else str(locale.datetime_skeletons.get("yMMMM", "LLLL y"))
    # A month by itself is called by its own name: «июнь», not the «июня» of a date.
    name = f"'{month_name(day.month, language)}'"
    written = dates.format_date(day, pattern.replace("MMMM", name).replace("LLLL", name), locale=locale)
    if calendars.second_of(language) == calendars.PERSIAN:
        first = day.replace(day=1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        written = f"{written} ({calendars.write_persian_month(first, last, language)})"
    return native_digits(written, language)


def format_number(number: int, language: str) -> str:
    """A whole number with the language's grouping and the edition's digits."""
    system, locale = numerals.system_of(language), cldr(language)
    known = system in locale.number_symbols
    return native_digits(
        numbers.format_decimal(number, locale=locale, numbering_system=system if known else "latn"), language
    )


def join(parts: Sequence[str], language: str) -> str:
    """A list in words, such as `A, B and C`; Markup stays markup, and anything else beside it is escaped."""
    if len(parts) < 2:
        return parts[0] if parts else ""
    patterns = cldr(_with_world_english(language)).list_patterns["standard"]
    if len(parts) == 2:
        return _fill(patterns["2"], parts[0], parts[1])
    joined = _fill(patterns["end"], parts[-2], parts[-1])
    for position in range(len(parts) - 3, -1, -1):
        joined = _fill(patterns["start" if position == 0 else "middle"], parts[position], joined)
    return joined


def zone_offset(moment: datetime, zone: ZoneInfo) -> str:
    """The zone's offset at that moment as readers write it, such as `UTC+4`."""
    offset = moment.astimezone(zone).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def _fill(pattern: str, one: str, other: str) -> str:
    """CLDR's pattern such as `{0} and {1}` filled in; Hebrew and Arabic write their “and” onto the next word."""
    is_markup = isinstance(one, Markup) or isinstance(other, Markup)
    values = {"{0}": escape(one), "{1}": escape(other)} if is_markup else {"{0}": one, "{1}": other}
    before, _, rest = pattern.partition("{0}")
    between, _, after = rest.partition("{1}")
    filled = f"{before}{values['{0}']}{between}{values['{1}']}{after}"
    return Markup(filled) if is_markup else filled


def _with_world_english(language: str) -> str:
    return _ENGLISH if language == "en" else language
