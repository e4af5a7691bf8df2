"""A worker without sockets: a real store, a door over it, clients that are fed bytes, a renderer made of a function."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httptools

from broadsheet.edge.access_log import AccessLog
from broadsheet.edge.answers import OwnAnswers
from broadsheet.edge.counters import Counters
from broadsheet.edge.door import Door
from broadsheet.edge.files import Pictures
from broadsheet.edge.flight import FileFlight
from broadsheet.edge.lookup import Lookup
from broadsheet.edge.pages import EdgeSettings, PushedPage
from broadsheet.edge.protocol import Connection
from broadsheet.edge.renderer import Rendered, RendererError
from broadsheet.edge.store import LmdbStore
from broadsheet.edge.table import Table

HOST = "news.example"
BODY = b"<p>The harbour is open again, and the ferries run.</p>\n" * 40


@dataclass
class FakeRenderer:
    """Answers with `work(target)`, which returns a Rendered, None for nothing here, or raises."""

    work: Callable[[str], Coroutine[None, None, Rendered]] | None = None
    targets: list[str] = field(default_factory=list)
    fields: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    problem: str = ""
    asked: int = 0
    failed: int = 0
    rest: float = 0.0

    async def ask(self, target, *, method="GET", fields=(), body=b"", patience_s):
        self.asked += 1
        self.targets.append(target)
        self.fields.append(dict(fields))
        self.bodies.append(body)
        if self.work is None:
            self.failed += 1
            raise RendererError("nobody is there", is_general=True)
        async with asyncio.timeout(patience_s):
            return await self.work(target)

    def is_resting(self, target: str) -> bool:
        return self.rest > 0

    def rest_s(self, target: str) -> float:
        return self.rest

    async def examine(self) -> str:
        return self.problem

    def close(self) -> None:
        pass


class FakeTransport:
    """Keeps what is written. `takes` bytes go to the client at once, what is more waits until `drain`."""

    def __init__(self, address: str = "192.0.2.1", takes: int = 1 << 40) -> None:
        self.address, self.takes = address, takes
        self.sent = bytearray()
        self.waiting = 0
        self.is_shut = self.is_closed = self.is_aborted = False
        self.reads = True
        self.protocol: Connection | None = None
        self.high = 1 << 40

    def get_extra_info(self, name: str):
        return (self.address, 1234) if name == "peername" else None

    def set_write_buffer_limits(self, high: int, low: int) -> None:
        self.high = high

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def write(self, data: bytes) -> None:
        assert not self.is_shut, "written after the end"
        if self.is_closed:
            return
        self.sent += data
        before = self.waiting
        self.waiting += max(0, len(data) - self.takes)
        self.takes = max(0, self.takes - len(data))
        if before <= self.high < self.waiting:
            self.protocol.pause_writing()

    def drain(self, size: int = 1 << 40) -> None:
        was_full = self.waiting > 0
        self.waiting = max(0, self.waiting - size)
        if was_full and not self.waiting:
            self.takes = 1 << 40
            self.protocol.resume_writing()

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.is_shut = True

    def close(self) -> None:
        self.is_closed = True

    def abort(self) -> None:
        self.is_closed = self.is_aborted = True

    def is_closing(self) -> bool:
        return self.is_closed

    def pause_reading(self) -> None:
        assert self.reads
        self.reads = False

    def resume_reading(self) -> None:
        assert not self.reads
        self.reads = True


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes
    raw_names: list[str]


class Client:
    """A client's connection: `send` feeds bytes, `replies` are those that came back, each whole."""

    def __init__(self, door: Door, *, address: str = "192.0.2.1", takes: int = 1 << 40) -> None:
        self.transport = FakeTransport(address, takes)
        self.connection = Connection(door)
        self.transport.protocol = self.connection
        self.connection.connection_made(self.transport)
        self.heads_only = False

    def send(self, data: bytes, piece: int = 0) -> Client:
        for at in range(0, len(data), piece or len(data) or 1):
            self.connection.data_received(data[at : at + (piece or len(data))])
        return self

    def lose(self) -> None:
        self.connection.connection_lost(None)

    @property
    def is_ended(self) -> bool:
        return self.transport.is_shut or self.transport.is_closed

    @property
    def replies(self) -> list[Reply]:
        return read_replies(bytes(self.transport.sent))

    @property
    def statuses(self) -> list[int]:
        return [reply.status for reply in self.replies]

    async def settle(self) -> Client:
        """Wait until nothing is under way."""
        while self.connection._task is not None:
            await asyncio.wait([self.connection._task])
            await asyncio.sleep(0)
        return self


def read_replies(data: bytes) -> list[Reply]:
    """Read whole replies; 304, 204 and 1xx have no body. Fails on anything between them."""
    replies = []
    at = 0
    while at < len(data):
        end = data.find(b"\r\n\r\n", at)
        assert end >= 0, f"cut head {data[at : at + 80]!r}"
        first, *lines = data[at:end].decode("latin-1").split("\r\n")
        at = end + 4
        version, status, _ = first.split(" ", 2)
        assert version == "HTTP/1.1"
        pairs = [line.split(": ", 1) for line in lines]
        headers = {name.lower(): value for name, value in pairs}
        size = 0 if status in ("304", "204") or status[0] == "1" else int(headers["content-length"])
        assert len(data) - at >= size, "cut body"
        replies.append(Reply(int(status), headers, data[at : at + size], [name.lower() for name, _ in pairs]))
        at += size
    return replies


@dataclass
class Site:
    """A store with a door over it."""

    settings: EdgeSettings
    store: LmdbStore
    renderer: FakeRenderer
    lookup: Lookup
    door: Door

    def push(self, address: str = "/en/world/", body: bytes = BODY, **more) -> None:
        about = {"status": 200, "content_type": "text/html; charset=utf-8", "generation": self.store.tags.generation()}
        self.store.put(PushedPage(address, body=body, **(about | more)))

    def client(self, **more) -> Client:
        return Client(self.door, **more)

    def ask(self, target: str = "/en/world/", *fields: str, method: str = "GET", **more) -> Client:
        return self.client(**more).send(request(target, *fields, method=method))

    async def get(self, target: str = "/en/world/", *fields: str, method: str = "GET") -> Reply:
        client = await self.ask(target, *fields, method=method).settle()
        client.lose()
        return client.replies[0]


def request(target: str = "/en/world/", *fields: str, method: str = "GET", host: str = HOST) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *fields, "", ""]
    return "\r\n".join(lines).encode("latin-1")


@contextlib.contextmanager
def open_site(directory: Path, renderer: FakeRenderer | None = None, **more) -> Iterator[Site]:
    """To be used within a running loop."""
    public = directory / "public"
    public.mkdir(exist_ok=True)
    settings = EdgeSettings(str(directory / "edge"), f"https://{HOST}", str(public), languages=("en", "az"), **more)
    store = LmdbStore(settings.directory, store_bytes=1 << 26, durable=False, brotli_quality=1)
    flight, counters = FileFlight(settings.directory), Counters(settings.directory)
    own = OwnAnswers(settings)
    renderer = renderer or FakeRenderer()
    pictures = Pictures(settings.public_directory, own)
    lookup = Lookup(
        Table(store, 1 << 24), store.tags, flight, renderer, pictures, own, settings.rules, settings.outer_cache
    )
    door = Door(settings, lookup, AccessLog(settings.access_log), counters)
    try:
        yield Site(settings, store, renderer, lookup, door)
    finally:
        door.lookup.close()
        door.log.close()
        store.close()
        flight.close()
        counters.close()


def with_site(**more) -> Callable:
    """Run the test in a loop, with a site that has the page /en/world/; `more` are settings."""

    def wrap(test):
        async def run(directory: Path, arguments) -> None:
            with open_site(directory, **more) as site:
                site.push()
                await asyncio.wait_for(test(site, **arguments), 20)

        def inner(tmp_path, **arguments) -> None:
            asyncio.run(run(tmp_path, arguments))

        own = list(inspect.signature(test).parameters.values())[1:]
        directory = inspect.Parameter("tmp_path", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        inner.__signature__ = inspect.Signature([directory, *own])
        inner.__name__, inner.__doc__, inner.__module__ = test.__name__, test.__doc__, test.__module__
        return inner

    return wrap


def is_llhttp_strict() -> bool:
    """Whether the parser refuses what it must; its leniency has changed with its versions."""
    try:
        httptools.HttpRequestParser(object()).feed_data(b"GET / HTTP/1.1\r\nHost : x\r\n\r\n")
    except httptools.HttpParserError:
        return True
    return False
