"""A tiny edge: pages with tags in three encodings, a picture with ranges, and a memory of what it was asked."""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli

from broadsheet.edge import accept
from broadsheet.edge.outer.headers import ASK_AGAIN, OuterHeaders

PICTURE = "/pictures/harbour-1200.webp"
SHORT_LIVED = "/en/feed.xml"
# The same bytes each time, whatever the clock says.
ENCODERS = {"br": brotli.compress, "gzip": partial(gzip.compress, mtime=0), "identity": bytes}


@dataclass
class Page:
    """What stands at an address: text, tags, and whether the edge would call it stale."""

    text: str
    tags: tuple[str, ...]
    is_stale: bool = False


@dataclass
class Origin:
    """The pages by address; `asked` are the requests that came through, with their headers."""

    pages: dict[str, Page] = field(default_factory=dict)
    headers: OuterHeaders | None = field(default_factory=lambda: OuterHeaders("Surrogate-Control"))
    picture: bytes = bytes(range(256)) * 40
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    port: int = 0
    status: int = 200

    def times(self, address: str) -> int:
        return sum(path == address for _, path, _ in self.asked)


def make_origin() -> Origin:
    """An article, another one, and the front on which both stand."""
    return Origin(
        {
            "/en/": Page("front, first edition. " * 60, ("article:1", "article:2", "front:en")),
            "/en/world/one/": Page("one, first edition. " * 60, ("article:1", "layout:en")),
            "/en/world/two/": Page("two, first edition. " * 60, ("article:2", "layout:en")),
        }
    )


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    origin: Origin

    def do_GET(self) -> None:
        origin = self.origin
        if self.path == "/healthz":
            self.reply(200, {"Cache-Control": "no-store"}, b"ok")
            return
        origin.asked.append((self.command, self.path, {name.lower(): value for name, value in self.headers.items()}))
        path = self.path.split("?")[0]
        if origin.status != 200:
            self.reply(origin.status, {"Cache-Control": "no-store", "Retry-After": "5"}, b"away")
        elif path == PICTURE:
            self.give_picture()
        elif path == SHORT_LIVED:
            self.reply(200, {"Cache-Control": "public, s-maxage=600"}, b"<rss/>")
        elif path in ("/", "/en/search/"):
            self.reply(
                200, {"Cache-Control": "private, no-cache"}, (self.headers.get("Accept-Language") or "none").encode()
            )
        elif path in origin.pages:
            self.give_page(origin.pages[path])
        else:
            self.reply(404, {"Cache-Control": "no-store"}, b"Not found\n")

    do_HEAD = do_POST = do_GET

    def give_page(self, page: Page) -> None:
        """As the edge does it: an entity tag for each encoding, 304, Vary, the tags."""
        encoding = accept.choose(self.headers.get("Accept-Encoding")) or "identity"
        body = page.text.encode()
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}-{encoding}"'
        body = ENCODERS[encoding](body)
        headers = {"Cache-Control": ASK_AGAIN, "ETag": tag, "Vary": "Accept-Encoding"}
        if self.origin.headers is not None:
            line = self.origin.headers.stale() if page.is_stale else self.origin.headers.fresh()
            name, _, value = line.decode().strip().partition(": ")
            headers[name] = value
        if tag in re.findall(r'"[^"]*"', self.headers.get("If-None-Match", "")):
            self.reply(304, headers, b"")
            return
        headers |= {"Surrogate-Key": " ".join(page.tags), "Cache-Tag": ",".join(page.tags), "Content-Type": "text/html"}
        if encoding != "identity":
            headers["Content-Encoding"] = encoding
        self.reply(200, headers, body)

    def give_picture(self) -> None:
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable",
            "ETag": '"picture"',
            "Accept-Ranges": "bytes",
            "Surrogate-Key": "picture:harbour",
            "Cache-Tag": "picture:harbour",
        }
        headers["Content-Type"] = "image/webp"
        whole = self.origin.picture
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if wanted is None:
            self.reply(200, headers, whole)
            return
        first, last = int(wanted[1]), min(int(wanted[2]), len(whole) - 1)
        self.reply(206, headers | {"Content-Range": f"bytes {first}-{last}/{len(whole)}"}, whole[first : last + 1])

    def reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status != 304:
            self.wfile.write(body)

    def log_message(self, *args) -> None:
        pass


@contextmanager
def serving(origin: Origin) -> Iterator[Origin]:
    """The origin at a free port of this machine."""
    handler = type("OriginHandler", (Handler,), {"origin": origin})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    # A proxy keeps its connections; their threads end with the test.
    server.daemon_threads, server.block_on_close = True, False
    origin.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield origin
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
