"""The board's page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button

from broadsheet.articles.models import Author
from broadsheet.translations.languages import own_name

from . import board
from .policies import working_paths

STATE_NAMES = {
    "draft": gettext_lazy("draft"),
    "review": gettext_lazy("in review"),
    "scheduled": gettext_lazy("scheduled"),
    "published": gettext_lazy("published"),
    "retracted": gettext_lazy("retracted"),
}


class FiltersForm(forms.Form):
    """What may be asked of the board."""

    words = forms.CharField(label=gettext_lazy("Headline"), required=False, max_length=200)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    section = forms.TypedChoiceField(label=gettext_lazy("Section"), required=False, coerce=int)
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("all")), *STATE_NAMES.items()]
    )
    author = forms.ModelChoiceField(
        label=gettext_lazy("Author"), required=False, queryset=Author.objects.none(), empty_label=gettext_lazy("all")
    )

    def __init__(self, *args: Any, sections: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("all"))]
        languages = [(language, own_name(language)) for language in settings.CONFIG.languages]
        self.fields["language"].choices = everything + languages  # type: ignore[attr-defined]
        self.fields["section"].choices = everything + [  # type: ignore[attr-defined]
            (str(section.pk), f"{section.title} ({section.language})") for section in sections
        ]
        self.fields["author"].queryset = Author.objects.select_related("locale")  # type: ignore[attr-defined]

    def filters(self) -> board.Filters:
        """What was asked; what makes no sense is left out."""
        if not self.is_valid():
            asked = {name: value for name, value in self.cleaned_data.items() if name not in self.errors}
        else:
            asked = self.cleaned_data
        author = asked.get("author")
        return board.Filters(
            language=asked.get("language", ""),
            section_id=asked.get("section") or 0,
            state=asked.get("state", ""),
            author_id=author.pk if author else 0,
            words=asked.get("words", ""),
        )


class BoardView(WagtailAdminTemplateMixin, TemplateView):
    """Every story that the person may see, filtered, newest work first."""

    template_name = "newsroom/board.html"
    page_title = gettext_lazy("Articles")
    header_icon = "doc-full"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": _("Articles")}]

    def get_header_buttons(self) -> list[Button]:
        if not self.request.user.is_superuser and not working_paths(self.request.user):
            return []
        return [
            Button(_("New article"), reverse("newsroom_new_article"), icon_name="plus", classname="w-header-button")
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user, asked = self.request.user, self.request.GET
        form = FiltersForm(asked, sections=board.sections_of(user).values())
        page = board.find(user, form.filters(), settings.CONFIG.languages, asked.get("before", ""))
        kept = {name: value for name, value in asked.items() if name in form.fields and value}
        context.update(form=form, board=page, state_names=STATE_NAMES, is_filtered=bool(kept))
        if page.next_before:
            context["older"] = "?" + urlencode({**kept, "before": page.next_before})
        if asked.get("before"):
            context["newest"] = "?" + urlencode(kept)
        return context


class NewArticleView(WagtailAdminTemplateMixin, TemplateView):
    """Which section a new story is for; straight to the editor where there is only one."""

    template_name = "newsroom/new_article.html"
    page_title = gettext_lazy("New article")
    header_icon = "plus"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        board_item = {"url": reverse("newsroom_board"), "label": _("Articles")}
        return [*self.breadcrumbs_items, board_item, {"url": "", "label": _("New article")}]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        places = [
            section
            for section in board.sections_of(request.user).values()
            if section.permissions_for_user(request.user).can_add_subpage()
        ]
        if len(places) == 1:
            return redirect("wagtailadmin_pages:add", "articles", "articlepage", places[0].pk)
        return self.render_to_response(self.get_context_data(places=places))
