"""Servers of our own that take purges as the makers of the caches document it, and remember what they were asked."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "s3cret-t0ken"


@dataclass
class Taken:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Vendor:
    """What a server does: `mood` is a status to refuse with, or a way to misbehave."""

    mood: int | str | None = None
    taken: list[Taken] = field(default_factory=list)
    port: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    def judge(self, taken: Taken) -> tuple[int, dict[str, str], bytes]:
        raise NotImplementedError

    def tags(self, taken: Taken) -> list[str]:
        """The tags that the request names."""
        raise NotImplementedError

    def is_soft(self, taken: Taken) -> bool | None:
        """None: the maker knows no soft purge."""
        raise NotImplementedError

    def is_for_everything(self, taken: Taken) -> bool:
        raise NotImplementedError


class FakeXkey(Vendor):
    """Varnish with ops/varnish-xkey.vcl; vmod_xkey(3) takes keys with blanks between them."""

    def judge(self, taken):
        if taken.method != "PURGE" or taken.headers.get("purge-mode") not in ("soft", "hard"):
            return 405, {}, b"no"
        line = f"Surrogate-Key: {taken.headers['surrogate-key']}\r\n"
        return (200, {"Purged": "3"}, b"Purged\n") if len(line) <= 8192 else (400, {}, b"")

    def tags(self, taken):
        return taken.headers["surrogate-key"].split(" ")

    def is_soft(self, taken):
        return taken.headers["purge-mode"] == "soft"

    def is_for_everything(self, taken):
        return "*" in self.tags(taken)


class FakeBan(Vendor):
    """Varnish with ops/varnish-ban.vcl."""

    def judge(self, taken):
        pattern = taken.headers.get("surrogate-key-pattern", "")
        if taken.method != "BAN" or not re.fullmatch(r"[A-Za-z0-9:_|.\[\]-]{1,8000}", pattern):
            return 405, {}, b"no"
        return 200, {"Purged": "some"}, b"Purged\n"

    def tags(self, taken):
        return taken.headers["surrogate-key-pattern"].replace("[.]", ".").split("|")

    def is_soft(self, taken):
        return None

    def is_for_everything(self, taken):
        return re.search(f"(^| )({taken.headers['surrogate-key-pattern']})( |$)", "* article:1") is not None


class FakeFastly(Vendor):
    """POST /service/{service_id}/purge and /purge_all, Fastly API reference, Purging."""

    def judge(self, taken):
        if taken.headers.get("fastly-key") != TOKEN:
            return 401, {}, b'{"msg":"Provided credentials are missing or invalid"}'
        if taken.method != "POST":
            return 405, {}, b"{}"
        if taken.path == "/service/SU1Z0isxPaozGVKXdv0eY/purge_all":
            return (200, {}, b'{"status":"ok"}') if "fastly-soft-purge" not in taken.headers else (400, {}, b"{}")
        if taken.path != "/service/SU1Z0isxPaozGVKXdv0eY/purge":
            return 404, {}, b"{}"
        keys = json.loads(taken.body)["surrogate_keys"]
        if not 1 <= len(keys) <= 256 or taken.headers["content-type"] != "application/json":
            return 400, {}, b"{}"
        return 200, {}, json.dumps({key: f"108-{number}" for number, key in enumerate(keys)}).encode()

    def tags(self, taken):
        return json.loads(taken.body)["surrogate_keys"]

    def is_soft(self, taken):
        return taken.headers.get("fastly-soft-purge") == "1"

    def is_for_everything(self, taken):
        return taken.path.endswith("/purge_all")


class FakeCloudflare(Vendor):
    """POST /client/v4/zones/{zone_id}/purge_cache, Cloudflare API v4."""

    def judge(self, taken):
        if taken.headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, {}, b'{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}'
        if taken.method != "POST" or taken.path != "/client/v4/zones/023e105f4ecef8ad9ca31a8372d0c353/purge_cache":
            return 404, {}, b'{"success":false,"errors":[{"code":7003,"message":"Could not route"}]}'
        said = json.loads(taken.body)
        if said != {"purge_everything": True} and not (said.keys() == {"tags"} and 1 <= len(said["tags"]) <= 30):
            return 400, {}, b'{"success":false,"errors":[{"code":1094,"message":"too many"}]}'
        return 200, {}, b'{"success":true,"errors":[],"messages":[],"result":{"id":"023e105f4ecef8ad"}}'

    def tags(self, taken):
        return json.loads(taken.body)["tags"]

    def is_soft(self, taken):
        return None

    def is_for_everything(self, taken):
        return json.loads(taken.body) == {"purge_everything": True}


@contextmanager
def serving(vendor: Vendor) -> Iterator[Vendor]:
    """The vendor at a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            taken = Taken(self.command, self.path, headers, self.rfile.read(size))
            vendor.taken.append(taken)
            if isinstance(vendor.mood, str):
                misbehave(self, vendor)
                return
            reply = vendor.judge(taken)
            status, more, body = (vendor.mood, {}, TOKEN.encode()) if vendor.mood else reply
            self.send_response(status)
            for name, value in {**more, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PURGE = do_BAN = answer

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    vendor.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield vendor
    finally:
        vendor.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def misbehave(handler: BaseHTTPRequestHandler, vendor: Vendor) -> None:
    """Be a server of which nothing good can be had."""
    handler.close_connection = True
    if vendor.mood == "silent":
        vendor.released.wait()
    elif vendor.mood == "garbage":
        handler.wfile.write(b"\x00\xff nonsense " + TOKEN.encode() + b"\r\n\r\n")
    elif vendor.mood == "cut":
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Le")
    elif vendor.mood == "moved":
        handler.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
    elif vendor.mood == "somebody else":
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
