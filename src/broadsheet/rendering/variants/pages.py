"""From a request for a variant's page to the page: that of its base, written in the variant's script."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from broadsheet.translations.transliteration import NONE, Exceptions, convert_back
from broadsheet.translations.variants import Variant

from .. import reading, tags
from ..finished import FinishedPage, PageRequest
from . import feeds, html
from .writer import Writer

Render = Callable[[PageRequest], FinishedPage]


def render(variant: Variant, request: PageRequest, render_base: Render) -> FinishedPage:
    """The page at the variant's address. Its tags are those of the base's page, and that of the exceptions."""
    page = render_base(base_request(variant, request))
    if page.status in {404, 410}:
        # The edge knows such an answer by the place that it stands for.
        page = dataclasses.replace(page, tags=page.tags | {tags.missing(variant.place)})
    return rewrite(page, variant, reading.script_words(variant.code))


def base_request(variant: Variant, request: PageRequest) -> PageRequest:
    """The request for the base's page. What a reader looks for is looked for as the base writes it."""
    path = f"/{variant.base}/{request.path.split('/', 2)[2]}" if request.path.count("/") > 1 else f"/{variant.base}"
    query = dict(request.query)
    if "q" in query:
        query["q"] = convert_back(query["q"], variant.rule)
    return dataclasses.replace(request, path=path, query=query)


def rewrite(page: FinishedPage, variant: Variant, exceptions: Exceptions = NONE) -> FinishedPage:
    """The finished page in the variant's script; pictures and what is no text of ours stay."""
    writer = Writer(variant, exceptions)
    headers = tuple((name, _header(name, value, writer)) for name, value in page.headers)
    return dataclasses.replace(page, body=_body(page, writer), headers=headers)


def _header(name: str, value: str, writer: Writer) -> str:
    if name == "Content-Language":
        return writer.language
    return writer.move(value) if name == "Location" else value


def _body(page: FinishedPage, writer: Writer) -> bytes:
    kind = page.content_type.partition(";")[0]
    if kind == "text/html":
        return html.rewrite(page.body.decode("utf-8"), writer).encode("utf-8", "replace")
    if kind.endswith("xml") and page.body:
        return feeds.rewrite_xml(page.body, writer)
    return feeds.rewrite_json(page.body, writer) if kind == "application/feed+json" else page.body
