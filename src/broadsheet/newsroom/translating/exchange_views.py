"""Files for agencies and drafts by machine: out of the newsroom, and back with a report of every text."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin.auth import require_admin_access

from broadsheet.translations import exchange as files
from broadsheet.translations import machine
from broadsheet.translations.errors import TranslationsError
from broadsheet.translations.units import TranslationJob

from . import desk, exchange, places
from .errors import TranslatingError

# A story's translation is text: an agency's file beyond this is none.
LARGEST = 8 * 1024 * 1024


@require_admin_access
@require_GET
def download(request: HttpRequest, page_id: int, kind: str) -> HttpResponse:
    """The translation as a file of the kind, with what there is of it already."""
    if kind not in files.FORMATS:
        raise Http404
    version = desk.find_version(request, page_id)
    job = exchange.extract(*desk.source_and_target(version))
    response = HttpResponse(files.write(job, kind), content_type=files.FORMATS[kind].content_type)
    response["Content-Disposition"] = f'attachment; filename="{files.file_name(job, kind)}"'
    return response


@require_admin_access
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, page_id: int) -> HttpResponse:
    """A file of an agency comes back: what was taken, what not, and why."""
    version = desk.find_version(request, page_id)
    _check_may_translate(request, version.source_id)
    source, target = desk.source_and_target(version)
    context: dict[str, Any] = {
        "source": desk.describe(source),
        "target": desk.describe(target),
        "translator": _translator(request),
        "untranslated": version.untranslated,
    }
    status = 200
    if request.method == "POST":
        try:
            job = files.receive(_read(request), exchange.extract(source, target))
            context["report"] = exchange.apply(job, target, request.user)
            context["problems"] = _problems(job)
        except (TranslationsError, TranslatingError) as error:
            context["failure"], status = str(error), 400
    return desk.show(request, "files.html", _("Files for agencies"), context, icon="download", status=status)


# The service may take its time: no transaction is open while it is asked, for SQLite would let nobody else write.
@transaction.non_atomic_requests
@require_admin_access
@require_POST
def machine_draft(request: HttpRequest, page_id: int) -> HttpResponse:
    """A machine translates what nobody has translated yet; it is marked as made by it until a person approves."""
    version = desk.find_version(request, page_id)
    _check_may_translate(request, version.source_id)
    translator = _translator(request)
    if translator is None:
        raise Http404
    source, target = desk.source_and_target(version)
    try:
        exchange.check_lock(target, request.user)
        job = machine.draft(exchange.unfinished(exchange.extract(source, target)), translator)
        with transaction.atomic():
            # What somebody wrote meanwhile stays.
            target = desk.source_and_target(desk.find_version(request, page_id))[1]
            report = exchange.apply(job, target, request.user, only_untranslated=True)
    except (TranslationsError, TranslatingError) as error:
        messages.error(request, str(error))
        return redirect("newsroom_files", page_id)
    for problem in job.problems[:5]:
        messages.warning(request, str(problem))
    done = len(report.taken) + len(report.outdated)
    if done:
        messages.success(request, _("%(count)s texts were drafted by a machine: please read each.") % {"count": done})
    else:
        messages.warning(request, _("The machine has drafted nothing."))
    return redirect("wagtailadmin_pages:edit", page_id)


def _translator(request: HttpRequest) -> machine.MachineTranslator | None:
    """The service that the settings name; None for none, and where they contradict themselves, which is told."""
    try:
        return machine.configured(settings.CONFIG)
    except TranslationsError as error:
        messages.error(request, str(error))
        return None


def _check_may_translate(request: HttpRequest, source_id: int | None) -> None:
    if source_id is None or not request.user.has_perm(places.RIGHT):
        raise PermissionDenied


def _read(request: HttpRequest) -> bytes:
    """The file of the form. Raises TranslationsError for none, and for one that is far too large."""
    file = request.FILES.get("file")
    if file is None:
        raise TranslationsError(_("Choose a file."))
    if (file.size or 0) > LARGEST:
        raise TranslationsError(_("The file is too large: %(limit)s MiB at most.") % {"limit": LARGEST // 1024 // 1024})
    return bytes(file.read())


def _problems(job: TranslationJob) -> list[dict[str, str]]:
    names = {unit.key: unit.note or unit.key for unit in job.units}
    return [{"label": names.get(one.key, one.key), "text": str(one)} for one in job.problems]
