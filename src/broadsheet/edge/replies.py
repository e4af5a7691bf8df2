"""Makes of a pushed page the bytes that are stored, and of stored bytes the reply that is sent.

One value holds a page with all its encodings: fixed fields, slots, address, the head they share, the head of the 304,
then the bodies. It is one value because a store in blocks of 4 KiB loses half a block for every value. Identity is
not kept where br and gzip are: it is unpacked from gzip for the rare client that can take neither.

Everything before the bodies is covered by one checksum that is verified with each reading, and each body by its own.
XXH3 is used (64 bits, 0.5 µs for 14 KB in the processor's cache) because CRC-32 takes 4 to 7 µs and blake2b 15, as long
as all the rest of a reply from the store; `check_value` compares the digests too, which the entity tags are.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import math
import re
import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import brotli
from xxhash import xxh3_64_intdigest as checksum_of

from .errors import DamagedPage, UnusablePage
from .pages import Encoding, PushedPage, ReadyReply
from .usable import check_page, checked_address, reason_of

BROTLI_QUALITY = 9
# What is longer than any page for people (feeds, sitemaps) is made anew with every story and read by few: quality 10
# takes seven times as long as 9 there, and saves a tenth.
LARGE_BODY_BYTES = 96 * 1024
LARGE_BROTLI_QUALITY = 9
GZIP_LEVEL = 9
HEAD_LIMIT_BYTES = 32 * 1024
KEYS_LIMIT_BYTES = 4 * 1024
WHOLE_KEY_BYTES = 440
SLOTS = 1 << 20
EVERYTHING = "*"
OVERFULL = "many"
"""Stands for the tags that had no room in `Surrogate-Key`: whoever purges by that header purges this one each time."""

_MAGIC = b"BSP2"
_COMPRESSED, _PLAIN = 0, 1
# checksum of all before the bodies; magic, form, status, number of slots, generation, fresh until, lengths of address,
# shared head and head of the 304; then length, checksum and digest for br, gzip and identity.
_FIELDS = struct.Struct("<Q4sHHIQdIII" + "IQ16s" * 3)
_CHECKSUM_BYTES = 8
_ON_A_304 = {"cache-control", "content-location", "expires", "cdn-cache-control", "surrogate-control"}
_COMPRESSIBLE = re.compile(
    r"text/|application/(?:[\w.+-]*(?:json|xml|javascript|ecmascript)|wasm\b)|image/svg\+xml|font/ttf|image/x-icon"
)
_CODING_LINES = (b"Content-Encoding: br\r\n", b"Content-Encoding: gzip\r\n", b"")
_TAG_ENDS = (b"-br", b"-gz", b"-id")


@dataclass(frozen=True, slots=True)
class PackedPage:
    """A page as it is stored: `value` can be read by `unpack`, the rest is what a store must know of it."""

    key: bytes
    address: bytes
    generation: int
    slots: tuple[int, ...]
    value: bytes


@dataclass(frozen=True, slots=True)
class StoredPage:
    """What stands in a value besides the bodies."""

    address: str
    status: int
    generation: int
    fresh_until: float | None
    slots: tuple[int, ...]
    head: bytes
    sizes: tuple[int, int, int]


def slots_of(tags: frozenset[str]) -> tuple[int, ...]:
    """The slots of a page: that of every tag, and slot 0, which every page has and `*` purges."""
    return (0, *sorted({slot_of(tag) for tag in tags} - {0}))


@lru_cache(maxsize=4096)
def slot_of(tag: str) -> int:
    """The slot of a tag. Two tags may share one: then a purge of the one makes pages of the other anew, needlessly."""
    if tag == EVERYTHING:
        return 0
    digest = hashlib.blake2b(tag.encode(), digest_size=8).digest()
    return 1 + int.from_bytes(digest, "little") % (SLOTS - 1)


def key_of(address: bytes) -> bytes:
    """The key of an address: itself, or its beginning and a digest where LMDB's 511 bytes would not hold it."""
    if len(address) <= WHOLE_KEY_BYTES:
        return address
    return address[:400] + b"#" + hashlib.blake2b(address, digest_size=16).hexdigest().encode()


def pack(page: PushedPage, *, brotli_quality: int = BROTLI_QUALITY) -> PackedPage:
    """The page as it is stored. Raises UnusablePage."""
    address = checked_address(page.address)
    common, not_modified = _heads(page, compressed := _is_compressible(page))
    bodies = (b"", b"", page.body)
    if compressed:
        br = brotli.compress(page.body, mode=brotli.MODE_TEXT, quality=_quality(page.body, brotli_quality))
        if compressed := len(br) < len(page.body):
            bodies = (br, gzip.compress(page.body, GZIP_LEVEL, mtime=0), page.body)
        else:
            common, not_modified = _heads(page, compressed)
    slots = slots_of(page.tags)
    small = struct.pack(f"<{len(slots)}I", *slots) + address + common + not_modified
    until = math.inf if page.fresh_until is None else page.fresh_until
    form = _COMPRESSED if compressed else _PLAIN
    numbers = (page.status, len(slots), page.generation, until, len(address), len(common), len(not_modified))
    fields = _FIELDS.pack(0, _MAGIC, form, *numbers, *(part for body in bodies for part in _marks(body)))
    covered = fields[_CHECKSUM_BYTES:] + small
    checksum = checksum_of(covered).to_bytes(_CHECKSUM_BYTES, "little")
    kept = bodies[:2] if compressed else bodies
    return PackedPage(key_of(address), address, page.generation, slots, b"".join((checksum, covered, *kept)))


class Cut(NamedTuple):
    """The verified pieces of one reply. Views end with the value's transaction."""

    status: int
    generation: int
    until: float
    slot_count: int
    common: memoryview
    """The head that all encodings share."""
    own: bytes
    """The lines of this one."""
    body: memoryview | bytes
    begin: int
    """Where the body stands in the value; 0 where it was unpacked from another one."""
    body_checksum: int
    not_modified: memoryview
    """The head of the 304 without its entity tag."""
    entity_tag: bytes


def _quality(body: bytes, wanted: int) -> int:
    return wanted if len(body) <= LARGE_BODY_BYTES else min(wanted, LARGE_BROTLI_QUALITY)


def unpack(address: bytes, value: memoryview, encoding: Encoding) -> ReadyReply:
    """The reply in that encoding, copied out of `value`. Raises DamagedPage, also for the page of another address."""
    piece = cut(address, value, encoding)
    return ReadyReply(
        piece.status,
        bytes(piece.common) + piece.own,
        bytes(piece.body),
        make_not_modified(piece.not_modified, piece.entity_tag),
        piece.entity_tag,
        piece.generation,
        read_slots(value, piece.slot_count),
        None if piece.until == math.inf else piece.until,
    )


def cut(address: bytes, value: memoryview, encoding: Encoding) -> Cut:
    """The verified pieces of the reply in that encoding, not copied. Raises DamagedPage as `unpack` does."""
    fields, start, bodies_at = _parse(value)
    _, _, form, status, slot_count, generation, until, address_size, common_size, _ = fields[:10]
    common_at = start + address_size
    not_modified_at = common_at + common_size
    if value[start:common_at] != address:
        raise DamagedPage("another address")
    body, begin, checksum, digest = _body(value, bodies_at, form, encoding, fields)
    size = len(body)
    own = b"" if form else _CODING_LINES[encoding]
    entity_tag = b""
    if status == 200:
        # A cache in front of us that is told 304 keeps the tags that it has: other tags, another entity tag.
        tags = zlib.crc32(value[_FIELDS.size : start])
        entity_tag = b'"%b-%08x%b"' % (digest, tags, b"" if form else _TAG_ENDS[encoding])
        own = b"%bContent-Length: %d\r\nETag: %b\r\n" % (own, size, entity_tag)
    else:
        own = b"%bContent-Length: %d\r\n" % (own, size)
    common, not_modified = value[common_at:not_modified_at], value[not_modified_at:bodies_at]
    return Cut(
        *(status, generation, until, slot_count, common, own, body, begin, checksum, not_modified, entity_tag),
    )


def make_not_modified(common: memoryview, entity_tag: bytes) -> bytes:
    """The head of the 304; none where nothing can be asked for by an entity tag."""
    return b"".join((common, b"ETag: ", entity_tag, b"\r\n")) if entity_tag else b""


def read_slots(value: memoryview, count: int) -> tuple[int, ...]:
    """The slots of a value that was verified."""
    return struct.unpack_from(f"<{count}I", value, _FIELDS.size)


def describe(value: memoryview) -> StoredPage:
    """What the value says of itself, bodies not looked at. Raises DamagedPage."""
    fields, start, _ = _parse(value)
    _, _, _, status, slot_count, generation, until, address_size, common_size, _ = fields[:10]
    return StoredPage(
        bytes(value[start : start + address_size]).decode(),
        status,
        generation,
        None if until == math.inf else until,
        read_slots(value, slot_count),
        bytes(value[start + address_size : start + address_size + common_size]),
        (fields[10], fields[13], fields[16]),
    )


def check_value(value: memoryview) -> StoredPage:
    """Compare everything in the value with everything else in it. Raises DamagedPage."""
    stored = describe(value)
    address = stored.address.encode()
    plain = unpack(address, value, Encoding.IDENTITY)
    fields = _FIELDS.unpack_from(value)
    for encoding in Encoding:
        reply = unpack(address, value, encoding)
        if fields[2] == _COMPRESSED and _digest(reply.body) != fields[12 + 3 * encoding]:
            raise DamagedPage(f"digest of {encoding.name}")
        if fields[2] == _COMPRESSED and encoding == Encoding.BR and _unbrotli(reply.body) != plain.body:
            raise DamagedPage("br is not what gzip is")
    return stored


def _parse(value: memoryview) -> tuple[tuple[Any, ...], int, int]:
    """The fixed fields, where the address begins and where the bodies; everything before these is verified."""
    if len(value) < _FIELDS.size:
        raise DamagedPage("cut")
    fields = _FIELDS.unpack_from(value)
    start: int = _FIELDS.size + 4 * fields[4]
    bodies_at: int = start + fields[7] + fields[8] + fields[9]
    if fields[1] != _MAGIC or bodies_at > len(value) or checksum_of(value[_CHECKSUM_BYTES:bodies_at]) != fields[0]:
        raise DamagedPage("head")
    return fields, start, bodies_at


def _body(
    value: memoryview, start: int, form: int, encoding: Encoding, fields: tuple[Any, ...]
) -> tuple[memoryview | bytes, int, int, bytes]:
    """The body in the encoding, where it stands (0: nowhere, it was unpacked), its checksum, its digest."""
    br_size, gzip_size, plain_size = fields[10], fields[13], fields[16]
    if len(value) != start + (plain_size if form else br_size + gzip_size):
        raise DamagedPage("length")
    if form:
        begin, size, at = start, plain_size, 16
    elif encoding == 0:
        begin, size, at = start, br_size, 10
    else:
        begin, size, at = start + br_size, gzip_size, 13
    body: memoryview | bytes = value[begin : begin + size]
    if checksum_of(body) != fields[at + 1]:
        raise DamagedPage("body")
    if encoding == 2 and not form:
        body, begin, at = _gunzip(body), 0, 16
        if checksum_of(body) != fields[17]:
            raise DamagedPage("unpacked body")
    return body, begin, fields[at + 1], fields[at + 2]


def _gunzip(body: memoryview | bytes) -> bytes:
    try:
        return zlib.decompress(body, 31)
    except zlib.error as error:
        raise DamagedPage("gzip") from error


def _unbrotli(body: bytes) -> bytes:
    try:
        plain: bytes = brotli.decompress(body)
    except brotli.error as error:
        raise DamagedPage("br") from error
    return plain


def _marks(body: bytes) -> tuple[int, int, bytes]:
    return len(body), checksum_of(body), _digest(body)


def _digest(body: bytes) -> bytes:
    return base64.urlsafe_b64encode(hashlib.blake2b(body, digest_size=12).digest())


def _is_compressible(page: PushedPage) -> bool:
    return len(page.body) >= 200 and _COMPRESSIBLE.match(page.content_type.lower()) is not None


def _heads(page: PushedPage, compressed: bool) -> tuple[bytes, bytes]:
    """The head that all encodings share and that of the 304, each without what differs between encodings."""
    check_page(page)
    lines = [f"HTTP/1.1 {page.status} {reason_of(page.status)}", f"Content-Type: {page.content_type}"]
    kept = ["HTTP/1.1 304 Not Modified"]
    lines += [f"{name}: {value}" for name, value in page.headers]
    kept += [f"{name}: {value}" for name, value in page.headers if name.lower() in _ON_A_304]
    if compressed:
        lines.append("Vary: Accept-Encoding")
        kept.append("Vary: Accept-Encoding")
    if page.tags:
        keys = surrogate_keys(page.tags)
        lines += ["Surrogate-Key: " + " ".join(keys), "Cache-Tag: " + ",".join(keys)]
    common, not_modified = _as_head(lines), _as_head(kept)
    if len(common) > HEAD_LIMIT_BYTES:
        raise UnusablePage(f"{page.address}: its head has {len(common)} bytes, more than {HEAD_LIMIT_BYTES}")
    return common, not_modified


def surrogate_keys(tags: frozenset[str]) -> list[str]:
    """The tags as they stand in the head, sorted; from KEYS_LIMIT_BYTES on they are replaced by OVERFULL."""
    keys: list[str] = []
    room = KEYS_LIMIT_BYTES
    for tag in sorted(tags):
        room -= len(tag) + 1
        if room < 0:
            return [*keys, OVERFULL]
        keys.append(tag)
    return keys


def _as_head(lines: list[str]) -> bytes:
    try:
        return ("\r\n".join(lines) + "\r\n").encode("latin-1")
    except UnicodeEncodeError as error:
        raise UnusablePage(
            f"a header holds letters that HTTP cannot carry: {error.object[error.start :][:20]!r}"
        ) from None
