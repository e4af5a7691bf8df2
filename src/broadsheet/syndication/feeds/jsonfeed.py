"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from typing import Any

from broadsheet.articles import addresses
from broadsheet.rendering import facts

from .channel import Channel, Story

CONTENT_TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def write(channel: Channel) -> bytes:
    """The feed as JSON Feed. Its own rule of reuse stands under `_rights`, as extensions are named."""
    feed = {
        "version": VERSION,
        "title": channel.title,
        "home_page_url": channel.url,
        "feed_url": channel.address("feed.json"),
        "description": channel.description,
        "language": channel.site.language,
        "authors": [{"name": facts.clean_text(channel.site.name), "url": channel.site.front_url}],
        "_rights": {"about": channel.rule_url, "text": facts.clean_text(channel.rights)},
        "items": [_item(story) for story in channel.stories],
    }
    return json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _item(story: Story) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": story.id,
        "url": story.url,
        "title": story.headline,
        "content_html": story.html,
        "date_published": story.published_at.isoformat(timespec="seconds"),
        "date_modified": story.changed_at.isoformat(timespec="seconds"),
        "tags": list(story.categories),
    }
    if story.summary:
        item["summary"] = story.summary
    if story.authors:
        item["authors"] = [
            {"name": facts.clean_text(author.name), "url": addresses.absolute(author.public_path)}
            for author in story.authors
        ]
    file = story.picture.share.get("16:9") if story.picture else None
    if file:
        item["image"] = addresses.absolute(file.url)
    return item
