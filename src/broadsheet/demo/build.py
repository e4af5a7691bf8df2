"""Builds the demo edition in an empty site: fronts, sections, people, pictures, stories in seven languages."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.files.images import ImageFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_noop
from wagtail.models import Locale

from broadsheet.articles.fronts import ensure_fronts
from broadsheet.articles.models import (
    ArticlePage,
    Author,
    Edition,
    HomePage,
    PolicyPage,
    SectionPage,
    Topic,
)
from broadsheet.articles.projection import PublishedArticle
from broadsheet.media.models import NewsImage
from broadsheet.media.publishing import prepare_pictures
from broadsheet.newsroom.translating.adopting import adopt_anew

from . import reading
from .accounts import make_accounts

Report = Callable[[str, int, int], None]

# One key for all languages of a thing, the same in every demo.
NAMESPACE = uuid.UUID("6f0c3e0a-95f2-4a3a-8f0e-2f1b6d3c9a10")
LABELS = {
    "analysis": gettext_noop("Analysis"),
    "interview": gettext_noop("Interview"),
    "feature": gettext_noop("Feature"),
    "explainer": gettext_noop("Explainer"),
}


class Builder:
    """What has been made so far, by key and language."""

    def __init__(self, report: Report, now: datetime) -> None:
        self.report = report
        self.now = now
        self.fronts: dict[str, HomePage] = {}
        self.sections: dict[tuple[str, str], SectionPage] = {}
        self.authors: dict[tuple[str, str], Author] = {}
        self.topics: dict[tuple[str, str], Topic] = {}
        self.images: dict[str, NewsImage] = {}
        self.articles: dict[tuple[str, str], ArticlePage] = {}


def build(report: Report) -> bool:
    """Fill the site with the demo edition; `report(step, done, total)` is told of the progress.

    False: the site has articles already, nothing was changed. Killed in the middle, it starts from the beginning: all
    of it is one transaction.
    """
    if ArticlePage.objects.exists():
        return False
    builder = Builder(report, timezone.now())
    with transaction.atomic():
        _make_frame(builder)
        _make_images(builder)
        _make_names(builder)
        _make_pages_about_us(builder)
        _make_stories(builder)
        _link_stories(builder)
        _fill_slots(builder)
        adopt_anew()
        make_accounts()
    return True


def _key(kind: str, name: str) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, f"{kind}/{name}")


def _make_frame(builder: Builder) -> None:
    facts = reading.edition()
    names = {language: facts["settings"][language]["publication_name"] for language in reading.LANGUAGES}
    builder.fronts = ensure_fronts(reading.LANGUAGES, names)
    for language in reading.LANGUAGES:
        _write_edition(language, facts)
        front = builder.fronts[language]
        front.description = facts["settings"][language]["tagline"]
        front.save_revision().publish()
        for key, section in facts["sections"].items():
            if language not in section:
                continue
            parent = builder.sections.get((section.get("parent", ""), language), front)
            builder.sections[key, language] = _make_section(parent, key, section[language])


def _write_edition(language: str, facts: dict[str, Any]) -> None:
    texts, social = facts["settings"][language], facts["social"]
    edition = Edition.objects.get(locale__language_code=language)
    edition.tagline = texts["tagline"]
    edition.reuse_rule = texts["reuse_rule"]
    edition.contact_email = texts["contact_email"]
    edition.copyright_holder = texts["copyright_holder"]
    edition.founded_year = 2023
    for name in ("x", "youtube", "instagram", "facebook", "telegram", "app_store", "google_play"):
        setattr(edition, f"{name}_url", social[name])
    edition.save()


def _make_section(parent: HomePage | SectionPage, key: str, texts: dict[str, str]) -> SectionPage:
    section = SectionPage(
        title=texts["name"],
        label=texts["label"],
        description=texts["description"],
        slug=texts["slug"],
        locale=parent.locale,
        translation_key=_key("section", key),
    )
    parent.add_child(instance=section)
    section.save_revision().publish()
    return section


def _make_images(builder: Builder) -> None:
    pictures = reading.pictures()
    for done, (key, facts) in enumerate(pictures.items(), 1):
        with (reading.FOLDER / "pictures" / f"{key}.jpg").open("rb") as file:
            image = NewsImage(
                title=facts["title"],
                credit=facts["credit"],
                licence=facts["licence"],
                file=ImageFile(file, name=f"{key}.jpg"),
            )
            image.focal_point_x = round(image.file.width * facts["focal"][0])
            image.focal_point_y = round(image.file.height * facts["focal"][1])
            image.focal_point_width = image.focal_point_height = round(image.file.height / 3)
            image.save()
        builder.images[key] = image
        builder.report("Pictures", done, len(pictures))
    prepare_pictures(builder.images.values(), lambda done, total: builder.report("Sizes of pictures", done, total))


def _make_names(builder: Builder) -> None:
    facts = reading.edition()
    for language in reading.LANGUAGES:
        locale = Locale.objects.get(language_code=language)
        for key, person in facts["authors"].items():
            if language in reading.SMALLER:
                continue
            texts = person[language]
            builder.authors[key, language] = Author.objects.create(
                locale=locale,
                translation_key=_key("author", key),
                slug=key,
                kind=person["kind"],
                name=texts["name"],
                role=texts["role"],
                biography=texts["bio"],
                portrait=builder.images.get(f"author-{key}"),
            )
        for key, topic in facts["topics"].items():
            if language not in topic:
                continue
            texts = topic[language]
            builder.topics[key, language] = Topic.objects.create(
                locale=locale,
                translation_key=_key("topic", key),
                slug=texts["slug"],
                name=texts["name"],
                description=texts["description"],
            )


def _make_pages_about_us(builder: Builder) -> None:
    kinds = {kind for kind, _ in PolicyPage.KINDS}
    for key, texts in reading.edition()["pages"].items():
        kind = key.removesuffix("-policy")
        for language in reading.LANGUAGES:
            page = PolicyPage(
                title=texts[language]["title"],
                slug=texts[language]["slug"],
                body=texts[language]["html"],
                kind=kind if kind in kinds else "other",
                locale=builder.fronts[language].locale,
                translation_key=_key("page", key),
            )
            builder.fronts[language].add_child(instance=page)
            page.save_revision().publish()


def _make_stories(builder: Builder) -> None:
    versions = [(story, language) for story in reading.stories() for language in story.texts]
    for done, (story, language) in enumerate(versions, 1):
        builder.articles[story.key, language] = _make_story(builder, story, language)
        builder.report("Stories", done, len(versions))


def _make_story(builder: Builder, story: reading.Story, language: str) -> ArticlePage:
    texts, facts = story.texts[language], story.facts
    section = builder.sections[facts["section"], language]
    label = LABELS.get(facts.get("label", ""), "")
    with translation.override(language):
        label = gettext(label) if label else ""
    article = ArticlePage(
        title=texts["headline"],
        short_headline=texts["short_headline"],
        lead=texts["lead"],
        dateline=texts["dateline"],
        label=label,
        picture=builder.images[facts["picture"]] if facts["picture"] else None,
        picture_alt=texts["picture_alt"],
        picture_caption=texts["picture_caption"],
        first_published_at=story.published_at(builder.now),
        updated_at=story.updated_at(builder.now),
        locale=section.locale,
        translation_key=_key("story", story.key),
        body=[block for block in _blocks(builder, story, texts) if block["type"] != "related"],
        live=False,
    )
    for author in facts["authors"]:
        article.bylines.create(author=builder.authors[author, language])
    for topic in facts["topics"]:
        article.topic_links.create(topic=builder.topics[topic, language])
    section.add_child(instance=article)
    article.save_revision().publish()
    PublishedArticle.objects.filter(pk=article.pk).update(views=facts.get("views", 0))
    return article


def _link_stories(builder: Builder) -> None:
    """Blocks of related stories: now that all stories are there."""
    for story in reading.stories():
        for language, texts in story.texts.items():
            if any(block["type"] == "related" for block in texts["body"]):
                article = builder.articles[story.key, language]
                article.body = _blocks(builder, story, texts, language)
                article.save_revision().publish()


def _fill_slots(builder: Builder) -> None:
    """The curated places of fronts and section fronts, newest stories first."""
    places: dict[HomePage | SectionPage, list[tuple[str, ArticlePage]]] = {}
    for story in reversed(reading.stories()):
        for language in story.texts:
            article = builder.articles[story.key, language]
            on_front, in_section = story.slots(language)
            if on_front:
                places.setdefault(builder.fronts[language], []).append((on_front, article))
            if in_section:
                section = builder.sections[story.facts["section"], language]
                places.setdefault(section, []).append((in_section, article))
    for page, stories in places.items():
        for position, (slot, article) in enumerate(stories):
            page.slots.create(slot=slot, article=article, sort_order=position)
        page.save_revision().publish()


def _blocks(builder: Builder, story: reading.Story, texts: dict[str, Any], language: str = "") -> list[dict[str, Any]]:
    return [{"type": block["type"], "value": _value(builder, story, block, language)} for block in texts["body"]]


def _value(builder: Builder, story: reading.Story, block: dict[str, Any], language: str) -> Any:
    kind = block["type"]
    if kind == "text":
        return block["html"].strip()
    if kind == "fact_box":
        return {"title": block["title"], "text": block["html"].strip()}
    if kind == "image":
        return _picture_value(builder, block)
    if kind == "gallery":
        return {"title": block["title"], "pictures": [_picture_value(builder, one) for one in block["pictures"]]}
    if kind == "table":
        columns = [{"type": "text", "heading": heading} for heading in block["columns"]]
        return {"caption": block["caption"], "columns": columns, "rows": [{"values": row} for row in block["rows"]]}
    if kind == "correction":
        corrected_at = story.published_at(builder.now) + timedelta(days=block["days_after"])
        return {"date": min(corrected_at, builder.now).isoformat(), "text": block["text"]}
    if kind == "related":
        known = [builder.articles.get((key, language)) for key in block["stories"]]
        return {"title": block["title"], "articles": [article.pk for article in known if article]}
    return {name: value for name, value in block.items() if name != "type"}


def _picture_value(builder: Builder, picture: dict[str, str]) -> dict[str, Any]:
    image = builder.images[picture["picture"]]
    return {"image": image.pk, "alt": picture["alt"], "caption": picture.get("caption", "")}
