"""The pieces of a story: its fields and the blocks of its body, each with its texts and a digest of what it says."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

from broadsheet.articles.models import ArticlePage

# What of an article's own fields is translated, in the order of the editor.
FIELDS = (
    "title",
    "short_headline",
    "label",
    "lead",
    "dateline",
    "picture_alt",
    "picture_caption",
    "seo_title",
    "search_description",
)
# Belongs to a piece of its own: another picture asks for other words.
PICTURE = "picture"
BODY = "body."
_EDITOR_MARKS = re.compile(r'\s+data-block-key="[^"]*"')
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Leaf:
    """One text: where it stands within its piece (empty: it is the piece), what it says, how an editor calls it."""

    path: str
    text: str
    is_html: bool
    label: str


@dataclass(frozen=True)
class Piece:
    """A field (`title`) or a block (`body.<block id>`), its kind, its texts, and the digest of all that it says."""

    key: str
    kind: str
    label: str
    leaves: tuple[Leaf, ...]
    digest: str


@dataclass(frozen=True)
class Place:
    """Where a value stands in raw blocks: `container[index]`; `kind` is text, html or fact, `limit` in characters."""

    path: str
    container: Any
    index: Any
    kind: str
    label: str
    limit: int = 0

    @property
    def value(self) -> Any:
        try:
            return self.container[self.index]
        except (KeyError, IndexError):
            return None


def read(page: ArticlePage) -> dict[str, Piece]:
    """The page's pieces by key, in the order in which they stand."""
    found = [_field(page, name) for name in FIELDS]
    if page.picture_id:
        found.append(Piece(PICTURE, "picture", _("Picture"), (), _digest("picture", [("", str(page.picture_id))])))
    found += [read_block(raw) for raw in raw_body(page)]
    return {piece.key: piece for piece in found}


def story_digest(found: dict[str, Piece]) -> str:
    """One digest of all pieces, whatever their order."""
    return _digest("story", sorted((key, piece.digest) for key, piece in found.items()))


def raw_body(page: ArticlePage) -> list[dict[str, Any]]:
    """The body's blocks as plain values of their own: `{"type", "value", "id"}`."""
    raw = page.body.get_prep_value() if page.body else []
    copied: list[dict[str, Any]] = json.loads(json.dumps(raw, default=str))
    return copied


def read_block(raw: dict[str, Any]) -> Piece:
    """A block of the body as a piece."""
    block = _stream().child_blocks.get(raw["type"])
    key, label = BODY + str(raw["id"]), _name(block) if block is not None else str(raw["type"])
    standing = list(places(raw))
    leaves = tuple(
        Leaf(one.path, str(one.value or ""), one.kind == "html", one.label) for one in standing if one.kind != "fact"
    )
    said = [(one.path, _plain(one)) for one in standing]
    return Piece(key, str(raw["type"]), label, leaves, _digest(str(raw["type"]), said))


def places(raw: dict[str, Any]) -> Iterator[Place]:
    """Every value of a raw block, in order; none for a kind of block that there is no more."""
    block = _stream().child_blocks.get(raw["type"])
    if block is not None:
        yield from _walk(block, raw, "value", "", _name(block))


def _stream() -> Any:
    return ArticlePage._meta.get_field("body").stream_block


def _field(page: ArticlePage, name: str) -> Piece:
    text = str(getattr(page, name) or "")
    label = _("Headline") if name == "title" else capfirst(str(ArticlePage._meta.get_field(name).verbose_name))
    return Piece(name, "field", label, (Leaf("", text, False, label),), _digest(name, [("", _normal(text))]))


def _walk(block: Any, container: Any, index: Any, path: str, label: str) -> Iterator[Place]:
    limit = getattr(getattr(block, "field", None), "max_length", None) or 0
    place = Place(path, container, index, _kind(block), label, limit)
    value = place.value
    if isinstance(block, TypedTableBlock):
        yield from _walk_table(block, value, path)
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            if isinstance(value, dict):
                yield from _walk(child, value, name, _join(path, name), _name(child))
    elif isinstance(block, blocks.ListBlock):
        for number, item in enumerate(value or []):
            wrapped = isinstance(item, dict) and item.get("type") == "item" and "value" in item
            holder, place_in = (item, "value") if wrapped else (value, number)
            yield from _walk(block.child_block, holder, place_in, _join(path, str(number)), f"{label} {number + 1}")
    elif not isinstance(block, blocks.BaseStreamBlock):
        yield place


def _walk_table(block: Any, table: Any, path: str) -> Iterator[Place]:
    if not isinstance(table, dict):
        return
    yield Place(_join(path, "caption"), table, "caption", "text", _("Caption"))
    columns = table.get("columns", [])
    for number, column in enumerate(columns):
        yield Place(_join(path, f"columns.{number}"), column, "heading", "text", _("Heading"))
    for line, row in enumerate(table.get("rows", [])):
        for number, column in enumerate(columns):
            child = block.child_blocks.get(column["type"])
            if child is not None:
                label = _("Row %(row)s, column %(column)s") % {"row": line + 1, "column": number + 1}
                yield from _walk(child, row["values"], number, _join(path, f"rows.{line}.{number}"), label)


def _kind(block: Any) -> str:
    if isinstance(block, blocks.RichTextBlock):
        return "html"
    return "text" if isinstance(block, (blocks.CharBlock, blocks.TextBlock)) else "fact"


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _name(block: Any) -> str:
    return capfirst(str(block.label or block.name))


def _plain(place: Place) -> str:
    value = place.value
    if value is None:
        return ""
    if place.kind != "fact":
        return _normal(str(value))
    moment = parse_datetime(value) if isinstance(value, str) and len(value) > 10 and value[:4].isdigit() else None
    return moment.isoformat() if moment else json.dumps(value, sort_keys=True, default=str)


def _normal(text: str) -> str:
    """The text without what an editor's script changes by itself: keys of paragraphs, runs of white space."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", _EDITOR_MARKS.sub("", text))).strip()


def _digest(kind: str, said: list[tuple[str, str]]) -> str:
    written = json.dumps([kind, said], ensure_ascii=True)
    return blake2b(written.encode(), digest_size=12).hexdigest()


def without_marks(html: str) -> str:
    """Rich text without the keys that the editor's script gives to paragraphs."""
    return _EDITOR_MARKS.sub("", html)


def is_same(one: str, other: str) -> bool:
    """Whether two texts say the same, whatever an editor's script made of white space and marks."""
    return _normal(one) == _normal(other)


def pair(there: Mapping[str, Piece], here: Mapping[str, Piece]) -> dict[str, str]:
    """The source's keys with the translation's, empty where there is none."""
    pairs = {key: key if key in here else "" for key in there}
    taken = set(pairs.values())
    waiting: dict[str, list[str]] = {}
    for key, piece in here.items():
        if key not in taken:
            waiting.setdefault(piece.kind, []).append(key)
    for key, partner in pairs.items():
        if not partner and waiting.get(there[key].kind):
            pairs[key] = waiting[there[key].kind].pop(0)
    return pairs


def corrections_of(page: ArticlePage) -> list[str]:
    """The corrections in a page's body, each as `block id:digest`."""
    return [f"{raw['id']}:{read_block(raw).digest}" for raw in raw_body(page) if raw["type"] == "correction"]
