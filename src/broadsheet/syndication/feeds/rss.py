"""RSS 2.0 with the modules that readers know: Atom links, Dublin Core, content, Media RSS."""

from __future__ import annotations

from html import escape
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.xmlutils import SimplerXMLGenerator

from broadsheet.articles import addresses
from broadsheet.media.pictures import Picture
from broadsheet.rendering import facts

from .channel import Channel, Story

CONTENT_TYPE = "application/rss+xml; charset=utf-8"
NAMESPACES = {
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}


def write(channel: Channel) -> bytes:
    """The feed as RSS 2.0 (rssboard.org/rss-specification)."""
    feed = _Rss(
        title=channel.title,
        link=channel.url,
        description=channel.description,
        language=channel.site.language,
        feed_url=channel.address("feed.xml"),
        feed_copyright=facts.clean_text(channel.rights),
        channel=channel,
    )
    for story in channel.stories:
        feed.add_item(
            title=story.headline,
            link=story.url,
            # A description is HTML (RSS Board's profile), the lead is plain text.
            description=escape(story.summary, quote=False),
            unique_id=story.url,
            unique_id_is_permalink=True,
            pubdate=story.published_at,
            updateddate=story.changed_at,
            categories=story.categories,
            story=story,
        )
    return bytes(feed.writeString("utf-8"), "utf-8")


class _Rss(Rss201rev2Feed):
    """Django's RSS with our modules; the channel's date is that of its last change."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), **NAMESPACES}

    def latest_post_date(self) -> Any:
        return self.feed["channel"].changed_at

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        channel: Channel = self.feed["channel"]
        handler.addQuickElement("docs", "https://www.rssboard.org/rss-specification")
        handler.addQuickElement("atom:link", None, {"rel": "alternate", "type": "text/html", "href": channel.url})
        handler.addQuickElement("atom:link", None, {"rel": "license", "href": channel.rule_url})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        story: Story = item["story"]
        for author in story.authors:
            handler.addQuickElement("dc:creator", facts.clean_text(author.name))
        handler.addQuickElement("content:encoded", story.html)
        handler.addQuickElement("atom:updated", story.changed_at.isoformat(timespec="seconds"))
        if story.picture:
            _add_picture(handler, story.picture)


def _add_picture(handler: SimplerXMLGenerator, picture: Picture) -> None:
    """The picture with its words and its credit (rssboard.org/media-rss)."""
    file = picture.share.get("16:9")
    if file is None:
        return
    size = {"width": str(file.width), "height": str(file.height)}
    kind = {"medium": "image", "type": "image/jpeg"}
    handler.startElement("media:content", AttributesImpl({"url": addresses.absolute(file.url), **kind, **size}))
    description = picture.caption or picture.alt
    if description:
        handler.addQuickElement("media:description", facts.clean_text(description), {"type": "plain"})
    if picture.credit:
        handler.addQuickElement("media:credit", facts.clean_text(picture.credit))
    if picture.licence:
        address = {"url": picture.licence_url} if picture.licence_url else {}
        handler.addQuickElement("media:copyright", facts.clean_text(picture.licence), address)
    handler.endElement("media:content")
