"""Quotations: which of them are a quote block, what they say and who said it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from .inline import InlineWriter, classes, resolve_address, text_of, trim

LONGEST = 1500
_PLAIN = {"p", "span", "em", "i", "strong", "b", "div", "q", "font"}


@dataclass(frozen=True)
class Source:
    """Who is quoted: words, the address they link to, and their markup."""

    words: str = ""
    address: str = ""
    markup: str = ""


def take_source(quote: HtmlElement, inline: InlineWriter, base: str) -> Source:
    """The source that stands at the end of a quote, taken out of it; an empty one where there is none."""
    named = [one for one in quote.iter("cite", "footer") if one.getparent() is not None]
    last = named[-1] if named else None
    if last is None or not _ends_with(quote, last):
        return Source()
    outer = next((one for one in last.iterancestors("footer", "cite") if one is not quote), last)
    link = next(iter(outer.iter("a")), None)
    address = resolve_address(link.get("href") or "", base) if link is not None else ""
    source = Source(text_of(outer).lstrip("—–- ").strip(), address, trim(inline.content(outer)))
    outer.drop_tree()
    return source


def _ends_with(element: HtmlElement, part: HtmlElement) -> bool:
    """Nothing but space stands behind the part inside the element."""
    current = part
    while current is not element:
        followed = any(isinstance(one.tag, str) and text_of(one) for one in current.itersiblings())
        tails = [current.tail, *(one.tail for one in current.itersiblings())]
        if followed or any((tail or "").strip() for tail in tails):
            return False
        parent = current.getparent()
        if parent is None:
            return False
        current = parent
    return True


def plain_words(quote: HtmlElement) -> str:
    """The words of a quote of one short paragraph without links, lines or other markup; empty for all others."""
    if any(isinstance(one.tag, str) and one.tag not in _PLAIN for one in quote.iterdescendants()):
        return ""
    paragraphs = [text for text in (text_of(one) for one in quote.iter("p")) if text]
    is_loose = bool((quote.text or "").strip()) or any((one.tail or "").strip() for one in quote)
    words = text_of(quote)
    return words if len(words) <= LONGEST and (not paragraphs or (len(paragraphs) == 1 and not is_loose)) else ""


def quote_value(words: str, source: Source, quote: HtmlElement, base: str) -> dict[str, Any]:
    """The quote block's raw value: who has an address is a source, who has none is a speaker."""
    address = source.address or resolve_address(quote.get("cite") or "", base)
    if not address.startswith("http"):
        address = ""
    value = {"text": words, "speaker": "", "role": "", "source": "", "source_url": address}
    return value | ({"source": source.words or address} if address else {"speaker": source.words})


def post_address(quote: HtmlElement) -> str:
    """The address of the post that a provider's own blockquote stands for."""
    names = classes(quote)
    if "instagram-media" in names:
        return quote.get("data-instgrm-permalink") or ""
    if names & {"twitter-tweet", "twitter-video", "tiktok-embed"}:
        links = [link.get("href") or "" for link in quote.iter("a")]
        return next((link for link in reversed(links) if "/status/" in link or "/video/" in link), "")
    return ""
