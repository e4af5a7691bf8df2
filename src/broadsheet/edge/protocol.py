"""Speaks HTTP/1.1 with one client: reads requests, answers them in their order, and keeps it within its limits.

The hot path is `data_received` -> `on_url`, `on_header` -> `on_headers_complete`: an ordinary request for what is ready
is written from there, at once. Everything else becomes an `Asked` and goes through `_serve`.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import cast

import httptools

from . import asked as asking
from . import limits
from .answers import Answer
from .asked import Asked
from .counters import Counter
from .door import Door, ReadyReplies
from .slots import GENERATION

logger = logging.getLogger(__name__)

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_CLOSE = b"Connection: close\r\n"
_STUMBLES = (httptools.HttpParserError, httptools.HttpParserUpgrade)

# What becomes of a header field. Those that are neither here nor in _MEANINGFUL are nobody's business.
_DULL, _HOST, _ACCEPT, _KNOWN_TAG, _KEPT, _CONNECTION, _ODD = range(7)
_MEANINGFUL = {
    b"host": _HOST,
    b"accept-encoding": _ACCEPT,
    b"if-none-match": _KNOWN_TAG,
    b"accept-language": _KEPT,
    b"content-type": _KEPT,
    b"origin": _KEPT,
    b"sec-fetch-site": _KEPT,
    b"range": _KEPT,
    b"if-range": _KEPT,
    b"connection": _CONNECTION,
    b"content-length": _ODD,
    b"transfer-encoding": _ODD,
    b"expect": _ODD,
    b"upgrade": _ODD,
}
_KEEPS_OPEN = frozenset((b"keep-alive", b"Keep-Alive"))
_SPELLINGS = 4096
_kinds: dict[bytes, int] = {}
# A request is plain when its `_marks` are this: one host, which is ours, and nothing odd.
_PLAIN, _STRANGE = 1, 1 << 16


def _kind_of(name: bytes) -> int:
    """What becomes of a field; each spelling is looked up once, and of all that are made up only some thousands."""
    kind = _MEANINGFUL.get(name.lower(), _DULL)
    if len(_kinds) < _SPELLINGS:
        _kinds[name] = kind
    return kind


class Connection(asyncio.Protocol):
    """One client's connection. At most one answer is under way; further requests wait in `_queue`, in their order."""

    __slots__ = (
        "_accepted", "_address", "_backlog", "_door", "_feed", "_fields", "_has_ended", "_has_lasted", "_head_bytes",
        "_incoming", "_is_closing", "_is_held", "_is_idle", "_is_lingering", "_is_paused", "_is_reading",
        "_known_tag", "_marks", "_own_hosts", "_parser", "_queue", "_ready", "_ready_by_accept", "_resumed", "_since",
        "_stall", "_target", "_task", "_transport", "_write",
    )  # fmt: skip

    _target: bytes
    _marks: int
    _ready: ReadyReplies
    _accepted: bytes | None
    _known_tag: bytes | None
    _fields: list[tuple[bytes, bytes]]
    _head_bytes: int

    def __init__(self, door: Door) -> None:
        self._door = door
        self._own_hosts, self._ready_by_accept = door.hosts.known, door.ready_by_accept
        self._parser = httptools.HttpRequestParser(self)
        self._feed = self._parser.feed_data
        self._queue: deque[Asked | Answer] = deque()
        self._backlog = b""
        self._task: asyncio.Task[None] | None = None
        self._incoming: Asked | None = None
        self._resumed: asyncio.Future[None] | None = None
        # Held: nothing may be written past `_queue`. Closing: nothing more is read.
        self._is_held = self._is_closing = self._is_lingering = self._is_paused = False
        self._is_reading = True
        self._has_ended = self._has_lasted = False
        # When the buffer was looked at, and what was in it then; None: it was empty.
        self._stall: tuple[int, int] | None = None
        self._fields = []
        self._begin_request(door)
        self._is_idle = False

    # Called by the loop.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are asyncio's in all but their class.
        self._transport = cast("asyncio.Transport", transport)
        self._write = self._transport.write
        self._address = str((transport.get_extra_info("peername") or ("",))[0])
        self._transport.set_write_buffer_limits(limits.WRITE_HIGH_BYTES, limits.WRITE_LOW_BYTES)
        refusal = self._door.admit(self, self._address)
        if refusal is not None:
            self._serve(refusal)

    def connection_lost(self, error: Exception | None) -> None:
        self._door.forget(self, self._address)
        self._is_closing = self._is_held = True
        self._queue.clear()
        self._backlog = b""
        if self._task is not None:
            self._task.cancel()
        if self._resumed is not None and not self._resumed.done():
            self._resumed.cancel()

    def data_received(self, data: bytes) -> None:
        if self._is_held or len(data) > limits.PIECE_BYTES:
            self._take(data)
            return
        self._is_idle = False
        try:
            self._feed(data)
        except _STUMBLES as error:
            self._stumble(error, data)
        if not self._is_idle:
            self._await_rest(len(data))

    def eof_received(self) -> bool:
        """A client may close its side when it has asked, and wait for its answers."""
        if self._is_lingering or not (self._task or self._queue or self._is_paused):
            return False
        self._is_closing = self._has_ended = True
        return True

    def pause_writing(self) -> None:
        self._is_paused = self._is_held = True

    def resume_writing(self) -> None:
        self._is_paused = False
        if self._resumed is not None and not self._resumed.done():
            self._resumed.set_result(None)
        self._go_on()

    # Called by the parser.

    def on_url(self, target: bytes) -> None:
        self._target = self._target + target if self._target else target

    def on_header(self, name: bytes, value: bytes) -> None:
        try:
            kind = _kinds[name]
        except KeyError:
            kind = _kind_of(name)
        if not kind:
            return
        if kind == _HOST and value in self._own_hosts:
            self._marks += _PLAIN
        elif kind == _ACCEPT and value in self._ready_by_accept and self._accepted is None:
            self._accepted = value
            self._ready = self._ready_by_accept[value]
        elif kind == _KEPT:
            self._fields.append((name, value))
        elif kind == _CONNECTION and value in _KEEPS_OPEN and self._is_modern():
            return
        elif kind == _KNOWN_TAG and self._known_tag is None:
            self._known_tag = value
        else:
            self._fields.append((name, value))
            self._marks |= _STRANGE

    def on_headers_complete(self) -> None:
        door = self._door
        if self._marks == _PLAIN and not self._is_held and door.words[GENERATION] == door.seen_generation:
            ready = self._ready.get(self._target)
            if ready is not None and self._parser.get_method() == b"GET" and self._parser.should_keep_alive():
                known = self._known_tag
                if known is None:
                    ready.given += 1
                    self._write(ready.whole)
                    if door.is_logging:
                        door.log_hit(self._target, 200, len(ready.whole))
                    self._begin_request(door)
                    return
                if known == ready.entity_tag:
                    ready.not_modified_given += 1
                    self._write(ready.not_modified)
                    if door.is_logging:
                        door.log_hit(self._target, 304, len(ready.not_modified))
                    self._begin_request(door)
                    return
        if not self._is_closing:
            self._read_head()

    def on_body(self, piece: bytes) -> None:
        if self._incoming is not None:
            self._incoming.body += piece
            if len(self._incoming.body) >= self._incoming.body_size:
                self._complete(self._incoming)

    # Reading.

    def _take(self, data: bytes) -> None:
        """Read piece by piece, and stop while an answer is under way: who sends much at once has to wait for it."""
        if self._is_lingering:
            return
        self._backlog += data
        while self._backlog and not self._is_held:
            piece, self._backlog = self._backlog[: limits.PIECE_BYTES], self._backlog[limits.PIECE_BYTES :]
            self._is_idle = False
            try:
                self._feed(piece)
            except _STUMBLES as error:
                self._stumble(error, piece)
            if not self._is_idle:
                self._await_rest(len(piece))
        self._set_reading(not self._backlog)

    def _stumble(self, error: Exception, data: bytes) -> None:
        """The parser goes no further: answer what came before, refuse the rest."""
        if isinstance(error, httptools.HttpParserUpgrade):
            # We change to no other protocol: the request was answered as if it had not asked for one.
            self._close_after_all()
        elif isinstance(error, httptools.HttpParserCallbackError):
            # A fault of ours, not of the request. It costs this client its connection and nobody else anything.
            logger.error("a request could not be answered", exc_info=error)
            self._refuse(self._door.own.plain(500, "Something went wrong", closes=True))
        elif isinstance(error, httptools.HttpParserInvalidMethodError) and asking.is_unknown_method(data):
            self._refuse(self._door.own.plain(501, "Unknown method", closes=True))
        else:
            self._refuse(self._door.own.bad_request())

    def _await_rest(self, size: int) -> None:
        """A request has begun and is not complete: it has its time and its size."""
        if self._is_closing:
            return
        if not self._head_bytes:
            self._since = self._door.second
        self._head_bytes += size
        if self._head_bytes > limits.HEAD_BYTES and self._incoming is None and not self._is_held:
            self._refuse(self._door.own.plain(431, "Too much of a head", closes=True))

    def _read_head(self) -> None:
        """Make of what was read an `Asked`, and answer it, or wait for its body."""
        asked = self._make_asked()
        self._begin_request(self._door)
        refusal = asking.refuse(asked, self._door.hosts, self._door.own)
        if refusal is not None:
            refusal.closes |= not asked.keeps_open
            self._serve(refusal)
            self._door.note(asked, refusal)
        elif asked.body_size:
            self._read_form(asked)
        else:
            self._complete(asked)

    def _read_form(self, asked: Asked) -> None:
        """Let the body come, but only where the address takes one: others are refused before it is sent."""
        self._is_idle = False
        if "POST" not in self._door.lookup.read(asked.target).rule.methods:
            asked.keeps_open = False
            self._complete(asked)
            return
        self._incoming = asked
        if b"expect" in asked.fields and not self._is_held:
            self._write(_CONTINUE)

    def _complete(self, asked: Asked) -> None:
        self._incoming = None
        self._is_idle = True
        self._since = self._door.second
        if not asked.keeps_open:
            self._is_closing = True
        self._serve(asked)

    def _make_asked(self) -> Asked:
        # Those that `on_header` has put aside; each host that it has counted was one of our own.
        fields = [(b"host", self._door.lookup.own.host)] * (self._marks & (_STRANGE - 1))
        if self._accepted is not None:
            fields.append((b"accept-encoding", self._accepted))
        if self._known_tag is not None:
            fields.append((b"if-none-match", self._known_tag))
        gathered, is_doubtful = asking.gather(fields + self._fields)
        encoding = self._door.choose_encoding(gathered.get(b"accept-encoding"))
        parser = self._parser
        version = parser.get_http_version()
        # HTTP/1.0 has no lasting connections that everybody understands in the same way.
        keeps_open = version == "1.1" and parser.should_keep_alive() and not parser.should_upgrade()
        return Asked(parser.get_method(), self._target, version, keeps_open, gathered, encoding, is_doubtful)

    def _begin_request(self, door: Door) -> None:
        """Nothing is known yet of the request that comes next."""
        self._is_idle = True
        self._since = door.second
        self._head_bytes = 0
        self._target = b""
        self._marks = 0
        self._ready = door.ready[2]
        self._accepted = self._known_tag = None
        if self._fields:
            self._fields = []

    def _is_modern(self) -> bool:
        """Whether the client speaks HTTP/1.1, where a connection lasts without being asked to. Asked once."""
        if not self._has_lasted:
            self._has_lasted = self._parser.get_http_version() == "1.1"
        return self._has_lasted

    def _refuse(self, answer: Answer) -> None:
        """Answer what cannot be read, after all that came before it, and read no more."""
        if not self._is_closing:
            self._incoming = None
            self._serve(answer)
            self._door.counters.add(Counter.REFUSED_REQUESTS)

    # Answering.

    def _serve(self, item: Asked | Answer) -> None:
        """Answer now, or in turn."""
        if isinstance(item, Answer) and item.closes:
            self._is_closing = True
        if self._is_held:
            self._queue.append(item)
            return
        if isinstance(item, Answer):
            self._send(item)
            return
        answer = self._door.answer_at_once(item)
        if answer is not None:
            self._send_to(item, answer)
            return
        self._is_held = True
        self._task = asyncio.get_running_loop().create_task(self._serve_later(item))

    async def _serve_later(self, asked: Asked) -> None:
        try:
            answer = await self._door.lookup.later(asked)
        except Exception:
            logger.exception("a request could not be answered")
            answer = self._door.own.plain(500, "Something went wrong", closes=True)
        self._send_to(asked, answer)
        if answer.file is not None:
            await self._send_file(answer, is_wanted=asked.method != b"HEAD")
        self._task = None
        self._go_on()

    async def _send_file(self, answer: Answer, *, is_wanted: bool) -> None:
        """The rest of a file, no faster than the client takes it. What is cut short ends the connection."""
        file = answer.file
        assert file is not None
        try:
            while is_wanted and file.remaining and not self._transport.is_closing():
                if self._is_paused:
                    self._resumed = asyncio.get_running_loop().create_future()
                    await self._resumed
                piece = await file.read()
                if not piece:
                    self.abort()
                    return
                self._write(piece)
                self._stall = None
        finally:
            file.close()

    def _send_to(self, asked: Asked, answer: Answer) -> None:
        door = self._door
        answer.closes |= not asked.keeps_open or door.is_stopping
        if answer.closes:
            self._is_closing = True
        if asked.method == b"HEAD":
            answer.body = b""
        door.note(asked, answer)
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        self._write(
            b"".join((answer.head, answer.outer, _CLOSE if answer.closes else b"", self._door.date, answer.body))
        )
        if answer.closes and answer.file is None:
            self._linger()

    def _go_on(self) -> None:
        """The way is free again: answer who waits, then read on."""
        self._is_held = self._is_paused or self._task is not None
        while self._queue and not self._is_held:
            self._serve(self._queue.popleft())
        if self._is_held or self._is_lingering:
            return
        if self._is_closing:
            self._linger()
        elif self._backlog:
            self._take(b"")
        else:
            self._set_reading(True)

    # Ending.

    def _close_after_all(self) -> None:
        self._is_closing = True
        if not (self._is_held or self._is_lingering):
            self._linger()

    def _linger(self) -> None:
        """Close our side, and take no notice of what still comes: an abrupt end could destroy the answer on its way."""
        self._is_lingering = self._is_closing = self._is_held = True
        self._queue.clear()
        self._backlog = b""
        self._since = self._door.second
        if not self._has_ended and self._transport.can_write_eof() and not self._transport.is_closing():
            self._set_reading(True)
            self._transport.write_eof()
        else:
            self._transport.close()

    def finish(self) -> None:
        """The worker stops: end when nothing is under way."""
        if self._is_idle and not (self._is_held or self._is_closing):
            self._transport.close()

    def abort(self) -> None:
        self._transport.abort()

    def check(self, second: int) -> None:
        """Called once a second: end who takes too long. The times begin when all that was written has gone."""
        left = self._transport.get_write_buffer_size()
        if left:
            self._check_stall(second, left)
            return
        if self._stall is not None:
            self._stall = None
            self._since = second
        waited_s = second - self._since
        if self._is_lingering:
            if waited_s > limits.LINGER_S:
                self.abort()
        elif self._is_held:
            return
        elif self._is_idle:
            if waited_s > limits.IDLE_S:
                self._transport.close()
        elif waited_s > limits.REQUEST_S and not self._head_bytes:
            self._transport.close()
        elif waited_s > limits.REQUEST_S:
            self._refuse(self._door.own.plain(408, "Too slow", closes=True))

    def _check_stall(self, second: int, left: int) -> None:
        """Cut who takes next to nothing. Whoever was answered anew since has taken what came before."""
        if self._stall is None or self._since > self._stall[0]:
            self._stall = (second, left)
        since, size = self._stall
        if second - since >= limits.SLOW_READER_S:
            if size - left < limits.SLOW_READER_BYTES:
                self.abort()
            self._stall = (second, left)

    def _set_reading(self, wanted: bool) -> None:
        if wanted == self._is_reading or self._transport.is_closing():
            return
        self._is_reading = wanted
        if wanted:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()
