"""Makes the paragraphs that WordPress makes of classic posts: blank lines part them, single ones break the line."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"<!--|</?[A-Za-z][\w:-]*(?:\s[^<>]*)?/?>|<[^<]*|[^<]+")
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_EDGES = re.compile(r"^(?:\s|<br\s*/?>)+|(?:\s|<br\s*/?>)+$", re.I)
_BREAK = re.compile(r"<br\s*/?>", re.I)
_NAME = re.compile(r"</?([A-Za-z][\w:-]*)")
# Hold paragraphs, and may hold loose text, which becomes paragraphs.
CONTAINERS = {"div", "section", "article", "aside", "header", "footer", "main", "blockquote", "center", "form"}
CONTAINERS |= {"details", "fieldset", "nav", "body", "html"}
# Hold lines; their text stays as it is but for line breaks.
LEAVES = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "dt", "dd", "figcaption", "caption", "address"}
LEAVES |= {"summary", "legend"}
# Hold other elements only.
FRAMES = {"ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "tr", "figure", "colgroup", "object", "video", "audio"}
FRAMES |= {"iframe", "select", "map", "picture"}
SINGLE = {"hr", "col", "param", "source", "embed"}
BLOCKS = CONTAINERS | LEAVES | FRAMES | SINGLE
VERBATIM = {"pre", "script", "style", "textarea", "svg", "math", "template", "noscript"}


def add_paragraphs(text: str) -> str:
    """Classic post content as HTML whose text stands in paragraphs."""
    return _Writer().write(text.replace("\r\n", "\n").replace("\r", "\n"))


class _Writer:
    """One walk over tags and text; `_open` holds the block-level elements that are open."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._line: list[str] = []
        self._open: list[str] = []
        # Ends that were looked for and do not come any more: they are not looked for again.
        self._endless: set[str] = set()

    def write(self, text: str) -> str:
        position = 0
        while token := _TOKEN.match(text, position):
            position = token.end()
            found = _NAME.match(token[0])
            name = found[1].lower() if found else ""
            if token[0] == "<!--":
                position = self._comment(text, position)
            elif name in VERBATIM and not token[0].startswith("</"):
                position = self._verbatim(text, token, name)
            elif name in BLOCKS:
                self._block_tag(token[0], name)
            elif name:
                self._line.append(token[0])
            else:
                self._text(token[0])
        self._end_paragraph()
        return "".join(self._out)

    def _comment(self, text: str, position: int) -> int:
        end = -1 if "-->" in self._endless else text.find("-->", position)
        if end < 0:
            self._endless.add("-->")
        return end + 3 if end >= 0 else position

    def _verbatim(self, text: str, token: re.Match[str], name: str) -> int:
        """Code stays as it is, scripts and drawings go; where such an element ends."""
        closing = None if name in self._endless else re.compile(rf"</{name}\s*>", re.I).search(text, token.end())
        end = closing.end() if closing else token.end()
        if closing is None:
            self._endless.add(name)
        if name == "pre":
            self._end_paragraph()
            self._out.append(text[token.start() : end])
        return end

    def _block_tag(self, tag: str, name: str) -> None:
        self._end_paragraph()
        if tag.startswith("</"):
            if name in self._open:
                while self._open.pop() != name:
                    pass
        elif name not in SINGLE:
            if self._open and self._open[-1] in {"p", name} & LEAVES:
                self._open.pop()
            self._open.append(name)
        self._out.append(tag)

    def _text(self, text: str) -> None:
        if self._line and _BREAK.fullmatch(self._line[-1]):
            # The line is broken already.
            text = text.lstrip(" \t").removeprefix("\n")
        top = self._open[-1] if self._open else ""
        if top in FRAMES:
            self._out.append(text.strip())
        elif top in LEAVES and top != "p":
            self._line.append(_break_lines(text))
        else:
            self._loose(text)

    def _loose(self, text: str) -> None:
        """Text in a paragraph or in none: every blank line ends one."""
        first, *others = _BLANK_LINE.split(text)
        self._line.append(_break_lines(first))
        for paragraph in others:
            self._end_paragraph()
            if self._open and self._open[-1] == "p":
                self._open.pop()
                self._out.append("</p>")
            self._line.append(_break_lines(paragraph))

    def _end_paragraph(self) -> None:
        line = _EDGES.sub("", "".join(self._line))
        self._line.clear()
        if line:
            is_loose = not self._open or self._open[-1] in CONTAINERS
            self._out.append(f"<p>{line}</p>" if is_loose else line)


def _break_lines(text: str) -> str:
    return re.sub(r"[ \t]*\n[ \t]*", "<br>\n", text)
