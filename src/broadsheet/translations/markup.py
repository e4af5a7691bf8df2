"""HTML of rich text as a row of tags and words: taken apart, compared, and put together again without losing a letter.

A tag is a piece of text that must come back from a translation byte for byte; nothing here judges whether it is safe.
What an agency or a machine sends is held against the source's own tags, so it can bring in none of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

TEXT, OPEN, CLOSE, EMPTY, OTHER, STRAY = "text", "open", "close", "empty", "other", "stray"

# No tag and no comment reaches over another `<`: so each letter is looked at a bounded number of times.
_TOKEN = re.compile(
    r"""<!--[^<]*?-->
    |</?[A-Za-z][^\s/>"'<]*(?:\s(?:[^"'<>]|"[^"<]*"|'[^'<]*')*)?/?>
    |[<>]
    |&(?:\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});
    |&""",
    re.VERBOSE,
)
_MARKUP = re.compile(r"<[A-Za-z/!?][^\s<>]{0,200}|&(?:#\w{1,8}|[A-Za-z]\w{1,31});")
_NAME = re.compile(r"</?([A-Za-z][^\s/>]*)")
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
_BLOCKS = frozenset([
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd",
    "blockquote", "pre", "hr", "table", "thead", "tbody", "tr", "td", "th", "div", "figure", "figcaption",
])  # fmt: skip
# Looks that a script may not have: Arabic and Armenian know no italics. Whoever translates may leave them out.
FORMATTING = frozenset({"<b>", "<strong>", "<i>", "<em>", "<u>", "<s>", "<sub>", "<sup>", "<small>"})

# How quotation marks stand in a text; the first that fits is taken. Wagtail writes the last but one.
SPELLINGS = {
    "plain": ('"', "'"),
    "quot": ("&quot;", "'"),
    "quot-x27": ("&quot;", "&#x27;"),
    "quot-39": ("&quot;", "&#39;"),
}
_PLAIN_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of HTML: `raw` as it stands, `words` as a reader sees them (text alone), `mate` the other tag's place."""

    kind: str
    raw: str
    name: str = ""
    words: str = ""
    mate: int = -1


def spelling_of(html: str) -> str:
    """The name of the spelling in which all quotation marks of the text are written; `plain` where they are mixed."""
    found = set()
    place = 0
    for match in _TOKEN.finditer(html):
        found |= _quotes_in(html[place : match.start()]) | {match[0]}
        place = match.end()
    found |= _quotes_in(html[place:])
    marks = found & {mark for pair in SPELLINGS.values() for mark in pair}
    return next((name for name, pair in SPELLINGS.items() if marks <= set(pair)), "plain")


def _quotes_in(text: str) -> set[str]:
    return {mark for mark in "\"'" if mark in text}


def spell(words: str, spelling: str) -> str:
    """Words as text of HTML."""
    double, single = SPELLINGS.get(spelling, SPELLINGS["plain"])
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace('"', double).replace("'", single)


def take_apart(html: str) -> list[Piece]:
    """The pieces of the HTML in their order; joined, their `raw` is the HTML again. Tags know their mates."""
    entities = _PLAIN_ENTITIES | dict(zip(SPELLINGS[spelling_of(html)], "\"'", strict=True))
    pieces: list[Piece] = []
    place = 0
    for match in _TOKEN.finditer(html):
        _add_text(pieces, html[place : match.start()], html[place : match.start()])
        if match[0] in entities:
            _add_text(pieces, match[0], entities[match[0]])
        else:
            pieces.append(_code(match[0]))
        place = match.end()
    _add_text(pieces, html[place:], html[place:])
    return _mated(pieces)


def _add_text(pieces: list[Piece], raw: str, words: str) -> None:
    if pieces and raw and pieces[-1].kind == TEXT:
        pieces[-1] = Piece(TEXT, pieces[-1].raw + raw, words=pieces[-1].words + words)
    elif raw:
        pieces.append(Piece(TEXT, raw, words=words))


def _code(raw: str) -> Piece:
    named = _NAME.match(raw)
    if raw == "<":
        return Piece(STRAY, raw)
    if named is None:
        return Piece(OTHER, raw)
    name = named[1].lower()
    if raw.startswith("</"):
        return Piece(CLOSE, raw, name)
    return Piece(EMPTY if name in VOID or raw.endswith("/>") else OPEN, raw, name)


def _mated(pieces: list[Piece]) -> list[Piece]:
    """The pieces with the places of their mates; a tag that is closed out of turn, or never, stays alone."""
    opened: list[int] = []
    waiting: Counter[str] = Counter()
    found = list(pieces)
    for place, piece in enumerate(pieces):
        if piece.kind == OPEN:
            opened.append(place)
            waiting[piece.name] += 1
        elif piece.kind == CLOSE and waiting[piece.name]:
            mate = opened.pop()
            waiting[pieces[mate].name] -= 1
            while pieces[mate].name != piece.name:
                mate = opened.pop()
                waiting[pieces[mate].name] -= 1
            found[place], found[mate] = replace(piece, mate=mate), replace(pieces[mate], mate=place)
    return found


def difference(source: str, target: str, *, formatting_may_go: bool = False) -> str:
    """What keeps the target's tags from being those of the source, in words; empty where they are the same.

    Tags within a line may change their places, as words do. Paragraphs, headings and lists keep their order, and none
    comes to lie within a link. With `formatting_may_go` bold, italics and the like may be left out, never added.
    """
    wanted, found = take_apart(source), take_apart(target)
    if any(piece.kind == STRAY for piece in found):
        return "a < that belongs to no tag"
    wanted_codes, found_codes = _inline_codes(wanted), _inline_codes(found)
    gone, new = wanted_codes - found_codes, found_codes - wanted_codes
    if formatting_may_go:
        gone = Counter({code: number for code, number in gone.items() if code[0] not in FORMATTING})
    if gone or new:
        return "; ".join(filter(None, [_listed("missing", gone), _listed("not in the source", new)]))
    return "" if _skeleton(wanted) == _skeleton(found) else "paragraphs, headings or lists in another order"


def _inline_codes(pieces: list[Piece]) -> Counter[tuple[str, ...]]:
    codes: Counter[tuple[str, ...]] = Counter()
    for piece in pieces:
        if piece.name in _BLOCKS or piece.kind == TEXT:
            continue
        if piece.kind == OPEN and piece.mate >= 0:
            codes[(piece.raw, pieces[piece.mate].raw)] += 1
        elif (piece.name and piece.mate < 0) or piece.raw.startswith("<!--"):
            codes[(piece.raw,)] += 1
    return codes


def _skeleton(pieces: list[Piece]) -> list[tuple[str, int]]:
    """The tags of blocks in their order, each with the number of inline tags that it lies within."""
    depth = 0
    found = []
    for piece in pieces:
        if piece.name in _BLOCKS:
            found.append((piece.raw, depth))
        elif piece.mate >= 0:
            depth += 1 if piece.kind == OPEN else -1
    return found


def _listed(what: str, codes: Iterable[tuple[str, ...]]) -> str:
    shown = [code[0] if len(code[0]) <= 60 else code[0][:59] + "…" for code in codes]
    return f"{what}: {' '.join(shown[:5])}{' …' * (len(shown) > 5)}" if shown else ""


def markup_in(text: str) -> set[str]:
    """What of a plain text a browser could take for tags or entities."""
    return set(_MARKUP.findall(text))
