"""Purges a service of Fastly by surrogate keys (Fastly API reference, Purging: purge multiple surrogate keys)."""

from __future__ import annotations

import json
from collections.abc import Collection

from ..replies import EVERYTHING
from . import batches, calls

API = "https://api.fastly.com"
PATIENCE_S = 10.0
KEYS_A_REQUEST = 256
# They do not limit the body; this is what so many of the longest tags need.
BODY_BYTES = 128 * 1024
_ADVICE = {
    401: "outer_cache_token is not valid",
    403: "outer_cache_token has not the right `purge_select`, or is another service's",
    404: "there is no such service",
}


class Fastly:
    """One service. A soft purge leaves the page for `stale-while-revalidate`; everything can be purged hard alone."""

    def __init__(self, service: str, token: str, *, api: str = API, patience_s: float = PATIENCE_S) -> None:
        self.service, self.api, self.patience_s = service, api, patience_s
        self._token = token

    def purge(self, tags: Collection[str], *, hard: bool) -> None:
        """Purge the tags, 256 a request. Raises OuterPurgeFailed."""
        wanted = batches.to_purge(tags)
        if EVERYTHING in wanted:
            self._send("purge_all", None, hard=True)
            return
        for keys in batches.cut(wanted, count=KEYS_A_REQUEST, size_bytes=BODY_BYTES):
            self._send("purge", json.dumps({"surrogate_keys": keys}).encode(), hard=hard)

    def _send(self, verb: str, body: bytes | None, *, hard: bool) -> None:
        headers = {"Fastly-Key": self._token, "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if not hard:
            headers["Fastly-Soft-Purge"] = "1"
        path = f"/service/{self.service}/{verb}"
        answer = calls.call(self.api, "POST", path, headers, body, patience_s=self.patience_s)
        calls.check_status(answer, "Fastly", _ADVICE)
        calls.read_object(answer, "Fastly")
