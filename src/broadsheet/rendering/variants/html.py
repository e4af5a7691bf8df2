"""An HTML page in another script: a walk over its source that changes text, and leaves every other byte as it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any

from ..structured_data import write_json
from .writer import Writer

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
# What these hold is no text of the language.
_CODE = frozenset({"script", "style", "code", "pre", "kbd", "samp", "textarea"})
_WORDS = frozenset({"title", "alt", "aria-label", "placeholder", "label", "data-title", "data-done", "data-text-state"})
_LINKS = frozenset({"href", "action", "data-share", "data-copy"})
_META_WORDS = frozenset(
    {
        *("description", "twitter:title", "twitter:description", "twitter:image:alt", "og:title", "og:description"),
        *("og:site_name", "og:image:alt", "article:section", "article:tag"),
    }
)
_META_LINKS = frozenset({"og:url", "article:author"})
# Of structured data: what people read. Everything else there is a code, a date or an address.
_SAID = frozenset(
    [
        "headline",
        "alternativeHeadline",
        "description",
        "name",
        "text",
        "caption",
        "articleSection",
        "keywords",
        "dateline",
        "jobTitle",
        "creditText",
        "copyrightNotice",
    ]
)
Attributes = list[tuple[str, str | None]]


def rewrite(html: str, writer: Writer) -> str:
    """The page, or a piece of one, as the variant has it."""
    walk = _Walk(writer)
    walk.feed(html)
    walk.close()
    return walk.finish()


class _Walk(HTMLParser):
    """Copies the source; `left_alone` counts how deep it is inside something that stays as it is."""

    def __init__(self, writer: Writer) -> None:
        super().__init__(convert_charrefs=False)
        self.writer = writer
        self.out: list[str] = []
        self.text: list[str] = []
        self.open: list[tuple[str, bool]] = []
        self.is_data = False

    @property
    def is_left_alone(self) -> bool:
        return bool(self.open) and self.open[-1][1]

    def finish(self) -> str:
        self._flush()
        return "".join(self.out)

    def handle_starttag(self, tag: str, attributes: Attributes) -> None:
        self._flush()
        raw = self.get_starttag_text() or ""
        known = dict(attributes)
        self.is_data = tag == "script" and known.get("type") == "application/ld+json"
        # The page's own language stands on its root; whatever names another has words of that language.
        is_foreign = tag != "html" and ("lang" in known or known.get("translate") == "no")
        inside = self.is_left_alone or is_foreign or tag in _CODE
        self.out.append(raw if self.is_left_alone else self._start(tag, attributes, raw, is_foreign=is_foreign))
        if tag not in VOID and not raw.endswith("/>"):
            self.open.append((tag, inside))

    def handle_startendtag(self, tag: str, attributes: Attributes) -> None:
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        self._flush()
        self.is_data = False
        for position in range(len(self.open) - 1, -1, -1):
            if self.open[position][0] == tag:
                del self.open[position:]
                break
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.is_data:
            self.out.append(rewrite_data(data, self.writer))
        elif self.is_left_alone:
            self.out.append(data)
        else:
            self.text.append(data)

    def handle_entityref(self, name: str) -> None:
        self._reference(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._reference(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self._flush()
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, declaration: str) -> None:
        self.out.append(f"<!{declaration}>")

    def _reference(self, reference: str) -> None:
        """An escaped letter belongs to the word it stands in: `so&#39;rab` is one."""
        if self.is_left_alone:
            self.out.append(reference)
        else:
            self.text.append(unescape(reference))

    def _flush(self) -> None:
        if self.text:
            self.out.append(escape(self.writer.write("".join(self.text)), quote=False))
            self.text.clear()

    def _start(self, tag: str, attributes: Attributes, raw: str, *, is_foreign: bool) -> str:
        known = dict(attributes)
        changed = [(name, self._value(tag, name, value, known, is_foreign)) for name, value in attributes]
        changed = _mark_current(tag, changed, known, self.writer)
        if changed == attributes:
            return raw
        written = "".join(
            f" {name}" if value is None else f' {name}="{escape(value, quote=True)}"' for name, value in changed
        )
        return f"<{tag}{written}>"

    def _value(
        self, tag: str, name: str, value: str | None, known: dict[str, str | None], is_foreign: bool
    ) -> str | None:
        if value is None:
            return None
        if tag == "html":
            own = {"lang": self.writer.language, "dir": self.writer.direction, "data-digits": self.writer.digits}
            return own.get(name, value)
        change: Callable[[str], str] | None = None
        if tag == "meta" and name == "content":
            kind = known.get("name") or known.get("property") or ""
            change = self.writer.write if kind in _META_WORDS else self.writer.move if kind in _META_LINKS else None
        elif name in _LINKS and "hreflang" not in known:
            change = self.writer.move_link
        elif not is_foreign and (name in _WORDS or (name == "value" and known.get("type") == "search")):
            change = self.writer.write
        return change(value) if change else value


def _mark_current(tag: str, attributes: Attributes, known: dict[str, str | None], writer: Writer) -> Attributes:
    """In the list of languages the variant is where the reader is, not its base."""
    if tag != "a" or "hreflang" not in known:
        return attributes
    others = [(name, value) for name, value in attributes if name != "aria-current"]
    if known["hreflang"] == writer.language:
        return [*others, ("aria-current", "true")]
    return others if known["hreflang"] == writer.base else attributes


def rewrite_data(data: str, writer: Writer) -> str:
    """Structured data (JSON-LD) of the page as the variant has it."""
    return write_json(_thing(json.loads(data), writer))


def _thing(value: Any, writer: Writer, name: str = "") -> Any:
    if isinstance(value, dict):
        if value.get("inLanguage", writer.base) != writer.base:
            return value
        return {key: _thing(one, writer, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_thing(one, writer, name) for one in value]
    if not isinstance(value, str):
        return value
    if name == "inLanguage":
        return writer.language
    return writer.write(value) if name in _SAID else writer.move(value)
