"""Log-ins and forgotten passwords: limited, and saying nothing about who has an account."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import set_urlconf
from wagtail.admin.forms.auth import PasswordResetForm

from broadsheet.events import Event, PasswordResetAsked
from broadsheet.outbox import services as outbox


def client_address(request: HttpRequest) -> str:
    """The address that a request came from; a proxy's word is taken only where the settings name that proxy."""
    peer = str(request.META.get("REMOTE_ADDR") or "")
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    trusted = settings.CONFIG.trusted_proxies
    while peer in trusted and forwarded:
        peer = forwarded.pop()
    return peer


def refuse(request: HttpRequest, original: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """What is answered once an account or an address has guessed too often: the same for every name."""
    response = render(request, "newsroom/too_many_logins.html", status=429)
    response["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME.total_seconds()))
    return response


class ResetForm(PasswordResetForm):
    """Asks for a new password. The mail is the relay's work: here a known and an unknown address cost the same."""

    def save(self, **kwargs: Any) -> None:
        outbox.record(PasswordResetAsked(self.cleaned_data["email"]))


def mail_reset(event: Event) -> None:
    """Send the link for a new password to every account with the address. Links carry the configured origin."""
    assert isinstance(event, PasswordResetAsked)
    form = PasswordResetForm({"email": event.email})
    if not form.is_valid() or not get_user_model().objects.filter(email__iexact=event.email).exists():
        return
    set_urlconf("broadsheet.newsroom.urls")
    try:
        form.save(
            domain_override=settings.CONFIG.newsroom_url.split("//", 1)[1],
            use_https=settings.CONFIG.newsroom_url.startswith("https"),
            subject_template_name="wagtailadmin/account/password_reset/email_subject.txt",
            email_template_name="wagtailadmin/account/password_reset/email.txt",
        )
    finally:
        set_urlconf(None)
