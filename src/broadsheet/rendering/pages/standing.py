"""Pages that stand for a long time: about the newsroom itself, and what is shown without a connection."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from broadsheet.articles import addresses
from broadsheet.articles.body import clean_html, order_headings
from broadsheet.articles.models import PolicyPage

from .. import head, reading
from ..finished import FinishedPage, PageRequest
from ..routes import page
from ..site import read_site
from ..templating import finish


def policy_page(language: str, slug: str) -> FinishedPage:
    """A page about the newsroom."""
    return finish("policy.html", compose(reading.policy_page(language, slug), language))


def compose(found: PolicyPage, language: str) -> dict[str, Any]:
    """All that the page shows, for the page itself and for the preview of a draft of it."""
    html = order_headings(clean_html(reading.follow_links(found.body)), [])
    return {
        "language": language,
        "head": head.describe_policy(read_site(language), found),
        "page": found,
        "html": Markup(html),
    }


@page("/{language}/offline/")
def offline(request: PageRequest, language: str) -> FinishedPage:
    """What the service worker shows without a connection: so, and which stories can be read all the same."""
    switch = [(code, addresses.offline_path(code)) for code in reading.editions()]
    described = head.describe_error(language, _("You are offline"), switch)
    return finish("offline.html", {"language": language, "head": described})
