"""What a person sees first: their own drafts, what waits for them, what goes out when, what went out, what failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from broadsheet.articles import addresses
from broadsheet.articles.projection import PublishedArticle
from broadsheet.outbox.models import OutboxEvent

from . import board

MOST = 8


class StoriesPanel(Component):
    """A short list of stories of the board."""

    template_name = "newsroom/panels/stories.html"

    def __init__(self, name: str, heading: Any, order: int, state: str, mine: bool = False) -> None:
        self.name, self.heading, self.order = name, heading, order
        self.state, self.mine = state, mine

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user = parent_context["request"].user
        pages = board.stories(user).select_related("locale")
        if self.mine:
            pages = pages.filter(owner=user)
        found = board.latest(pages, self.state)[:MOST]
        return {"panel": self, "pages": found, "state": self.state}


class PublishedPanel(Component):
    """What went out last, from the published projection."""

    template_name = "newsroom/panels/published.html"
    name, order = "recently_published", 240
    heading = _("Recently published")

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user = parent_context["request"].user
        sections = [section.pk for section in board.sections_of(user).values()]
        rows = PublishedArticle.objects.filter(section_id__in=sections).select_related("section")
        latest = rows.defer("body", "body_text").order_by("-published_at", "-article_id")[:MOST]
        return {"panel": self, "stories": [(row, _public_address(row)) for row in latest]}


def _public_address(row: PublishedArticle) -> str:
    return addresses.absolute(addresses.article_path(row.language, row.section.slug, row.slug))


class FailuresPanel(Component):
    """For administrators: changes that were not passed on."""

    template_name = "newsroom/panels/failures.html"
    name, order = "outbox_failures", 190
    heading = _("Changes that could not be passed on")

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        failing = OutboxEvent.objects.filter(delivered_at=None).exclude(last_error="").order_by("-pk")
        return {"panel": self, "events": failing[:MOST]}


def for_user(user: Any) -> list[Component]:
    """The panels of the user's dashboard, beside Wagtail's own of reviews, locks and last edits."""
    panels: list[Component] = [
        StoriesPanel("my_drafts", _("Your drafts"), 200, "draft", mine=True),
        StoriesPanel("scheduled_stories", _("Scheduled"), 230, "scheduled"),
        PublishedPanel(),
    ]
    if user.has_perm("auth.change_user"):
        panels.append(FailuresPanel())
    return panels
