"""Which header fields of a request mean something here; each spelling of a name is looked up once."""

from __future__ import annotations

# What becomes of a header field. Those that are neither here nor in _MEANINGFUL are nobody's business.
DULL, HOST, ACCEPT, KNOWN_TAG, KEPT, CONNECTION, ODD = range(7)
_MEANINGFUL = {
    b"host": HOST,
    b"accept-encoding": ACCEPT,
    b"if-none-match": KNOWN_TAG,
    b"accept-language": KEPT,
    b"content-type": KEPT,
    b"origin": KEPT,
    b"sec-fetch-site": KEPT,
    b"range": KEPT,
    b"if-range": KEPT,
    b"connection": CONNECTION,
    b"content-length": ODD,
    b"transfer-encoding": ODD,
    b"expect": ODD,
    b"upgrade": ODD,
}
_SPELLINGS = 4096
kinds: dict[bytes, int] = {}


def kind_of(name: bytes) -> int:
    """What becomes of a field; it is remembered, but of all names that are made up only for some thousands."""
    kind = _MEANINGFUL.get(name.lower(), DULL)
    if len(kinds) < _SPELLINGS:
        kinds[name] = kind
    return kind
