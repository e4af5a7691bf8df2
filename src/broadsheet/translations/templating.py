"""The Jinja2 environment that bodies and pages are made with: autoescaping, gettext, CLDR filters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils import translation
from jinja2 import BaseLoader, Environment, StrictUndefined

from . import formats, languages


def make_environment(loader: BaseLoader) -> Environment:
    """An environment whose filters (`day`, `moment`, `number`, `digits`, `listed` …) speak the language in force."""
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    environment.globals["direction"] = languages.direction
    environment.filters.update(
        day=_in_zone(formats.format_day),
        moment=_in_zone(formats.format_moment),
        clock=_in_zone(formats.format_clock),
        iso=lambda moment: moment.astimezone(settings.CONFIG.zone).isoformat(timespec="seconds"),
        offset=lambda moment: formats.zone_offset(moment, settings.CONFIG.zone),
        number=lambda number: formats.format_number(number, translation.get_language() or "en"),
        digits=lambda text: formats.native_digits(str(text), translation.get_language() or "en"),
        listed=lambda parts: formats.join(parts, translation.get_language() or "en"),
        month=lambda day: formats.format_month(day, translation.get_language() or "en"),
    )
    return environment


def _in_zone(format_: Callable[..., str]) -> Callable[[datetime], str]:
    def filter_(moment: datetime) -> str:
        return format_(moment, translation.get_language() or "en", settings.CONFIG.zone)

    return filter_
