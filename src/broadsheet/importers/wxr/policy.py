"""Pages about the newsroom hold text alone: what else stood in an imported page becomes text here."""

from __future__ import annotations

from html import escape
from typing import Any

from .sanitise import finish


def to_rich_text(blocks: list[dict[str, Any]]) -> str:
    """All blocks as one piece of rich text; an empty paragraph for a page without words."""
    return finish("".join(_MAKERS[block["type"]](block["value"]) for block in blocks)) or "<p></p>"


def _text(value: Any) -> str:
    return str(value)


def _quote(value: Any) -> str:
    named = value["speaker"] or value["source"]
    source = f"<p><cite>{_linked(named, value['source_url'])}</cite></p>" if named else ""
    return f"<blockquote><p>{escape(value['text'])}</p>{source}</blockquote>"


def _pull_quote(value: Any) -> str:
    source = f"<p><cite>{escape(value['attribution'])}</cite></p>" if value["attribution"] else ""
    return f"<blockquote><p>{escape(value['text'])}</p>{source}</blockquote>"


def _embed(value: Any) -> str:
    return f"<p>{_linked(value['caption'] or value['url'], value['url'])}</p>"


def _table(value: Any) -> str:
    heads = [column["heading"] for column in value["columns"]]
    caption = f"<p><b>{escape(value['caption'])}</b></p>" if value["caption"] else ""
    lines = ["<p>" + " — ".join(escape(cell) for cell in row if cell) + "</p>" for row in _rows(heads, value)]
    return caption + "".join(lines)


def _rows(heads: list[str], value: Any) -> list[list[str]]:
    rows = [[str(cell) for cell in row["values"]] for row in value["rows"]]
    return [
        [f"{head}: {cell}" if head and cell else cell for head, cell in zip(heads, row, strict=True)] for row in rows
    ]


def _image(value: Any) -> str:
    words = value["caption"] or value["alt"]
    return f"<p>{escape(words)}</p>" if words else ""


def _gallery(value: Any) -> str:
    return "".join(_image(one["value"]) for one in value["pictures"])


def _linked(words: str, url: str) -> str:
    return f'<a href="{escape(url)}">{escape(words)}</a>' if url else escape(words)


_MAKERS = {
    "text": _text,
    "quote": _quote,
    "pull_quote": _pull_quote,
    "embed": _embed,
    "table": _table,
    "image": _image,
    "gallery": _gallery,
}
