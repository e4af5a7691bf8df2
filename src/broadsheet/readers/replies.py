"""From a finished body to the reply: encoding, entity tag, 304, and how long it may be kept."""

from __future__ import annotations

import hashlib
import re

from django.http import HttpRequest, HttpResponse

from broadsheet.edge import accept
from broadsheet.edge.outer import headers as outer_headers
from broadsheet.rendering.finished import FinishedPage

from .compression import SMALLEST_BYTES, compress

FOREVER = "public, max-age=31536000, immutable"
# May be kept by anybody, who asks each time whether it is still so: the answer is a 304.
ASK_AGAIN = outer_headers.ASK_AGAIN
NEVER = "no-store"
_COMPRESSIBLE = re.compile(r"text/|application/(?:[a-z.+-]*(?:json|xml|javascript))|image/svg\+xml")


def reply(
    request: HttpRequest,
    body: bytes,
    content_type: str,
    *,
    cache_control: str,
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = (),
) -> HttpResponse:
    """The reply to this request: in the best encoding that it accepts, or 304 when it has these bytes already."""
    is_compressible = bool(_COMPRESSIBLE.match(content_type)) and len(body) >= SMALLEST_BYTES
    encoding = accept.choose(request.headers.get("Accept-Encoding"), is_compressible=is_compressible)
    if encoding is None:
        return HttpResponse("Not acceptable\n", status=406, content_type="text/plain", headers={"Cache-Control": NEVER})
    response = HttpResponse(status=status, content_type=content_type)
    for name, value in headers:
        response[name] = value
    response.headers.setdefault("Cache-Control", cache_control)
    if is_compressible:
        _vary(response, "Accept-Encoding")
    if status == 200:
        response["ETag"] = _entity_tag(body, encoding)
        if _has(request, response["ETag"]):
            return _not_modified(response)
    if encoding != "identity":
        response["Content-Encoding"] = encoding
    content = compress(body, encoding)
    response["Content-Length"] = str(len(content))
    response.content = b"" if request.method == "HEAD" else content
    return response


def reply_with(request: HttpRequest, page: FinishedPage, language: str) -> HttpResponse:
    """The reply that a finished page makes."""
    headers = headers_of(page, language)
    if page.tags:
        headers = (*headers, ("Surrogate-Key", " ".join(sorted(page.tags))))
    return reply(request, page.body, page.content_type, cache_control=NEVER, status=page.status, headers=headers)


def headers_of(page: FinishedPage, language: str) -> tuple[tuple[str, str], ...]:
    """What a finished page says of itself, but for its type, length, encoding and tags."""
    about = (("Content-Language", language),) if page.content_type.startswith("text/html") else ()
    return (("Cache-Control", _keeping(page)), *about, *page.headers)


def _keeping(page: FinishedPage) -> str:
    """What is published may change at any moment, and nobody can call a page back from a browser that keeps it."""
    if page.is_immutable:
        return FOREVER
    if page.storable and page.status in {200, 301, 308, 404, 410}:
        return ASK_AGAIN if page.max_age_s <= FinishedPage.max_age_s else f"public, max-age={page.max_age_s}"
    return "private, no-cache" if page.status == 200 else NEVER


def _entity_tag(body: bytes, encoding: str) -> str:
    """A strong tag: other bytes, another tag; so every encoding has its own (RFC 9110, section 8.8.3)."""
    digest = hashlib.blake2b(body, digest_size=12).hexdigest()
    return f'"{digest}"' if encoding == "identity" else f'"{digest}-{encoding}"'


def _has(request: HttpRequest, entity_tag: str) -> bool:
    """Whether If-None-Match names the tag; it compares weakly, and `*` is any."""
    known = request.headers.get("If-None-Match", "")[:4000]
    return known.strip() == "*" or entity_tag in re.findall(r'"[^"]*"', known)


def _not_modified(response: HttpResponse) -> HttpResponse:
    response.status_code = 304
    response.content = b""
    del response["Content-Type"]
    return response


def _vary(response: HttpResponse, name: str) -> None:
    present = response.get("Vary", "")
    response["Vary"] = f"{present}, {name}" if present else name
