"""The readers' templates: one Jinja2 environment, and the way from a template to a finished page."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone
from jinja2 import ChoiceLoader, Environment, PackageLoader

from broadsheet.articles import addresses
from broadsheet.translations import languages, numerals
from broadsheet.translations.templating import make_environment

from . import assets, layout
from .finished import FinishedPage


@cache
def environment() -> Environment:
    """The readers' environment; it also knows the macros that article bodies are made with."""
    loader = ChoiceLoader(
        [
            PackageLoader("broadsheet.rendering", "templates"),
            PackageLoader("broadsheet.articles", "templates"),
        ]
    )
    made = make_environment(loader)
    made.globals.update(addresses=addresses, absolute=addresses.absolute, own_name=languages.own_name)
    made.globals.update(direction=languages.direction, asset=assets.asset, digits_of=numerals.system_of)
    made.globals.update(site_languages=settings.CONFIG.languages)
    made.globals.update(inline_style=assets.inline_style, inline_script=assets.inline_script)
    made.filters.update(query=lambda text: quote(str(text), safe=""), host=_host)
    return made


def finish(template: str, context: dict[str, Any], **page: Any) -> FinishedPage:
    """Render an HTML template; `page` holds the other fields of the finished page.

    The context holds at least `language` and `head`, whose `switch` becomes the page's language links.
    """
    language = context["language"]
    context = {**context, "layout": layout.load(language, context["head"].switch)}
    body = environment().get_template(template).render(context)
    # The footer names the year: no copy of the page may outlive it.
    left_s = layout.seconds_of_the_year_left()
    page["max_age_s"] = min(page.get("max_age_s", FinishedPage.max_age_s), left_s)
    page["fresh_until"] = timezone.now().timestamp() + left_s
    headers = (("Content-Language", language), *page.pop("headers", ()))
    return FinishedPage(body=body.encode("utf-8", "replace"), headers=headers, **page)


def finish_bare(language: str, title: str, text: str, *, status: int) -> FinishedPage:
    """A page without header and footer, made without the database."""
    context = {"language": language, "title": title, "text": text}
    body = environment().get_template("bare.html").render(context)
    headers = (("Content-Language", language),)
    return FinishedPage(body=body.encode(), status=status, headers=headers, storable=False, max_age_s=0)


def _host(url: str) -> str:
    return url.split("//", 1)[-1].split("/", 1)[0]
