"""Asks the renderer over its socket, and leaves it alone while it is ill."""

from __future__ import annotations

import asyncio
import logging
import math
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import httptools

from . import limits

logger = logging.getLogger(__name__)

Fields = Sequence[tuple[str, str]]

# These belong to one connection (RFC 9110, section 7.6.1), or are made anew here, or are nobody's on this origin.
_OWN_HEADERS = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding "
    b"upgrade content-length date server set-cookie".split()
)
_EXAMINE_S = 0.5
LOG_EVERY_S = 1.0
_KEY = re.compile(rb"[!-~]{1,2600}")


class RendererError(Exception):
    """The renderer gave no answer that can be used; `is_general` says that it is not the fault of one page."""

    def __init__(self, reason: str, *, is_general: bool = False) -> None:
        super().__init__(reason)
        self.is_general = is_general


class RendererResting(RendererError):
    """It failed a moment ago and is not asked now."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What the renderer answered. `stored` and `same_as` are keys under which the store has the answer, else empty."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    stored: str = ""
    same_as: str = ""


class Renderer:
    """A client of the renderer at the unix socket `path`, which is asked under the name `host`."""

    def __init__(self, path: str, host: str) -> None:
        self.path = path
        self.host = host
        self.problem = ""
        self.asked = self.failed = 0
        self._idle: list[_Line] = []
        self._slots = asyncio.Semaphore(limits.RENDERS)
        self._failures = 0
        self._rest_s = limits.FIRST_REST_S
        self._resting_until = 0.0
        self._resting_targets: dict[str, float] = {}
        self._logged_at = -LOG_EVERY_S

    async def ask(
        self, target: str, *, method: str = "GET", fields: Fields = (), body: bytes = b"", patience_s: float
    ) -> Rendered:
        """The answer to one request, whole, within `patience_s`. Raises RendererError."""
        if self.is_resting(target):
            raise RendererResting(self.problem or "resting")
        self.asked += 1
        request = _write_request(method, target, self.host, fields, body)
        try:
            async with asyncio.timeout(patience_s):
                async with self._slots:
                    rendered = await self._exchange(request, may_repeat=method == "GET")
            if rendered.status >= 500:
                general = rendered.status in {502, 503, 504}
                raise RendererError(f"the renderer answers {rendered.status}", is_general=general)
        except TimeoutError as error:
            raise self._note_failure(target, RendererError("the renderer does not answer in time")) from error
        except OSError as error:
            reason = f"the renderer cannot be reached: {error.strerror or error}"
            raise self._note_failure(target, RendererError(reason, is_general=True)) from error
        except RendererError as error:
            raise self._note_failure(target, error) from error.__cause__
        self._note_success(target)
        return rendered

    def is_resting(self, target: str) -> bool:
        """Whether asking for this now would fail at once."""
        return self.rest_s(target) > 0

    def rest_s(self, target: str) -> float:
        """For how many seconds asking for this would fail at once; infinite without a renderer."""
        if not self.path:
            return math.inf
        return max(self._resting_until, self._resting_targets.get(target, 0.0)) - time.monotonic()

    async def examine(self) -> str:
        """What is wrong with the renderer, by its own account; empty: nothing. Changes nothing in how it is treated."""
        try:
            async with asyncio.timeout(_EXAMINE_S):
                rendered = await self._exchange(_write_request("GET", "/healthz", self.host, (), b""), may_repeat=True)
        except (OSError, TimeoutError, RendererError):
            return "the renderer does not answer"
        return "" if rendered.status < 500 else self.problem or "the renderer is not well"

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    async def _exchange(self, request: bytes, *, may_repeat: bool) -> Rendered:
        line = await self._open()
        while True:
            is_used = line.is_used
            try:
                rendered = await line.exchange(request)
            except _LineCut as error:
                line.close()
                # The renderer may close a line that was idle just while we wrote: that is no failure.
                if not (is_used and may_repeat and not error.has_begun):
                    raise RendererError("the renderer's answer was cut") from error
                line = await self._open()
            except BaseException:
                line.close()
                raise
            else:
                if line.is_open:
                    self._idle.append(line)
                return rendered

    async def _open(self) -> _Line:
        while self._idle:
            line = self._idle.pop()
            if line.is_open:
                return line
        _transport, line = await asyncio.get_running_loop().create_unix_connection(_Line, self.path)
        return line

    def _note_success(self, target: str) -> None:
        self._failures, self._rest_s, self._resting_until, self.problem = 0, limits.FIRST_REST_S, 0.0, ""
        self._resting_targets.pop(target, None)

    def _note_failure(self, target: str, error: RendererError) -> RendererError:
        self.failed += 1
        self.problem = str(error)
        self._failures += 1
        now = time.monotonic()
        if now - self._logged_at >= LOG_EVERY_S:
            self._logged_at = now
            logger.warning("%r is not rendered: %s (failures so far: %d)", target, error, self.failed)
        if error.is_general or self._failures >= limits.ILL_AFTER:
            self._resting_until = now + self._rest_s
            self._rest_s = min(self._rest_s * 2, limits.LONGEST_REST_S)
        else:
            has_failed_before = target in self._resting_targets
            if not has_failed_before and len(self._resting_targets) >= limits.ALIASES:
                self._resting_targets.clear()
            self._resting_targets[target] = now + (limits.LONGEST_REST_S if has_failed_before else limits.FIRST_REST_S)
        return error


class _LineCut(Exception):
    """The line ended before the answer did."""

    def __init__(self, *, has_begun: bool) -> None:
        super().__init__()
        self.has_begun = has_begun


class _Line(asyncio.Protocol):
    """One connection to the renderer, which answers one request after another."""

    def __init__(self) -> None:
        self.is_used = False
        self.is_open = False
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Rendered] | None = None
        self._has_begun = False

    async def exchange(self, request: bytes) -> Rendered:
        """The answer to the request. Raises _LineCut."""
        if self._transport is None or not self.is_open:
            raise _LineCut(has_begun=False)
        self.is_used, self._has_begun = True, False
        self._headers: list[tuple[bytes, bytes]] = []
        self._pieces: list[bytes] = []
        self._size = 0
        self._parser = httptools.HttpResponseParser(self)
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        self.is_open = False
        self._answer = None
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are asyncio's in all but their class.
        self._transport, self.is_open = cast("asyncio.Transport", transport), True

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False
        self._fail()

    def data_received(self, data: bytes) -> None:
        if self._answer is None or self._answer.done():
            # Nobody asked for this: an answer of ours that came twice must never reach the next request.
            self.close()
            return
        self._has_begun = True
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail()
            self.close()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.lower(), value.strip()))

    def on_body(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size > limits.PASSED_BYTES:
            self._fail()
            self.close()

    def on_message_complete(self) -> None:
        if self._answer is None or self._answer.done():
            return
        if not self._parser.should_keep_alive():
            self.is_open = False
        self._answer.set_result(_describe(self._parser.get_status_code(), self._headers, b"".join(self._pieces)))

    def _fail(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(_LineCut(has_begun=self._has_begun))


def _describe(status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> Rendered:
    told = dict(headers)
    kept = tuple((name, value) for name, value in headers if name not in _OWN_HEADERS and not name.startswith(b"edge-"))
    return Rendered(status, kept, body, _key(told.get(b"edge-stored", b"")), _key(told.get(b"edge-same-as", b"")))


def _key(value: bytes) -> str:
    return value.decode("ascii") if _KEY.fullmatch(value) else ""


def _write_request(method: str, target: str, host: str, fields: Fields, body: bytes) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", "Edge-Render: 1"]
    lines += [f"{name}: {value}" for name, value in fields]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
