"""A draft as its editors see it before it is published: the readers' page with a note that it is a preview.

Nothing is written and nothing becomes public: a draft's pictures come as the newsroom's own renditions, from the
newsroom's address. Links and the stylesheet are those of readers, but no script runs and nothing is counted.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from broadsheet.articles import published
from broadsheet.articles.models import ArticlePage, HomePage, NewsPage, PolicyPage, SectionPage
from broadsheet.media.models import NewsImage
from broadsheet.media.pictures import Picture, PictureFile

from . import head, memo
from .pages import front, sections, standing, stories
from .templating import finish

WIDTHS = ("width-480", "width-1200")
CROPS = ("fill-480x320", "fill-1080x720")


def render_draft(page: NewsPage, request: HttpRequest) -> bytes:
    """The page as it would be published, marked as a preview. Raises PageMissing when its language has no edition."""
    with memo.remembering(), translation.override(page.language):
        template, context = _compose(page)
        return finish(template, {**context, "head": head.hide(context["head"]), "preview": True}).body


def _compose(page: NewsPage) -> tuple[str, dict[str, Any]]:
    if isinstance(page, ArticlePage):
        row = published.describe_draft(page, describe_privately)
        authors = [byline.author for byline in page.bylines.all()]
        topics = [link.topic for link in page.topic_links.all()]
        return "article.html", stories.compose(row, page.section, authors, topics)
    if isinstance(page, SectionPage):
        return "section.html", sections.compose(page, page.language)
    if isinstance(page, HomePage):
        return "front.html", front.compose(page, page.language)
    assert isinstance(page, PolicyPage)
    return "policy.html", standing.compose(page, page.language)


def describe_privately(image: NewsImage, owner: str, *, alt: str = "", caption: str = "") -> Picture:
    """The picture for a preview: renditions of the newsroom, none of them in the public folder."""
    return Picture(
        image_id=image.pk,
        alt=alt or image.default_alt_text,
        credit=image.credit,
        licence=image.licence,
        licence_url=image.licence_url,
        caption=caption,
        crops=tuple(_rendition(image, spec) for spec in CROPS),
        full=tuple(_rendition(image, spec) for spec in WIDTHS),
        share={},
    )


def _rendition(image: NewsImage, spec: str) -> PictureFile:
    rendition = image.get_rendition(spec)
    return PictureFile(settings.CONFIG.newsroom_url + rendition.url, rendition.width, rendition.height)
