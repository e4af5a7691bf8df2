"""Feeds and news sitemaps in another script."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape, unescape
from typing import Any
from uuid import UUID, uuid5

from lxml import etree

from .html import rewrite
from .writer import Writer

# By the name of an element without its namespace.
_WORDS = frozenset(["title", "subtitle", "name", "creator", "category", "copyright", "rights", "credit"])
_HTML = frozenset({"encoded", "content", "summary"})
_ADDRESSES = frozenset({"loc", "link", "guid", "uri", "comments"})
_LINKS = frozenset({"href", "url", "isPermaLink"})
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def rewrite_xml(body: bytes, writer: Writer) -> bytes:
    """An RSS or Atom feed, or a news sitemap, as the variant has it."""
    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    for element in root.iter(etree.Element):
        _write_element(element, writer)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _write_element(element: Any, writer: Writer) -> None:
    name = etree.QName(element).localname
    text = element.text or ""
    if text.strip():
        element.text = _change(name, element, writer)(text)
    for attribute, value in element.attrib.items():
        if attribute == _XML_LANGUAGE and value == writer.base:
            element.set(attribute, writer.language)
        elif attribute in _LINKS:
            element.set(attribute, writer.move(value))
        elif attribute in {"term", "label", "title"}:
            element.set(attribute, writer.write(value))


def _change(name: str, element: Any, writer: Writer) -> Callable[[str], str]:
    if name == "language" and element.text == writer.base:
        # A feed names the script; a news sitemap knows ISO 639 alone, and stays.
        return (lambda _: writer.language) if element.prefix != "news" else str
    if name in _HTML and element.get("type") in {None, "html"}:
        return lambda text: rewrite(text, writer)
    if name == "description":
        plain = element.get("type") == "plain"
        return writer.write if plain else lambda text: _write_description(text, writer)
    if name == "id":
        return lambda text: own_id(text, writer)
    if name in _ADDRESSES:
        return writer.move
    return writer.write if name in _WORDS or name in _HTML else str


def _write_description(text: str, writer: Writer) -> str:
    """RSS's descriptions are HTML without elements."""
    return escape(writer.write(unescape(text)), quote=False)


def rewrite_json(body: bytes, writer: Writer) -> bytes:
    """A JSON Feed as the variant has it."""
    return json.dumps(_write_value(json.loads(body), writer), ensure_ascii=False).encode()


def _write_value(value: Any, writer: Writer, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _write_value(one, writer, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_write_value(one, writer, name) for one in value]
    if not isinstance(value, str):
        return value
    if name == "language":
        return writer.language if value == writer.base else value
    if name == "id":
        return own_id(value, writer)
    if name == "content_html":
        return rewrite(value, writer)
    return writer.write(value) if name in {"title", "summary", "description", "name", "tags"} else writer.move(value)


def own_id(known: str, writer: Writer) -> str:
    """An entry's id in the variant's feed: another one than its base's, and always the same."""
    if known.startswith("urn:uuid:"):
        return uuid5(UUID(known), writer.language).urn
    return writer.move(known)
