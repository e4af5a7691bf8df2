"""How often each address was asked for lately, roughly, in 64 KiB: who may have a place in a table that is full.

Counts lie in cells by the address's hash, so two addresses may share one and both seem asked for more often; they are
halved once a second, so what is not asked for any more is forgotten (the aging sketch of TinyLFU, Einziger and others
2017, with a single row).
"""

from __future__ import annotations

_CELLS = 1 << 16
_MOST = 255
_HALVES = bytes(count // 2 for count in range(_MOST + 1))


class Sightings:
    """For one thread. `fade` must be called once a second."""

    def __init__(self) -> None:
        self._counts = bytearray(_CELLS)

    def note(self, target: bytes) -> int:
        """Count one sighting more; returns the count."""
        at = hash(target) & (_CELLS - 1)
        count = self._counts[at]
        if count < _MOST:
            self._counts[at] = count = count + 1
        return count

    def add(self, target: bytes, count: int) -> None:
        """Count several at once."""
        at = hash(target) & (_CELLS - 1)
        self._counts[at] = min(_MOST, self._counts[at] + count)

    def count(self, target: bytes) -> int:
        """How often it was seen."""
        return self._counts[hash(target) & (_CELLS - 1)]

    def fade(self) -> None:
        """Everything counts half from now on."""
        self._counts = self._counts.translate(_HALVES)
