"""What the readers' origin answers: pages, pictures, assets, the choice of a language, its health, its faults."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import logging
import re
from pathlib import Path
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from broadsheet.articles import addresses
from broadsheet.edge import addresses as paths
from broadsheet.edge.addresses import read as read_address
from broadsheet.edge.files import tag_headers
from broadsheet.rendering import assets, reading
from broadsheet.rendering.finished import FinishedPage, PageMissing, PageRequest
from broadsheet.rendering.render import render, render_error
from broadsheet.rendering.routes import language_of, place_of

from . import languages, pushing, rules
from .environ import RAW_PATH
from .replies import FOREVER, NEVER, reply, reply_with

logger = logging.getLogger(__name__)

PICTURE_TYPES = {
    "webp": "image/webp",
    "avif": "image/avif",
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
}
_PICTURE = re.compile(r"[0-9a-z][0-9a-z-]{0,120}\.(webp|avif|jpg|png|gif)")
# A reader who comes while the database is away is asked to come again after so long.
RETRY_S = 10
# So often a page is made anew that was purged while it was made.
_ATTEMPTS = 4


def answer(request: HttpRequest) -> HttpResponse:
    """The page that was asked for, 301 to its one address, or the page that says that there is none."""
    raw = _raw_path(request)
    language = place_of(raw)
    try:
        if pushing.is_asked(request):
            return _answer_edge(request, raw, language)
        return reply_with(request, find_page(raw, _query(request)), language)
    except (OperationalError, InterfaceError) as error:
        return unavailable(request, language, error)


def _answer_edge(request: HttpRequest, raw: str, language: str) -> HttpResponse:
    """The page goes into the store, and the edge is told where it stands; what may not be kept is the reply itself."""
    query = request.META.get("QUERY_STRING", "")
    asked = f"{raw}?{query}" if query else raw
    for _ in range(_ATTEMPTS):
        begun_at = pushing.generation()
        page = _belonging(find_page(raw, _query(request)))
        key = _key(asked, page, language)
        if key is None or begun_at is None:
            return reply_with(request, page, language)
        try:
            return pushing.push(key, asked, page, language, begun_at) or reply_with(request, page, language)
        except pushing.Overtaken:
            continue
    return unavailable(request, language, f"{raw} is purged again and again while it is made")


def _belonging(page: FinishedPage) -> FinishedPage:
    """The page, with the tag of the release where it has read nothing: as `/robots.txt`, it changes with that alone."""
    has_read_nothing = page.status == 200 and page.storable and not page.tags
    return dataclasses.replace(page, tags=frozenset({pushing.ASSETS})) if has_read_nothing else page


def _key(asked: str, page: FinishedPage, language: str) -> str | None:
    """Where the store keeps the page; None: nowhere, because the address is one of endless spellings of another.

    A page without tags could never be called back.
    """
    if not page.tags:
        return None
    if page.status == 404:
        return f"404:{language}"
    address = read_address(asked, rules.site_rules())
    if address.is_usual:
        return address.key
    # An address of an older system, which may have capitals.
    return address.as_sent if page.status in {301, 308, 410} else None


def find_page(raw: str, query: dict[str, str]) -> FinishedPage:
    """The page at the path as it was sent.

    A page answers in one spelling alone, any other leads to it. Old addresses of other systems may have capitals:
    they are looked up as they are when nothing stands at the usual spelling.
    """
    path, usual = paths.decode(raw), paths.canonical(raw)
    if path is None or usual is None:
        return render(PageRequest(paths.encode(raw)[:200]))
    if numbered := _numbered(path, query):
        page = render(PageRequest(numbered))
        if page.status != 404:
            return page
    page = render(PageRequest(usual, query))
    if raw == paths.encode(usual):
        return page
    if page.status == 200:
        return _moved(usual, query)
    if page.status == 404 and path != usual:
        as_written = render(PageRequest(path, query))
        if as_written.status == 200 and raw != paths.encode(path):
            return _moved(path, query)
        if not _leads_to(as_written, usual):
            return as_written
    return page


def choose_language(request: HttpRequest) -> HttpResponse:
    """`/`: 302 to the front that suits this reader; never kept by anybody."""
    places = (*settings.CONFIG.languages, *settings.CONFIG.script_variants)
    order = languages.preferred(places, request.headers.get("Accept-Language", ""))
    try:
        if numbered := _numbered("/", _query(request)):
            page = render(PageRequest(numbered))
            if page.status != 404:
                return reply_with(request, page, order[0])
        chosen = next((language for language in order if _has_front(language)), order[0])
    except (OperationalError, InterfaceError) as error:
        return unavailable(request, order[0], error)
    place = place_of(f"/{chosen}/")
    headers = {"Location": addresses.absolute(addresses.front_path(place)), "Cache-Control": NEVER}
    return HttpResponse(status=302, headers=headers | {"Vary": "Accept-Language"}, content_type="text/plain")


def picture(request: HttpRequest, name: str) -> HttpResponse:
    """A public picture: its name is made from its content, so it may be kept for ever. Ranges are not offered."""
    match = _PICTURE.fullmatch(name)
    if match and _raw_path(request) == request.path_info:
        try:
            content = (Path(settings.PUBLIC_ROOT) / name).read_bytes()
        except OSError:
            return nothing_here(request)
        return reply(request, content, PICTURE_TYPES[match[1]], cache_control=FOREVER, headers=tag_headers(name))
    return nothing_here(request)


def asset(request: HttpRequest, path: str) -> HttpResponse:
    """A script or icon: its address holds a hash of its content."""
    found = assets.find_asset(request.path_info)
    if found is None or _raw_path(request) != request.path_info:
        return nothing_here(request)
    return _file(request, FinishedPage(found[0], content_type=found[1], is_immutable=True), request.path_info)


def favicon(request: HttpRequest) -> HttpResponse:
    """The icon where browsers look for it without being told."""
    found = assets.find_asset(assets.asset("icon-192.png"))
    if found is None:
        return nothing_here(request)
    return _file(request, FinishedPage(found[0], content_type=found[1], max_age_s=86400), "/favicon.ico")


def _file(request: HttpRequest, file: FinishedPage, key: str) -> HttpResponse:
    """A file of the release. It changes with the release alone, which purges them all."""
    file = dataclasses.replace(file, tags=frozenset({pushing.ASSETS}))
    begun_at = pushing.generation() if pushing.is_asked(request) else None
    stored = None
    if begun_at is not None:
        with contextlib.suppress(pushing.Overtaken):
            stored = pushing.push(key, _raw_path(request), file, "", begun_at)
    return stored or reply_with(request, file, "")


def healthz(request: HttpRequest) -> HttpResponse:
    """200 when readers are served, 503 when the database is away; for monitors and load balancers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        problem = ""
    except DatabaseError:
        problem = "the database does not answer"
    text = json.dumps({"status": "degraded", "problems": [problem]} if problem else {"status": "ok", "problems": []})
    response = HttpResponse(text, status=503 if problem else 200, content_type="application/json")
    response["Cache-Control"] = NEVER
    return response


def nothing_here(request: HttpRequest) -> HttpResponse:
    """404 for a file, which nobody reads."""
    return _file(request, FinishedPage(b"Not found\n", 404, "text/plain; charset=utf-8"), "404:file")


def unavailable(request: HttpRequest, language: str, error: Exception | str) -> HttpResponse:
    """503: the database is away. In the reader's language, and one line in the log."""
    logger.error("the page cannot be made now: %s", str(error).strip().splitlines()[:1])
    page = render_error(language)
    headers = (("Retry-After", str(RETRY_S)), ("Content-Language", language))
    response = reply(request, page.body, page.content_type, cache_control=NEVER, status=503, headers=headers)
    # Django would log it a second time, without the reason.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def failed(request: HttpRequest) -> HttpResponse:
    """500: the fault is ours, and Django has logged it."""
    language = place_of(_raw_path(request))
    page = render_error(language)
    headers = (("Content-Language", language),)
    return reply(request, page.body, page.content_type, cache_control=NEVER, status=500, headers=headers)


def _raw_path(request: HttpRequest) -> str:
    return str(request.META.get(RAW_PATH) or request.path_info)


def _query(request: HttpRequest) -> dict[str, str]:
    return read_query(request.META.get("QUERY_STRING", ""))


def read_query(query: str) -> dict[str, str]:
    """The first value of each name; what cannot be read is replaced, not refused."""
    return dict(reversed(parse_qsl(query, keep_blank_values=True, errors="replace")))


def _has_front(language: str) -> bool:
    try:
        reading.home(language_of(f"/{language}/"))
    except PageMissing:
        return False
    return True


def _numbered(path: str, query: dict[str, str]) -> str:
    """The address of a story in WordPress's oldest way, such as `/?p=12`, which imported sites have left behind."""
    for name in ("p", "page_id", "attachment_id"):
        number = query.get(name, "")
        if number.isascii() and number.isdigit() and len(number) <= 18:
            return f"{path}?{name}={number}"
    return ""


def _leads_to(page: FinishedPage, path: str) -> bool:
    return dict(page.headers).get("Location") == addresses.absolute(paths.encode(path))


def _moved(path: str, query: dict[str, str]) -> FinishedPage:
    """301 to the page's one spelling. Its number in a list is the only part of a query that belongs to an address."""
    number = query.get("page", "")
    suffix = f"?page={number}" if number.isascii() and number.isdigit() else ""
    location = addresses.absolute(paths.encode(path)) + suffix
    return FinishedPage(b"", 301, "text/plain; charset=utf-8", headers=(("Location", location),))
