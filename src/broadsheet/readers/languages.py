"""Which of the editions a reader who came to `/` sees: the best of Accept-Language.

What a reader chose on a page stays in the browser, without a cookie: there the page's own worker leads from `/` to the
chosen language before anybody is asked, and where no worker runs, the page offers it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_RANGE = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q=([01](?:\.[0-9]{0,3})?)\s*)?")
_LONGEST_HEADER = 1000


def preferred(languages: Sequence[str], accepted: str) -> list[str]:
    """All the languages, the best for this reader first (RFC 4647, section 3.4, and the order of the site)."""
    wishes = _read(accepted)
    found: list[str] = []
    for wish, quality in sorted(wishes, key=lambda one: -one[1]):
        if quality > 0:
            fitting = (language for language in languages if _fits(wish, language))
            # Who asks for `az-Cyrl` by name gets it before `az`.
            found += sorted(fitting, key=lambda language: language.lower() != wish.lower())
    refused = {wish.lower() for wish, quality in wishes if quality == 0}
    rest = sorted(languages, key=lambda language: language.lower() in refused)
    return list(dict.fromkeys([*found, *rest]))


def _read(header: str) -> list[tuple[str, float]]:
    ranges = (_RANGE.fullmatch(part) for part in header[:_LONGEST_HEADER].split(","))
    return [(match[1], float(match[2] or 1)) for match in ranges if match and match[1] != "*"]


def _fits(wish: str, language: str) -> bool:
    """`en-GB` is content with `en`, and `sr` with `sr-Latn`."""
    wish, language = wish.lower(), language.lower()
    return wish == language or wish.startswith(language + "-") or language.startswith(wish + "-")
