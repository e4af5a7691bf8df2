"""What a service that translates must be able to do, whoever runs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Limits:
    """What a service takes in one request. A single longer text is sent alone, and the service says what it thinks."""

    texts: int
    letters: int


class MachineTranslator(Protocol):
    """A service. `name` is how people know it, `limits` what it takes at once."""

    @property
    def name(self) -> str: ...

    @property
    def limits(self) -> Limits: ...

    def translate(self, texts: Sequence[str], source: str, target: str, html: bool) -> list[str]:
        """The texts in the other language, as many and in the same order. Languages are our codes.

        With `html` they are HTML: tags are kept, and what stands in an element with `translate="no"` is as it was.
        Raises MachineTranslationError.
        """
        ...
