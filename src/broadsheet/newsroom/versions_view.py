"""The page “Languages” of a story or section: what is agreed for all its versions, and retracting several at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.models import Page

from broadsheet.articles import groups
from broadsheet.articles.errors import GroupRefused, PublishRefused
from broadsheet.articles.forms import LocalMomentField
from broadsheet.articles.models import ArticlePage, SectionPage
from broadsheet.translations.languages import own_name

from . import versions
from .board_view import STATE_NAMES


class EmbargoForm(forms.Form):
    """One moment for all versions; empty: each has its own."""

    moment = LocalMomentField(
        label=gettext_lazy("Nothing goes public before"), required=False, widget=AdminDateTimeInput
    )


@require_admin_access
@require_http_methods(["GET", "POST"])
def languages(request: HttpRequest, page_id: int) -> HttpResponse:
    """The page of a story or of a section."""
    page = get_object_or_404(Page, pk=page_id).specific
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    if isinstance(page, SectionPage):
        return _section(request, page)
    if isinstance(page, ArticlePage):
        return _story(request, page)
    raise Http404


def _section(request: HttpRequest, section: SectionPage) -> HttpResponse:
    if request.method == "POST":
        chosen = request.POST.getlist("language") if request.POST.get("which") == "chosen" else []
        if request.POST.get("which") == "chosen" and not chosen:
            messages.error(request, _("Choose at least one language."))
        else:
            _attempt(request, lambda: versions.set_languages(section, chosen, request.user), _("Saved."))
        return redirect("newsroom_languages", section.pk)
    own = groups.of(section.translation_key).languages
    context = {
        "page": section,
        "own": own,
        "choices": [(code, own_name(code), code in (own or groups.languages_of(section)))
                    for code in settings.CONFIG.languages],
        "publishes": [own_name(code) for code in groups.languages_of(section)],
        **_header(),
    }  # fmt: skip
    return render(request, "newsroom/section_languages.html", context)


def _story(request: HttpRequest, page: ArticlePage) -> HttpResponse:
    if request.method == "POST":
        return _act(request, page)
    group = groups.of(page.translation_key)
    shown = versions.of(page, request.user)
    context = {
        "page": page,
        "versions": [(one, STATE_NAMES[one.state]) for one in shown],
        "missing": [
            own_name(code) for code in settings.CONFIG.languages if code not in {one.language for one in shown}
        ],
        "group": group,
        "is_public": any(one.live for one in groups.members(page)),
        "embargo": group.embargo_until if groups.embargo_of(page.translation_key) else None,
        "embargo_form": EmbargoForm(initial={"moment": groups.embargo_of(page.translation_key)}),
        "now": timezone.now(),
        **_header(),
    }
    context["media"] = context["embargo_form"].media
    return render(request, "newsroom/languages.html", context)


def _act(request: HttpRequest, page: ArticlePage) -> HttpResponse:
    act, user = request.POST.get("act", ""), request.user
    if act == "retract":
        return _retract(request, page)
    if act == "original":
        language = request.POST.get("original", "")
        _attempt(request, lambda: versions.set_original(page, language, user), _("Saved."))
    elif act == "embargo":
        _set_embargo(request, page)
    elif act == "no-embargo":
        _attempt(
            request,
            lambda: versions.set_embargo(page, None, (), user),
            _("Each version has its own moment again. What was scheduled stays scheduled."),
        )
    return redirect("newsroom_languages", page.pk)


def _set_embargo(request: HttpRequest, page: ArticlePage) -> None:
    form = EmbargoForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["moment"]:
        messages.error(request, _("Write a date and a time."))
        return
    moment, wanted = form.cleaned_data["moment"], _ids(request, "schedule")
    said = _("No version goes public before %(moment)s.") % {
        "moment": f"{timezone.localtime(moment):%Y-%m-%d %H:%M} ({timezone.get_current_timezone_name()})"
    }
    _attempt(request, lambda: versions.set_embargo(page, moment, wanted, request.user), said)


def _retract(request: HttpRequest, page: ArticlePage) -> HttpResponse:
    """Asked once more, by name, before it is done."""
    wanted = _ids(request, "version")
    chosen = [one for one in groups.members(page) if one.pk in wanted and one.live]
    if request.POST.get("sure") and chosen:
        names = ", ".join(own_name(one.language) for one in chosen)
        said = _("Retracted: %(languages)s.") % {"languages": names}
        _attempt(request, lambda: versions.retract(chosen, request.user), said)
        return redirect("newsroom_languages", page.pk)
    if not chosen:
        messages.error(request, _("Choose at least one version that is public."))
        return redirect("newsroom_languages", page.pk)
    left = [one for one in groups.members(page) if one.live and one not in chosen]
    context = {"page": page, "chosen": [(one, own_name(one.language)) for one in chosen],
               "left": [own_name(one.language) for one in left], **_header()}  # fmt: skip
    return render(request, "newsroom/retract_versions.html", context)


def _attempt(request: HttpRequest, work: Any, said: str) -> None:
    try:
        work()
    except (GroupRefused, PublishRefused) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)


def _ids(request: HttpRequest, name: str) -> set[int]:
    return {int(one) for one in request.POST.getlist(name) if one.isascii() and one.isdigit()}


def _header() -> dict[str, Any]:
    title = _("Languages")
    home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
    return {"header_title": title, "header_icon": "globe", "breadcrumbs_items": [home, {"url": "", "label": title}]}
