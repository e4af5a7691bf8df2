"""What stands round every answer on the readers' origin: whom it is for, what may be asked, security headers."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from . import policies

METHODS = ("GET", "HEAD")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
# Machines ask by any name whether we are well.
FOR_EVERYBODY = "/healthz"
_HOST = re.compile(r"([a-z0-9.-]{1,253}?|\[[0-9a-f:.]{2,45}\])\.?(?::[0-9]{1,5})?")


class OriginMiddleware:
    """Answers for its own host alone (421 for others, 400 without one), to GET and HEAD alone, with the headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = refuse(request) or self.get_response(request)
        for name, value in policies.security_headers():
            response.headers.setdefault(name, value)
        return response


def refuse(request: HttpRequest) -> HttpResponse | None:
    """The refusal of a request that is not for us; nothing of it stands in the reply."""
    host = request.META.get("HTTP_HOST", "")
    if request.path_info != FOR_EVERYBODY and not is_ours(host):
        return _plain("Bad request", 400) if not host or len(host) > 255 or "," in host else _plain("Wrong host", 421)
    if request.method not in METHODS:
        response = _plain("Only GET and HEAD", 405)
        response["Allow"] = ", ".join(METHODS)
        return response
    return None


def is_ours(host: str) -> bool:
    """Whether this name, with or without a port, is the site's. A site on this machine has all of its names."""
    match = _HOST.fullmatch(host.lower())
    own = _HOST.fullmatch(urlsplit(settings.CONFIG.site_url).netloc.lower())
    if match is None or own is None:
        return False
    return match[1] == own[1] or (own[1] in LOOPBACK and match[1] in LOOPBACK)


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(text + "\n", status=status, content_type="text/plain", headers={"Cache-Control": "no-store"})
