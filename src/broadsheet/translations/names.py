"""Names of months and days by language.

Babel keeps one copy of what CLDR's root says by reference (“stand-alone names are those used in dates”) and fills it in
for the language that asks first: from then on every language without names of its own gets that language's, so a
Georgian page that was made after an Azerbaijani one said “iyun”. (Seen with Babel 2.18; `test_names` fails on the plain
call as long as it is so.) Here the question is put to what the language itself says.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from functools import cache
from typing import Any

from babel import localedata

from .languages import cldr


def month_name(month: int, language: str) -> str:
    """The name by which a month is called alone, such as `июнь`; 1 is January."""
    return _names("months", "wide", language)[month]


def day_names(width: str, language: str) -> list[str]:
    """The names of the days from Monday on; `width` is `wide` or `abbreviated`."""
    names = _names("days", width, language)
    return [names[day] for day in range(7)]


@cache
def _names(kind: str, width: str, language: str) -> dict[int, str]:
    locale = cldr(language)
    for identifier in _ancestors(str(locale)):
        own = _own(identifier).get(kind, {}).get("stand-alone", {})
        if isinstance(own, dict) and isinstance(own.get(width), dict):
            return dict(own[width])
    return dict((locale.months if kind == "months" else locale.days)["format"][width])


def _own(identifier: str) -> Mapping[str, Any]:
    """What Babel's file says of this language alone: `localedata.load` gives what it has merged before."""
    path = localedata.resolve_locale_filename(identifier)
    with open(path, "rb") as file:
        return dict(pickle.load(file))  # noqa: S301  (the library's own data, as the library itself reads it)


def _ancestors(identifier: str) -> list[str]:
    """The identifier and what it inherits from, but for the root."""
    parts = identifier.split("_")
    found = ["_".join(parts[:count]) for count in range(len(parts), 0, -1)]
    # Another script is another way of writing: nothing of it is the plain language's.
    if len(parts) > 1 and len(parts[1]) == 4:
        found = found[:-1]
    return [one for one in found if localedata.exists(one)]
