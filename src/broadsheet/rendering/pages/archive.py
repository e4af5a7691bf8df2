"""The archive by date: years, the months of a year, the days of a month, the stories of a day."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from babel import Locale
from django.conf import settings
from django.utils.translation import gettext as _

from broadsheet.articles import addresses, published
from broadsheet.translations import formats, letters, names

from .. import facts, head, reading, streams
from ..alternates import Version
from ..finished import FinishedPage, PageMissing, PageRequest
from ..routes import page
from ..site import read_site
from ..templating import finish


@dataclass(frozen=True)
class Span:
    """A year, month or day with the number of its stories and, where it has any, its path."""

    label: str
    path: str
    count: int


@page("/{language}/archive/")
def years(request: PageRequest, language: str) -> FinishedPage:
    """The years in which something was published."""
    reach = reading.reach(language)
    found = range(reach[1].year, reach[0].year - 1, -1) if reach else ()
    counts = reading.count_spans(language, [f"{year:04}" for year in found])
    spans = [
        Span(formats.native_digits(str(year), language), addresses.archive_path(language, year), count)
        for year, count in zip(found, counts, strict=True)
    ]
    archives = tuple(Version(code, addresses.archive_path(code)) for code in reading.editions())
    return _finish(language, _("Archive"), addresses.archive_path(language), spans=spans, switch=archives)


@page("/{language}/archive/{year}/")
def months(request: PageRequest, language: str, year: str) -> FinishedPage:
    """The months of a year."""
    first = _day(language, year)
    year = f"{first.year:04}"
    counts = reading.count_spans(language, [f"{year}-{month:02}" for month in range(1, 13)], year)
    spans = [
        Span(_month_name(month, language), addresses.archive_path(language, first.year, month), count)
        for month, count in enumerate(counts, 1)
    ]
    title = formats.native_digits(str(first.year), language)
    return _finish(
        language,
        title,
        addresses.archive_path(language, first.year),
        spans=spans,
        above=_above(language),
        switch=_switch(first, "year"),
    )


@page("/{language}/archive/{year}/{month}/")
def days(request: PageRequest, language: str, year: str, month: str) -> FinishedPage:
    """The days of a month, as a calendar."""
    first = _day(language, year, month)
    length = calendar.monthrange(first.year, first.month)[1]
    month = f"{first.year:04}-{first.month:02}"
    counts = reading.count_spans(language, [f"{month}-{day:02}" for day in range(1, length + 1)], month)
    spans = [
        Span(
            formats.native_digits(str(day), language),
            addresses.archive_path(language, first.year, first.month, day),
            count,
        )
        for day, count in enumerate(counts, 1)
    ]
    return _finish(
        language,
        formats.format_month(first, language),
        addresses.archive_path(language, first.year, first.month),
        spans=spans,
        above=_above(language, first.year),
        switch=_switch(first, "month"),
        weeks=_weeks(first, spans, language),
        weekdays=_weekdays(language),
    )


@page("/{language}/archive/{year}/{month}/{day}/", query=("page",))
def day(request: PageRequest, language: str, year: str, month: str, day: str) -> FinishedPage:
    """The stories of a day."""
    asked = _day(language, year, month, day)
    number = streams.asked_number(request, language)
    rows = published.between(language, _midnight(asked), _midnight(asked + timedelta(days=1)))
    stream = streams.read(rows, f"day:{language}:{asked.isoformat()}", language, number, settings.CONFIG.page_size)
    if not stream.total:
        raise PageMissing(language)
    path = addresses.archive_path(language, asked.year, asked.month, asked.day)
    title = formats.format_day(asked, language, settings.CONFIG.zone)
    context = {
        "language": language,
        "head": head.describe_list(read_site(language), title, path, stream.place, _switch(asked, "day")),
        "title": title,
        "path": path,
        "stream": stream,
        "above": _above(language, asked.year, asked.month),
    }
    return finish("day.html", context)


def _finish(
    language: str, title: str, path: str, *, spans: list[Span], switch: tuple[Version, ...], **context: Any
) -> FinishedPage:
    """A page of the archive. Raises PageMissing for a span in which nothing was published."""
    if path != addresses.archive_path(language) and not any(span.count for span in spans):
        raise PageMissing(language)
    fixed = {"language": language, "title": title, "spans": spans, "above": (), "weeks": (), "weekdays": ()}
    described = head.describe_list(read_site(language), title, path, switch=switch)
    return finish("archive.html", {**fixed, "head": described, **context})


def _switch(asked: date, span: str) -> tuple[Version, ...]:
    """The same day, month or year in every language, else the shortest span around it in which it has stories."""
    spans = {
        "day": (asked, asked + timedelta(days=1), (asked.year, asked.month, asked.day)),
        "month": (asked.replace(day=1), _next_month(asked), (asked.year, asked.month)),
        "year": (date(asked.year, 1, 1), date(asked.year + 1, 1, 1), (asked.year,)),
    }
    wanted = list(reading.editions())
    found: dict[str, tuple[int, ...]] = {}
    for name in list(spans)[list(spans).index(span) :]:
        start, end, parts = spans[name]
        missing = [code for code in wanted if code not in found]
        within = {"day": f"{asked:%Y-%m}", "month": f"{asked:%Y}", "year": ""}[name]
        for code in reading.languages_between(missing, _midnight(start), _midnight(end), within):
            found[code] = parts
    return tuple(Version(code, addresses.archive_path(code, *found.get(code, ()))) for code in wanted)


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _day(language: str, year: str, month: str = "01", day: str = "01") -> date:
    """The day asked for. Raises PageMissing where the calendar has none."""
    try:
        asked = date(int(year), int(month), int(day))
        _midnight(asked + timedelta(days=366))
    except (ValueError, OverflowError) as error:
        raise PageMissing(language) from error
    return asked


def _midnight(day: date) -> datetime:
    """When the day begins in the site's zone."""
    return datetime(day.year, day.month, day.day, tzinfo=settings.CONFIG.zone)


def _above(language: str, year: int = 0, month: int = 0) -> tuple[Span, ...]:
    """The way up: the archive, the year, the month."""
    way = [Span(_("Archive"), addresses.archive_path(language), 0)]
    if year:
        way.append(Span(formats.native_digits(str(year), language), addresses.archive_path(language, year), 0))
    if month:
        name = formats.format_month(date(year, month, 1), language)
        way.append(Span(name, addresses.archive_path(language, year, month), 0))
    return tuple(way)


def _month_name(month: int, language: str) -> str:
    return letters.capitalize(names.month_name(month, language), language)


def _weekdays(language: str) -> list[tuple[str, str]]:
    """The days of the week from the language's first one: short and long name."""
    first = _first_weekday(language)
    short = names.day_names("abbreviated", language)
    long = names.day_names("wide", language)
    return [(short[(first + n) % 7], long[(first + n) % 7]) for n in range(7)]


def _first_weekday(language: str) -> int:
    """0 is Monday. CLDR knows it by territory; English is at home in too many for any one of them to count."""
    home = "en" if language == "en" else facts.territory_locale(language)
    return int(Locale.parse(home).first_week_day)


def _weeks(first: date, spans: list[Span], language: str) -> list[list[Span | None]]:
    """The month's days in weeks of seven; None before its first and after its last."""
    lead = (first.weekday() - _first_weekday(language)) % 7
    cells: list[Span | None] = [None] * lead + list(spans)
    cells += [None] * (-len(cells) % 7)
    return [cells[n : n + 7] for n in range(0, len(cells), 7)]
