"""A post's content becomes the blocks of an article's body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from broadsheet.articles.body import plain_text

from . import gutenberg, shortcodes
from .paragraphs import add_paragraphs
from .pictures import Attachment
from .sanitise import make_tree


@dataclass(frozen=True)
class Surroundings:
    """What a body's conversion may look at beside the content: all given, nothing asked of anybody.

    `base` is the address against which others are resolved. `find_file` gives the picture file of an address where
    there is one; `attachments` are by id, `children` those of this post; `reusable` are shared blocks by id.
    """

    base: str = ""
    attachments: Mapping[str, Attachment] = field(default_factory=dict)
    children: tuple[Attachment, ...] = ()
    reusable: Mapping[str, str] = field(default_factory=dict)
    meta: Mapping[str, str] = field(default_factory=dict)
    find_file: Callable[[str], Path | None] = lambda url: None


@dataclass
class Body:
    """The blocks as StreamField's raw values (a picture's `image` is its file's path), and what was met on the way."""

    blocks: list[dict[str, Any]] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    pictures: list[Attachment] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words of the text blocks."""
        return " ".join(plain_text(block["value"]) for block in self.blocks if block["type"] == "text")


def make_body(content: str, around: Surroundings) -> Body:
    """The blocks of a post's content, which may come from the block editor, be classic or mixed."""
    from .writer import Writer

    body = Body()
    lost_codes: list[str] = []
    lost_blocks: list[str] = []
    expanded = shortcodes.expand(content.replace("\r\n", "\n").replace("\r", "\n"), lost_codes.append)
    if gutenberg.has_blocks(expanded):
        html = gutenberg.to_html(expanded, around.reusable, around.meta, lost_blocks.append)
        # Shared blocks bring shortcodes of their own.
        html = shortcodes.expand(html, lost_codes.append)
    else:
        html = add_paragraphs(expanded)
    if "<svg" in content.lower():
        body.changes.append("a drawing (SVG) was left out")
    Writer(body, around).write(make_tree(html))
    body.changes += [f"a block that WordPress fills in was left out: {name}" for name in sorted(set(lost_blocks))]
    body.changes += [f"a shortcode without text was left out: {name}" for name in sorted(set(lost_codes))]
    return body
