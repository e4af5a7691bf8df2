"""The moments in an export: in UTC where it says so, else in the site's zone; WordPress writes zeros for "never"."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime

from .records import ItemRecord

EARLIEST_YEAR = 1800
_STAMP = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?")


def published_at(record: ItemRecord, zone: tzinfo) -> datetime | None:
    """When the item was or will be public, in UTC; None: the file does not say."""
    return _stamp(record.date_gmt, UTC) or _stamp(record.date, zone) or feed_date(record.published)


def modified_at(record: ItemRecord, zone: tzinfo) -> datetime | None:
    """When the item was last changed, in UTC; None: the file does not say."""
    return _stamp(record.modified_gmt, UTC) or _stamp(record.modified, zone)


def feed_date(text: str) -> datetime | None:
    """A date as RSS writes it; WordPress writes 30 November 1999 or year 0 for "never"."""
    try:
        moment = parsedate_to_datetime(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None
    is_never = (moment.year, moment.month, moment.day) == (1999, 11, 30) and not moment.hour + moment.minute
    return None if is_never or moment.year < EARLIEST_YEAR else moment


def _stamp(text: str, zone: tzinfo) -> datetime | None:
    found = _STAMP.fullmatch(text.strip())
    if found is None or int(found[1]) < EARLIEST_YEAR:
        return None
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
