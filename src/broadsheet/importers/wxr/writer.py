"""Walks over a post's HTML and writes the blocks of a body, in the order of reading."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

from lxml import html as lxml_html
from lxml.html import HtmlElement

from broadsheet.articles.body import plain_text

from . import quotes, tables
from .body import Body, Surroundings
from .figures import Figures, caption_of
from .inline import MARK, InlineWriter, classes, is_block, text_of, trim
from .sanitise import finish

_URL = re.compile(r"https?://[^\s<>\"']+")
_BEFORE_WORDS = re.compile(rf"(?:\s|<[^>]*>|&nbsp;|{MARK})*")
_DROPPED = {"button", "label", "nav"}
_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
_PLACEHOLDERS = {"wxr-gallery", "wxr-embed", "wxr-file"}


class Writer:
    """One walk over the tree. Text gathers in `_html` until a block of another kind comes; `_line` is the paragraph."""

    def __init__(self, body: Body, around: Surroundings) -> None:
        self._body = body
        self._around = around
        self._html: list[str] = []
        self._line: list[str] = []
        self._waiting: list[tuple[HtmlElement, str]] = []
        self._inline = InlineWriter(around.base, self._wait)
        self._figures = Figures(body, around, self._add, self._html.append)

    def write(self, html: str) -> None:
        """Write all of the HTML, which `sanitise.make_tree` made."""
        if html.strip():
            self._children(lxml_html.fragment_fromstring(html, create_parent="div"))
        self._end_text()

    def _children(self, element: HtmlElement) -> None:
        self._line.append(self._inline.text(element.text))
        for child in element:
            if isinstance(child.tag, str):
                if is_block(child) or _holds_blocks(child):
                    self._end_line()
                    self._block(child)
                else:
                    self._line.append(self._inline.element(child))
            self._line.append(self._inline.text(child.tail))
        self._end_line()

    # Lines and text

    def _wait(self, element: HtmlElement, link: str) -> str:
        """A picture or player met inside a line: shown before it when nothing was said yet, else after it."""
        self._waiting.append((element, link))
        return MARK

    def _end_line(self, tag: str = "p", inner: str = "") -> None:
        """Close the paragraph or heading; `inner` is an element round all its words."""
        line = "".join(self._line)
        self._line.clear()
        before = _BEFORE_WORDS.match(line)
        first = before[0].count(MARK) if before else 0
        line = trim(line.replace(MARK, ""))
        waiting, self._waiting = self._waiting, []
        self._show(waiting[:first])
        if _says_something(line):
            self._add_line(line, tag, inner)
        self._show(waiting[first:])

    def _show(self, waiting: list[tuple[HtmlElement, str]]) -> None:
        for element, link in waiting:
            self._special(element, link)

    def _show_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._show(waiting)

    def _add_line(self, line: str, tag: str, inner: str) -> None:
        address = _lone_address(line) if tag == "p" else ""
        if address:
            self._figures.embed(address)
        elif re.fullmatch(r"<code>(?:(?!</?code>).)*<br>(?:(?!</?code>).)*</code>", line, re.S):
            words = re.sub(r"<br>\s?", "\n", line.removeprefix("<code>").removesuffix("</code>"))
            self._html.append(f"<pre>{re.sub('<[^>]*>', '', words)}</pre>")
        else:
            words = f"<{inner}>{line}</{inner}>" if inner else line
            self._html.append(f"<{tag}>{words}</{tag}>")

    def _end_text(self) -> None:
        """The text so far becomes a block; cleaning is the last that happens to it."""
        html = finish("".join(self._html))
        self._html.clear()
        if plain_text(html) or "<hr" in html:
            self._body.blocks.append({"type": "text", "value": html})

    def _add(self, kind: str, value: Any) -> None:
        self._end_text()
        self._body.blocks.append({"type": kind, "value": value})

    # Elements

    def _block(self, element: HtmlElement) -> None:
        tag = str(element.tag)
        if tag in _HEADINGS:
            self._line.append(self._inline.content(element).replace("<br>", " "))
            self._end_line(_HEADINGS[tag])
        elif tag == "summary":
            self._line.append(self._inline.content(element))
            self._end_line("p", "b")
        elif tag in {"ul", "ol"}:
            self._list(element)
        elif tag == "pre":
            self._code(element)
        elif tag == "hr":
            self._html.append("<hr>")
        elif tag == "dl":
            self._definitions(element)
        elif tag == "blockquote":
            self._quote(element)
        elif tag in {"table", "figure", "iframe", "object", "embed", "video", "audio"}:
            self._special(element, "")
        elif tag == "div" and classes(element) & _PLACEHOLDERS:
            self._figures.show_placeholder(element)
        elif tag == "div" and "gallery" in classes(element) and element.find(".//img") is not None:
            self._gallery(element)
        elif tag not in _DROPPED:
            self._children(element)

    def _special(self, element: HtmlElement, link: str) -> None:
        """What is not text."""
        tag = element.tag
        if tag == "img":
            self._figures.show(self._figures.read_picture(element, link), link)
        elif tag == "figure":
            self._figure(element)
        elif tag == "table":
            self._table(element, "")
        elif tag in {"video", "audio"}:
            self._figures.show_recording(element, "")
        else:
            self._figures.show_player(element)

    def _list(self, element: HtmlElement) -> None:
        if classes(element) & {"blocks-gallery-grid", "wp-block-gallery"}:
            self._gallery(element)
            return
        html = self._inline.list(element).replace(MARK, "")
        if html:
            self._html.append(html)
        self._show_waiting()

    def _code(self, element: HtmlElement) -> None:
        for line_break in element.iter("br"):
            line_break.tail = "\n" + (line_break.tail or "").removeprefix("\n")
        text = str(element.text_content()).strip("\n")
        if text.strip():
            self._html.append(f"<pre>{escape(text, quote=False)}</pre>")

    def _definitions(self, element: HtmlElement) -> None:
        parts = []
        for child in element.iter("dt", "dd"):
            inside = trim(self._inline.content(child).replace(MARK, ""))
            if inside:
                parts.append(f"<{child.tag!s}>{inside}</{child.tag!s}>")
        if parts:
            self._html.append(f"<dl>{''.join(parts)}</dl>")
        self._show_waiting()

    def _quote(self, element: HtmlElement) -> None:
        """A quote block for plain words of one paragraph; with links or several paragraphs it stays in the text."""
        address = quotes.post_address(element)
        if address and self._figures.try_embed(address, ""):
            return
        source = quotes.take_source(element, self._inline, self._around.base)
        words = quotes.plain_words(element)
        if words:
            self._add("quote", quotes.quote_value(words, source, element, self._around.base))
            return
        inner = Body()
        writer = Writer(inner, self._around)
        writer._children(element)
        writer._end_text()
        self._quoted(inner, source)

    def _quoted(self, inner: Body, source: quotes.Source) -> None:
        """The quoted text in a blockquote; pictures and players met inside it stand on their own."""
        self._body.changes += inner.changes
        self._body.pictures += inner.pictures
        for block in inner.blocks:
            if block["type"] == "text":
                self._html.append(f"<blockquote>{block['value']}</blockquote>")
            else:
                self._add(block["type"], block["value"])
        if source.markup:
            self._html.append(f"<p><cite>{source.markup}</cite></p>")

    def _pull_quote(self, element: HtmlElement) -> None:
        source = quotes.take_source(element, self._inline, self._around.base)
        words = " ".join(filter(None, (text_of(one) for one in element.iter("p")))) or text_of(element)
        if words:
            self._add("pull_quote", {"text": words, "attribution": source.words})

    def _figure(self, element: HtmlElement) -> None:
        names, caption = classes(element), caption_of(element)
        table, recording = element.find(".//table"), next(iter(element.iter("video", "audio")), None)
        addresses = _URL.findall(text_of(element))
        if "wp-block-pullquote" in names:
            self._pull_quote(element)
        elif "wp-block-gallery" in names:
            self._gallery(element)
        elif table is not None:
            self._table(table, caption)
        elif addresses and any(name.startswith("wp-block-embed") for name in names):
            self._figures.embed(addresses[0], caption)
        elif recording is not None:
            self._figures.show_recording(recording, caption)
        elif element.find(".//img") is not None:
            self._figures.show_all(element, caption)
        else:
            self._children(element)

    def _gallery(self, element: HtmlElement) -> None:
        self._figures.show_gallery([self._gallery_picture(image) for image in element.iter("img")])

    def _gallery_picture(self, image: HtmlElement) -> Any:
        figure = next(image.iterancestors("figure", "li"), None)
        caption = next(iter(figure.iter("figcaption")), None) if figure is not None else None
        holds_one = figure is not None and len(list(figure.iter("img"))) == 1
        return self._figures.read_picture(image, "", text_of(caption) if caption is not None and holds_one else "")

    def _table(self, element: HtmlElement, caption: str) -> None:
        rows = tables.rows_of(element)
        own = element.find("caption")
        caption = caption or (text_of(own) if own is not None else "")
        if not rows:
            self._children(element)
        elif tables.is_simple(rows):
            self._add("table", tables.table_value(rows, caption))
            links = self._links_in(element)
            if links:
                self._html.append(f"<p>{links}</p>")
        elif tables.is_layout(rows):
            for cell in (cell for cells in rows for cell in cells):
                self._children(cell)
        else:
            self._table_lines(rows, caption)

    def _links_in(self, element: HtmlElement) -> str:
        """The links of a table, whose cells hold words alone."""
        links = [self._inline.element(link) for link in element.iter("a")]
        return " · ".join(dict.fromkeys(link for link in links if link.startswith("<a ")))

    def _table_lines(self, rows: list[list[HtmlElement]], caption: str) -> None:
        """Each row as a paragraph: the headings before the cells."""
        self._body.changes.append("a table with joined or nested cells became lines of text")
        heads = tables.headings(rows)
        if caption:
            self._html.append(f"<p><b>{escape(caption, quote=False)}</b></p>")
        for cells in rows[1:] if heads else rows:
            parts = []
            for number, cell in enumerate(cells):
                words = trim(self._inline.content(cell).replace(MARK, ""))
                head = f"<b>{escape(heads[number], quote=False)}:</b> " if number < len(heads) and heads[number] else ""
                if words:
                    parts.append(head + words)
            if parts:
                self._html.append(f"<p>{' — '.join(parts)}</p>")
            self._show_waiting()


def _says_something(line: str) -> bool:
    return bool(re.sub(r"<[^>]*>|&nbsp;|\u00a0|\s", "", line))


def _lone_address(line: str) -> str:
    """The address where a line is nothing else, linked to itself or not at all."""
    bare = unescape(re.sub(r"</?(?:span|b|i)\b[^>]*>", "", line)).strip()
    linked = re.fullmatch(r'<a href="([^"]*)">([^<]*)</a>', bare)
    if linked and linked[1].rstrip("/") == linked[2].strip().rstrip("/"):
        return linked[1]
    return bare if _URL.fullmatch(bare) else ""


def _holds_blocks(element: HtmlElement) -> bool:
    """An inline element that was put round paragraphs, as old editors do."""
    if element.tag == "a" and element.find(".//p") is None:
        return False
    return any(is_block(one) and one.tag not in {"iframe", "object", "embed"} for one in element.iterdescendants())
