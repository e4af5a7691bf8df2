"""The news sitemap: what was first published in the last two days (Google's rules for news sitemaps)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from broadsheet.articles import addresses
from broadsheet.articles.changes import NEWS_FOR
from broadsheet.articles.projection import PublishedArticle
from broadsheet.rendering import tags

STORIES_A_FILE = 1_000


def recent(language: str) -> Sequence[tuple[str, str, datetime]]:
    """Path, headline and first publication of the stories of the last 48 hours, newest first."""
    tags.record(tags.news(language))
    now = timezone.now()
    rows = (
        PublishedArticle.objects.filter(language=language, section__live=True)
        .filter(published_at__gt=now - NEWS_FOR, published_at__lte=now)
        .order_by("-published_at", "-article_id")
        .values_list("section__slug", "slug", "headline", "published_at")
    )
    return [
        (addresses.article_path(language, section, slug), headline, published_at)
        for section, slug, headline, published_at in rows.iterator()
    ]


def fresh_until(language: str, stories: Sequence[tuple[str, str, datetime]]) -> float | None:
    """When the list will be another one by itself: its oldest story gets too old, or a later one's moment comes."""
    later = PublishedArticle.objects.filter(language=language, published_at__gt=timezone.now())
    moments = [later.order_by("published_at").values_list("published_at", flat=True).first()]
    moments += [stories[-1][2] + NEWS_FOR] if stories else []
    return min((one.timestamp() for one in moments if one), default=None)
