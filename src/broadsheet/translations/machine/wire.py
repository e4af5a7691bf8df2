"""Rich text as it is sent to a machine: the same tags with a number in place of their attributes.

So no address or number of ours leaves the house, and what comes back is made of our own tags and of words: a machine
that adds an attribute, a script or a style changes nothing, and one that loses or doubles a tag is found out.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from html import escape, unescape

from .. import markup
from ..errors import CodesBroken

_NUMBER = re.compile(r"""\sid\s*=\s*["']?x([0-9]{1,6})["'\s/>]""")
_LANGUAGE = re.compile(r"""\slang\s*=\s*["']?([A-Za-z0-9-]{2,35})""")
_KEEP = ' translate="no" class="notranslate"'
_KEPT = re.compile(r"""\sid\s*=\s*["']?k["'\s/>]""")
_VERBATIM = frozenset({"code", "pre"})


def encode(html: str, source_language: str, names: Collection[str] = ()) -> str:
    """The HTML to send. Names, fragments in other languages and code are marked as not to be translated."""
    sent = []
    kept = _pattern(names)
    for place, piece in enumerate(pieces := markup.take_apart(html)):
        if piece.kind == markup.TEXT:
            sent.append(_marked(escape(piece.words, quote=False), kept))
        elif piece.kind in {markup.OTHER, markup.STRAY}:
            # Comments are no words; a sign or an entity is sent as the letter that it stands for.
            sent.append("" if piece.raw.startswith("<!--") else escape(unescape(piece.raw), quote=False))
        elif piece.kind == markup.CLOSE:
            sent.append(f"</{piece.name}>" if piece.mate >= 0 else "")
        elif piece.kind == markup.EMPTY or piece.mate >= 0:
            keep = _KEEP if _is_kept(piece, source_language) and pieces[place].kind == markup.OPEN else ""
            sent.append(f'<{piece.name} id="x{place}"{keep}>')
    return "".join(sent)


def _pattern(names: Collection[str]) -> re.Pattern[str] | None:
    """Finds the names as whole words, the longest first, as they are spelled in what is sent."""
    spelled = sorted((re.escape(escape(name, quote=False)) for name in names), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(spelled)})(?!\w)") if spelled else None


def _marked(text: str, kept: re.Pattern[str] | None) -> str:
    return kept.sub(rf'<span id="k"{_KEEP}>\g<0></span>', text) if kept else text


def _is_kept(piece: markup.Piece, source_language: str) -> bool:
    language = _LANGUAGE.search(piece.raw)
    foreign = language is not None and language[1].lower().split("-")[0] != source_language.lower().split("-")[0]
    return foreign or piece.name in _VERBATIM


def decode(answer: str, html: str) -> str:
    """The answer with the tags of `html`, byte for byte, in place of the numbers. Raises CodesBroken."""
    ours = markup.take_apart(html)
    spelling = markup.spelling_of(html)
    theirs = markup.take_apart(answer)
    found: list[str] = []
    for piece in theirs:
        if piece.kind == markup.TEXT:
            found.append(markup.spell(piece.words, spelling))
        elif piece.kind in {markup.OTHER, markup.STRAY}:
            if piece.raw.startswith("<!--"):
                raise CodesBroken("a comment that is not in the source")
            found.append(markup.spell(unescape(piece.raw), spelling))
        else:
            found.append(_tag(piece, theirs, ours))
    restored = "".join(found)
    different = markup.difference(html, restored)
    if different:
        raise CodesBroken(f"the tags are not those of the source: {different}")
    return restored


def _tag(piece: markup.Piece, theirs: list[markup.Piece], ours: list[markup.Piece]) -> str:
    if piece.kind == markup.CLOSE and piece.name in markup.VOID:
        # Some services close what needs no end: <br></br>.
        return ""
    opening = theirs[piece.mate] if piece.kind == markup.CLOSE and piece.mate >= 0 else piece
    if opening.name == "span" and _KEPT.search(opening.raw):
        return ""
    number = _NUMBER.search(opening.raw)
    place = int(number[1]) if number else -1
    if not 0 <= place < len(ours) or ours[place].name != opening.name:
        raise CodesBroken(f"{piece.raw[:40]} is not in the source")
    if piece.kind != markup.CLOSE:
        return ours[place].raw
    return ours[ours[place].mate].raw if ours[place].mate >= 0 else ""
