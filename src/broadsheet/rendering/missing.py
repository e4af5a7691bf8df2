"""What is answered where nothing stands: 301 to the new address, 410 for what was retracted, else 404."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Page

from broadsheet.articles import addresses
from broadsheet.articles.models import ArticlePage, SectionPage
from broadsheet.articles.projection import PublishedArticle, RetiredAddress

from . import alternates, head, reading, routes, tags
from .finished import FinishedPage, PageMissing, PageMoved, PageRequest
from .routes import language_of
from .templating import finish, finish_bare

# How a site that moved here may have named its pages in the query.
NUMBERED = ("p", "page_id", "attachment_id")


def answer(request: PageRequest, language: str, *, gone: bool) -> FinishedPage:
    """The page that says so, in the reader's language. Raises PageMoved when the address was retired to another.

    Whatever was read on the way here led to nothing: the answer stands until something begins to exist at an address.
    """
    tags.forget()
    tags.record(tags.missing(language_of(request.path)))
    retired = find_retired(request)
    switch = _elsewhere()
    if retired is not None:
        gone = _follow(retired) or gone
        switch = _still_public(retired) or switch
    else:
        _follow_section(request.path)
        _follow_slash(request)
    here = language if language in settings.CONFIG.languages else settings.CONFIG.default_language
    return _say(here, switch, gone=gone)


def _elsewhere() -> tuple[tuple[str, str], ...]:
    """The same words in every language, at an address at which nothing ever stands."""
    return tuple((code, addresses.missing_path(code)) for code in reading.editions())


def _still_public(retired: RetiredAddress) -> tuple[tuple[str, str], ...]:
    """The other versions of a retracted story, where there are any."""
    page = retired.page.specific if retired.page else None
    if not isinstance(page, ArticlePage):
        return ()
    found = alternates.versions_of_key(page.translation_key)
    return tuple((version.language, version.path) for version in found)


def _say(language: str, switch: Sequence[tuple[str, str]], *, gone: bool) -> FinishedPage:
    """The same bytes for every address that never existed: nothing of the request stands in the page."""
    with translation.override(language):
        title = _("This story was withdrawn") if gone else _("This page does not exist")
        context = {"language": language, "gone": gone, "head": head.describe_error(language, title, switch)}
        status = 410 if gone else 404
        try:
            reading.edition(language)
        except PageMissing:
            return finish_bare(language, title, "", status=status)
        return finish("missing.html", context, status=status)


def find_retired(request: PageRequest) -> RetiredAddress | None:
    """What is remembered of the address: its numbered form (`/?p=12`) first, then with and without its last slash."""
    path = request.path[:690]
    numbers = [(name, request.query.get(name, "")) for name in NUMBERED]
    forms = [f"{path}?{name}={number}" for name, number in numbers if number.isascii() and number.isdigit()]
    forms += [path, path.removesuffix("/") if path.endswith("/") else f"{path}/"]
    found = {one.path: one for one in RetiredAddress.objects.select_related("page").filter(path__in=forms)}
    return next((found[form] for form in forms if form in found), None)


def _follow(retired: RetiredAddress) -> bool:
    """Raises PageMoved where the page still stands; True: it was retracted."""
    if retired.target:
        raise PageMoved(retired.target)
    page = retired.page.specific if retired.page else None
    if page is not None:
        _watch(page)
    if page is not None and page.live and page.public_path != retired.path:
        raise PageMoved(page.public_path)
    return True


def _watch(page: Page) -> None:
    """Where an old address leads depends on where its page stands now; a story stands below its section."""
    tags.record(tags.address(page.pk))
    if isinstance(page, ArticlePage):
        tags.record(tags.address(page.section.pk))


def _follow_section(path: str) -> None:
    """An article below a section whose own address was retired."""
    parts = path.strip("/").split("/")
    if len(parts) < 3:
        return
    language, old, slug = parts[:3]
    retired = RetiredAddress.objects.select_related("page").filter(path=f"/{language}/{old}/").first()
    section = retired.page.specific if retired and retired.page else None
    if isinstance(section, SectionPage):
        _watch(section)
        row = PublishedArticle.objects.filter(section=section, slug=slug).first()
        if row is not None:
            tags.record(tags.address(row.pk))
            raise PageMoved("/".join(["", language, section.slug, *parts[2:], ""]))


def _follow_slash(request: PageRequest) -> None:
    """Our pages end in a slash; an address without one leads to the one with it, whether a page stands there or not."""
    with_slash = PageRequest(f"{request.path}/")
    if not request.path.endswith("/") and routes.find(with_slash):
        raise PageMoved(with_slash.path)
