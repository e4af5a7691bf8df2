"""Walks every public address of a running site as a polite robot does, and keeps what it answered."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit, urlunsplit

from lxml import etree, html

from . import web

AT_ONCE = 4
PAGE = "text/html"
_ADDRESS = re.compile(r"https?://[^\s\"'<>\\)]+")
_IN_CSS = re.compile(r"url\(\s*['\"]?([^'\")]+)")


@dataclass
class Walk:
    """What was found: replies by address, and for every address the pages that lead to it."""

    origin: str
    replies: dict[str, web.Reply] = field(default_factory=dict)
    found_on: dict[str, set[str]] = field(default_factory=dict)
    foreign_resources: dict[str, set[str]] = field(default_factory=dict)

    def pages(self) -> dict[str, web.Reply]:
        """The HTML pages that answered 200."""
        return {url: reply for url, reply in self.replies.items() if reply.kind == PAGE and reply.status == 200}

    def tree(self, url: str) -> html.HtmlElement:
        """The parsed page at an address."""
        return html.document_fromstring(self.replies[url].body, parser=html.HTMLParser(encoding="utf-8"))


def walk(origin: str) -> Walk:
    """Follow every link, resource, feed and sitemap from `/`, robots.txt and the service worker on."""
    found = Walk(origin)
    waiting = {f"{origin}{path}" for path in ("/", "/robots.txt", "/sitemap.xml", "/manifest.webmanifest", "/sw.js")}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while waiting:
            batch = sorted(waiting)
            waiting = set()
            for reply in pool.map(_ask, batch):
                found.replies[reply.url] = reply
                for link in set(links(reply)):
                    found.found_on.setdefault(link, set()).add(reply.url)
                    if link not in found.replies and link not in batch:
                        waiting.add(link)
                foreign = {one for one in resources(reply) if not one.startswith(f"{origin}/")}
                if foreign:
                    found.foreign_resources[reply.url] = foreign
    return found


def _ask(url: str) -> web.Reply:
    """The reply; where the site asks for patience, the one that comes after it."""
    reply = web.fetch(url)
    if reply.status == 503 and "retry-after" in reply.headers:
        time.sleep(float(reply.headers["retry-after"]))
        reply = web.fetch(url)
    return reply


def links(reply: web.Reply) -> Iterator[str]:
    """The addresses of the same origin that a reply leads to, without their fragments."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(reply.url))
    for raw in _addresses(reply):
        url = urlunsplit(urlsplit(urljoin(reply.url, raw.strip()))._replace(fragment=""))
        if url == origin or url.startswith(f"{origin}/"):
            yield url if url != origin else f"{origin}/"


def _addresses(reply: web.Reply) -> Iterable[str]:
    if "location" in reply.headers:
        yield reply.headers["location"]
    if reply.kind == PAGE:
        tree = html.document_fromstring(reply.body, parser=html.HTMLParser(encoding="utf-8"))
        yield from (link for _, name, link, _ in tree.iterlinks() if name != "action" and _is_web(link))
        yield from _from_srcset(tree)
        yield from (
            link for text in tree.xpath("//script[@type='application/ld+json']/text()") for link in _quoted(text)
        )
        yield from tree.xpath("//meta[@property='og:image' or @property='og:url' or @name='twitter:image']/@content")
    elif reply.kind.endswith("json"):
        yield from _quoted(reply.text)
    elif reply.kind.endswith("xml"):
        yield from _from_xml(reply.body)
    elif reply.kind == "text/plain":
        yield from _ADDRESS.findall(reply.text)


def resources(reply: web.Reply) -> set[str]:
    """What a browser loads by itself for a page: pictures, scripts, styles, frames, fonts, early connections."""
    if reply.kind != PAGE:
        return set()
    tree = html.document_fromstring(reply.body, parser=html.HTMLParser(encoding="utf-8"))
    loaded = tree.xpath(
        "//*[self::img or self::script or self::iframe or self::source or self::video or self::audio]/@src"
    )
    loaded += tree.xpath("//link[contains('stylesheet icon preload prefetch preconnect dns-prefetch', @rel)]/@href")
    loaded += [one for style in tree.xpath("//style/text()|//@style") for one in _IN_CSS.findall(style)]
    loaded += list(_from_srcset(tree))
    whole = {urljoin(reply.url, one) for one in loaded}
    return {one for one in whole if not one.startswith("data:")}


def _from_srcset(tree: html.HtmlElement) -> Iterator[str]:
    for value in tree.xpath("//@srcset|//@imagesrcset"):
        yield from (part.split()[0] for part in value.split(",") if part.strip())


def _from_xml(body: bytes) -> Iterator[str]:
    tree = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    for element in tree.iter():
        if isinstance(element.tag, str):
            yield from (value for name, value in element.attrib.items() if name in {"href", "url", "src"})
            if element.tag.rsplit("}")[-1] in {"loc", "link", "guid"} and element.text:
                yield element.text.strip()


def _quoted(text: str) -> Iterator[str]:
    """Every string of a JSON text that is an address as a whole."""
    waiting = [json.loads(text)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, str) and (_ADDRESS.fullmatch(value) or value.startswith("/")):
            yield value


def _is_web(link: str) -> bool:
    return not link.startswith(("mailto:", "tel:", "data:", "javascript:", "#"))
