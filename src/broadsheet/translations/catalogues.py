"""The catalogues of interface strings: brought up to date with the source, compiled, and checked for gaps."""

from __future__ import annotations

import io
import re
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

FOLDER = Path(__file__).resolve().parent.parent / "locale"
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")


def po_path(language: str) -> Path:
    return FOLDER / language.replace("-", "_") / "LC_MESSAGES" / "django.po"


def languages() -> list[str]:
    """The languages that have a catalogue; English is the source and needs none."""
    return sorted(path.parent.parent.name.replace("_", "-") for path in FOLDER.glob("*/LC_MESSAGES/django.po"))


def read(language: str) -> Catalog:
    """The language's catalogue, an empty one where there is none yet."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language.replace("-", "_"), project="Broadsheet", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"))


def update(language: str, template: Catalog) -> Catalog:
    """Add what is new in the source, drop what is gone, write the file."""
    catalogue = read(language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    path = po_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, no_location=True, sort_output=True, omit_header=False)
    return catalogue


def compiled(catalogue: Catalog) -> bytes:
    """The machine-readable form of a catalogue, as gettext reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def compile_file(language: str) -> None:
    """Write the machine-readable file beside the catalogue."""
    po_path(language).with_suffix(".mo").write_bytes(compiled(read(language)))


def problems(language: str, template: Catalog) -> list[str]:
    """What is wrong with a catalogue: strings missing, left over, fuzzy, or with other placeholders than the source."""
    catalogue = read(language)
    wanted = {(message.id, message.context) for message in template if message.id}
    known = {(message.id, message.context): message for message in catalogue if message.id}
    found = [f"not in the catalogue: {key[0]!r}" for key in wanted - set(known)]
    found += [f"not in the source any more: {key[0]!r}" for key in set(known) - wanted]
    for message in known.values():
        found += _problems_of(message, catalogue.num_plurals)
    return found


def _problems_of(message: Message, plurals: int) -> list[str]:
    texts = list(message.string) if isinstance(message.string, (list, tuple)) else [message.string]
    sources = list(message.id) if isinstance(message.id, (list, tuple)) else [message.id]
    if message.fuzzy or not all(texts):
        return [f"not translated: {sources[0]!r}"]
    if len(sources) > 1 and len(texts) != plurals:
        return [f"{len(texts)} plural forms, {plurals} needed: {sources[0]!r}"]
    wanted = set(_PLACEHOLDER.findall(sources[-1]))
    for text in texts:
        used = set(_PLACEHOLDER.findall(str(text)))
        # A plural form such as “one view” may leave the number out, and use nothing that the source does not know.
        if used - wanted or (len(texts) == 1 and used != wanted):
            return [f"other placeholders than the source: {sources[0]!r}"]
    return []
