"""What this site tells its edge: which addresses understand which query, and what is said when all else fails."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from broadsheet.edge.pages import Rule
from broadsheet.edge.rules import SiteFacts
from broadsheet.rendering import routes
from broadsheet.rendering.missing import NUMBERED
from broadsheet.rendering.render import render_error
from broadsheet.translations import variants

from . import policies


@cache
def site_rules() -> tuple[Rule, ...]:
    """The rules of all addresses, in the order of matching. Numbered addresses are those of WordPress's oldest way."""
    root = Rule("/", NUMBERED, dynamic=True, forwards=("accept-language",))
    files = Rule(r"/(?:static|pictures)/.*|/favicon\.ico")
    return (root, files, *routes.rules(), Rule(".*", NUMBERED))


def site_facts() -> SiteFacts:
    """All of it, for the edge's store."""
    places = (*settings.CONFIG.languages, *(variant.place for variant in variants.all_variants()))
    pages = {place: render_error(place, status=503).body for place in places}
    return SiteFacts(site_rules(), pages, policies.security_headers())
