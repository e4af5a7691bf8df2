"""The encoding is the best of those that a request accepts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.edge import accept


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0.1,gzip;q=0.9", "gzip"),
        ("gzip;q=0", "identity"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("zstd", "identity"),
        ("identity;q=0", "gzip"),
        ("identity;q=0, br", "br"),
        ("identity, br;q=0.5", "identity"),
        ("*;q=0", None),
        ("br;q=0,gzip;q=0,identity;q=0", None),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("br;q=7", "identity"),
        ("br;q=0.5;x=1,gzip", "gzip"),
        ("a" * 60_000, "identity"),
    ],
)
def test_best_acceptable_encoding_is_chosen(accepted, expected):
    assert accept.choose(accepted) == expected


def test_what_cannot_be_compressed_is_sent_as_it_is():
    assert accept.choose("br, gzip", is_compressible=False) == "identity"


@given(st.text(max_size=200))
def test_any_header_gets_an_answer(header):
    assert accept.choose(header) in {"br", "gzip", "identity", None}
