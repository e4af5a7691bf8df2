"""What Wagtail's admin calls of ours: menus, buttons, panels, and refusals that its rights do not know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from broadsheet.articles import groups
from broadsheet.articles.errors import PublishRefused
from broadsheet.articles.forms import is_unusual_clock_time
from broadsheet.articles.models import ArticlePage, NewsPage, SectionPage

from . import panels
from .editions import AuthorViewSet, EditionViewSet, ScriptWordViewSet, TopicViewSet
from .policies import visible, working_paths
from .translating import beside
from .translating.bulk import TranslateBulkAction

register_snippet(AuthorViewSet)
register_snippet(TopicViewSet)
if settings.CONFIG.script_variants:
    register_snippet(ScriptWordViewSet)


@hooks.register("register_admin_viewset")
def register_editions() -> EditionViewSet:
    return EditionViewSet("editions")


class BoardMenuItem(MenuItem):
    """Shown to everybody who works on a desk."""

    def is_shown(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return bool(user.is_superuser or working_paths(user))


@hooks.register("register_admin_menu_item")
def register_board() -> MenuItem:
    return BoardMenuItem(
        gettext_lazy("Articles"), reverse("newsroom_board"), name="articles", icon_name="doc-full", order=90
    )


@hooks.register("register_admin_menu_item")
def register_languages() -> MenuItem:
    return BoardMenuItem(
        gettext_lazy("Languages"), reverse("newsroom_languages_board"), name="languages", icon_name="globe", order=95
    )


hooks.register("register_bulk_action", TranslateBulkAction)


@hooks.register("register_log_actions")
def name_log_actions(actions: Any) -> None:
    """What a page's history calls the acts of translation."""
    for name, label in (
        ("accept_translation", gettext_lazy("Compare with the source: no change needed")),
        ("approve_translation", gettext_lazy("Approve translated texts")),
        ("import_translation", gettext_lazy("Take over translated texts")),
        ("settle_correction", gettext_lazy("Settle a correction of another language")),
        ("link_translation", gettext_lazy("Join with a story in another language")),
        ("unlink_translation", gettext_lazy("Take out of a story")),
    ):
        actions.register_action(f"broadsheet.{name}", label, label)


@hooks.register("construct_main_menu")
def name_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """The page tree holds fronts and sections; stories are on the board, and have no documents."""
    items[:] = [item for item in items if item.name != "documents"]
    for item in items:
        if item.name == "explorer":
            item.label = _("Sections")


@hooks.register("construct_help_menu")
def drop_advertisement(request: HttpRequest, items: list[MenuItem]) -> None:
    """What is new in Wagtail is not what is new in the newsroom."""
    items[:] = [item for item in items if not item.name.startswith("whats-new")]


@hooks.register("construct_homepage_panels")
def choose_panels(request: HttpRequest, shown: list[Any]) -> None:
    shown.extend(panels.for_user(request.user))


@hooks.register("construct_homepage_summary_items", order=1000)
def drop_counts(request: HttpRequest, items: list[Any]) -> None:
    """Counting all pages on every visit costs more than the number is worth."""
    items.clear()


@hooks.register("construct_page_chooser_queryset")
def hide_drafts_of_others(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    return visible(pages, request.user)


@hooks.register("register_page_header_buttons")
def share_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """The way to the page's preview links."""
    if issubclass(page.specific_class or Page, NewsPage) and page.permissions_for_user(user).can_edit():
        address = reverse("newsroom_preview_links", args=[page.pk])
        yield Button(_("Share preview link…"), address, icon_name="link", priority=75)


@hooks.register("register_page_header_buttons")
def languages_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """The way to what is agreed for all language versions."""
    if (
        issubclass(page.specific_class or Page, ArticlePage | SectionPage)
        and page.permissions_for_user(user).can_edit()
    ):
        address = reverse("newsroom_languages", args=[page.pk])
        yield Button(_("Languages…"), address, icon_name="globe", priority=76)


@hooks.register("before_publish_page")
def refuse_wrong_language(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The story is saved as a draft, and the editor is told why it is no more than that."""
    if isinstance(page, ArticlePage):
        try:
            groups.check_may_publish(page)
        except PublishRefused as error:
            messages.error(request, str(error))
            return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@hooks.register("register_page_header_buttons")
def translation_buttons(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """The ways to the article's other languages."""
    if page.specific_class is ArticlePage:
        yield from beside.buttons_for(page, user)


@hooks.register("before_create_page")
def refuse_pages_by_reporters(request: HttpRequest, parent: Page, page_class: type[Page]) -> None:
    """Reporters write stories; the sections are for those who may change the place."""
    rights = parent.permissions_for_user(request.user)
    if page_class is not ArticlePage and not request.user.is_superuser and "change" not in rights.permissions:
        raise PermissionDenied


@hooks.register("before_copy_page")
def refuse_copies_of_hidden(request: HttpRequest, page: Page) -> None:
    """Nobody copies what they may not read."""
    if not visible(Page.objects.filter(pk=page.pk), request.user).exists():
        raise PermissionDenied


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
@hooks.register("after_publish_page")
def say_when(request: HttpRequest, page: Page) -> None:
    """Tell the moment that a time of the clock was understood as: some come twice, some never."""
    if "application/json" in request.headers.get("Accept", ""):
        return
    for moment, words in (
        (page.go_live_at, _("Goes live at %(local)s in %(zone)s, that is %(utc)s UTC.")),
        (page.expire_at, _("Is retracted at %(local)s in %(zone)s, that is %(utc)s UTC.")),
    ):
        if moment is None or moment <= timezone.now():
            continue
        local = timezone.localtime(moment)
        said = words % {
            "local": f"{local:%Y-%m-%d %H:%M (UTC%z)}",
            "zone": timezone.get_current_timezone_name(),
            "utc": f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}",
        }
        level = messages.WARNING if is_unusual_clock_time(moment) else messages.INFO
        messages.add_message(request, level, said)


@hooks.register("register_rich_text_features")
def keep_rich_text_plain(features: Any) -> None:
    """Links to documents, images and embeds have blocks of their own."""
    features.default_features = [
        name for name in features.default_features if name not in {"document-link", "image", "embed"}
    ]


@hooks.register("insert_global_admin_css")
def admin_styles() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("newsroom/admin.css"))
