"""System checks of the newsroom's settings, each with an id and a hint."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

LOCAL = {"localhost", "127.0.0.1", "::1"}
SHORTEST_KEY = 32


@register("newsroom")
def check_origins(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Readers' site and newsroom must be two origins: a cookie of the one must never reach the other."""
    site, newsroom = settings.CONFIG.site_url, settings.CONFIG.newsroom_url
    found: list[CheckMessage] = []
    if site == newsroom:
        found.append(
            Error(
                f"The readers' site and the newsroom have one address, {site}.",
                hint="Give newsroom_url another host name, or another port on one machine.",
                id="newsroom.E001",
            )
        )
    parts = urlsplit(newsroom)
    if parts.scheme == "http" and parts.hostname not in LOCAL:
        found.append(
            Warning(
                f"Log-ins at {newsroom} are not encrypted.",
                hint="Put TLS before the newsroom and write newsroom_url with https.",
                id="newsroom.W002",
            )
        )
    return found


@register("newsroom", deploy=True)
def check_secret_key(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The key signs sessions and password resets: it must not be guessable."""
    if len(settings.SECRET_KEY) >= SHORTEST_KEY:
        return []
    return [
        Warning(
            "The secret key is short or missing.",
            hint="`broadsheet init` makes one; or set secret_key to 50 random characters.",
            id="newsroom.W003",
        )
    ]
