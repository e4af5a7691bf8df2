"""Arranges newsrooms, sections and stories for tests, the way the newsroom itself makes them."""

from __future__ import annotations

import io
import itertools
from datetime import UTC, datetime
from typing import Any

from django.core.files.images import ImageFile
from PIL import Image
from wagtail.models import Locale, Page, Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from broadsheet.articles.models import ArticlePage, Author, Edition, HomePage, SectionPage, Topic
from broadsheet.media.models import NewsImage

_numbers = itertools.count(1)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def make_home(language: str = "en", name: str = "The Lantern") -> HomePage:
    """A language's front with its edition; the first one becomes the root of the site."""
    locale, _ = Locale.objects.get_or_create(language_code=language)
    root = Page.objects.get(depth=1)
    home = HomePage(title=name, slug=f"{language.lower()}-front", locale=locale)
    with disable_reference_index_auto_update():
        root.add_child(instance=home)
        home.save_revision().publish()
    if not Site.objects.filter(is_default_site=True, root_page__slug__endswith="-front").exists():
        Site.objects.update_or_create(
            is_default_site=True, defaults={"hostname": "localhost", "port": 8000, "root_page": home}
        )
    Edition.objects.get_or_create(locale=locale, defaults={"publication_name": name})
    return home


def make_section(home: Page, title: str = "World", **fields: Any) -> SectionPage:
    section = SectionPage(title=title, **fields)
    with disable_reference_index_auto_update():
        home.add_child(instance=section)
        section.save_revision().publish()
    return section


def make_author(language: str = "en", name: str = "Aytan Reed", **fields: Any) -> Author:
    author = Author(name=name, locale=Locale.objects.get(language_code=language), **fields)
    author.full_clean()
    author.save()
    return author


def make_topic(language: str = "en", name: str = "Astronomy", **fields: Any) -> Topic:
    topic = Topic(name=name, locale=Locale.objects.get(language_code=language), **fields)
    topic.full_clean()
    topic.save()
    return topic


def make_image(title: str = "A harbour", size: tuple[int, int] = (1600, 1067), **fields: Any) -> NewsImage:
    """A picture of one colour, a different one each time."""
    content = io.BytesIO()
    Image.new("RGB", size, ((next(_numbers) * 37) % 255, 90, 120)).save(content, "JPEG")
    content.seek(0)
    return NewsImage.objects.create(title=title, file=ImageFile(content, name="harbour.jpg"), **fields)


def make_article(
    section: SectionPage, title: str = "Ferries run again", *, publish: bool = True, **fields: Any
) -> ArticlePage:
    """A story; `authors`, `topics` are lists, `body` is a list of (block type, raw value)."""
    authors, topics = fields.pop("authors", []), fields.pop("topics", [])
    body = [
        {"type": kind, "value": value} for kind, value in fields.pop("body", [("text", "<p>The harbour is open.</p>")])
    ]
    fields.setdefault("first_published_at", NOON if publish else None)
    article = ArticlePage(title=title, live=False, body=body, **fields)
    for author in authors:
        article.bylines.create(author=author)
    for topic in topics:
        article.topic_links.create(topic=topic)
    with disable_reference_index_auto_update():
        section.add_child(instance=article)
        revision = article.save_revision()
        if publish:
            revision.publish()
    if publish:
        article.refresh_from_db()
    return article
