"""What every file of a translation must keep to, whatever its format: keys, languages, letters, lengths, names."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import quote, unquote

from ..errors import FileTooLarge, JobUnwritable, StoryUnnamed
from ..languages import UnknownLanguage, direction
from ..units import STATES, TranslationJob

MOST_UNITS = 20_000
LONGEST_UNIT = 200_000
# A few bytes of a file may stand for many, and a tag costs as much to compare as a hundred letters.
HEAVIEST_FILE = 10_000_000
_TAG_WEIGHT = 100
_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._:-]{0,254}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,8}")
_NAME = re.compile(r"urn:broadsheet:story:([^#\s]{1,300})#([^#\s]{0,300})")
# No database keeps a NUL, and half a pair of surrogates is no letter.
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


def check_job(job: TranslationJob) -> None:
    """Raises JobUnwritable for what no format can carry."""
    for language in (job.source_language, job.target_language):
        if not is_language(language):
            raise JobUnwritable(f"{language!r} is no language code")
    for name in (job.story, job.source_revision):
        if not is_text(name) or len(quote(name, safe="")) > 300:
            raise JobUnwritable(f"{name[:40]!r} cannot name a story or a revision")
    if not job.story or not job.units or len(job.units) > MOST_UNITS:
        raise JobUnwritable(f"a job is for one story and has 1 to {MOST_UNITS} units")
    repeated = [key for key, number in Counter(unit.key for unit in job.units).items() if number > 1]
    if repeated:
        raise JobUnwritable("two units have the same key", repeated[0])
    for unit in job.units:
        if not is_key(unit.key):
            raise JobUnwritable("a unit's key is made of ASCII letters, digits, dots and hyphens", unit.key)
        if unit.state not in STATES:
            raise JobUnwritable(f"{unit.state!r} is no state of a unit", unit.key)
        if not all(is_text(text) for text in (unit.source, unit.target, unit.note)):
            raise JobUnwritable("a text has a NUL or half a surrogate pair, or is too long", unit.key)


def is_key(key: str) -> bool:
    return _KEY.fullmatch(key) is not None


def is_language(code: str) -> bool:
    return _LANGUAGE.fullmatch(code) is not None


def is_text(text: str) -> bool:
    """Whether a database can keep it and a file can carry it."""
    return len(text) <= LONGEST_UNIT and _NO_TEXT.search(text) is None


def weight(text: str) -> int:
    """What a text costs to compare, in letters."""
    return len(text) + _TAG_WEIGHT * (text.count("<") + text.count("&"))


def check_weight(total: int) -> None:
    """Raises FileTooLarge."""
    if total > HEAVIEST_FILE:
        raise FileTooLarge("the file has more letters and tags than any story's translation")


def check_number(units: int) -> None:
    """Raises FileTooLarge."""
    if units > MOST_UNITS:
        raise FileTooLarge(f"the file has more than {MOST_UNITS} units")


def story_name(job: TranslationJob) -> str:
    """Story and revision in one name, for the place where a format names the original."""
    return f"urn:broadsheet:story:{quote(job.story, safe='')}#{quote(job.source_revision, safe='')}"


def read_story_name(name: str) -> tuple[str, str]:
    """Story and revision. Raises StoryUnnamed."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise StoryUnnamed("the file does not name the story that it translates: it was not exported here")
    return unquote(match[1]), unquote(match[2])


def direction_of(language: str) -> str:
    """`ltr` or `rtl`, `auto` for a language that CLDR does not know."""
    try:
        return direction(language)
    except UnknownLanguage:
        return "auto"
