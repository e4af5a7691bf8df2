"""The bytes are what the label says."""

import gzip

import brotli

from broadsheet.readers import compression


def test_bytes_are_what_the_label_says_and_the_same_each_time():
    body = b"The harbour is open. " * 50
    assert brotli.decompress(compression.compress(body, "br")) == body
    assert gzip.decompress(compression.compress(body, "gzip")) == body
    assert compression.compress(body, "identity") is body
    assert compression.compress(body, "gzip") == compression.compress(body, "gzip")
