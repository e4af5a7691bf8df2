"""The page of the board of languages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Page

from broadsheet.articles.models import SectionPage
from broadsheet.translations.languages import direction, own_name

from ..policies import visible
from . import board

STATE_NAMES = {
    "untranslated": gettext_lazy("untranslated"),
    "draft": gettext_lazy("draft"),
    "review": gettext_lazy("in review"),
    "published": gettext_lazy("published"),
    "outdated": gettext_lazy("out of date"),
}


class FiltersForm(forms.Form):
    """What may be asked of the board."""

    words = forms.CharField(label=gettext_lazy("Headline"), required=False, max_length=200)
    section = forms.TypedChoiceField(label=gettext_lazy("Section"), required=False, coerce=int)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("all")), *STATE_NAMES.items()]
    )
    urgent = forms.BooleanField(label=gettext_lazy("Urgent only"), required=False)

    def __init__(self, *args: Any, sections: QuerySet[SectionPage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("all"))]
        self.fields["section"].choices = everything + [  # type: ignore[attr-defined]
            (str(section.pk), f"{section.title} ({section.language})") for section in sections
        ]
        self.fields["language"].choices = everything + [  # type: ignore[attr-defined]
            (language, own_name(language)) for language in settings.CONFIG.languages
        ]

    def asked(self) -> board.Asked:
        """What was asked; what makes no sense is left out."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if name not in self.errors}
        return board.Asked(
            language=given.get("language", ""),
            section_id=given.get("section") or 0,
            state=given.get("state", ""),
            urgent=given.get("urgent", False),
            words=given.get("words", ""),
        )


class LanguagesView(WagtailAdminTemplateMixin, TemplateView):
    """Every story with its versions."""

    template_name = "newsroom/translating/board.html"
    page_title = gettext_lazy("Languages")
    header_icon = "globe"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": _("Languages")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user, given = self.request.user, self.request.GET
        sections = SectionPage.objects.select_related("locale").order_by("path")
        form = FiltersForm(given, sections=visible(sections, user))
        asked = form.asked()
        languages = settings.CONFIG.languages
        page = board.find(user, asked, languages, given.get("before", ""), story=_story(given.get("story", "")))
        columns = (asked.language,) if asked.language else languages
        kept = {name: value for name, value in given.items() if name in {*form.fields, "story"} and value}
        context.update(
            form=form,
            rows=[_with_columns(row, columns) for row in page.rows],
            columns=[{"code": one, "name": own_name(one)} for one in columns],
            is_filtered=bool(kept),
        )
        if page.next_before:
            context["older"] = "?" + urlencode({**kept, "before": page.next_before})
        if given.get("before"):
            context["newest"] = "?" + urlencode(kept)
        return context


def _story(written: str) -> UUID | None:
    try:
        return UUID(written) if written else None
    except ValueError:
        return None


def _with_columns(row: board.Row, columns: tuple[str, ...]) -> dict[str, Any]:
    first: Page = row.page
    return {
        "page": first,
        "section": row.section,
        "language": first.locale.language_code,
        "direction": direction(first.locale.language_code),
        "source": next((one for one in row.cells if one.is_source), None),
        "cells": [one for one in row.cells if one.language in columns],
    }
