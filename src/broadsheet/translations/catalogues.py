"""The catalogues of interface strings: brought up to date with the source, compiled, and checked for gaps.

Readers' words are translated into every language that has a catalogue; those of the newsroom alone into all but
`READERS_ONLY`. The two templates, `readers.pot` and `newsroom.pot`, stand beside the catalogues and go with the
program: a newsroom that adds a language of its own starts from them (`translations.site_catalogues`).
"""

from __future__ import annotations

import io
import re
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from babel.core import UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

FOLDER = Path(__file__).resolve().parent.parent / "locale"
# Languages whose readers are served and in whose words no newsroom works yet.
READERS_ONLY = frozenset({"de", "es", "fr", "ka", "kk", "uk"})
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")
_HEADER = """# {what} interface strings of Broadsheet.
# Copyright (C) 2026 Broadsheet
# This file is distributed under the same licence as Broadsheet itself."""

Key = tuple[str, str | None]


def po_path(language: str) -> Path:
    return FOLDER / language.replace("-", "_") / "LC_MESSAGES" / "django.po"


def languages() -> list[str]:
    """The languages that have a catalogue; English is the source and needs none."""
    return sorted(path.parent.parent.name.replace("_", "-") for path in FOLDER.glob("*/LC_MESSAGES/django.po"))


def newsroom() -> list[str]:
    """The languages in which the newsroom's own words are whole."""
    return ["en", *(one for one in languages() if one not in READERS_ONLY)]


def template_path(part: str) -> Path:
    """Where the template of a part of the words stands: `readers`, or `newsroom` for those of the newsroom alone."""
    return FOLDER / f"{part}.pot"


def template(*, newsroom: bool) -> Catalog:
    """The strings to translate, as they were when the templates were written last: readers', or the newsroom's too."""
    found = read(template_path("readers"))
    if newsroom:
        for message in read(template_path("newsroom")):
            if message.id:
                found[message.id] = message
    return found


def read(path: Path, language: str = "") -> Catalog:
    """The catalogue in a file, an empty one where there is none. Raises ValueError for a file that is no catalogue."""
    locale = language.replace("-", "_") or None
    if not path.exists():
        return Catalog(locale=locale, project="Broadsheet", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue in the form in which it is kept: sorted, without places in the source."""
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.header_comment = _HEADER.format(what=catalogue.locale.english_name if catalogue.locale else "The")
    catalogue.project, catalogue.version, catalogue.msgid_bugs_address = (
        "Broadsheet",
        version("broadsheet"),
        "Broadsheet",
    )
    catalogue.last_translator, catalogue.language_team = "Broadsheet", str(catalogue.locale_identifier or "all")
    catalogue.fuzzy = False
    if not isinstance(catalogue.revision_date, datetime):
        catalogue.revision_date = catalogue.creation_date
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, no_location=True, sort_output=True, omit_header=False)


def update(path: Path, language: str, template: Catalog) -> Catalog:
    """Add what is new in the template, drop what is gone, write the file."""
    catalogue = read(path, language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    write(path, catalogue)
    return catalogue


def compiled(catalogue: Catalog) -> bytes:
    """The machine-readable form of a catalogue, as gettext reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def problems(catalogue: Catalog, template: Catalog) -> list[str]:
    """What is wrong with a catalogue, a line each, beginning with the kind of fault.

    The kinds: missing, obsolete, fuzzy, placeholders, plural forms.
    """
    wanted, known = by_key(template), by_key(catalogue)
    found = [f"missing: {text(wanted[key])!r}" for key in wanted if key not in known or not is_translated(known[key])]
    found += [f"obsolete: {text(known[key])!r}" for key in known if key not in wanted]
    found += [f"obsolete: {text(message)!r}" for message in catalogue.obsolete.values()]
    found += [f"fuzzy: {text(message)!r}" for message in known.values() if message.fuzzy]
    for message in known.values():
        found += faults(message, catalogue.num_plurals) if is_translated(message) else []
    return found + _faults_of_plurals(catalogue)


def by_key(catalogue: Catalog) -> dict[Key, Message]:
    """The messages of a catalogue, without its header."""
    return {(text(message), message.context): message for message in catalogue if message.id}


def text(message: Message) -> str:
    """A message in English, of a plural the form for one."""
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> list[str]:
    """The translations of a message: one, or one for each plural form."""
    return list(message.string) if isinstance(message.string, (list, tuple)) else [message.string or ""]


def is_translated(message: Message) -> bool:
    return all(forms(message))


def faults(message: Message, plurals: int) -> list[str]:
    """What would break, or show nonsense, if this translation were used."""
    sources = list(message.id) if isinstance(message.id, (list, tuple)) else [message.id]
    texts = forms(message)
    if len(sources) > 1 and len(texts) != plurals:
        return [f"plural forms: {len(texts)} instead of {plurals}: {sources[0]!r}"]
    return [f"placeholders: not those of the source: {sources[0]!r}"] if _other_placeholders(sources, texts) else []


def _other_placeholders(sources: list[str], texts: list[str]) -> bool:
    wanted = set(_PLACEHOLDER.findall(sources[-1]))
    for one in texts:
        used = set(_PLACEHOLDER.findall(str(one)))
        # A plural form such as “one view” may leave the number out, and use nothing that the source does not know.
        if used - wanted or (len(texts) == 1 and used != wanted):
            return True
    return False


def _faults_of_plurals(catalogue: Catalog) -> list[str]:
    """Whether the header counts as many plural forms as gettext knows for the language."""
    try:
        usual = get_plural(catalogue.locale_identifier).num_plurals
    except (UnknownLocaleError, ValueError, TypeError):
        return []
    if catalogue.num_plurals == usual:
        return []
    return [f"plural forms: the header says {catalogue.num_plurals}, the language has {usual}"]
