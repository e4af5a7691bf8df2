"""Which pages may be stored at all: refuses what would poison a shared store or split a reply."""

from __future__ import annotations

import re
from http import HTTPStatus

from .errors import UnusablePage
from .pages import PushedPage

BODY_LIMIT_BYTES = 32 * 1024 * 1024
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")
_TAG = re.compile(r"[!-+\--~]+")
_ADDRESS = re.compile(r"[^\x00-\x20\x7f]+")
_MADE_HERE = {
    "date",
    "etag",
    "vary",
    "content-type",
    "content-length",
    "content-encoding",
    "surrogate-key",
    "cache-tag",
}
_OF_THE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "trailer", "upgrade", "te", "proxy-connection"}


def reason_of(status: int) -> str:
    """What HTTP calls the status. Raises UnusablePage."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        raise UnusablePage(f"{status} is no status of HTTP") from None


def checked_address(address: str) -> bytes:
    """The address as it is stored. Raises UnusablePage."""
    try:
        spelled = address.encode()
    except UnicodeEncodeError:
        raise UnusablePage(f"{address[:80]!r} is no text") from None
    if not _ADDRESS.fullmatch(address) or len(spelled) > 8192:
        raise UnusablePage(f"{address[:80]!r} is empty, longer than 8,192 bytes or has blanks in it")
    return spelled


def check_page(page: PushedPage) -> None:
    """Refuse what would poison a shared store (RFC 9111, section 3) or split the reply."""
    if page.status < 200 or page.status in (204, 206, 304):
        raise UnusablePage(f"{page.address}: a {page.status} is not stored")
    if len(page.body) > BODY_LIMIT_BYTES:
        raise UnusablePage(f"{page.address}: {len(page.body)} bytes are more than {BODY_LIMIT_BYTES}")
    if not page.content_type or not _VALUE.fullmatch(page.content_type):
        raise UnusablePage(f"{page.address}: its content type is {page.content_type!r}")
    for tag in page.tags:
        if not _TAG.fullmatch(tag) or len(tag) > 255:
            raise UnusablePage(f"{page.address}: the tag {tag[:80]!r} has blanks, commas or letters outside of ASCII")
    for name, value in page.headers:
        _check_header(page.address, name, value)


def _check_header(address: str, name: str, value: str) -> None:
    lower = name.lower()
    if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
        raise UnusablePage(f"{address}: {name[:80]!r} is not a well-formed header")
    if lower in _MADE_HERE or lower in _OF_THE_CONNECTION:
        raise UnusablePage(f"{address}: {name} is made by the edge")
    if lower in ("set-cookie", "authorization", "www-authenticate"):
        raise UnusablePage(f"{address}: a reply with {name} belongs to one reader and may not be stored")
    said = re.split(r"[\s,;=]+", value.lower())
    if lower == "cache-control" and ("private" in said or "no-store" in said):
        raise UnusablePage(f"{address}: Cache-Control {value!r} forbids to store the reply")
