"""Asks the renderer for what machines read, and reads it as they do."""

from __future__ import annotations

import json
from typing import Any

from lxml import etree

from broadsheet.rendering.finished import FinishedPage, PageRequest
from broadsheet.rendering.render import render

NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "map": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
BASE = "http://localhost:8000"


def ask(path: str) -> FinishedPage:
    return render(PageRequest(path))


def ask_xml(path: str) -> Any:
    page = ask(path)
    assert page.status == 200, (path, page.status)
    return etree.fromstring(page.body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def ask_json(path: str) -> Any:
    page = ask(path)
    assert page.status == 200
    return json.loads(page.body)


def find(element: Any, path: str) -> list[Any]:
    return list(element.xpath(path, namespaces=NAMES))


def text(element: Any, path: str) -> str:
    (found,) = find(element, path)
    return found if isinstance(found, str) else (found.text or "")


def locations(tree: Any) -> list[str]:
    """The paths that a sitemap or its index names."""
    return [one.text.removeprefix(BASE) for one in find(tree, "//map:loc")]
