"""The replies that the edge makes itself: refusals, redirects to the one spelling, 503, its health."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from .pages import EdgeSettings, ReadyReply

if TYPE_CHECKING:
    from .files import OpenFile

Headers = Iterable[tuple[str, str]]

RETRY_S = 5
NEVER = ("Cache-Control", "no-store")
# For replies that no browser shows; `EdgeSettings.security_headers` hold the site's own.
LEAST_HEADERS = (
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
)


@dataclass(slots=True)
class Answer:
    """What goes out: `head` without its date and empty line, `body`, and whether the connection ends after it.

    `source` is a word for the log and the counters. `file` has the body when it is too big to be held. `reply` is the
    stored reply that it was made of, when that is fresh and kept under the very target that was asked for. `outer` is
    the line for the cache in front that we purge.
    """

    status: int
    head: bytes
    body: bytes = b""
    source: str = "own"
    closes: bool = False
    file: OpenFile | None = None
    reply: ReadyReply | None = None
    outer: bytes = b""


def make_head(status: int, headers: Headers) -> bytes:
    """The status line and the headers, without Date and the empty line."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {status} {phrase}\r\n{lines}".encode("latin-1")


class OwnAnswers:
    """The edge's own replies for a site. Nothing of a request stands in them but a spelling that it has checked."""

    def __init__(self, settings: EdgeSettings) -> None:
        self.site_url = settings.site_url.rstrip("/")
        self.host = self.site_url.split("://", 1)[-1].encode("latin-1", "replace")
        self.default_language = settings.default_language
        self.languages = frozenset(settings.languages)
        self.use(settings.unavailable, settings.security_headers)

    def use(self, unavailable: Mapping[str, bytes], security_headers: Headers) -> None:
        """From now on 503 is said with these pages, and every reply of the edge's own has these headers."""
        self.unavailable_pages = unavailable
        self.security = tuple({**dict(LEAST_HEADERS), **dict(security_headers)}.items())

    def plain(self, status: int, text: str, *more: tuple[str, str], closes: bool = False) -> Answer:
        """A line of text for machines and for those who ask in a wrong way."""
        body = text.encode() + b"\n"
        return Answer(
            status, self._head(status, "text/plain; charset=utf-8", body, (NEVER, *more)), body, closes=closes
        )

    def bad_request(self) -> Answer:
        return self.plain(400, "Bad request", closes=True)

    def moved(self, key: str) -> Answer:
        """301 to an address of the site in its one spelling."""
        headers = (("Location", self.site_url + key), ("Cache-Control", "public, no-cache"))
        return Answer(301, self._head(301, "text/plain; charset=utf-8", b"", headers))

    def unavailable(self, path: str) -> Answer:
        """503 in the language that the first part of the path names."""
        language = self.language_of(path)
        pages = self.unavailable_pages
        body = pages.get(language) or pages.get(self.default_language) or b""
        if not body:
            return self.plain(503, "Unavailable, please try again", ("Retry-After", str(RETRY_S)))
        headers = (NEVER, ("Retry-After", str(RETRY_S)), ("Content-Language", language))
        return Answer(503, self._head(503, "text/html; charset=utf-8", body, headers), body)

    def health(self, problems: list[str]) -> Answer:
        """Well as long as readers are answered; `degraded` tells that something behind the store is not."""
        state = {"status": "degraded" if problems else "ok", "problems": problems}
        body = json.dumps(state).encode()
        return Answer(200, self._head(200, "application/json", body, (NEVER,)), body)

    def language_of(self, path: str) -> str:
        """The language that a path asks for, else the site's first."""
        first = path.split("/", 2)[1].lower() if path.startswith("/") else ""
        # Addresses have no capitals, codes such as `sr-Latn` do.
        return next((language for language in self.languages if language.lower() == first), self.default_language)

    def _head(self, status: int, content_type: str, body: bytes, headers: Headers) -> bytes:
        length = (("Content-Type", content_type), ("Content-Length", str(len(body))))
        return make_head(status, (*length, *headers, *self.security))
