"""What the views of translations share: whose page it is, what may be done with it, how their pages are headed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from broadsheet.articles.models import ArticlePage
from broadsheet.translations.languages import direction, own_name

from ..models import LanguageVersion
from ..policies import visible
from . import ledger


def find_article(page_id: int) -> ArticlePage:
    """The article. Raises Http404."""
    found: ArticlePage = get_object_or_404(ArticlePage.objects.select_related("locale"), pk=page_id)
    return found


def find_version(request: HttpRequest, page_id: int) -> LanguageVersion:
    """The translation, for who may change it and read its source. Raises Http404, PermissionDenied."""
    page = find_article(page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    version = LanguageVersion.objects.select_related("page", "source").filter(page_id=page_id).first()
    if version is None or version.source_id is None:
        raise Http404
    if not may_read(request.user, version.source_id):
        raise PermissionDenied
    return version


def may_read(user: Any, page_id: int) -> bool:
    """Whether the person may read the page as it is in the newsroom."""
    return bool(visible(Page.objects.filter(pk=page_id), user).exists())


def source_and_target(version: LanguageVersion) -> tuple[ArticlePage, ArticlePage]:
    """What the translation is made from, and its latest draft."""
    assert version.source is not None
    return ledger.current(version.source.specific), ledger.draft(version.page.specific)


def show(
    request: HttpRequest, template: str, title: str, context: dict[str, Any], icon: str = "globe", status: int = 200
) -> HttpResponse:
    """A page of the newsroom below the board of languages."""
    above = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("newsroom_languages_board"), "label": _("Languages")},
        {"url": "", "label": title},
    ]
    heading = {"header_title": title, "page_title": title, "header_icon": icon, "breadcrumbs_items": above}
    return render(request, f"newsroom/translating/{template}", {**heading, **context}, status=status)


def describe(page: ArticlePage) -> dict[str, Any]:
    """A page for templates: its headline with the language and direction that it is read in."""
    return {
        "id": page.pk,
        "title": page.title,
        "language": page.language,
        "language_name": own_name(page.language),
        "direction": direction(page.language),
    }


def keys_asked(request: HttpRequest, known: Any) -> list[str]:
    """The pieces that a form names: those of `piece`, or all of `known` for `all`."""
    return list(known) if "all" in request.POST else [one for one in request.POST.getlist("piece") if one in known]
