"""Work that goes through a whole archive again and again, a little of it in each turn of the relay."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Rounds(Generic[Found]):
    """Rounds of steps, of which a new one begins `every_s` after the last; for one process.

    A turn is short, because the relay does nothing else meanwhile: it takes steps for `turn_s`, at least one.
    """

    def __init__(self, begin: Callable[[], Iterator[Found]], *, every_s: float, turn_s: float) -> None:
        self._begin, self._every_s, self._turn_s = begin, every_s, turn_s
        self._steps: Iterator[Found] | None = None
        self._next_at = 0.0

    def turn(self) -> Iterator[Found]:
        """What the steps of one turn find. A step that fails ends the round: the next one begins in its time."""
        if self._steps is None:
            if time.monotonic() < self._next_at:
                return
            self._steps, self._next_at = self._begin(), time.monotonic() + self._every_s
        steps, self._steps = self._steps, None
        until = time.monotonic() + self._turn_s
        for found in steps:
            yield found
            if time.monotonic() > until:
                self._steps = steps
                return
