"""Turns WordPress's shortcodes into plain HTML; unknown ones leave their text and no code behind.

Square brackets are also used by people: what has neither a known name, nor attributes, nor a closing tag, is text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape, unescape

_TAG = re.compile(r"(\[?)\[(/?)([A-Za-z][\w-]{0,60})((?:\s|=)[^\[\]]{0,4000}|/)?\](\]?)")
_ATTRIBUTE = re.compile(
    r"""(https?://[^\s"']+)|([\w-]{1,60})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))|"([^"]*)"|'([^']*)'|([^\s"'=]+)"""
)
_PROTECTED = re.compile(r"<(/?)(pre|code)\b[^<>]*>", re.I)
_PICTURE = re.compile(r"\s*(?:<p>\s*)?((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?)", re.I)
_DEPTH = 8

_CODE = {
    "code",
    "sourcecode",
    "source",
    "php",
    "js",
    "javascript",
    "css",
    "html",
    "xml",
    "python",
    "bash",
    "sql",
    "java",
}
_QUOTES = {"quote", "blockquote", "pullquote"}
_FILES = {"audio": ("src", "mp3", "m4a", "ogg", "wav", "wma"), "video": ("src", "mp4", "m4v", "webm", "ogv", "flv")}
_PLAYERS = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "dailymotion": "https://www.dailymotion.com/video/{}",
    "tweet": "https://twitter.com/i/status/{}",
}
_EMBEDS = {"embed", "embedyt", "instagram", "facebook", "tiktok", "telegram", "soundcloud", "ted", *_PLAYERS}
# Stand alone, have no attributes and mean nothing outside WordPress.
_EMPTY = {"toc", "sitemap", "clear", "divider", "spacer", "separator", "hr", "nextpage", "more"}
_LABELS = ("text", "title", "label", "caption", "name", "heading")
_ADDRESSES = ("url", "href", "link", "src")


@dataclass(frozen=True)
class Attributes:
    """A shortcode's attributes: named ones in lower case, and those that are a value alone."""

    named: dict[str, str] = field(default_factory=dict)
    alone: tuple[str, ...] = ()

    def first(self, *names: str) -> str:
        """The first of the named attributes that says something."""
        return next((self.named[name].strip() for name in names if self.named.get(name, "").strip()), "")


def expand(text: str, dropped: Callable[[str], None], depth: int = 0) -> str:
    """The text with all shortcodes expanded; `dropped` hears the name of each that left nothing."""
    if "[" not in text or depth > _DEPTH:
        return text
    tags = list(_outside_code(text))
    closings: dict[str, list[re.Match[str]]] = {}
    for tag in tags:
        if tag[2]:
            closings.setdefault(tag[3].lower(), []).append(tag)
    parts, position = [], 0
    for tag in tags:
        if tag.start() < position:
            continue
        parts.append(text[position : tag.start()])
        html, position = _expand_one(text, tag, closings, dropped, depth)
        parts.append(html)
    return "".join([*parts, text[position:]])


def _outside_code(text: str) -> Iterator[re.Match[str]]:
    protected = list(_code_in(text))
    starts = [start for start, _ in protected]
    for tag in _TAG.finditer(text):
        place = bisect_left(starts, tag.start()) - 1
        if place < 0 or protected[place][1] <= tag.start():
            yield tag


def _code_in(text: str) -> Iterator[tuple[int, int]]:
    """Where code begins and ends; what is never closed protects nothing."""
    opening: re.Match[str] | None = None
    for tag in _PROTECTED.finditer(text):
        if not tag[1]:
            opening = opening or tag
        elif opening is not None and tag[2].lower() == opening[2].lower():
            yield opening.start(), tag.end()
            opening = None


def _expand_one(
    text: str,
    tag: re.Match[str],
    closings: dict[str, list[re.Match[str]]],
    dropped: Callable[[str], None],
    depth: int,
) -> tuple[str, int]:
    """What stands for the shortcode that begins with this tag, and where the text goes on."""
    name = tag[3].lower()
    if tag[1] and tag[5]:
        return text[tag.start() + 1 : tag.end() - 1], tag.end()
    before, after = tag[1], tag[5]
    if tag[2]:
        return (before + after, tag.end()) if name in _known() else (tag[0], tag.end())
    attributes = _attributes(tag[4] or "")
    closing = _closing(tag, closings.get(name, []))
    inside = text[tag.end() - len(after) : closing.start() + len(closing[1])] if closing else ""
    end = closing.end() - len(closing[5]) if closing else tag.end()
    if not closing and not _is_shortcode(name, attributes, text, tag):
        return tag[0], tag.end()
    html = _known_one(name, attributes, inside, dropped)
    if html is None:
        html = _unknown_one(name, attributes, inside, dropped)
        if closing:
            html = expand(html, dropped, depth + 1)
    return before + html + ("" if closing else after), end


def _closing(tag: re.Match[str], closings: list[re.Match[str]]) -> re.Match[str] | None:
    """The next closing tag of the same name."""
    place = bisect_left(closings, tag.end(), key=lambda one: one.start())
    return closings[place] if place < len(closings) else None


def _is_shortcode(name: str, attributes: Attributes, text: str, tag: re.Match[str]) -> bool:
    if name in _known() or attributes.named:
        return True
    return ("_" in name or "-" in name) and _stands_alone(text, tag)


def _stands_alone(text: str, tag: re.Match[str]) -> bool:
    """Nothing else stands on its line."""
    start = text.rfind("\n", 0, tag.start()) + 1
    end = text.find("\n", tag.end())
    around = text[start : tag.start()] + text[tag.end() : end if end >= 0 else len(text)]
    return not re.sub(r"</?p>|<br\s*/?>", "", around).strip()


def _known() -> set[str]:
    return {"caption", "wp_caption", "gallery", "playlist", *_CODE, *_QUOTES, *_FILES, *_EMBEDS, *_EMPTY}


def _attributes(text: str) -> Attributes:
    text = text.strip().removesuffix("/")
    if not re.search("[\"']", text):
        # Typed in the visual editor: the quotation marks themselves are escaped or curled.
        text = re.sub("[\u201c\u201d\u2033]", '"', unescape(text))
    named: dict[str, str] = {}
    alone: list[str] = []
    if text.startswith("="):
        return Attributes({}, (text[1:].strip().strip("\"'"),))
    for address, key, double, single, bare, *rest in _ATTRIBUTE.findall(text):
        if key:
            named.setdefault(key.lower(), unescape(double or single or bare))
        else:
            alone.append(unescape(address or "".join(rest)))
    return Attributes(named, tuple(alone))


def _known_one(name: str, attributes: Attributes, inside: str, dropped: Callable[[str], None]) -> str | None:
    """HTML for the shortcodes of WordPress itself; None: not one of them."""
    if name in {"caption", "wp_caption"}:
        return _caption(attributes, inside)
    if name == "gallery":
        ids = attributes.first("ids", "include")
        return f'\n\n<div class="wxr-gallery" data-ids="{escape(ids)}"></div>\n\n'
    if name in _FILES:
        address = attributes.first(*_FILES[name]) or " ".join(attributes.alone) or _address_in(inside)
        return _placeholder("wxr-file", address, name, attributes.first("caption", "title")) if address else ""
    if name in _EMBEDS:
        return _embed(name, attributes, inside)
    if name in _CODE and inside:
        code = inside if "&lt;" in inside else escape(inside, quote=False)
        return f"\n\n<pre>{code.strip(chr(10))}</pre>\n\n"
    if name in _QUOTES and inside:
        cite = attributes.first("author", "cite", "source", "name")
        return f"\n\n<blockquote>{inside}{f'<cite>{escape(cite)}</cite>' if cite else ''}</blockquote>\n\n"
    if name in _EMPTY or name == "playlist":
        dropped(name)
        return inside
    return None


def _caption(attributes: Attributes, inside: str) -> str:
    picture = _PICTURE.match(inside)
    if picture is None:
        return inside
    caption = attributes.first("caption") or inside[picture.end() :].strip().removesuffix("</p>")
    number = re.sub(r"\D", "", attributes.first("id"))
    caption = f"<figcaption>{unescape(caption) if '&lt;' in caption else caption}</figcaption>" if caption else ""
    return f'\n\n<figure class="wp-caption" data-id="{number}">{picture[1]}{caption}</figure>\n\n'


def _embed(name: str, attributes: Attributes, inside: str) -> str:
    address = _address_in(inside) or attributes.first("url", "src", "link", "id", "video") or " ".join(attributes.alone)
    address = address.strip()
    if name in _PLAYERS and re.fullmatch(r"[\w-]{4,64}", address):
        address = _PLAYERS[name].format(address)
    return _placeholder("wxr-embed", address, name, attributes.first("caption", "title")) if address else ""


def _address_in(text: str) -> str:
    found = re.search(r"""https?://[^\s"'<>\[\]]+""", unescape(text))
    return found[0] if found else ""


def _placeholder(kind: str, address: str, name: str, caption: str) -> str:
    return (
        f'\n\n<div class="{kind}" data-url="{escape(address)}" data-kind="{escape(name)}" '
        f'data-caption="{escape(caption)}"></div>\n\n'
    )


def _unknown_one(name: str, attributes: Attributes, inside: str, dropped: Callable[[str], None]) -> str:
    """The words and the link that a shortcode of some plugin shows."""
    if inside.strip():
        return inside
    label, address = attributes.first(*_LABELS), attributes.first(*_ADDRESSES)
    if re.match(r"https?://", address):
        return f'<a href="{escape(address)}">{escape(label or address)}</a>'
    if label:
        return escape(label, quote=False)
    dropped(name)
    return ""
