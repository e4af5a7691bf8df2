"""XLIFF 2.1 out and in: what translation agencies and their programs read and write (OASIS, 13 February 2018).

One file is one story into one language: `file` names the story and its revision in `original`, each `unit` is one of
ours with one `segment`. States are XLIFF's own; a machine's draft is `initial` with `subState="broadsheet:machine"`,
because a program that changes the state must drop the sub-state (section 4.3.1.27).
"""

from __future__ import annotations

from lxml import etree

from .. import markup
from ..errors import (
    CodesBroken,
    NotXLIFF,
    TranslationsError,
    UnitProblem,
    UnitRepeated,
    VersionRefused,
)
from ..units import INITIAL, MACHINE, REVIEWED, TRANSLATED, TranslationJob, Unit
from . import returned, safe_xml, texts
from .inline import NAMESPACE, Codes, read_data, read_text, tag, without_codes

VERSION = "2.1"
_OURS = "urn:broadsheet:translation:1"
_MACHINE = "broadsheet:machine"
_TYPES = {True: "broadsheet:html", False: "broadsheet:text"}
_STATES = {"initial": INITIAL, "translated": TRANSLATED, "reviewed": REVIEWED, "final": REVIEWED}


def write(job: TranslationJob) -> bytes:
    """The job as a file in UTF-8. Raises JobUnwritable."""
    texts.check_job(job)
    root = etree.Element(tag("xliff"), nsmap={None: NAMESPACE, "bs": _OURS}, version=VERSION)
    root.set("srcLang", job.source_language)
    root.set("trgLang", job.target_language)
    file = etree.SubElement(root, tag("file"), id="story", original=texts.story_name(job), canResegment="no")
    file.set("srcDir", texts.direction_of(job.source_language))
    file.set("trgDir", texts.direction_of(job.target_language))
    file.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    for unit in job.units:
        _write_unit(file, unit)
    _lay_out(root)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _write_unit(file: etree._Element, unit: Unit) -> None:
    element = etree.SubElement(file, tag("unit"), id=unit.key, type=_TYPES[unit.is_html])
    if unit.is_html:
        element.set(f"{{{_OURS}}}quotes", markup.spelling_of(unit.source))
        element.set(f"{{{_OURS}}}target-quotes", markup.spelling_of(unit.target or unit.source))
    if unit.note:
        notes = etree.SubElement(element, tag("notes"))
        note = etree.SubElement(notes, tag("note"), id="context", appliesTo="source", category="context")
        note.text = without_codes(unit.note)
    original = etree.SubElement(element, tag("originalData"))
    segment = etree.SubElement(element, tag("segment"), id="s1", state=_state(unit))
    if unit.state == MACHINE:
        segment.set("subState", _MACHINE)
    codes = Codes()
    codes.fill(etree.SubElement(segment, tag("source")), unit.source, unit.is_html)
    if unit.target:
        codes.fill(etree.SubElement(segment, tag("target")), unit.target, unit.is_html, is_target=True)
    codes.write_data(original)
    if not codes.data:
        element.remove(original)


def _state(unit: Unit) -> str:
    return "initial" if unit.state in {INITIAL, MACHINE} else unit.state


def _lay_out(element: etree._Element, depth: int = 0) -> None:
    """Put each structural element on a line of its own. Spaces within texts are texts."""
    if etree.QName(element).localname in {"source", "target", "data", "note"} or not len(element):
        return
    element.text = "\n" + " " * (depth + 1)
    for child in element:
        _lay_out(child, depth + 1)
        child.tail = "\n" + " " * (depth + 1)
    element[-1].tail = "\n" + " " * depth


def read(data: bytes) -> TranslationJob:
    """The job that a file holds, as the file has it; `problems` says which units could not be read.

    Raises FileRefused. Nothing in the file may be believed: `exchange.receive` holds it against the story.
    """
    root = safe_xml.parse(data)
    _check_version(root)
    source_language, target_language = root.get("srcLang") or "", root.get("trgLang") or ""
    if not (texts.is_language(source_language) and texts.is_language(target_language)):
        raise NotXLIFF("the file does not name its two languages (srcLang, trgLang)")
    files = root.findall(tag("file"))
    if len(files) != 1:
        raise NotXLIFF(f"the file holds {len(files)} stories; one at a time can be taken")
    story, revision = texts.read_story_name(files[0].get("original") or "")
    units, problems = _read_units(files[0])
    return TranslationJob(story, source_language, target_language, revision, tuple(units), tuple(problems))


def _check_version(root: etree._Element) -> None:
    name = etree.QName(root)
    version = (root.get("version") or "none")[:20]
    if name.localname != "xliff":
        raise VersionRefused(f"the file is XML, but no XLIFF: its root is <{name.localname[:40]}>")
    if name.namespace != NAMESPACE or version not in {"2.0", "2.1"}:
        raise VersionRefused(f"the file is XLIFF of version {version}; 2.1 is wanted (2.0 can be read too)")


def _read_units(file: etree._Element) -> tuple[list[Unit], list[TranslationsError]]:
    units: dict[str, Unit] = {}
    problems: list[TranslationsError] = []
    total = 0
    elements = list(file.iter(tag("unit")))
    texts.check_number(len(elements))
    for element in elements:
        key = element.get("id") or ""
        if not texts.is_key(key):
            raise NotXLIFF("a unit has no proper id")
        if key in units:
            problems.append(UnitRepeated("the file has this unit twice; the first was taken", key))
            continue
        unit, target, problem = _read_unit(element, key)
        total += texts.weight(unit.source) + texts.weight(target)
        texts.check_weight(total)
        if problem is None:
            unit, problem = returned.with_target(unit, target, _read_state(element))
        units[key] = unit
        problems += [problem] if problem else []
    return list(units.values()), problems


def _read_unit(element: etree._Element, key: str) -> tuple[Unit, str, UnitProblem | None]:
    """The unit without its translation, the translation, and what is wrong with the codes of either."""
    is_html = element.get("type") != _TYPES[False]
    source_spelling, target_spelling = _spellings(element) if is_html else (None, None)
    note = "\n\n".join("".join(str(text) for text in one.itertext()) for one in element.iter(tag("note")))
    source = ""
    try:
        data = read_data(element.find(tag("originalData")))
        source = "".join(read_text(one, data, source_spelling) for one in _texts(element, "source"))
        unit = Unit(key, source, is_html, note=note)
        target = _read_target(element, data, target_spelling)
    except CodesBroken as error:
        return Unit(key, source, is_html, note=note), "", CodesBroken(f"the codes are broken: {error}", key)
    return unit, target, None


def _spellings(element: etree._Element) -> tuple[str, str]:
    source = element.get(f"{{{_OURS}}}quotes") or "plain"
    return source, element.get(f"{{{_OURS}}}target-quotes") or source


def _texts(element: etree._Element, name: str) -> list[etree._Element]:
    """The sources or targets in their order. A program may have cut the unit into segments, and spaces between them."""
    parts = [part for part in element if part.tag in {tag("segment"), tag("ignorable")}]
    found = [part.find(tag(name)) for part in parts]
    return [one for one in found if one is not None]


def _read_target(element: etree._Element, data: dict[str, str], spelling: str | None) -> str:
    """The whole translation; empty where a segment lacks its part."""
    if any(one.find(tag("target")) is None for one in element.iterchildren(tag("segment"))):
        return ""
    placed = []
    for place, part in enumerate(element.iterchildren(tag("segment"), tag("ignorable")), start=1):
        target = part.find(tag("target"))
        shown = target if target is not None else part.find(tag("source"))
        if shown is not None:
            placed.append((_order(shown, place), place, read_text(shown, data, spelling)))
    return "".join(text for _, _, text in sorted(placed))


def _order(target: etree._Element, place: int) -> int:
    order = target.get("order") or ""
    return int(order) if order.isascii() and order.isdigit() and len(order) < 9 else place


def _read_state(element: etree._Element) -> str:
    """The least that all segments have reached."""
    segments = list(element.iterchildren(tag("segment")))
    states = [_STATES.get(one.get("state") or "initial", INITIAL) for one in segments] or [INITIAL]
    if INITIAL in states and any(one.get("subState") == _MACHINE for one in segments):
        return MACHINE
    return min(states, key=(INITIAL, TRANSLATED, REVIEWED).index)
