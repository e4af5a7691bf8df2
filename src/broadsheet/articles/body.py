"""Turns an article's blocks into the ready HTML, the plain text and the facts that the published projection keeps."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Any

import nh3
from django.utils import translation
from jinja2 import Environment, PackageLoader
from markupsafe import Markup
from wagtail.rich_text import expand_db_html

from broadsheet.media.models import NewsImage
from broadsheet.media.pictures import Picture
from broadsheet.media.publishing import publish_picture
from broadsheet.translations import languages, quotes
from broadsheet.translations.templating import make_environment

from .embeds import resolve
from .errors import UnknownEmbed
from .models import ArticlePage

_ENVIRONMENT: Environment = make_environment(PackageLoader("broadsheet.articles", "templates"))

# What a text block may hold on a reader's page, whatever the editor, an import or an attacker put in.
TAGS = {
    "p",
    "h2",
    "h3",
    "h4",
    "b",
    "strong",
    "i",
    "em",
    "a",
    "ul",
    "ol",
    "li",
    "hr",
    "br",
    "sup",
    "sub",
    "s",
    "code",
    "pre",
}
TAGS |= {"blockquote", "span", "bdi", "cite", "q", "abbr", "del", "ins", "dl", "dt", "dd"}
ATTRIBUTES = {"a": {"href", "hreflang"}, "*": {"lang", "dir"}, "abbr": {"title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}
_ENDS_A_LINE = re.compile(r"</(?:p|h[2-4]|li|ul|ol|dt|dd|pre|blockquote)>|<[bh]r", re.IGNORECASE)


_HEADING = re.compile(r"<h([2-6])(\s[^>]*)?>(.*?)</h\1>", re.DOTALL)


@dataclass
class Body:
    """A rendered body: parts as the projection stores them, plain text, and what stands in it."""

    parts: list[dict[str, Any]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    sources: list[dict[str, str]] = field(default_factory=list)
    corrections: list[dict[str, str]] = field(default_factory=list)
    image_ids: set[int] = field(default_factory=set)
    outline: list[tuple[int, int]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n\n".join(text for text in self.texts if text)


def clean_html(html: str) -> str:
    """HTML with nothing but text markup and safe links left (nh3)."""
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener")


def plain_text(html: str) -> str:
    """The words of a piece of HTML, paragraphs apart."""
    spaced = _ENDS_A_LINE.sub(r" \g<0>", html)
    return " ".join(unescape(nh3.clean(spaced, tags=set())).split())


def order_headings(html: str, outline: list[tuple[int, int]]) -> str:
    """The HTML with no heading more than one level below the one that it stands under.

    `outline` holds the headings that the next one may stand under, as pairs of written and read level, and is kept up
    to date. Editors choose headings by their size: a reader who goes from heading to heading must meet no gap
    (WCAG 2.2, H42 and G141), and what was written alike stays alike.
    """

    def move(heading: re.Match[str]) -> str:
        written = int(heading[1])
        while outline and outline[-1][0] >= written:
            outline.pop()
        read = outline[-1][1] + 1 if outline else 2
        outline.append((written, read))
        return f"<h{read}{heading[2] or ''}>{heading[3]}</h{read}>"

    return _HEADING.sub(move, html)


def render_body(page: ArticlePage, owner: str, find_picture: Callable[..., Picture] = publish_picture) -> Body:
    """The page's body in its own language. `find_picture` publishes pictures, or only describes them in a preview."""
    body = Body()
    with translation.override(page.language):
        macros = _ENVIRONMENT.get_template("body/blocks.html").module
        for child in page.body:
            facts = _FACTS[child.block_type](child.value, body, owner, find_picture)
            if facts is None:
                continue
            if child.block_type == "correction" or (child.block_type in _TITLED and facts["title"]):
                body.outline = [(2, 2)]
            if child.block_type == "related":
                body.parts.append({"kind": "related", **facts})
            else:
                html = getattr(macros, child.block_type)(facts)
                _append_html(body, str(html))
    return body


def _append_html(body: Body, html: str) -> None:
    if body.parts and body.parts[-1]["kind"] == "html":
        body.parts[-1]["html"] += html
    else:
        body.parts.append({"kind": "html", "html": html})


def _text(value: Any, body: Body, *_: Any) -> dict[str, Any]:
    html = order_headings(clean_html(expand_db_html(value.source)), body.outline)
    body.texts.append(plain_text(html))
    return {"html": Markup(html)}


def _quote(value: Any, body: Body, *_: Any) -> dict[str, Any]:
    body.texts.append(" ".join(filter(None, [value["text"], value["speaker"], value["role"]])))
    return {**value, **_said(value), "source_url": _web_address(value["source_url"])}


def _pull_quote(value: Any, body: Body, *_: Any) -> dict[str, Any]:
    return {**value, **_said(value)}


def _said(value: Any) -> dict[str, Any]:
    """What was said, without marks round it, which the page sets by language; and its language, if it is another."""
    text = quotes.without_marks(value["text"])
    language = value.get("language") or ""
    is_own = language in {"", translation.get_language()} or not languages.is_tag(language)
    return {"text": text, "has_marks": quotes.has_marks_outside(text), "language": "" if is_own else language}


def _picture(value: Any, body: Body, owner: str, find_picture: Callable[..., Picture]) -> Picture | None:
    image: NewsImage | None = value["image"]
    if image is None:
        return None
    body.image_ids.add(image.pk)
    body.texts.append(value["caption"] or "")
    return find_picture(image, owner, alt=value["alt"] or "", caption=value["caption"] or "")


def _image(value: Any, body: Body, owner: str, find_picture: Callable[..., Picture]) -> dict[str, Any] | None:
    picture = _picture(value, body, owner, find_picture)
    return {"picture": picture} if picture else None


def _gallery(value: Any, body: Body, owner: str, find_picture: Callable[..., Picture]) -> dict[str, Any]:
    found = [_picture(one, body, owner, find_picture) for one in value["pictures"]]
    return {"title": value["title"], "pictures": [picture for picture in found if picture]}


def _embed(value: Any, body: Body, *_: Any) -> dict[str, Any] | None:
    body.texts.append(value["caption"] or "")
    try:
        return {"embed": resolve(value["url"]), "caption": value["caption"]}
    except UnknownEmbed:
        return None


def _table(value: Any, body: Body, *_: Any) -> dict[str, Any]:
    rows = [["" if cell.value is None else str(cell.value) for cell in row] for row in value.rows]
    columns = [column["heading"] for column in value.columns]
    body.texts.extend([value.caption or "", " ".join(columns), *(" ".join(row) for row in rows)])
    return {"caption": value.caption, "columns": columns, "rows": rows}


def _list(value: Any, body: Body, *_: Any) -> dict[str, Any]:
    items = [str(point) for point in value["items"]]
    body.texts.extend([value["title"] or "", *items])
    return {"title": value["title"], "style": value["style"], "items": items}


def _fact_box(value: Any, body: Body, *_: Any) -> dict[str, Any]:
    html = clean_html(expand_db_html(value["text"].source))
    body.texts.extend([value["title"], plain_text(html)])
    return {"title": value["title"], "html": Markup(html)}


def _related(value: Any, body: Body, *_: Any) -> dict[str, Any]:
    return {"title": value["title"] or "", "articles": [page.pk for page in value["articles"] if page]}


def _attribution(value: Any, body: Body, *_: Any) -> dict[str, Any]:
    url = _web_address(value["url"])
    body.sources.append({"outlet": value["outlet"], "url": url})
    body.texts.append(value["outlet"])
    return {"outlet": value["outlet"], "url": url}


def _web_address(url: str | None) -> str:
    """The address if a reader may follow it: what no form has seen may be a script. Else nothing."""
    return url if url and url.startswith(("https://", "http://")) else ""


def _correction(value: Any, body: Body, *_: Any) -> dict[str, Any] | None:
    moment: datetime | None = value["date"]
    if moment is None:
        return None  # An unfinished draft in its preview.
    body.corrections.append({"at": moment.isoformat(), "text": value["text"]})
    body.texts.append(value["text"])
    return dict(value)


_FACTS: dict[str, Callable[..., dict[str, Any] | None]] = {
    "text": _text,
    "quote": _quote,
    "pull_quote": _pull_quote,
    "image": _image,
    "gallery": _gallery,
    "embed": _embed,
    "table": _table,
    "list": _list,
    "fact_box": _fact_box,
    "related": _related,
    "attribution": _attribution,
    "correction": _correction,
}
# Blocks whose title is a heading of the second level.
_TITLED = {"gallery", "list", "fact_box"}
