"""Makes a first draft of everything in a job that nobody has translated yet."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from .. import markup
from ..errors import (
    AnswerUnusable,
    CodesBroken,
    LanguageNotOffered,
    MachineTextRefused,
    MachineTranslationError,
    RequestRefused,
    TranslationsError,
    UnitProblem,
)
from ..units import INITIAL, MACHINE, TranslationJob, Unit
from . import wire
from .translator import Limits, MachineTranslator

# Control characters, but for tabs and line ends; the marks of direction are letters like others.
_NO_WORDS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def draft(job: TranslationJob, translator: MachineTranslator, names: Collection[str] = ()) -> TranslationJob:
    """The job with a machine's text, in the state `machine`, for all units that have none.

    `names` stay as they are, in rich text: services offer it for HTML alone.

    A unit whose text came back unusable stays as it was and stands in `problems`, as do all units of a request that
    was refused. When the service itself fails, what it has translated until then is kept and it is not asked again.
    Raises MachineTranslationError when that is nothing at all.
    """
    waiting = [unit for unit in job.units if unit.state == INITIAL and not unit.target and unit.source.strip()]
    drafted: dict[str, Unit] = {}
    problems: list[TranslationsError] = []
    for batch in _batches(waiting, translator.limits):
        try:
            units, found = _draft_batch(batch, job, translator, names)
        except MachineTranslationError as error:
            if not _is_of_batch(error):
                if not drafted:
                    raise
                problems.append(error)
                break
            problems += [_told_of(error, unit) for unit in batch]
            continue
        drafted |= {unit.key: unit for unit in units}
        problems += found
    return replace(job.with_units(drafted), problems=tuple(problems))


def _is_of_batch(error: MachineTranslationError) -> bool:
    """Whether other texts may fare better."""
    return isinstance(error, RequestRefused | AnswerUnusable) and not isinstance(error, LanguageNotOffered)


def _told_of(error: MachineTranslationError, unit: Unit) -> TranslationsError:
    return type(error)(str(error), unit.key)


def _batches(units: Sequence[Unit], limits: Limits) -> Iterator[list[Unit]]:
    """The units in requests' worth; plain text and HTML are never mixed."""
    for is_html in (False, True):
        batch: list[Unit] = []
        letters = 0
        for unit in units:
            if unit.is_html != is_html:
                continue
            if batch and (len(batch) == limits.texts or letters + len(unit.source) > limits.letters):
                yield batch
                batch, letters = [], 0
            batch.append(unit)
            letters += len(unit.source)
        if batch:
            yield batch


def _draft_batch(
    batch: list[Unit], job: TranslationJob, translator: MachineTranslator, names: Collection[str]
) -> tuple[list[Unit], list[UnitProblem]]:
    is_html = batch[0].is_html
    texts = [wire.encode(unit.source, job.source_language, names) if is_html else unit.source for unit in batch]
    answers = translator.translate(texts, job.source_language, job.target_language, is_html)
    if len(answers) != len(batch):
        raise AnswerUnusable(f"{translator.name} answers {len(answers)} texts to {len(batch)}")
    drafted: list[Unit] = []
    problems: list[UnitProblem] = []
    for unit, answer in zip(batch, answers, strict=True):
        try:
            drafted.append(replace(unit, target=_fit(unit, answer, translator.name), state=MACHINE))
        except UnitProblem as problem:
            problems.append(type(problem)(f"{translator.name}: {problem}", unit.key))
    return drafted, problems


def _fit(unit: Unit, answer: str, name: str) -> str:
    """The answer as the unit's target. Raises MachineTextRefused, CodesBroken."""
    if not answer.strip():
        raise MachineTextRefused("the answer is empty")
    if len(answer) > 10 * len(unit.source) + 1_000:
        raise MachineTextRefused("the answer is far longer than any translation")
    if _NO_WORDS.search(answer):
        raise MachineTextRefused("the answer has characters that are no text")
    if unit.is_html:
        return wire.decode(answer, unit.source)
    brought = markup.markup_in(answer) - markup.markup_in(unit.source)
    if brought:
        raise CodesBroken(f"markup in plain text: {' '.join(sorted(brought))[:80]}")
    return answer
