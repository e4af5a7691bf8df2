"""One request as it was read, and whether it may be answered at all."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from . import accept, limits
from .addresses import LONGEST_PATH, Hosts, is_host
from .answers import Answer, OwnAnswers
from .pages import Encoding

# Methods that HTTP itself defines; others are unknown here (501), these are known and refused (405).
KNOWN_METHODS = frozenset((b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"CONNECT", b"OPTIONS", b"TRACE", b"PATCH"))
ALLOWED = ("Allow", "GET, HEAD")
HEALTH = b"/healthz"
# Fields of which the last would win or the first, depending on who reads: several of them are a trick.
_SINGLE = (b"host", b"content-length", b"transfer-encoding", b"expect")
_ENCODINGS = {"br": Encoding.BR, "gzip": Encoding.GZIP, "identity": Encoding.IDENTITY}
_LONGEST_HOST = 255


@dataclass(slots=True)
class Asked:
    """A request: its target as it was sent, and of its header fields those that mean something here.

    Names are in lower case; values have no blanks at their ends, those of several fields are joined by commas
    (RFC 9110, section 5.3). `is_doubtful` says that a field came twice of which there may be one. `encoding` is the one
    to answer in; None: the request refuses all of them.
    """

    method: bytes
    target: bytes
    version: str
    keeps_open: bool
    fields: dict[bytes, bytes]
    encoding: Encoding | None
    is_doubtful: bool = False
    body: bytearray = field(default_factory=bytearray)
    begun_at: float = field(default_factory=time.monotonic)

    def text(self, name: bytes) -> str | None:
        """The value of a field; None: it is absent."""
        value = self.fields.get(name)
        return None if value is None else value.decode("latin-1")

    @property
    def body_size(self) -> int:
        """What Content-Length says; the parser has let digits through alone."""
        return int(self.fields.get(b"content-length") or 0)


def choose_encoding(accepted: bytes | None) -> Encoding | None:
    """The encoding for this Accept-Encoding; None: it refuses all of them."""
    chosen = accept.choose(None if accepted is None else accepted.decode("latin-1"))
    return None if chosen is None else _ENCODINGS[chosen]


def gather(fields: list[tuple[bytes, bytes]]) -> tuple[dict[bytes, bytes], bool]:
    """The fields by name, and whether one came twice that must not."""
    gathered: dict[bytes, bytes] = {}
    is_doubtful = False
    for name, value in fields:
        name, value = name.lower(), value.strip()
        if name in gathered:
            is_doubtful = is_doubtful or name in _SINGLE
            value = gathered[name] + b", " + value
        gathered[name] = value
    return gathered, is_doubtful


def refuse(asked: Asked, hosts: Hosts, own: OwnAnswers) -> Answer | None:
    """The refusal of a request that nobody should answer; None: it is in order.

    What two programs in a row might read in two ways is refused, and the connection ends (RFC 9112, sections 3.2, 6.3
    and 11.2). A target in absolute form is cut down to its path.
    """
    if asked.version not in ("1.1", "1.0"):
        return own.plain(505, "HTTP/1.1 is spoken here", closes=True)
    if asked.is_doubtful or b"#" in asked.target:
        return own.bad_request()
    return _refuse_host(asked, hosts, own) or _refuse_method(asked, own) or _refuse_body(asked, own)


def _refuse_host(asked: Asked, hosts: Hosts, own: OwnAnswers) -> Answer | None:
    if not asked.target.startswith(b"/"):
        if asked.target == b"*" or asked.method == b"CONNECT":
            return own.plain(405, "Only GET and HEAD", ALLOWED, closes=True)
        absolute = urlsplit(asked.target)
        if absolute.scheme.lower() not in (b"http", b"https") or not hosts.has(absolute.netloc):
            return own.bad_request()
        asked.target = (absolute.path or b"/") + (b"?" + absolute.query if absolute.query else b"")
    path = asked.target.split(b"?", 1)[0]
    if path == HEALTH:
        return None
    if len(path) > LONGEST_PATH:
        return own.plain(414, "Too long an address")
    host = asked.fields.get(b"host", b"")
    if hosts.has(host):
        return None
    if len(host) > _LONGEST_HOST or not is_host(host):
        return own.bad_request()
    return own.plain(421, "Wrong host", closes=asked.body_size > 0)


def _refuse_method(asked: Asked, own: OwnAnswers) -> Answer | None:
    if asked.method in (b"GET", b"HEAD", b"POST"):
        return None
    has_body = b"content-length" in asked.fields or b"transfer-encoding" in asked.fields
    if asked.method in KNOWN_METHODS:
        return own.plain(405, "Only GET and HEAD", ALLOWED, closes=has_body or asked.method == b"CONNECT")
    return own.plain(501, "Unknown method", closes=has_body)


def _refuse_body(asked: Asked, own: OwnAnswers) -> Answer | None:
    """A body comes with a form alone, and with its length: readers have nothing to stream."""
    if b"transfer-encoding" in asked.fields or (asked.body_size and asked.method != b"POST"):
        return own.bad_request()
    if asked.body_size > limits.BODY_BYTES:
        return own.plain(413, "Too much", closes=True)
    expected = asked.text(b"expect")
    if expected is not None and expected.lower() != "100-continue":
        return own.plain(417, "Only 100-continue", closes=True)
    return None


_FIRST_WORD = re.compile(rb"[\r\n]*([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) /")


def is_unknown_method(data: bytes) -> bool:
    """Whether what the parser did not know begins like a request all the same, with a method that nobody defined."""
    match = _FIRST_WORD.match(data)
    return match is not None and match[1] not in KNOWN_METHODS
