"""Wagtail's bulk action "Translate into …": several stories into one or more languages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.models import Page

from broadsheet.articles.models import ArticlePage
from broadsheet.translations.languages import own_name

from . import creating, places


class LanguagesForm(forms.Form):
    """The languages to translate into."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), widget=forms.CheckboxSelectMultiple, choices=()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one, own_name(one)) for one in settings.CONFIG.languages]
        self.fields["languages"].choices = choices  # type: ignore[attr-defined]


class TranslateBulkAction(PageBulkAction):
    """Each story into each language, as far as the person may; what could not be made is told with its reason."""

    display_name = gettext_lazy("Translate into…")
    action_type = "translate_into"
    aria_label = gettext_lazy("Translate the selected stories")
    template_name = "newsroom/translating/bulk.html"
    action_priority = 40
    form_class = LanguagesForm

    def check_perm(self, page: Page) -> bool:
        return page.specific_class is ArticlePage and places.may_translate(self.request.user, page)

    def get_execution_context(self) -> dict[str, Any]:
        return {
            **super().get_execution_context(),
            "languages": self.cleaned_form.cleaned_data["languages"],
            "request": self.request,
        }

    @classmethod
    def execute_action(
        cls, objects: Any, languages: Any = (), user: Any = None, request: Any = None, **kwargs: Any
    ) -> tuple[int, int]:
        count = 0
        for page in objects:
            source = page.specific
            for made in creating.translate(source, set(languages) - {source.language}, user):
                if made.state == places.POSSIBLE:
                    count += 1
                else:
                    messages.warning(request, _refusal(source, made))
        return count, 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        count = num_parent_objects
        return ngettext("%(count)s draft was made.", "%(count)s drafts were made.", count) % {"count": count}


def _refusal(source: ArticlePage, made: creating.Made) -> str:
    from .views import REFUSALS

    reason = _("there is a version already.") if made.state == places.EXISTS else REFUSALS[made.state]()
    return f"“{source.title}”, {made.destination.name}: {reason}"
