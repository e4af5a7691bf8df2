"""Takes the block editor's comments away: what they say that the HTML does not is put into the HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from .paragraphs import add_paragraphs

_COMMENT = re.compile(r"\s*(/?)wp:([a-z][\w/-]{0,100})\s*(\{.*\})?\s*(/?)\s*", re.S)
_DEPTH = 6
# Blocks that WordPress fills in, or that only shape the page: nothing of the story stands in them.
_SHAPE = {"spacer", "more", "nextpage", "navigation", "search", "loginout"}


def has_blocks(content: str) -> bool:
    """The content was written in the block editor."""
    return "<!-- wp:" in content


def to_html(
    content: str,
    reusable: Mapping[str, str],
    meta: Mapping[str, str],
    dropped: Callable[[str], None],
    depth: int = 0,
) -> str:
    """The content's HTML. `reusable` holds shared blocks by id, `meta` the post's fields, footnotes among them."""
    parts: list[str] = []
    open_blocks: list[str] = []
    position = 0
    while (start := content.find("<!--", position)) >= 0 and (end := content.find("-->", start)) >= 0:
        _add_text(parts, content[position:start], open_blocks)
        position = end + 3
        found = _COMMENT.fullmatch(content, start + 4, end)
        if found is None:
            continue
        name = found[2].removeprefix("core/")
        if found[4]:
            parts.append(_alone(name, found[3] or "", reusable, meta, dropped, depth))
        elif found[1]:
            if name in open_blocks:
                while open_blocks.pop() != name:
                    pass
        else:
            open_blocks.append(name)
    _add_text(parts, content[position:], open_blocks)
    return "".join(parts)


def _add_text(parts: list[str], text: str, open_blocks: list[str]) -> None:
    is_classic = not open_blocks or open_blocks[-1] in {"freeform", "shortcode"}
    if is_classic and text.strip():
        text = add_paragraphs(text)
    parts.append(text)


def _alone(
    name: str,
    attributes: str,
    reusable: Mapping[str, str],
    meta: Mapping[str, str],
    dropped: Callable[[str], None],
    depth: int,
) -> str:
    """What stands for a block without content of its own."""
    values = _values(attributes)
    if name == "block" and depth < _DEPTH:
        shared = reusable.get(str(values.get("ref", "")), "")
        if shared:
            return to_html(shared, reusable, meta, dropped, depth + 1)
    if name == "footnotes":
        return _footnotes(meta.get("footnotes", ""))
    if "embed" in name and isinstance(values.get("url"), str):
        return f'<div class="wxr-embed" data-url="{escape(values["url"])}"></div>'
    if name not in _SHAPE:
        dropped(name)
    return ""


def _footnotes(stored: str) -> str:
    notes = _values(stored)
    if not isinstance(notes, list):
        return ""
    texts = [str(note.get("content", "")) for note in notes if isinstance(note, dict)]
    return f"<ol>{''.join(f'<li>{text}</li>' for text in texts)}</ol>" if texts else ""


def _values(text: str) -> Any:
    try:
        return json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
