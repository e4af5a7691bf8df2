"""One address a page: how a path and its query are spelled, whatever a request made of them, and whose host it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, unquote, unquote_plus, urlsplit

from .pages import Rule

LONGEST_PATH = 2048
LONGEST_QUERY = 2048
LONGEST_VALUE = 500
_KNOWN_HOSTS = 100
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
ANYTHING = Rule(".*", query_names=("page",))

# A path that needs no thought: plain names, a slash at the end but for a file.
_USUAL = re.compile(r"/|(?:/[a-z0-9_~-][a-z0-9._~-]*)*/[a-z0-9_~-]+(?:/|\.[a-z0-9._~-]+)")
_HOST = re.compile(r"([a-z0-9.-]{1,253}?|\[[0-9a-f:.]{2,45}\])\.?(?::[0-9]{1,5})?")
_NO_PAGE = "?page=0"
_NUMBER = re.compile(r"0*([1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True)
class Address:
    """What a request asks for.

    `key` is the address under which the store keeps the answer, None: no page can stand there. `as_sent` is what the
    renderer is asked for: the path as it was sent where it has another spelling, since old systems' addresses have
    capitals, with the meaningful part of the query. `is_usual` says that the path is in its one spelling already.
    """

    key: str | None
    as_sent: str
    is_usual: bool
    rule: Rule


def canonical(raw: str) -> str | None:
    """The spelling in which a page at this path answers, decoded; None: no page can stand there.

    Lower case, NFC, single slashes, no `;parameters`, a slash at the end but for files, nothing escaped that need not
    be.
    """
    if _USUAL.fullmatch(raw) and len(raw) <= LONGEST_PATH:
        return raw
    path = decode(raw)
    if path is None:
        return None
    parts = [part.split(";", 1)[0] for part in _fold(path).split("/")]
    parts = [part for part in parts if part]
    if {".", ".."} & set(parts):
        return None
    if not parts:
        return "/"
    usual = "/" + "/".join(parts) + ("" if "." in parts[-1] else "/")
    return usual if len(encode(usual)) <= LONGEST_PATH else None


def decode(raw: str) -> str | None:
    """The path without escapes; None for one that is too long, no UTF-8, or climbs, or holds control characters."""
    if not raw.startswith("/") or len(raw) > LONGEST_PATH:
        return None
    try:
        path = unquote(raw, errors="strict")
    except UnicodeDecodeError:
        return None
    if any(character < " " or character in "\\\x7f" for character in path):
        return None
    return None if {".", ".."} & set(path.split("/")) else path


def encode(path: str) -> str:
    """The path as it stands in an address."""
    return quote(path, safe="/-._~!$&'()*+,;=:@")


def read(target: str, rules: Sequence[Rule]) -> Address:
    """What the target of a request (RFC 9112, section 3.2.1) asks for; the first rule that fits the path holds."""
    raw, _, query = target.partition("?")
    return add_query(read_path(raw, rules), query)


def read_path(raw: str, rules: Sequence[Rule]) -> Address:
    """What a target without a query asks for."""
    path = canonical(raw)
    rule = find_rule(path or "", rules)
    if path is None:
        return Address(None, raw, is_usual=False, rule=rule)
    usual = encode(path)
    return Address(usual, raw, is_usual=raw == usual, rule=rule)


def add_query(address: Address, query: str) -> Address:
    """The address with what of the query means something there."""
    suffix = spell_query(query, address.rule.query_names) if query else ""
    if suffix is None and not address.rule.dynamic:
        # The renderer must not be asked for the list itself: no list has a page 0.
        return Address(None, address.as_sent + _NO_PAGE, is_usual=False, rule=address.rule)
    if not suffix or address.key is None:
        return address
    return Address(address.key + suffix, address.as_sent + suffix, address.is_usual, address.rule)


def find_rule(path: str, rules: Sequence[Rule]) -> Rule:
    """The first rule whose pattern fits the whole path, else the one for pages, which know their number in a list."""
    return next((rule for rule in rules if _compile(rule.pattern).fullmatch(path)), ANYTHING)


def spell_query(query: str, names: Sequence[str]) -> str | None:
    """The part of a query that means something, in one spelling, with its `?`; empty: none of it does.

    Of a name that comes twice the first counts. `page` is a number from 1 on, that of the oldest page of a list; None:
    the query asks for a page by something else.
    """
    found: dict[str, str] = {}
    for part in query[:LONGEST_QUERY].split("&"):
        name, _, value = part.partition("=")
        if "%" in name:
            name = unquote_plus(name)
        if name in names and name not in found:
            found[name] = unquote_plus(value)[:LONGEST_VALUE]
    if "page" in found:
        number = _NUMBER.fullmatch(found["page"])
        if number is None:
            return None
        found["page"] = number[1]
    known = [(name, found[name]) for name in names if name in found]
    parts = [f"{name}={quote(value, safe='')}" for name, value in known if value]
    return "?" + "&".join(parts) if parts else ""


class Hosts:
    """The names under which a site answers. A site on this machine has all of its names.

    `known` are spellings of them that have been seen, so that most requests need no more than a look there.
    """

    def __init__(self, site_url: str) -> None:
        netloc = urlsplit(site_url).netloc
        own = _HOST.fullmatch(netloc.lower())
        self._names = frozenset() if own is None else LOOPBACK if own[1] in LOOPBACK else frozenset({own[1]})
        # The usual one is known before anybody can fill the set up with others.
        self.known = {netloc.encode("latin-1", "replace")}

    def has(self, host: bytes) -> bool:
        """Whether this name, with or without a port, is the site's."""
        if host in self.known:
            return True
        match = _HOST.fullmatch(host.decode("latin-1").lower())
        if match is None or match[1] not in self._names:
            return False
        if len(self.known) < _KNOWN_HOSTS:
            self.known.add(host)
        return True


def is_host(host: bytes) -> bool:
    """Whether this can be a host at all (RFC 9110, section 7.2), ours or another's."""
    return _HOST.fullmatch(host.decode("latin-1").lower()) is not None


def _fold(path: str) -> str:
    """Lower case and NFC. Each can undo the other for a few characters, hence the repetition."""
    while (folded := unicodedata.normalize("NFC", path.lower())) != path:
        path = folded
    return path


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
