"""The two cleanings of imported HTML: first to a well-formed tree of bounded depth, last to what a story may hold."""

from __future__ import annotations

import re

import nh3

from broadsheet.articles.body import clean_html

from ..errors import TextRefused

DEEPEST = 60
LONGEST = 16 << 20
# The cleaner's time grows with the square of the character references in one run of text.
MOST_REFERENCES = 100_000
_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)[^<>]*>")
# Elements whose end is implied, or that hold nothing: they do not add to the depth.
_FLAT = {
    "p",
    "li",
    "td",
    "th",
    "tr",
    "dt",
    "dd",
    "option",
    "br",
    "hr",
    "img",
    "input",
    "meta",
    "link",
    "col",
    "area",
    "a",
}
_FLAT |= {"param", "source", "embed", "wbr", "base", "track"}
_GENERIC = re.compile(r"</?(?:div|span|font|center|section|article|b|i|u|em|strong|big|small)\b[^<>]*>", re.I)

_TAGS = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "hr", "br",
    "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "figure", "figcaption", "img", "picture", "a",
    "b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "sub", "sup", "small", "big", "q", "cite", "abbr",
    "acronym", "code", "kbd", "samp", "tt", "var", "span", "bdi", "bdo", "font", "mark", "time", "address", "center",
    "div", "section", "article", "aside", "header", "footer", "main", "nav", "details", "summary", "iframe",
    "object", "embed", "param", "video", "audio", "source", "button", "label", "form", "fieldset",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"class", "lang", "dir", "id"},
    "a": {"href"},
    "img": {"src", "alt", "title", "width", "height", "data-id", "data-src", "data-lazy-src", "data-orig-file"},
    "figure": {"data-id"},
    "div": {"data-ids", "data-url", "data-kind", "data-caption"},
    "iframe": {"src", "data-src", "title"},
    "object": {"data"},
    "embed": {"src"},
    "param": {"name", "value"},
    "video": {"src"},
    "audio": {"src"},
    "source": {"src"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
    "abbr": {"title"},
    "acronym": {"title"},
    "blockquote": {"cite", "data-instgrm-permalink"},
}
_SILENT = {"script", "style", "svg", "math", "template", "noscript", "title", "textarea", "select", "head", "canvas"}


def make_tree(html: str) -> str:
    """The HTML as a browser would read it, without what runs or hides, nested at most `DEEPEST` deep.

    Deeper pages lose their generic containers, then all tags: no parser of trees is linear in the depth.
    Raises TextRefused for what would take too long.
    """
    if len(html) > LONGEST:
        raise TextRefused(f"the text is too long: {len(html) >> 20} MiB")
    if html.count("&") > MOST_REFERENCES and max(run.count("&") for run in html.split("<")) > MOST_REFERENCES:
        raise TextRefused("the text is not one: it holds only character references")
    if _depth(html) > DEEPEST:
        html = _GENERIC.sub(" ", html)
        if _depth(html) > DEEPEST:
            html = _TAG.sub(_as_space, html)
    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_SILENT,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )


def finish(html: str) -> str:
    """The very last step for every piece of rich text: the allow-list of a story's body."""
    return clean_html(html)


def _depth(html: str) -> int:
    depth = deepest = 0
    for closing, name in _TAG.findall(html):
        if name.lower() not in _FLAT:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _as_space(tag: re.Match[str]) -> str:
    return "<p>" if tag[2].lower() in {"p", "div", "br"} else " "
