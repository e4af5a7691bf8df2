"""Holds what came back against what the story is: which translations may be taken, and what a person must be told.

A file is believed in nothing but the words of its translations. Keys, sources, tags and notes are the story's own.
"""

from __future__ import annotations

from dataclasses import replace

from .. import markup
from ..errors import (
    CodesBroken,
    ForeignUnit,
    OtherLanguages,
    OtherStory,
    RevisionOutdated,
    SourceOutdated,
    TargetMissing,
    TargetRefused,
    TranslationsError,
    UnitMissing,
    UnitProblem,
)
from ..units import INITIAL, MACHINE, TRANSLATED, TranslationJob, Unit
from . import texts


def with_target(unit: Unit, target: str, state: str) -> tuple[Unit, UnitProblem | None]:
    """The unit with the translation that a file has for it, or without it and with what is wrong."""
    if not target:
        lost = state != INITIAL and unit.source
        problem = TargetMissing("the unit is said to be translated and has no translation", unit.key)
        return unit, problem if lost else None
    if not texts.is_text(unit.source) or not texts.is_text(target) or len(target) > 20 * len(unit.source) + 2_000:
        return unit, TargetRefused("the translation is far too long or has characters that are no text", unit.key)
    different = markup.difference(unit.source, target, formatting_may_go=True) if unit.is_html else ""
    if different:
        return unit, CodesBroken(f"the tags are not those of the source: {different}", unit.key)
    # Many a program fills in the translation and leaves the state as it was.
    return replace(unit, target=target, state=TRANSLATED if state == INITIAL else state), None


def merge(came: TranslationJob, sent: TranslationJob) -> TranslationJob:
    """The story's job `sent`, as it is today, with the translations of the file `came`; `problems` says what was not
    taken, or taken with a reservation.

    A unit made from an older text is taken with that text as its `source`, so that whoever keeps the ledger of drift
    sees from what it was made. An agency makes units `translated` at most: to review is the newsroom's.
    Raises OtherStory, OtherLanguages.
    """
    _check_whole(came, sent)
    problems: list[TranslationsError] = list(came.problems)
    if came.source_revision != sent.source_revision:
        problems.append(RevisionOutdated("the story has changed since the file was made"))
    ours = {unit.key: unit for unit in sent.units}
    problems += [ForeignUnit("the story has no such unit", unit.key) for unit in came.units if unit.key not in ours]
    reported = {problem.key for problem in problems}
    theirs = {unit.key: unit for unit in came.units}
    changed: dict[str, Unit] = {}
    for unit in sent.units:
        merged, found = _merge_unit(unit, theirs.get(unit.key))
        changed[unit.key] = merged
        problems += [problem for problem in found if not (isinstance(problem, TargetMissing) and unit.key in reported)]
    return replace(sent.with_units(changed), problems=tuple(problems))


def _check_whole(came: TranslationJob, sent: TranslationJob) -> None:
    if came.story != sent.story:
        raise OtherStory("the file is the translation of another story")
    pairs = ((came.source_language, sent.source_language), (came.target_language, sent.target_language))
    if not all(_is_same(theirs.lower(), ours.lower()) for theirs, ours in pairs):
        raise OtherLanguages(
            f"the file translates {came.source_language} into {came.target_language}, "
            f"not {sent.source_language} into {sent.target_language}"
        )


def _is_same(theirs: str, ours: str) -> bool:
    """An agency's program may say `az-Latn-AZ` where we say `az`."""
    return theirs == ours or theirs.startswith(ours + "-")


def _merge_unit(unit: Unit, came: Unit | None) -> tuple[Unit, list[UnitProblem]]:
    if came is None:
        return unit, [UnitMissing("the file has not this unit", unit.key)]
    remarks = unit.note if came.note in {"", unit.note} else came.note
    unit = replace(unit, note=remarks)
    if not came.target:
        return unit, [TargetMissing("the unit is not translated", unit.key)] if unit.source else []
    taken, problem = with_target(replace(unit, target="", state=INITIAL), came.target, _state(unit, came))
    if problem is not None:
        return unit, [problem]
    if came.source == unit.source:
        return taken, []
    return replace(taken, source=came.source), [SourceOutdated("its source has another text now", unit.key)]


def _state(unit: Unit, came: Unit) -> str:
    if came.target != unit.target:
        return MACHINE if came.state == MACHINE else TRANSLATED
    if unit.state in {INITIAL, MACHINE}:
        return MACHINE if came.state == MACHINE else TRANSLATED
    return unit.state
