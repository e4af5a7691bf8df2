"""Mends the XML of a damaged piece: CDATA inside CDATA, stray ampersands, entities that only HTML knows."""

from __future__ import annotations

import html
import re

_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(\w{1,32};)?")
_WHOLE_CDATA = re.compile(r"(<([\w.:-]{1,80})(?:\s[^<>]*)?>)\s*<!\[CDATA\[")


def mend(text: str) -> str:
    """The piece with CDATA as escaped text up to the tag that closes its element, and with known entities only."""
    parts, position = [], 0
    while opening := _WHOLE_CDATA.search(text, position):
        parts.append(_ENTITY.sub(_known_entity, text[position : opening.start()]))
        closing = f"</{opening[2]}>"
        end = _closing(text, opening.end(), closing)
        inside = text[opening.end() : end]
        inside = re.sub(r"\]\]>\s*$", "", inside)
        inside = re.sub(r"\]\]>\s*<!\[CDATA\[", "", inside)
        parts += [opening[1], html.escape(inside, quote=False), closing]
        position = end + len(closing) if end < len(text) else end
    parts.append(_ENTITY.sub(_known_entity, text[position:]))
    return "".join(parts)


def _closing(text: str, position: int, closing: str) -> int:
    """Where the element ends that began with a CDATA section: at `]]>` and its closing tag, else at the tag alone."""
    found = re.compile(r"\]\]>\s*" + re.escape(closing)).search(text, position)
    if found:
        return text.index(closing, found.start())
    end = text.find(closing, position)
    return end if end >= 0 else len(text)


def _known_entity(found: re.Match[str]) -> str:
    known = html.unescape(found[0]) if found[1] else found[0]
    return html.escape(known, quote=False) if known != found[0] else "&amp;" + found[0][1:]
