"""A plain outsider: fetches addresses without cookies, scripts or redirects followed."""

from __future__ import annotations

import gzip
import http.client
import string
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import brotli

# A list may be given once more as it was while it is made anew.
SEEN_WITHIN_S = 15.0


@dataclass(frozen=True)
class Reply:
    """What came back: the status, every header by its small name, the body as it was sent."""

    url: str
    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> bytes:
        """The body, unpacked."""
        coding = self.headers.get("content-encoding", "")
        if coding == "br" and self.raw:
            return bytes(brotli.decompress(self.raw))
        return gzip.decompress(self.raw) if coding == "gzip" and self.raw else self.raw

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def kind(self) -> str:
        """The media type without its parameters."""
        return self.headers.get("content-type", "").split(";")[0].strip()


def fetch(url: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes | None = None) -> Reply:
    """Ask once. Header names that come twice are joined with a comma and a space."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    target = quote(parts.path + (f"?{parts.query}" if parts.query else ""), safe=string.punctuation)
    try:
        connection.request(method, target or "/", body=body, headers={"Accept-Encoding": "br", **(headers or {})})
        reply = connection.getresponse()
        joined: dict[str, str] = {}
        for name, value in reply.getheaders():
            key = name.lower()
            joined[key] = f"{joined[key]}, {value}" if key in joined else value
        return Reply(url, reply.status, joined, reply.read())
    finally:
        connection.close()


def fetch_until(url: str, holds: Callable[[Reply], object], within_s: float = SEEN_WITHIN_S) -> Reply:
    """Ask until the reply is as it should be, and fail when it is not in time."""
    until = time.monotonic() + within_s
    while not holds(reply := fetch(url)):
        assert time.monotonic() < until, f"{url} is not as it should be after {within_s:.0f} s: {reply.text[:400]}"
        time.sleep(0.1)
    return reply
