"""Cuts an export into its items, authors and terms, one at a time, whatever is broken between or inside them.

A piece is cut by its tags and by nothing else, with CDATA sections and comments respected: what is broken in one piece
stays in it. No document type declaration ever reaches an XML parser: one that declares entities is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..errors import SourceUnreadable

LARGEST_PIECE = 64 << 20
LARGEST_HEAD = 1 << 20

_NAMES = "item|author|category|tag|term"
_OUTSIDE = re.compile(
    rf"<!--|<!\[CDATA\[|<!(?:DOCTYPE|ENTITY)\b|<(?:(?P<prefix>[\w.-]{{1,60}}):)?(?P<name>{_NAMES})(?=[\s>])[^<>]*>",
    re.I,
)
_INSIDE = {
    name: re.compile(
        rf"<!--|<!\[CDATA\[|(?P<end></(?:[\w.-]{{1,60}}:)?{name}\s*>)|(?P<next><item(?=[\s>])[^<>]*>|</channel\s*>)"
    )
    for name in _NAMES.split("|")
}
_SWALLOWED = re.compile(r"</(?:item|channel)\s*>(?=\s*(?:<item[\s>]|</channel|</rss|<!--|$))")


@dataclass(frozen=True)
class Piece:
    """One element of the channel as it stands in the file, from line `line` on; `problem` says how it is cut off."""

    name: str
    prefix: str
    text: str
    line: int
    problem: str = ""


class Cutter:
    """Iterates over the pieces of a text that comes in blocks; afterwards `head` is all that stood before and between.

    Raises SourceUnreadable for what is not XML, or is dangerous.
    """

    def __init__(self, blocks: Iterable[str]) -> None:
        self.problems: list[str] = []
        self._head: list[str] = []
        self._head_size = 0
        self._blocks = iter(blocks)
        self._text = ""
        self._start = 0
        self._ended = False
        # From where on there is none of these ends as far as was read: it is not looked for again.
        self._endless: dict[str, int] = {}
        self._line = 1

    @property
    def head(self) -> str:
        return "".join(self._head)

    def __iter__(self) -> Iterator[Piece]:
        self._fill()
        if not self._text.lstrip().startswith("<"):
            raise SourceUnreadable("the file is not XML: a WordPress export begins with <?xml or <rss")
        while (opening := self._next_opening()) is not None:
            name = opening["name"].lower()
            if opening[0].endswith("/>"):
                self._drop(opening.end())
            elif name == "item" or opening["prefix"]:
                yield self._cut(name, opening)
            else:
                self._keep_head(opening.end())

    def _next_opening(self) -> re.Match[str] | None:
        """The next start of a piece; what stands before it goes to the head."""
        while True:
            found = _OUTSIDE.search(self._text, self._start)
            if found is None or (found.end() == len(self._text) and not self._ended):
                self._keep_head(found.start() if found else self._safe_end())
                if self._ended:
                    return None
                self._forget()
                self._fill()
            elif found["name"]:
                self._keep_head(found.start())
                return found
            else:
                self._pass_over(found)

    def _pass_over(self, found: re.Match[str]) -> None:
        """A comment, a CDATA section or a declaration outside all pieces."""
        if found[0].upper() in {"<!DOCTYPE", "<!ENTITY"}:
            self._check_declaration(found.start())
            return
        closing = "-->" if found[0] == "<!--" else "]]>"
        end = self._find(closing, found.end())
        self._keep_head(found.start())
        if end < 0:
            self.problems.append(f"line {self._line}: {found[0]} is never closed")
            self._keep_head(found.end())
        elif closing == "]]>":
            self._keep_head(end + 3)
        else:
            self._drop(end + 3)

    def _check_declaration(self, start: int) -> None:
        """A plain document type is passed over; one with declarations of its own is refused."""
        while (end := self._text.find(">", start)) < 0 and not self._ended and len(self._text) - start < LARGEST_HEAD:
            self._fill()
        declaration = self._text[start : end + 1 if end >= 0 else None]
        if "[" in declaration or "ENTITY" in declaration.upper() or end < 0:
            raise SourceUnreadable(
                "the file declares entities in its document type: no WordPress export does that, "
                "so it is refused as dangerous"
            )
        self._keep_head(start)
        self._drop(end + 1)

    def _cut(self, name: str, opening: re.Match[str]) -> Piece:
        """The piece that begins with this tag; the text is left behind it."""
        prefix, position = opening["prefix"] or "", opening.end()
        self._start = opening.start()
        while True:
            found = self._search(_INSIDE[name], position)
            if found is None:
                ended = "the file ends" if self._ended else f"there is no end within {LARGEST_PIECE >> 20} MiB"
                return self._piece(name, prefix, len(self._text), f"not closed: {ended} inside it")
            if found["end"]:
                return self._piece(name, prefix, found.end(), "")
            if found["next"]:
                return self._piece(name, prefix, found.start(), "not closed before the next one begins")
            position = self._skip(found)

    def _skip(self, found: re.Match[str]) -> int:
        """Where to go on behind a CDATA section or comment; right behind its opening where it is never closed."""
        closing = "-->" if found[0] == "<!--" else "]]>"
        end = self._find(closing, found.end())
        if end < 0:
            return found.end()
        inside = self._text[found.end() : end]
        swallowed = _SWALLOWED.search(inside)
        if swallowed and "<![CDATA[" in inside[swallowed.end() :]:
            return found.end() + swallowed.start()
        return end + 3

    def _piece(self, name: str, prefix: str, end: int, problem: str) -> Piece:
        piece = Piece(name, prefix, self._text[self._start : end], self._line, problem)
        self._drop(end)
        return piece

    def _search(self, pattern: re.Pattern[str], position: int) -> re.Match[str] | None:
        while True:
            found = pattern.search(self._text, position)
            if self._ended or (found and found.end() < len(self._text)):
                return found
            if len(self._text) - self._start > LARGEST_PIECE:
                return None
            position = max(position, self._safe_end())
            self._fill()

    def _find(self, what: str, position: int) -> int:
        if self._endless.get(what, position + 1) <= position:
            return -1
        begin = position
        while (end := self._text.find(what, position)) < 0:
            if self._ended or len(self._text) - self._start > LARGEST_PIECE:
                self._endless[what] = begin
                return -1
            position = max(position, len(self._text) - len(what))
            self._fill()
        return end

    def _safe_end(self) -> int:
        """Up to where the text can be done with: not inside a tag whose end has not come yet."""
        last = self._text.rfind("<", self._start)
        is_cut = last >= 0 and len(self._text) - last < 4096 and ">" not in self._text[last:] and not self._ended
        return last if is_cut else len(self._text)

    def _fill(self) -> None:
        block = next(self._blocks, None)
        if block is None:
            self._ended = True
        else:
            self._text += block

    def _forget(self) -> None:
        self._endless.clear()
        self._text = self._text[self._start :]
        self._start = 0

    def _keep_head(self, end: int) -> None:
        if end > self._start and self._head_size < LARGEST_HEAD:
            self._head.append(self._text[self._start : end])
            self._head_size += end - self._start
        self._drop(end)

    def _drop(self, end: int) -> None:
        self._line += self._text.count("\n", self._start, end)
        self._start = max(end, self._start)
