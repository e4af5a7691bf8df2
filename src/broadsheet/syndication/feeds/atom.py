"""Atom (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.xmlutils import SimplerXMLGenerator

from broadsheet.articles import addresses
from broadsheet.articles.models import Author
from broadsheet.rendering import facts

from .channel import Channel, Story

CONTENT_TYPE = "application/atom+xml; charset=utf-8"


def write(channel: Channel) -> bytes:
    """The feed as Atom; an entry's `updated` moves with an update or a correction that readers are told of."""
    feed = _Atom(
        title=channel.title,
        link=channel.url,
        description=channel.description,
        subtitle=channel.description,
        language=channel.site.language,
        author_name=facts.clean_text(channel.site.name),
        author_link=channel.site.front_url,
        feed_url=channel.address("atom.xml"),
        feed_guid=channel.address("atom.xml"),
        feed_copyright=facts.clean_text(channel.rights),
        channel=channel,
    )
    for story in channel.stories:
        feed.add_item(title=story.headline, link=story.url, description=story.summary, story=story)
    return bytes(feed.writeString("utf-8"), "utf-8")


class _Atom(Atom1Feed):
    """Django's Atom with whole entries: several authors, text that is marked as text, content, licence."""

    def latest_post_date(self) -> datetime:
        channel: Channel = self.feed["channel"]
        return channel.changed_at

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        _add_license(handler, self.feed["channel"])

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        story: Story = item["story"]
        channel: Channel = self.feed["channel"]
        handler.addQuickElement("title", story.headline)
        handler.addQuickElement("link", "", {"rel": "alternate", "type": "text/html", "href": story.url})
        _add_license(handler, channel)
        handler.addQuickElement("id", story.id)
        handler.addQuickElement("published", rfc3339_date(story.published_at))
        handler.addQuickElement("updated", rfc3339_date(story.changed_at))
        _add_authors(handler, story.authors)
        for name in story.categories:
            handler.addQuickElement("category", "", {"term": name})
        if story.summary:
            handler.addQuickElement("summary", story.summary)
        handler.addQuickElement("content", story.html, {"type": "html"})
        handler.addQuickElement("rights", self.feed["feed_copyright"])


def _add_license(handler: SimplerXMLGenerator, channel: Channel) -> None:
    """The rule of reuse (RFC 4946)."""
    handler.addQuickElement("link", "", {"rel": "license", "type": "text/html", "href": channel.rule_url})


def _add_authors(handler: SimplerXMLGenerator, authors: Sequence[Author]) -> None:
    for author in authors:
        handler.startElement("author", AttributesImpl({}))
        handler.addQuickElement("name", facts.clean_text(author.name))
        handler.addQuickElement("uri", addresses.absolute(author.public_path))
        handler.endElement("author")
