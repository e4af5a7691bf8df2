"""Purges Varnish that runs ops/varnish.vcl, by the keys of its module xkey or by bans."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from . import batches, calls
from .errors import OuterPurgeFailed

PATIENCE_S = 2.0
# Varnish takes 8 KiB for a line of a head (`http_req_hdr_len`); the rest is for the name and for smaller settings.
HEADER_BYTES = 4 * 1024
_ADVICE = {
    403: "it takes purges at the socket that is named `purge` alone, from those in the list `purgers`",
    405: "it does not run ops/varnish.vcl, or purges the other way",
    501: "it does not run ops/varnish.vcl, or this is not Varnish",
}


class Varnish:
    """One Varnish or several, at `host:port` of the sockets where they take purges.

    Purges by xkey can be soft: the old page is given while the new one is fetched (vmod_xkey, `softpurge`). A ban is
    always hard, and each is tried on all kept pages: for sites with a hundred changes a minute take xkey.
    """

    def __init__(self, places: Sequence[str], *, is_xkey: bool, patience_s: float = PATIENCE_S) -> None:
        self.places = tuple(places)
        self.is_xkey = is_xkey
        self.patience_s = patience_s

    def purge(self, tags: Collection[str], *, hard: bool) -> None:
        """Purge all of them, also when one fails. Raises OuterPurgeFailed."""
        wanted = batches.to_purge(tags)
        heads = self._keys(wanted, hard=hard) if self.is_xkey else self._bans(wanted)
        failures = [failure for place in self.places if (failure := self._purge_one(place, heads)) is not None]
        if failures:
            # As long as one of them may still succeed it is worth while to try again.
            raise OuterPurgeFailed("; ".join(map(str, failures)), permanent=all(one.permanent for one in failures))

    def _keys(self, tags: list[str], *, hard: bool) -> list[dict[str, str]]:
        mode = "hard" if hard else "soft"
        pieces = batches.cut(tags, count=len(tags), size_bytes=HEADER_BYTES)
        return [{"Surrogate-Key": " ".join(piece), "Purge-Mode": mode} for piece in pieces]

    def _bans(self, tags: list[str]) -> list[dict[str, str]]:
        pieces = batches.cut(map(as_pattern, tags), count=len(tags), size_bytes=HEADER_BYTES)
        return [{"Surrogate-Key-Pattern": "|".join(piece)} for piece in pieces]

    def _purge_one(self, place: str, heads: list[dict[str, str]]) -> OuterPurgeFailed | None:
        """Send all requests to one of them; the first failure, if any."""
        try:
            for head in heads:
                self._send(place, head)
        except OuterPurgeFailed as failure:
            return failure
        return None

    def _send(self, place: str, head: dict[str, str]) -> None:
        method = "PURGE" if self.is_xkey else "BAN"
        answer = calls.call(f"http://{place}", method, "/", head, patience_s=self.patience_s)
        calls.check_status(answer, f"Varnish at {place}", _ADVICE)
        if "purged" not in answer.headers:
            # Somebody else has answered, unless the head was cut in the middle: then not even its length came.
            is_whole = "content-length" in answer.headers
            raise OuterPurgeFailed(f"Varnish at {place} answers, but {_ADVICE[501]}", permanent=is_whole)


def as_pattern(tag: str) -> str:
    """An expression for the tag that needs no quotes or backslashes in a ban.

    A sign that would mean something there stands for any sign: at worst too much is purged.
    """
    return re.sub(r"[^A-Za-z0-9:_-]", lambda sign: "[.]" if sign[0] == "." else ".", tag)
