"""What the renderer pushes into the store, and what the store gives back."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


class Encoding(enum.IntEnum):
    """The codings in which a reply is kept, the best first (RFC 9110, section 8.4.1)."""

    BR = 0
    GZIP = 1
    IDENTITY = 2


class Freshness(enum.IntEnum):
    """FRESH: answer. STALE: answer once more while it is made anew. GONE: may never be answered again."""

    FRESH = 0
    STALE = 1
    GONE = 2


@dataclass(frozen=True, slots=True)
class PushedPage:
    """A finished page with the whole set of its headers, as the renderer pushes it.

    `address` is the path in its one spelling with the part of the query that means something, such as
    `/en/world/?page=2`. `generation` was read with `Tags.generation` before anything was read for the page.
    `headers` hold neither Date, ETag, Vary, Content-Type, Content-Length nor Content-Encoding: those are made here.
    `fresh_until` is a time in seconds since 1970 after which the page counts as stale; None: until a tag is purged.
    """

    address: str
    status: int
    content_type: str
    body: bytes
    generation: int
    tags: frozenset[str] = frozenset()
    headers: tuple[tuple[str, str], ...] = ()
    fresh_until: float | None = None


@dataclass(slots=True)
class ReadyReply:
    """The bytes of one page in one encoding, ready to be sent; never changed, not frozen only because that is slow.

    `head` ends after the last header but Date, without the empty line; `Date` is put between it and `body` when the
    reply goes out. `not_modified` is the head of the 304, in the same way. `slots` are the slots of the page's tags.
    Only a 200 has an entity tag and a 304; for others both are empty (RFC 9110, section 13.2.1).
    """

    status: int
    head: bytes
    body: bytes
    not_modified: bytes
    entity_tag: bytes
    generation: int
    slots: tuple[int, ...]
    fresh_until: float | None


@dataclass(frozen=True, slots=True)
class Rule:
    """What the addresses of one shape understand; the first rule that fits holds.

    `pattern` is a regular expression for the whole path in its one spelling, decoded. `query_names` are the names in a
    query that mean something; every other is as if it were not there. `dynamic` addresses are never looked up in the
    store: each request is passed on, with the headers named in `forwards` (lower case).
    """

    pattern: str
    query_names: tuple[str, ...] = ()
    dynamic: bool = False
    methods: tuple[str, ...] = ("GET", "HEAD")
    forwards: tuple[str, ...] = ()


# What holds until the renderer has written its own rules into the store.
DEFAULT_RULES = (
    Rule("/", ("p", "page_id", "attachment_id"), dynamic=True, forwards=("accept-language",)),
    Rule("/[^/]+/search/", ("q", "page"), dynamic=True),
    Rule(".*", ("page", "p", "page_id", "attachment_id")),
)


@dataclass(frozen=True, slots=True)
class EdgeSettings:
    """All that the edge knows of a site. `directory` holds the store, the maps, the locks, the log and the sockets."""

    directory: str
    site_url: str
    public_directory: str
    listen: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    renderer_socket: str = ""
    table_mb: int = 64
    store_gb: int = 16
    connections_an_address: int = 256
    access_log: str = ""
    default_language: str = "en"
    languages: tuple[str, ...] = ("en",)
    unavailable: dict[str, bytes] = field(default_factory=dict)
    rules: tuple[Rule, ...] = DEFAULT_RULES
    # The headers of replies that the edge makes itself, such as the 503; stored pages bring their own.
    security_headers: tuple[tuple[str, str], ...] = ()
    # The one cache in front that is purged, as the option `outer_cache` names it.
    outer_cache: str = ""
    # Reverse proxies, whose connections are not counted against `connections_an_address`.
    proxies: tuple[str, ...] = ()
