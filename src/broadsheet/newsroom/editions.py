"""What an editor may change of a whole language, and the people and topics that stories name."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import policy_registry
from wagtail.snippets.views import snippets
from wagtail.snippets.views.snippets import SnippetViewSet

from broadsheet.articles.models import Author, Edition, Topic
from broadsheet.translations.models import ScriptWord

from .policies import led_locales


class OwnLanguageMixin:
    """Wagtail asks for a right to the model alone; here the one object's language counts, too."""

    right_needed = "change"

    def get_object(self, *args: Any, **kwargs: Any) -> Any:
        found = super().get_object(*args, **kwargs)  # type: ignore[misc]
        policy = policy_registry.get_by_type(type(found))
        if not policy.user_has_permission_for_instance(self.request.user, self.right_needed, found):  # type: ignore[attr-defined]
            raise PermissionDenied
        return found


class OwnLanguageFormMixin:
    """A new object may be made only in a language in which its maker works."""

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        policy = policy_registry.get_by_type(type(form.instance))
        if not policy.user_has_permission_for_instance(self.request.user, "add", form.instance):  # type: ignore[attr-defined]
            raise PermissionDenied
        return form


class EditionIndexView(generic.IndexView):
    """The editions of the languages that the person leads."""

    def get_base_queryset(self) -> Any:
        shown = super().get_base_queryset()
        user = self.request.user
        return shown if user.is_superuser else shown.filter(locale_id__in=led_locales(user))


class EditionEditView(OwnLanguageMixin, generic.EditView):
    pass


class EditionDeleteView(OwnLanguageMixin, generic.DeleteView):
    right_needed = "delete"


class EditionViewSet(ModelViewSet):
    """The settings of each language's edition."""

    model = Edition
    icon = "site"
    menu_label = _("Editions")
    menu_order = 300
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = ["publication_name", "locale", "tagline"]
    index_view_class = EditionIndexView
    edit_view_class = EditionEditView
    delete_view_class = EditionDeleteView

    _name_panels = [
        FieldPanel("publication_name"),
        FieldPanel("tagline"),
        MultiFieldPanel([FieldPanel("logo_light"), FieldPanel("logo_dark")], heading=_("Logo")),
        FieldPanel("shows_stand_ins"),
    ]
    _address_panels = [
        MultiFieldPanel(
            [FieldPanel(name) for name in ("x_url", "youtube_url", "instagram_url", "facebook_url", "telegram_url")],
            heading=_("Social addresses"),
        ),
        MultiFieldPanel([FieldPanel("app_store_url"), FieldPanel("google_play_url")], heading=_("Apps")),
    ]
    _foot_panels = [
        FieldPanel("footer_text"),
        FieldPanel("reuse_rule"),
        FieldPanel("copyright_holder"),
        FieldPanel("founded_year"),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList([FieldPanel("locale"), *_name_panels], heading=_("Name and logo")),
            ObjectList(_address_panels, heading=_("Addresses")),
            ObjectList([FieldPanel("header_menu"), FieldPanel("footer_menu")], heading=_("Menus")),
            ObjectList(_foot_panels, heading=_("Footer and reuse")),
            ObjectList([FieldPanel("contact_email"), FieldPanel("contact_text")], heading=_("Contact")),
        ]
    )

    def get_form_class(self, for_update: bool = False) -> Any:
        """The language is chosen when the edition is made, and stays."""
        form_class = super().get_form_class(for_update)
        if not for_update:
            return form_class

        class EditionForm(form_class):  # type: ignore[misc,valid-type]
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                self.fields["locale"].disabled = True

        return EditionForm


class _EditView(OwnLanguageMixin, snippets.EditView):
    pass


class _DeleteView(OwnLanguageMixin, snippets.DeleteView):
    right_needed = "delete"


class _CreateView(OwnLanguageFormMixin, snippets.CreateView):
    pass


class _CopyView(OwnLanguageFormMixin, snippets.CopyView):
    pass


class _NamedViewSet(SnippetViewSet):
    add_to_admin_menu = True
    search_fields = ["name"]
    search_backend_name = None
    list_per_page = 50
    edit_view_class = _EditView
    delete_view_class = _DeleteView
    add_view_class = _CreateView
    copy_view_class = _CopyView


class AuthorViewSet(_NamedViewSet):
    """The people that bylines name."""

    model = Author
    icon = "user"
    menu_label = _("Authors")
    menu_order = 220
    list_display = ["name", "kind", "role", "locale"]
    list_filter = ["kind"]


class ScriptWordViewSet(SnippetViewSet):
    """The words that a script variant does not write by its rule."""

    model = ScriptWord
    icon = "globe"
    menu_label = _("Script words")
    menu_order = 240
    add_to_admin_menu = True
    search_fields = ["word", "written"]
    search_backend_name = None
    list_display = ["word", "written", "variant"]
    list_filter = ["variant"]
    list_per_page = 50
    copy_view_enabled = False


class TopicViewSet(_NamedViewSet):
    """What stories are about."""

    model = Topic
    icon = "tag"
    menu_label = _("Topics")
    menu_order = 230
    list_display = ["name", "locale", "description"]
