"""The editors' forms of our pages: slugs made on the server, times of the local clock resolved, words checked."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.pages import WagtailAdminPageForm
from wagtail.admin.widgets import AdminDateTimeInput

from .errors import UnusableText
from .slugs import dated, is_made, make_slug
from .words import clean_line, clean_text, is_visible

MOMENTS = ("go_live_at", "expire_at", "first_published_at", "updated_at")


class LocalMomentField(forms.DateTimeField):
    """A time of the editor's own clock; see `resolve_clock_time` for the hour that is skipped or comes twice."""

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, datetime):
            return value if timezone.is_aware(value) else resolve_clock_time(value)
        if isinstance(value, str) and (given := _read_moment(value)) is not None:
            return given
        # Django refuses times that are ambiguous in the zone in force; none is in UTC, and the clock stays the same.
        with timezone.override(UTC):
            read = super().to_python(value)
        return resolve_clock_time(read.replace(tzinfo=None)) if read else None


def _read_moment(value: str) -> datetime | None:
    try:
        moment = parse_datetime(value.strip())
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None


def resolve_clock_time(naive: datetime) -> datetime:
    """The moment that a time of the clock means in the zone in force.

    A time that comes twice (summer time ends) means the later one, a time that is skipped (summer time begins) the
    moment just as far behind the gap: what is scheduled is never early.
    """
    zone = timezone.get_current_timezone()
    return max(naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))


def is_unusual_clock_time(moment: datetime) -> bool:
    """Whether the zone's clock shows the moment's time twice, or skips an hour just before it."""
    zone = timezone.get_current_timezone()
    local = moment.astimezone(zone).replace(tzinfo=None)
    return len({local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)}) > 1


class NewsPageForm(WagtailAdminPageForm):
    """The form of every page of ours."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in MOMENTS:
            if name in self.fields:
                self.fields[name] = _as_moment(self.fields[name])
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("The last part of the address. Empty: made from the headline.")
        if "first_published_at" in self.fields:
            self.fields["first_published_at"].required = False

    def clean_title(self) -> str:
        title = self._words("title", clean_line)
        if not is_visible(title):
            raise ValidationError(_("Write something that readers can see."), code="required")
        return title

    def clean_slug(self) -> str:
        """The editor's slug, or our own: it follows the headline until the page was public, and stays from then on."""
        slug = unicodedata.normalize("NFC", str(self.cleaned_data.get("slug") or "").strip().lower())
        kept = str(self.initial.get("slug") or "")
        if self.instance.pk and (self.instance.live or self.instance.last_published_at):
            return slug or kept
        title = self.cleaned_data.get("title", "")
        if title and (not slug or (slug == kept and self._is_made(kept))):
            made = make_slug(title, self._language(), fallback=dated(self.instance.slug_fallback))
            return self.instance.free_slug(made, self.parent_page)
        return slug

    def clean_first_published_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["first_published_at"]
        if moment and "first_published_at" in self.changed_data and moment > timezone.now():
            raise ValidationError(_("This is the time at which it appeared. Use the schedule to publish it later."))
        return moment

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        for name, field in self.fields.items():
            if name in cleaned and name not in {"title", "slug"} and type(field) is forms.CharField:
                tidy = clean_text if isinstance(field.widget, forms.Textarea) else clean_line
                try:
                    cleaned[name] = self._words(name, tidy)
                except ValidationError as error:
                    self.add_error(name, error)
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Where all versions of a story wait for one moment, the draft says so from the start."""
        from .groups import go_live_of
        from .models import ArticlePage

        if isinstance(self.instance, ArticlePage) and self.instance.pk:
            self.instance.go_live_at = go_live_of(self.instance)
        return super().save(commit)

    def _words(self, name: str, tidy: Callable[[str], str]) -> str:
        try:
            return tidy(self.cleaned_data.get(name) or "")
        except UnusableText as error:
            message = _("This text holds %(what)s: write it again without.") % {"what": error}
            raise ValidationError(message, code="unusable") from error

    def _is_made(self, slug: str) -> bool:
        """Whether the slug is the one that we make from the title as it was."""
        return is_made(slug, str(self.initial.get("title") or ""), self._language())

    def _language(self) -> str:
        parent = self.parent_page.specific if self.parent_page else None
        return str(self.instance.language if self.instance.locale_id else getattr(parent, "language", ""))


def _as_moment(field: forms.Field) -> LocalMomentField:
    made = LocalMomentField(
        required=field.required,
        label=field.label,
        help_text=field.help_text,
        widget=field.widget,
        initial=field.initial,
    )
    if not isinstance(field.widget, AdminDateTimeInput):
        made.widget = AdminDateTimeInput()
    return made
