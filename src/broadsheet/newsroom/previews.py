"""Links under which somebody without an account sees one draft, for a while."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Page, Revision

from broadsheet.articles.models import NewsPage

from .models import PreviewLink

# Hours that an editor may choose from; the site's own default is put among them.
CHOICES_H = (2, 24, 72, 168)
# How long a page that was opened by its link may load its pictures.
PICTURES_OPEN = timedelta(hours=1)
_passes = signing.TimestampSigner(salt="preview-picture")


def share(page: Page, user: Any, hours: int = 0, revision: Revision | None = None) -> tuple[PreviewLink, str]:
    """A new link to the page's latest draft (or to one revision) and its token, which is told this once only."""
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    link = PreviewLink.objects.create(
        token_hash=_hash(token),
        page_id=page.pk,
        revision=revision,
        created_by_id=user.pk,
        created_at=now,
        expires_at=now + timedelta(hours=hours or settings.CONFIG.preview_hours),
    )
    return link, token


def address(token: str) -> str:
    """Where the link is opened: on the newsroom's origin, which readers' caches never see."""
    return f"{settings.CONFIG.newsroom_url}/preview/{token}/"


def find(token: str, now: datetime | None = None) -> NewsPage | None:
    """The draft that the token opens; None for a wrong, ended or expired one, and once the story was published."""
    now = now or timezone.now()
    link = (
        PreviewLink.objects.select_related("page", "revision")
        .filter(token_hash=_hash(token), ended_at=None, expires_at__gt=now)
        .first()
    )
    if link is None or _was_public_since(link):
        return None
    draft = link.revision.as_object() if link.revision else link.page.get_latest_revision_as_object()
    return draft if isinstance(draft, NewsPage) else None


def open_pictures(html: str) -> str:
    """The preview's HTML with its private pictures at addresses that work without an account for a while."""
    origin = re.escape(settings.CONFIG.newsroom_url) + re.escape(settings.MEDIA_URL)
    return re.sub(rf"{origin}([^\s\"'<>,]+)", lambda found: _picture_address(found[1]), html)


def read_pass(pass_: str) -> str | None:
    """The path of the picture that `open_pictures` opened; None when the pass is forged or old."""
    try:
        return str(_passes.unsign_object(pass_, max_age=PICTURES_OPEN))
    except signing.BadSignature:
        return None


def _picture_address(path: str) -> str:
    return f"{settings.CONFIG.newsroom_url}/preview-picture/{_passes.sign_object(unquote(path))}/"


def open_links(page: Page, now: datetime | None = None) -> QuerySet[PreviewLink]:
    """The page's links that still work."""
    return PreviewLink.objects.filter(
        page_id=page.pk, ended_at=None, expires_at__gt=now or timezone.now()
    ).select_related("created_by")


def end(page: Page, link_id: int) -> bool:
    """End one link of the page. False: it has no such link."""
    return bool(open_links(page).filter(pk=link_id).update(ended_at=timezone.now()))


def end_all(page: Page) -> int:
    """End every link of the page; the number that still worked."""
    return open_links(page).update(ended_at=timezone.now())


def forget_ended(before: datetime | None = None) -> int:
    """Delete links that ended more than a month ago (or before `before`); the number deleted."""
    limit = before or timezone.now() - timedelta(days=30)
    deleted, _ = PreviewLink.objects.filter(expires_at__lt=limit).delete()
    return deleted


def _was_public_since(link: PreviewLink) -> bool:
    published = link.page.last_published_at
    return published is not None and published >= link.created_at


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
