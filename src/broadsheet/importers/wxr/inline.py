"""Text with its markup: what stands inside a paragraph, a heading or a list."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from .letters import one_line

RENAMED = {
    "b": "b", "strong": "b", "i": "i", "em": "i", "var": "i", "dfn": "i",
    "s": "s", "strike": "s", "del": "del", "ins": "ins", "sub": "sub", "sup": "sup",
    "q": "q", "cite": "cite", "code": "code", "kbd": "code", "samp": "code", "tt": "code", "bdi": "bdi",
}  # fmt: skip
BLOCK_LEVEL = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "li", "dt", "dd", "blockquote", "pre", "hr", "table",
    "thead", "tbody", "tfoot", "tr", "figure", "figcaption", "address", "center", "div", "section", "article",
    "aside", "header", "footer", "main", "nav", "details", "summary", "form", "fieldset", "video", "audio", "iframe",
    "object", "embed", "caption", "td", "th",
}  # fmt: skip
# Stands in a line where a picture or player was met, until the line is written.
MARK = "\0"
_SPACE = re.compile(r"[ \t\r\n\f]+")
_TINY_PIXELS = 48


def resolve_address(href: str, base: str) -> str:
    """The whole address; empty for what leads nowhere outside the page."""
    href = href.strip()
    if not href or href.startswith("#"):
        return ""
    try:
        whole = urljoin(base + "/", href) if base else href
        parts = urlsplit(whole)
    except ValueError:
        return ""
    if parts.scheme in {"http", "https"}:
        return whole if parts.hostname else ""
    return whole if parts.scheme in {"mailto", "tel"} else ""


def classes(element: HtmlElement) -> set[str]:
    return set((element.get("class") or "").split())


def text_of(element: HtmlElement) -> str:
    """The element's words in one line."""
    return one_line(str(element.text_content()))


def is_block(element: HtmlElement) -> bool:
    return element.tag in BLOCK_LEVEL


class InlineWriter:
    """Writes inline markup. `on_block` is given what cannot stand in a line: a picture, a player, a table."""

    def __init__(self, base: str, on_block: Callable[[HtmlElement, str], str]) -> None:
        self._base = base
        self._on_block = on_block

    def content(self, element: HtmlElement, link: str = "") -> str:
        """The markup of all that stands in the element."""
        parts = [self.text(element.text)]
        for child in element:
            parts += [self.element(child, link), self.text(child.tail)]
        return "".join(parts)

    @staticmethod
    def text(text: str | None) -> str:
        return escape(_SPACE.sub(" ", text or ""), quote=False)

    def element(self, element: HtmlElement, link: str = "") -> str:
        """The markup of the element itself; `link` is the address of the link that it stands in."""
        tag = element.tag
        if not isinstance(tag, str):
            return ""
        if tag == "br":
            return "<br>"
        if tag == "img":
            return self._image(element, link)
        if tag in {"iframe", "object", "embed", "video", "audio", "table", "figure"}:
            return self._on_block(element, link)
        if tag == "a":
            return self._link(element)
        if tag in {"abbr", "acronym"}:
            title = element.get("title")
            return self._wrap("abbr", f' title="{escape(title)}"' if title else "", self.content(element, link))
        if tag in RENAMED:
            return self._wrap(RENAMED[tag], "", self.content(element, link))
        if tag in {"ul", "ol"}:
            return self.list(element)
        inside = self.content(element, link)
        if is_block(element):
            return f"<br>{inside.strip()}<br>" if inside.strip() else ""
        language, direction = element.get("lang"), element.get("dir")
        if language or direction:
            marks = (f' lang="{escape(language)}"' if language else "") + (
                f' dir="{escape(direction)}"' if direction else ""
            )
            return self._wrap("span", marks, inside)
        return inside

    def list(self, element: HtmlElement) -> str:
        """A list with its points; nested lists stay inside them."""
        points: list[str] = []
        for child in element:
            if child.tag in {"ul", "ol"}:
                nested = self.list(child)
                if points and nested:
                    points[-1] = points[-1].removesuffix("</li>") + nested + "</li>"
                continue
            if isinstance(child.tag, str):
                inside = trim(self.content(child) if child.tag == "li" else self.element(child))
                if inside:
                    points.append(f"<li>{inside}</li>")
        start = element.get("start", "")
        mark = f' start="{start}"' if element.tag == "ol" and re.fullmatch(r"\d{1,6}", start) else ""
        tag = str(element.tag)
        return f"<{tag}{mark}>{''.join(points)}</{tag}>" if points else ""

    @staticmethod
    def _wrap(tag: str, attributes: str, inside: str) -> str:
        if not inside.strip():
            return inside
        return f"<{tag}{attributes}>{inside}</{tag}>"

    def _link(self, element: HtmlElement) -> str:
        address = resolve_address(element.get("href") or "", self._base)
        inside = self.content(element, address)
        if not address or not re.sub(rf"<[^>]*>|{MARK}", "", inside).strip():
            return inside
        return f'<a href="{escape(address)}">{inside}</a>'

    def _image(self, element: HtmlElement, link: str) -> str:
        alt = (element.get("alt") or "").strip()
        names = classes(element)
        if names & {"wp-smiley", "emoji"} or _is_tiny(element):
            return escape(alt, quote=False) if len(alt) <= 40 else ""
        return self._on_block(element, link)


def _is_tiny(element: HtmlElement) -> bool:
    sizes = [element.get(side) or "" for side in ("width", "height")]
    return all(size.isdigit() for size in sizes) and max(int(size) for size in sizes) <= _TINY_PIXELS


def trim(html: str) -> str:
    """Without space and line breaks at its ends, and with no more than two line breaks in a row."""
    html = re.sub(r"^(?:\s|<br>|&nbsp;|\u00a0)+|(?:\s|<br>|&nbsp;|\u00a0)+$", "", html)
    html = re.sub(r"<br>\s*(?=</?(?:ul|ol|li)\b)|(?<=</ul>)\s*<br>|(?<=</ol>)\s*<br>", "", html)
    return re.sub(r"(?:<br>\s*){3,}", "<br><br>", html)
