"""What stands round every answer of the newsroom: headers, limits, and errors that a person can read."""

from __future__ import annotations

import errno
import json
import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from broadsheet.articles.errors import PublishRefused
from broadsheet.media.errors import MediaError

logger = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponse]

# Who comes while the database is away or the disk is full is asked to come again after so long.
RETRY_S = 10

# Wagtail's date fields and inline panels start with scripts inside the page, its editor sets styles: both must be
# allowed. Nothing may be loaded from, framed by, or posted to anybody else. A draft's preview is a page of the readers'
# site: its links and public pictures are theirs.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob: {site}",
        "frame-src 'self'",
        "frame-ancestors 'self'",
        "form-action 'self'",
        "base-uri 'self' {site}",
        "object-src 'none'",
    )
)


class HeadersMiddleware:
    """Headers of every answer: nothing of the newsroom is kept by a cache, indexed, or framed by another site."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY.format(site=settings.CONFIG.site_url))
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class SizeMiddleware:
    """Refuses what is far too large before it is read."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit = max(settings.CONFIG.upload_limit_mb * 1024 * 1024, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0  # As Django reads it: nothing is taken from such a request.
        # The form's other fields and the parts' own heads come on top of a file.
        return too_large(request) if length > limit + 1024 * 1024 else self.get_response(request)


class PlainErrorsMiddleware:
    """What stops a story, such as a picture that cannot be published: the editor is told what it is and why."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Called when the view's transaction has been rolled back."""
        if isinstance(exception, MediaError):
            return explain(request, str(exception), status=500)
        if isinstance(exception, PublishRefused):
            return explain(request, str(exception), status=409)
        return say_what_is_away(request, exception)


def say_what_is_away(request: HttpRequest, exception: BaseException) -> HttpResponse | None:
    """The answer where the disk is full or the database is away: neither is the editor's fault, and both pass."""
    if lacks_room(exception):
        message = _(
            "The disk is full. Nothing was changed or published; go back, and what you wrote is still there. Tell the "
            "administrator: it works again as soon as there is room."
        )
        logger.error("the disk is full: %s", _first_line(exception))
        response = explain(request, message, status=507)
    elif isinstance(exception, (OperationalError, InterfaceError)):
        message = _(
            "The database does not answer. Nothing was changed or published; go back, and what you wrote is still "
            "there. Readers are not affected. Please try again in a moment."
        )
        logger.error("the database does not answer: %s", _first_line(exception))
        response = explain(request, message, status=503)
    else:
        return None
    response["Retry-After"] = str(RETRY_S)
    # Django would log it a second time, with all that it went through.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def lacks_room(exception: BaseException | None) -> bool:
    """Whether it comes of a full disk, as the system, SQLite or PostgreSQL (53100, disk_full) says it."""
    while exception is not None:
        if isinstance(exception, OSError) and exception.errno in {errno.ENOSPC, errno.EDQUOT}:
            return True
        if isinstance(exception, DatabaseError) and "database or disk is full" in str(exception):
            return True
        if getattr(exception, "sqlstate", None) == "53100":
            return True
        exception = exception.__cause__
    return False


def _first_line(exception: BaseException) -> str:
    return next(iter(str(exception).strip().splitlines()), "no reason given")


def too_large(request: HttpRequest) -> HttpResponse:
    """The answer to a form or file beyond the limits."""
    message = _(
        "This is more than can be saved: a story may hold %(story)s KiB of text, a file %(file)s MiB. Nothing was "
        "changed; go back, and what you wrote is still there."
    ) % {"story": settings.CONFIG.article_limit_kb, "file": settings.CONFIG.upload_limit_mb}
    return explain(request, message, status=413)


def explain(request: HttpRequest, message: str, status: int) -> HttpResponse:
    """A page with the message; for the editor's background saving, what its script shows as an error."""
    if "application/json" in request.headers.get("Accept", ""):
        body = {"success": False, "error_code": "refused", "error_message": message}
        return HttpResponse(json.dumps(body), status=status, content_type="application/json")
    return render(request, "newsroom/refused.html", {"message": message}, status=status)
