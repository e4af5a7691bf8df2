"""The security headers of every reply on the readers' origin."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from broadsheet.articles.embeds import PLAYER_ORIGINS
from broadsheet.rendering import assets

HSTS_S = 365 * 24 * 3600


@cache
def security_headers() -> tuple[tuple[str, str], ...]:
    """Names and values; they depend on the configuration and the stylesheet alone."""
    is_https = settings.CONFIG.site_url.startswith("https:")
    headers = (
        ("Content-Security-Policy", content_policy(upgrade=is_https)),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    )
    return (*headers, ("Strict-Transport-Security", f"max-age={HSTS_S}")) if is_https else headers


def content_policy(*, upgrade: bool) -> str:
    """The Content-Security-Policy: nothing but our own files and the players of known embeds."""
    sources = assets.csp_sources()
    directives = [
        "default-src 'none'",
        f"script-src 'self' {sources.script}",
        f"style-src {sources.style}",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        f"frame-src {' '.join(PLAYER_ORIGINS)}",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    return "; ".join(directives + ["upgrade-insecure-requests"] * upgrade)
