"""Rich text as XLIFF has it: words that may be translated, with numbered codes in place of the tags.

The tags themselves stand in the unit's `originalData`, out of a translator's reach (XLIFF 2.1, sections 2.3.2 to 4.7).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from html import unescape

from lxml import etree

from .. import markup
from ..errors import CodesBroken
from .texts import LONGEST_UNIT

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DEEPEST = 64
# What a tag is for, so that a translator's program can show it; the pairs are those of XLIFF 2.1, section 4.7.2.
_KINDS = {
    "b": ("fmt", "xlf:b"),
    "strong": ("fmt", "xlf:b"),
    "i": ("fmt", "xlf:i"),
    "em": ("fmt", "xlf:i"),
    "u": ("fmt", "xlf:u"),
    "br": ("fmt", "xlf:lb"),
    "a": ("link", ""),
    "q": ("quote", ""),
    "blockquote": ("quote", ""),
    "img": ("image", ""),
}
_FORMATS = frozenset({"s", "sub", "sup", "small", "code"})
_DIRECTION = re.compile(r"""\sdir\s*=\s*["']?(ltr|rtl|auto)\b""", re.IGNORECASE)


def tag(name: str) -> str:
    """The element's full name in lxml's way of writing."""
    return f"{{{NAMESPACE}}}{name}"


class Codes:
    """The codes of one unit. The same tags get the same number in source and target, which is how XLIFF pairs them."""

    def __init__(self) -> None:
        self.data: dict[str, str] = {}
        self._free: dict[tuple[str, ...], list[str]] = defaultdict(list)
        self._count = 0

    def fill(self, element: etree._Element, text: str, is_html: bool, is_target: bool = False) -> None:
        """Put a text into a `source` or `target`. The source comes first."""
        if not is_html:
            _add_words(element, text)
            return
        taken: dict[tuple[str, ...], list[str]] = {raws: list(numbers) for raws, numbers in self._free.items()}
        pieces = markup.take_apart(text)
        inner = [element]
        for piece in pieces:
            if piece.kind == markup.TEXT:
                _add_words(inner[-1], piece.words)
            elif piece.kind == markup.CLOSE and piece.mate >= 0:
                inner.pop()
            else:
                end = pieces[piece.mate].raw if piece.mate >= 0 else None
                code = self._add_code(inner[-1], piece, end, taken if is_target else None)
                inner += [code] * (end is not None)

    def _add_code(
        self,
        parent: etree._Element,
        piece: markup.Piece,
        end: str | None,
        taken: dict[tuple[str, ...], list[str]] | None,
    ) -> etree._Element:
        raws = (piece.raw,) if end is None else (piece.raw, end)
        known = (taken or {}).get(raws)
        number = known.pop(0) if known else self._next_number()
        if taken is None:
            self._free[raws].append(number)
        code = etree.SubElement(parent, tag("ph" if end is None else "pc"), id=number)
        _set_permissions(code, piece)
        _set_kind(code, piece)
        if end is None:
            code.set("dataRef", self._reference(piece.raw))
        else:
            code.set("dataRefStart", self._reference(piece.raw))
            code.set("dataRefEnd", self._reference(end))
            direction = _DIRECTION.search(piece.raw)
            if direction:
                code.set("dir", direction[1].lower())
        return code

    def _next_number(self) -> str:
        self._count += 1
        return str(self._count)

    def _reference(self, raw: str) -> str:
        return self.data.setdefault(raw, f"d{len(self.data) + 1}")

    def write_data(self, original: etree._Element) -> None:
        """Fill the unit's `originalData`."""
        for raw, reference in self.data.items():
            _add_words(etree.SubElement(original, tag("data"), id=reference), raw)


def _set_permissions(code: etree._Element, piece: markup.Piece) -> None:
    """What a translator's program lets be done: entities are words, formatting may go, everything else must stay."""
    if piece.name:
        code.set("canCopy", "no")
        if piece.raw not in markup.FORMATTING:
            code.set("canDelete", "no")


def _set_kind(code: etree._Element, piece: markup.Piece) -> None:
    kind, detail = _KINDS.get(piece.name, ("fmt" if piece.name in _FORMATS else "other", ""))
    code.set("type", kind)
    if detail:
        code.set("subType", detail)
    if piece.kind == markup.OTHER and not piece.raw.startswith("<"):
        code.set("equiv", without_codes(unescape(piece.raw)))


def _add_words(parent: etree._Element, words: str) -> None:
    """Add a text, with what XML cannot carry as `cp`."""
    place = 0
    for match in _NO_XML.finditer(words):
        _append(parent, words[place : match.start()])
        etree.SubElement(parent, tag("cp"), hex=f"{ord(match[0]):04X}")
        place = match.end()
    _append(parent, words[place:])


def _append(parent: etree._Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def without_codes(text: str) -> str:
    """A text for a place where XLIFF has no `cp`: what XML cannot carry becomes the sign for an unknown letter."""
    return _NO_XML.sub("\ufffd", text)


def read_data(original: etree._Element | None) -> dict[str, str]:
    """The tags by their references. Raises CodesBroken."""
    if original is None:
        return {}
    return {one.get("id") or "": "".join(_words(one, {}, None, 0)) for one in original.iterchildren(tag("data"))}


def read_text(element: etree._Element, data: Mapping[str, str], spelling: str | None) -> str:
    """The text of a `source` or `target`: HTML in this spelling, plain text where there is none. Raises CodesBroken."""
    found: list[str] = []
    length = 0
    for words in _words(element, data, spelling, 0):
        length += len(words)
        if length > LONGEST_UNIT:
            raise CodesBroken(f"they make the text longer than {LONGEST_UNIT} letters")
        found.append(words)
    return "".join(found)


def _words(element: etree._Element, data: Mapping[str, str], spelling: str | None, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        raise CodesBroken(f"codes lie within each other more than {_DEEPEST} deep")
    yield _spelled(element.text, spelling)
    for child in element:
        if isinstance(child.tag, str):
            yield from _code(child, data, spelling, depth)
        yield _spelled(child.tail, spelling)


def _spelled(text: str | None, spelling: str | None) -> str:
    return text or "" if spelling is None else markup.spell(text or "", spelling)


def _code(child: etree._Element, data: Mapping[str, str], spelling: str | None, depth: int) -> Iterator[str]:
    full = etree.QName(child)
    name = full.localname if full.namespace == NAMESPACE else ""
    if name == "cp":
        yield _spelled(_letter(child.get("hex") or ""), spelling)
    elif name == "mrk":
        yield from _words(child, data, spelling, depth + 1)
    elif name in {"ph", "sc", "ec"}:
        yield _tag_of(child, "dataRef", data)
    elif name == "pc":
        yield _tag_of(child, "dataRefStart", data)
        yield from _words(child, data, spelling, depth + 1)
        yield _tag_of(child, "dataRefEnd", data)
    elif name not in {"sm", "em"}:
        raise CodesBroken(f"<{full.localname}> is no code of XLIFF's core")


def _letter(digits: str) -> str:
    if not re.fullmatch(r"(?:[0-9A-Fa-f]{2}){1,4}", digits):
        raise CodesBroken("a cp has no code point")
    letter = chr(number) if (number := int(digits, 16)) <= 0x10FFFF else ""
    if not _NO_XML.fullmatch(letter) or letter == "\0" or "\ud800" <= letter <= "\udfff":
        raise CodesBroken(f"a cp names the code point {digits}, which it may not")
    return letter


def _tag_of(code: etree._Element, attribute: str, data: Mapping[str, str]) -> str:
    reference = code.get(attribute) or ""
    if reference not in data:
        raise CodesBroken(f"the code {code.get('id') or '?'} stands for no tag of the source")
    return data[reference]
