"""Compresses what goes out, each time the same bytes for the same body."""

from __future__ import annotations

import gzip

import brotli

BROTLI_QUALITY = 5
GZIP_LEVEL = 6
# Below this nothing is gained.
SMALLEST_BYTES = 256


def compress(body: bytes, encoding: str) -> bytes:
    """The body in the encoding. The same body gives the same bytes each time."""
    if encoding == "br":
        return bytes(brotli.compress(body, quality=BROTLI_QUALITY))
    if encoding == "gzip":
        return gzip.compress(body, compresslevel=GZIP_LEVEL, mtime=0)
    return body
