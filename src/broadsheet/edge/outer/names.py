"""Reads the option `outer_cache`: which kind of cache stands in front of the edge, and where. Imports nothing heavy."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import OuterCacheMisnamed

VARNISH_XKEY, VARNISH_BAN, FASTLY, CLOUDFLARE = "varnish+xkey", "varnish+ban", "fastly", "cloudflare"
WITH_TOKEN = frozenset({FASTLY, CLOUDFLARE})
FORMS = "varnish+xkey://host:port, varnish+ban://host:port, fastly://SERVICE_ID or cloudflare://ZONE_ID"

_PLACE = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9.-]{0,252}|\[[0-9A-Fa-f:.]{2,45}\]):([0-9]{1,5})")
_ID = re.compile(r"[A-Za-z0-9]{1,64}")
_TOKEN = re.compile(r"[!-~]{1,1024}")


@dataclass(frozen=True, slots=True)
class OuterName:
    """A kind of cache and its places: `host:port` of each Varnish, or the one service or zone."""

    kind: str
    places: tuple[str, ...]


def read_name(url: str) -> OuterName | None:
    """What the option says; None where it is empty. Raises OuterCacheMisnamed, whose message does not repeat it."""
    if not url:
        return None
    kind, separator, rest = url.partition("://")
    places = tuple(rest.removesuffix("/").split(","))
    if not separator or kind not in {VARNISH_XKEY, VARNISH_BAN, FASTLY, CLOUDFLARE}:
        raise OuterCacheMisnamed(f"must be {FORMS}")
    if kind in WITH_TOKEN:
        # Whoever writes a token into the address would find it in logs.
        if len(places) != 1 or not _ID.fullmatch(places[0]):
            raise OuterCacheMisnamed(
                f"must be {kind}:// and an ID of letters and digits; the token is outer_cache_token"
            )
    elif not all(_is_place(place) for place in places):
        raise OuterCacheMisnamed(f"must be {kind}://host:port, several places joined by commas")
    return OuterName(kind, places)


def check_url(url: str) -> str:
    """The option as it is, once it is known to be in order. Raises OuterCacheMisnamed."""
    read_name(url)
    return url


def check_token(token: str) -> str:
    """The token as it is, once it is known to fit into a header. Raises OuterCacheMisnamed."""
    if token and not _TOKEN.fullmatch(token):
        raise OuterCacheMisnamed("must be letters, digits and signs of ASCII without blanks")
    return token


def _is_place(place: str) -> bool:
    match = _PLACE.fullmatch(place)
    return match is not None and 1 <= int(match[1]) <= 65535
