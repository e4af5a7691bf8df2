"""One request to a translation service and its answer, within limits of time and size, over a connection of its own."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ..errors import AnswerUnusable, ServiceTooSlow, ServiceUnreachable

LONGEST_ANSWER_BYTES = 4 * 1024 * 1024
_PIECE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and an object of JSON; empty where the answer was none."""

    status: int
    said: dict[str, Any]


def post(
    address: str, headers: Mapping[str, str], content: Mapping[str, Any], *, name: str, patience_s: float
) -> Answer:
    """Send JSON and read JSON. Redirects are not followed, and no proxy is used.

    `patience_s` holds for the whole of it, from the connection to the last byte. Messages name the service and tell
    nothing of the headers. Raises ServiceUnreachable, ServiceTooSlow, AnswerUnusable.
    """
    place = urlsplit(address)
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    sent = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "Broadsheet"}
    connection = _connection(place.scheme, place.hostname or "", place.port, patience_s)
    late = threading.Event()
    sockets: list[socket.socket] = []
    clock = threading.Timer(patience_s, _give_up, (sockets, late))
    clock.daemon = True
    clock.start()
    try:
        connection.connect()
        # Kept here: the connection forgets its own once the head of the answer has come.
        sockets.append(connection.sock)
        if late.is_set():
            raise TimeoutError
        connection.request("POST", place.path or "/", body=body, headers={**sent, **headers, "Connection": "close"})
        answer = connection.getresponse()
        received = _read(answer, name)
    except (OSError, http.client.HTTPException, ValueError) as error:
        if late.is_set() or isinstance(error, TimeoutError):
            raise ServiceTooSlow(f"{name} does not answer within {patience_s:g} s") from None
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise ServiceUnreachable(f"{name} cannot be reached: {reason}") from None
    finally:
        clock.cancel()
        connection.close()
    if late.is_set():
        # A socket that was shut reads like an answer that ended.
        raise ServiceTooSlow(f"{name} does not answer within {patience_s:g} s")
    return Answer(answer.status, _object(received))


def _connection(scheme: str, host: str, port: int | None, patience_s: float) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=patience_s, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=patience_s)


def _give_up(sockets: Sequence[socket.socket], late: threading.Event) -> None:
    """End what is under way: a server that sends a byte now and then would keep us for ever."""
    late.set()
    for one in sockets:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def _read(answer: http.client.HTTPResponse, name: str) -> bytes:
    received = bytearray()
    while piece := answer.read(_PIECE_BYTES):
        received += piece
        if len(received) > LONGEST_ANSWER_BYTES:
            raise AnswerUnusable(f"{name} answers with more than {LONGEST_ANSWER_BYTES // 2**20} MiB")
    return bytes(received)


def _object(received: bytes) -> dict[str, Any]:
    try:
        said = json.loads(received)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
