"""The door of this package: a request in, a finished page out, whatever happens."""

from __future__ import annotations

import dataclasses
import logging

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from broadsheet.articles import addresses
from broadsheet.translations import variants

from . import memo, missing, routes, tags
from .finished import FinishedPage, PageMissing, PageMoved, PageRequest
from .routes import language_of
from .templating import finish_bare
from .variants import pages

logger = logging.getLogger(__name__)


def render(request: PageRequest) -> FinishedPage:
    """Render the page at the request's path in the language of its first part, with the tags of all it read."""
    language, variant = language_of(request.path), variants.at(request.path)
    with tags.recording() as recorded, memo.remembering(), translation.override(language):
        page = (
            pages.render(variant, request, lambda base: _answer(base, language))
            if variant
            else _answer(request, language)
        )
    return dataclasses.replace(page, tags=page.tags | recorded)


def render_error(language: str, status: int = 500) -> FinishedPage:
    """What is answered when a page cannot be made: in the reader's language, without the database.

    `language` may be the place of a script variant; its exceptions stand in the database, so it does without them.
    """
    variant = variants.at(f"/{language}/")
    if variant:
        return pages.rewrite(render_error(variant.base, status), variant)
    language = language if language in settings.CONFIG.languages else settings.CONFIG.default_language
    with translation.override(language):
        title, text = _("Something went wrong"), _("The fault is ours. Please try again in a few minutes.")
        return finish_bare(language, title, text, status=status)


def _answer(request: PageRequest, language: str) -> FinishedPage:
    found = routes.find(request)
    try:
        if found is None:
            raise PageMissing(language)
        renderer, parts = found
        if "language" in parts:
            if addresses.language_at(request.path) is None:
                raise PageMissing(language)
            parts["language"] = language
        return renderer(request, **parts)
    except PageMoved as moved:
        return _moved(moved)
    except PageMissing as error:
        return _find_retired(request, error, language)


def _find_retired(request: PageRequest, error: PageMissing, language: str) -> FinishedPage:
    try:
        return missing.answer(request, error.language or language, gone=error.gone)
    except PageMoved as moved:
        return _moved(moved)


def _moved(moved: PageMoved) -> FinishedPage:
    return FinishedPage(
        body=b"",
        status=301 if moved.permanent else 302,
        content_type="text/plain; charset=utf-8",
        headers=(("Location", addresses.absolute(moved.path) if moved.path.startswith("/") else moved.path),),
        storable=moved.permanent,
    )
