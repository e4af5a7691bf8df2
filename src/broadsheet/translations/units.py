"""The pieces of a story that are translated one by one, and a job: all of them, from one language into another.

This is what the newsroom's pages, agencies' files (`exchange`) and machines (`machine`) hand to each other. It knows
nothing of pages, blocks or databases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .errors import TranslationsError

# Nothing yet; made by a machine; written by a person; read and accepted by another one.
INITIAL, MACHINE, TRANSLATED, REVIEWED = "initial", "machine", "translated", "reviewed"
STATES = (INITIAL, MACHINE, TRANSLATED, REVIEWED)


@dataclass(frozen=True)
class Unit:
    """One text and its translation.

    `key` is stable: a field's name (`headline`) or `body.<block id>.<path>`. `target` is empty in the state `initial`.
    `note` is for whoever translates: what the text is and where it stands.
    """

    key: str
    source: str
    is_html: bool
    target: str = ""
    state: str = INITIAL
    note: str = ""


@dataclass(frozen=True)
class TranslationJob:
    """All units of a story in their order. `story` is the translation key (a UUID), `source_revision` a hash.

    `problems` says what could not be taken when the job was read or drafted; it is no part of what the job is.
    """

    story: str
    source_language: str
    target_language: str
    source_revision: str
    units: tuple[Unit, ...]
    problems: tuple[TranslationsError, ...] = field(default=(), compare=False)

    def with_units(self, changed: Mapping[str, Unit]) -> TranslationJob:
        """The job with the units of these keys in place of its own; keys that it has not are passed over."""
        return replace(self, units=tuple(changed.get(unit.key, unit) for unit in self.units))
