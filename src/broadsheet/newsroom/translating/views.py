"""The pages and acts of translation: translate into, what changed, approved, taken over, linked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin.auth import require_admin_access

from broadsheet.articles.models import ArticlePage

from ..models import LanguageVersion
from . import bringing, corrections, creating, desk, drift, ledger, linking, places
from .errors import LinkRefused, TranslationLocked


@require_admin_access
@require_http_methods(["GET", "POST"])
def translate_into(request: HttpRequest, page_id: int) -> HttpResponse:
    """Which languages the story is to be translated into, and what became of each."""
    source = desk.find_article(page_id)
    places.check_source(request.user, source)
    found = places.destinations(source, request.user)
    if request.method == "POST":
        chosen = _chosen(request, found)
        if not chosen:
            messages.error(request, _("Choose at least one language."))
        else:
            made = creating.translate(source, chosen, request.user, with_sections="sections" in request.POST)
            for one in made:
                tell(request, one)
            pages = [one.page for one in made if one.page and one.state == places.POSSIBLE]
            if len(made) == len(pages) == 1:
                return redirect("wagtailadmin_pages:edit", pages[0].pk)
            return redirect(f"{reverse('newsroom_languages_board')}?story={source.translation_key}")
    context = {
        "source": desk.describe(ledger.current(source)),
        "destinations": found,
        "possible": places.possible(found),
        "may_make_sections": any(one.may_make for one in found),
        "has_draft": source.live and source.has_unpublished_changes,
    }
    return desk.show(request, "translate_into.html", _("Translate into…"), context)


def _chosen(request: HttpRequest, found: list[places.Destination]) -> list[str]:
    if "all" in request.POST:
        return [one.language for one in places.possible(found)]
    known = {one.language for one in found}
    return [one for one in request.POST.getlist("language") if one in known]


def tell(request: HttpRequest, made: creating.Made) -> None:
    """Say what became of one language."""
    name = made.destination.name
    if made.state == places.POSSIBLE:
        messages.success(request, _("%(language)s: a draft was made.") % {"language": name})
    elif made.state == places.EXISTS:
        messages.warning(
            request, _("%(language)s: there is a version already; it stays as it is.") % {"language": name}
        )
    else:
        messages.error(request, f"{name}: {REFUSALS[made.state]()}")
    if made.made:
        words = _("%(language)s: made for this story, please check the spelling: %(names)s")
        messages.info(request, words % {"language": name, "names": ", ".join(made.made)})
    if made.missing:
        words = _("%(language)s: left out, because they do not exist in this language: %(names)s")
        messages.warning(request, words % {"language": name, "names": ", ".join(made.missing)})


REFUSALS = {
    places.NO_SECTION: lambda: _("the section does not exist in this language yet."),
    places.NO_FRONT: lambda: _("this language has no front yet."),
    places.NOT_ALLOWED: lambda: _("you may not write in this section."),
}


@require_admin_access
@require_http_methods(["GET", "POST"])
def changes(request: HttpRequest, page_id: int) -> HttpResponse:
    """The paragraphs of a translation that are out of date: as the source was, as it is, and the translation."""
    version = desk.find_version(request, page_id)
    if request.method == "POST":
        settled = ledger.accept(version, desk.keys_asked(request, version.changed), request.user)
        return _answer(request, page_id, len(settled), "newsroom_changes")
    source, target = desk.source_and_target(version)
    context = {
        "version": version,
        "source": desk.describe(source),
        "target": desk.describe(target),
        "changes": drift.changes_of(version, source, target),
    }
    return desk.show(request, "changes.html", _("What changed in the source"), context, icon="history")


@require_admin_access
@require_POST
def approve(request: HttpRequest, page_id: int) -> HttpResponse:
    """A person stands for pieces of a translation, whoever or whatever wrote them."""
    version = desk.find_version(request, page_id)
    approved = ledger.approve(version, desk.keys_asked(request, version.pieces), request.user)
    return _answer(request, page_id, len(approved), "wagtailadmin_pages:edit")


@require_admin_access
@require_POST
def take_over(request: HttpRequest, page_id: int) -> HttpResponse:
    """Put blocks that are new in the source into the translation's draft, where they stand in the source."""
    version = desk.find_version(request, page_id)
    try:
        taken = bringing.take_over(version, desk.keys_asked(request, version.changed), request.user)
    except TranslationLocked as error:
        messages.error(request, str(error))
        taken = []
    return _answer(request, page_id, len(taken), "wagtailadmin_pages:edit")


def _answer(request: HttpRequest, page_id: int, count: int, name: str) -> HttpResponse:
    """To the script a number; to everybody else the page they came from, with what was done."""
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"done": count})
    words = ngettext("%(count)s piece is done.", "%(count)s pieces are done.", count) % {"count": count}
    messages.success(request, words) if count else messages.warning(request, _("There was nothing to do any more."))
    following = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(following, {request.get_host()}, request.is_secure()):
        return redirect(following)
    return redirect(name, page_id)


@require_admin_access
@require_POST
def settle_urgent(request: HttpRequest, page_id: int) -> HttpResponse:
    """Somebody looked at a correction of another language: nothing is to be done here any more."""
    page = desk.find_article(page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    version = LanguageVersion.objects.select_related("page").filter(page_id=page_id).first()
    if version is not None and version.urgent:
        corrections.settle(version, request.user)
    return _answer(request, page_id, 1, "wagtailadmin_pages:edit")


@require_admin_access
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, page_id: int) -> HttpResponse:
    """Make two articles that were written apart versions of one story, or take this one out of its story."""
    page = desk.find_article(page_id)
    if not places.may_translate(request.user, page) or not linking.may_move(request.user, [page]):
        raise PermissionDenied
    if request.method == "POST":
        try:
            if "part" in request.POST:
                linking.part(page, request.user)
                messages.success(request, _("This article stands for itself now; nothing else was changed."))
            else:
                source = _source_asked(request)
                if not linking.may_move(request.user, ArticlePage.objects.translation_of(page, inclusive=True)):
                    raise PermissionDenied
                linking.join(source, page, request.user)
                messages.success(request, _("The two articles are versions of one story now."))
        except LinkRefused as error:
            messages.error(request, str(error))
        return redirect("newsroom_link", page_id)
    context = {
        "page": desk.describe(page),
        "versions": [desk.describe(one) for one in ArticlePage.objects.translation_of(page).select_related("locale")],
        "source_id": LanguageVersion.objects.filter(page_id=page_id).values_list("source_id", flat=True).first(),
        "widget": _chooser(),
    }
    return desk.show(request, "link.html", _("Versions of this story"), context, icon="link")


def _source_asked(request: HttpRequest) -> ArticlePage:
    """The article that the form names. Raises LinkRefused for none, and for one that the person may not read."""
    number = request.POST.get("source", "")
    source = ArticlePage.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if source is None or not places.may_translate(request.user, source):
        raise LinkRefused(_("Choose the article that this one is a translation of."))
    return source


def _chooser() -> dict[str, Any]:
    from wagtail.admin.widgets import AdminPageChooser

    chooser = AdminPageChooser(target_models=[ArticlePage])
    return {"html": chooser.render("source", None, {"id": "id_source"}), "media": chooser.media}
