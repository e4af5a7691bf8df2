"""The newsroom's own addresses beside Wagtail's: health, originals, previews, the way back to the readers' site."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousFileOperation
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils._os import safe_join
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import LogoutView
from wagtail.contrib.simple_translation.views import SubmitPageTranslationView, SubmitSnippetTranslationView
from wagtail.models import Locale, Page

from broadsheet.articles.models import ArticlePage

from . import health, metrics, previews
from .middleware import explain, say_what_is_away, too_large
from .policies import visible, worked_locales

logger = logging.getLogger(__name__)

# Originals that a browser may show; everything else is only ever saved to disk.
SHOWN = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif"}
SHOWN |= {".webp": "image/webp", ".avif": "image/avif"}
PREVIEW_POLICY = (
    "default-src 'none'; img-src 'self' {site} data:; style-src 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri {site}; form-action 'none'"
)
PREVIEW_HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
}


@transaction.non_atomic_requests
@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether the newsroom can do its work: 200, or 503 with what is wrong."""
    report = health.examine()
    return JsonResponse(report, status=200 if report["status"] == "ok" else 503)


@transaction.non_atomic_requests
@require_GET
def metrics_text(request: HttpRequest) -> HttpResponse:
    """The site's numbers in Prometheus' text format, for who may read them."""
    if not metrics.may_read(request):
        return HttpResponse("Not for you\n", status=403, content_type="text/plain")
    return HttpResponse(metrics.write(), content_type="text/plain; version=0.0.4; charset=utf-8")


@transaction.non_atomic_requests
@require_GET
def to_readers(request: HttpRequest, path: str) -> HttpResponse:
    """An address of the readers' site asked for here: it stands on the other origin."""
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(f"{settings.CONFIG.site_url}/{path}" + (f"?{query}" if query else ""))


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session. Wagtail's own view takes the cookie away even from a request that it refuses."""
    return LogoutView.as_view()(request)


@require_GET
@require_admin_access
def original(request: HttpRequest, path: str) -> HttpResponseBase:
    """An image as it was uploaded, or a size of it made for the newsroom: for people of the newsroom alone."""
    response = _send(path)
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _send(path: str) -> FileResponse:
    """The file at the path below the folder of originals. Raises Http404 for anything else."""
    try:
        file = Path(safe_join(settings.MEDIA_ROOT, path))
    except (SuspiciousFileOperation, ValueError) as error:
        raise Http404 from error
    if "\0" in path or not file.is_file():
        raise Http404
    kind = SHOWN.get(file.suffix.lower())
    response = FileResponse(file.open("rb"), content_type=kind or "application/octet-stream", as_attachment=not kind)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_GET
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """A draft for whoever was given its link; any other token gets one and the same page."""
    draft = previews.find(token)
    if draft is None:
        response = render(request, "newsroom/no_preview.html", status=404)
    else:
        body = import_string(settings.PREVIEW_RENDERER)(draft, request)
        response = HttpResponse(previews.open_pictures(body.decode("utf-8")))
        response["Content-Security-Policy"] = PREVIEW_POLICY.format(site=settings.CONFIG.site_url)
    return _keep_secret(response)


@require_GET
def preview_picture(request: HttpRequest, pass_: str) -> HttpResponseBase:
    """A picture of a draft, for the browser that has just been shown the draft by its link."""
    path = previews.read_pass(pass_)
    if path is None:
        raise Http404
    response = _send(path)
    for name, value in PREVIEW_HEADERS.items():
        response[name] = value
    return response


def _keep_secret(response: HttpResponse) -> HttpResponse:
    for name, value in PREVIEW_HEADERS.items():
        response[name] = value
    # Django logs the address of every 404, and this address is a secret.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


@require_admin_access
@require_http_methods(["GET", "POST"])
def preview_links(request: HttpRequest, page_id: int) -> HttpResponse:
    """The preview links of a page: those that work, a new one, the end of one."""
    page = get_object_or_404(Page, pk=page_id).specific
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    if request.method == "POST" and "end" in request.POST:
        ended = previews.end(page, int(request.POST["end"]) if request.POST["end"].isdecimal() else 0)
        messages.success(request, _("The link works no more.") if ended else _("There was no such link."))
        return redirect("newsroom_preview_links", page_id)
    context: dict[str, Any] = {"page": page, "choices": _hours(), "chosen": settings.CONFIG.preview_hours}
    title = _("Preview links")
    home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
    context.update(header_title=title, header_icon="link", breadcrumbs_items=[home, {"url": "", "label": title}])
    if request.method == "POST":
        hours = int(request.POST.get("hours", "0")) if request.POST.get("hours", "").isdecimal() else 0
        _link, token = previews.share(page, request.user, hours if hours in _hours() else 0)
        context["address"] = previews.address(token)
    context["links"] = previews.open_links(page)
    return render(request, "newsroom/preview_links.html", context)


def _hours() -> list[int]:
    return sorted({*previews.CHOICES_H, settings.CONFIG.preview_hours})


class TranslatePageView(SubmitPageTranslationView):
    """Translating what one may read into a language in which one may add; Wagtail asks for the source alone.

    Articles have a way of their own, `translating.views.translate_into`; this one is for sections and fronts.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if ArticlePage.objects.filter(pk=kwargs["page_id"]).exists():
            return redirect("newsroom_translate_into", kwargs["page_id"])
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_object(self) -> Page:
        page = get_object_or_404(Page, pk=self.kwargs["page_id"]).specific
        if page.is_root():
            raise Http404
        if not visible(Page.objects.filter(pk=page.pk), self.request.user).exists():
            raise PermissionDenied
        return page

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if form.is_valid() and not all(self._may_add_in(locale) for locale in form.cleaned_data["locales"]):
            raise PermissionDenied
        response: HttpResponse = super().post(request, **kwargs)
        return response

    def _may_add_in(self, locale: Locale) -> bool:
        """Whether the user may add where the translation goes: below the nearest place that exists in the language."""
        if self.request.user.is_superuser:
            return True
        for place in self.object.get_ancestors().exclude(depth=1).order_by("-depth"):
            translated = place.get_translation_or_none(locale)
            if translated is not None:
                return "add" in translated.permissions_for_user(self.request.user).permissions
        return False


class TranslateNameView(SubmitSnippetTranslationView):
    """Translating an author or topic into a language in which one works."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form, user = self.get_form(), request.user
        wanted = {locale.pk for locale in form.cleaned_data["locales"]} if form.is_valid() else set()
        if not user.is_superuser and not wanted <= worked_locales(user):
            raise PermissionDenied
        response: HttpResponse = super().post(request, **kwargs)
        return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 400, and 413 with the limits for a form that is too large."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return explain(request, _("The newsroom did not understand this request."), status=400)


def refuse_forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from the newsroom itself."""
    message = _(
        "This form did not come from this newsroom, or is too old: nothing was changed. Reload it and try again."
    )
    return explain(request, message, status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke: the whole change was undone. Faults before or after a view, as of the session, come here too."""
    exception = sys.exc_info()[1]
    if exception is not None and (answer := say_what_is_away(request, exception)):
        return answer
    message = _("Something went wrong. Nothing was changed or published; please try again, or tell the administrator.")
    return explain(request, message, status=500)
