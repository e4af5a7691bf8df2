"""Which part of a file a request asks for (RFC 9110, section 14.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass

# One range in a header of reasonable length. Several at once are answered with the whole file, which is allowed and
# costs nothing: a thousand small parts would cost more than the file.
_ONE_RANGE = re.compile(r"bytes=[ \t]*(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))[ \t]*", re.IGNORECASE)
_LONGEST_HEADER = 100


class RangeUnsatisfiable(Exception):
    """The file ends before the range begins (416)."""


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes from `first` to `last`, both counted from 0 and both within."""

    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1


def choose_part(header: str | None, size: int) -> Part | None:
    """The part of a file of `size` bytes that the Range header asks for; None: the whole of it.

    A header that cannot be read counts as none. Raises RangeUnsatisfiable.
    """
    if header is None or len(header) > _LONGEST_HEADER:
        return None
    match = _ONE_RANGE.fullmatch(header)
    if match is None:
        return None
    if match[3] is not None:
        return _last_bytes(int(match[3]), size)
    first = int(match[1])
    last = int(match[2]) if match[2] else size - 1
    if match[2] and last < first:
        return None
    if first >= size:
        raise RangeUnsatisfiable
    return Part(first, min(last, size - 1))


def _last_bytes(count: int, size: int) -> Part:
    if count == 0 or size == 0:
        raise RangeUnsatisfiable
    return Part(max(0, size - count), size - 1)
