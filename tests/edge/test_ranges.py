"""Which part of a file is meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.edge.ranges import Part, RangeUnsatisfiable, choose_part


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", Part(0, 0)),
        ("bytes=0-", Part(0, 99)),
        ("bytes=10-19", Part(10, 19)),
        ("bytes=90-1000", Part(90, 99)),
        ("bytes=-5", Part(95, 99)),
        ("bytes=-500", Part(0, 99)),
        ("Bytes= 1-2 ", Part(1, 2)),
        (None, None),
        ("", None),
        ("bytes=", None),
        ("bytes=-", None),
        ("bytes=9-2", None),
        ("bytes=-9..9", None),
        ("bytes=a-b", None),
        ("bytes=+1-2", None),
        ("pages=1-2", None),
        ("bytes=0-1,2-3", None),
        ("bytes=" + ",".join(f"{n}-{n}" for n in range(1300)), None),
        ("bytes=0-" + "9" * 1000, None),
        ("bytes=٠-١", None),
    ],
)
def test_part_of_a_hundred_bytes(header, expected):
    assert choose_part(header, 100) == expected


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=100-", 100), ("bytes=100-200", 100), ("bytes=-0", 100), ("bytes=0-", 0)]
)
def test_part_beyond_the_end(header, size):
    with pytest.raises(RangeUnsatisfiable):
        choose_part(header, size)


@given(st.text(max_size=30) | st.from_regex(r"bytes=[0-9]{0,3}-[0-9]{0,3}", fullmatch=True), st.integers(0, 500))
def test_part_always_lies_within(header, size):
    try:
        part = choose_part(header, size)
    except RangeUnsatisfiable:
        return
    assert part is None or (0 <= part.first <= part.last < size and part.size >= 1)
