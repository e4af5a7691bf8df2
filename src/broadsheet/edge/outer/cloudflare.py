"""Purges a zone of Cloudflare by cache tags (Cloudflare API v4, Purge Cached Content by Tag)."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from ..replies import EVERYTHING
from . import batches, calls
from .errors import OuterPurgeFailed

API = "https://api.cloudflare.com"
PATIENCE_S = 10.0
# Every plan has always taken so many; today it is 100.
TAGS_A_REQUEST = 30
BODY_BYTES = 128 * 1024
_ADVICE = {
    400: "outer_cache_token or the zone is not valid",
    401: "outer_cache_token is not valid",
    403: "outer_cache_token has not the right `Cache Purge` for the zone",
    404: "there is no such zone",
    429: "more purges than the plan allows",
}


class Cloudflare:
    """One zone. Cloudflare knows no soft purge: all are hard. It takes capitals in tags for small letters."""

    def __init__(self, zone: str, token: str, *, api: str = API, patience_s: float = PATIENCE_S) -> None:
        self.zone, self.api, self.patience_s = zone, api, patience_s
        self._token = token

    def purge(self, tags: Collection[str], *, hard: bool) -> None:
        """Purge the tags, 30 a request. Raises OuterPurgeFailed."""
        wanted = batches.to_purge(tags)
        if EVERYTHING in wanted:
            self._send({"purge_everything": True})
            return
        for piece in batches.cut(wanted, count=TAGS_A_REQUEST, size_bytes=BODY_BYTES):
            self._send({"tags": piece})

    def _send(self, what: dict[str, Any]) -> None:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        path = f"/client/v4/zones/{self.zone}/purge_cache"
        answer = calls.call(self.api, "POST", path, headers, json.dumps(what).encode(), patience_s=self.patience_s)
        calls.check_status(answer, "Cloudflare", _ADVICE)
        if calls.read_object(answer, "Cloudflare").get("success") is not True:
            raise OuterPurgeFailed("Cloudflare answers 200 without success", permanent=False)
