"""Writes and reads the published projection: the only way in which published articles are changed or listed."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from wagtail.models import Page

from broadsheet import events
from broadsheet.media import publishing
from broadsheet.media.pictures import Picture

from . import changes, parts, totals
from .body import Body, render_body
from .models import ArticlePage, SectionPage
from .projection import (
    PublishedArticle,
    PublishedAuthor,
    PublishedSection,
    PublishedStandIn,
    PublishedTopic,
    RetiredAddress,
)

WORDS_A_MINUTE = 220
_ENTER_SECTION = (
    "INSERT INTO articles_published_section (article_id, section_id, published_at, is_stand_in) "
    "SELECT article_id, %s, published_at, is_stand_in FROM articles_published_section WHERE section_id = %s"
)


def owner_of(article_id: int) -> str:
    """The name under which an article's pictures are kept in the public folder."""
    return f"article:{article_id}"


def write(page: ArticlePage, before: changes.Story | None) -> events.ArticlePublished:
    """Put what the live page says into the projection, with its place in every list, in the change's transaction.

    Gives what readers see otherwise than `before`, for the outbox.
    """
    row, after = _write_row(page, before)
    difference = changes.compare_stories(before, after)
    return events.ArticlePublished(
        row.pk, row.language, row.section_id, before is None, str(row.translation_key), **vars(difference)
    )


def _write_row(page: ArticlePage, before: changes.Story | None) -> tuple[PublishedArticle, changes.Story]:
    owner = owner_of(page.pk)
    with transaction.atomic():
        body = render_body(page, owner)
        picture = _lead_picture(page, owner, body)
        publishing.release(owner, keep=body.image_ids)
        columns = _columns(page, body, picture)
        row = PublishedArticle(article_id=page.pk, **columns)
        # Counted views stand in the row, too, and are not ours to write.
        row.save(force_insert=before is None, update_fields=None if before is None else list(columns))
        if before is not None:
            _delete_links(row)
        after = changes.describe_story(row, _write_links(row, page))
        totals.move(before.lists if before else (), after.lists)
        stood_in = before.facts["section"] if before else None
        parts.move(row.pk, stood_in, row.section_id, row.modified_at)
    return row, after


def describe_draft(page: ArticlePage, find_picture: Callable[..., Picture]) -> PublishedArticle:
    """The row that `write` would write for the page as it is now, for its preview. Nothing is written."""
    owner = owner_of(page.pk or 0)
    body = render_body(page, owner, find_picture)
    words = {"alt": page.picture_alt, "caption": page.picture_caption}
    picture = find_picture(page.picture, owner, **words) if page.picture else None
    return PublishedArticle(article_id=page.pk, **_columns(page, body, picture))


def retract(page: ArticlePage) -> events.ArticleRetracted | None:
    """Take the article out of every list; its address answers 410 from now on.

    Gives where readers saw it, for the outbox; None: it was not published.
    """
    with transaction.atomic():
        before = changes.look_at_story(page.pk)
        if before is None:
            return None
        retire(page.public_path, page)
        publishing.release(owner_of(page.pk))
        PublishedArticle.objects.filter(article_id=page.pk).delete()
        totals.move(before.lists, ())
        parts.move(page.pk, before.facts["section"], None, timezone.now())
        gone = changes.compare_stories(before, None)
    facts = before.facts
    return events.ArticleRetracted(
        *(page.pk, facts["language"], facts["section"], facts["translation_key"], gone.changed),
        *(gone.left, gone.groups, gone.versions),
    )


def move_section(section_id: int, left: Collection[int], entered: Collection[int]) -> None:
    """Take all stories of a section, and of those inside it, out of the lists of some sections and into others'.

    A handful of statements however many stories there are; no story looks otherwise than it did.
    """
    stories = PublishedSection.objects.filter(section_id=section_id)
    count = stories.count()
    PublishedSection.objects.filter(section_id__in=left, article_id__in=stories.values("article_id")).delete()
    with connection.cursor() as cursor:
        cursor.executemany(_ENTER_SECTION, [(one, section_id) for one in sorted(entered)])
    totals.move_many(count, [f"section:{one}" for one in left], [f"section:{one}" for one in entered])


def retire(path: str, page: Page | None, target: str = "") -> None:
    """Remember an old path: it answers 301 to where the page stands, to `target`, or 410."""
    RetiredAddress.objects.update_or_create(path=path, defaults={"page": page, "target": target})


def retire_new(paths: Iterable[str], page: Page | None, target: str = "") -> None:
    """The same for many addresses of an older site at once; a path that is remembered already stays as it is."""
    RetiredAddress.objects.bulk_create(
        [RetiredAddress(path=path, page=page, target=target) for path in paths], ignore_conflicts=True
    )


def ancestors(section: SectionPage) -> list[int]:
    """The ids of the section and of all sections above it."""
    above = section.get_ancestors(inclusive=True).type(SectionPage)
    return list(above.values_list("pk", flat=True))


def listed(rows: QuerySet[PublishedArticle] | None = None) -> QuerySet[PublishedArticle]:
    """Rows with what a list shows: without bodies."""
    rows = PublishedArticle.objects.all() if rows is None else rows
    return rows.defer("body", "body_text")


def whole(rows: QuerySet[PublishedArticle]) -> QuerySet[PublishedArticle]:
    """The rows with all that a feed carries: bodies, and sections, bylines and topics in two more queries."""
    return (
        rows.defer(None)
        .select_related("section")
        .prefetch_related(
            Prefetch("publishedauthors", PublishedAuthor.objects.select_related("author__locale").order_by("position")),
            Prefetch("publishedtopics", PublishedTopic.objects.select_related("topic").order_by("position")),
        )
    )


def in_section(section_id: int, *, own: bool = False) -> QuerySet[PublishedArticle]:
    """Articles of the section and of those inside it, newest first; `own`: of the section's own language alone."""
    return (
        listed()
        .filter(publishedsections__section_id=section_id, **_own("publishedsections", own))
        .order_by("-publishedsections__published_at", "-article_id")
    )


def in_language(language: str) -> QuerySet[PublishedArticle]:
    """All articles of a language, newest first."""
    return listed().filter(language=language).order_by("-published_at", "-article_id")


def standing_in(language: str) -> QuerySet[PublishedArticle]:
    """Articles of other languages that the lists of this one show, newest first."""
    return (
        listed()
        .filter(publishedstandins__language=language)
        .order_by("-publishedstandins__published_at", "-article_id")
    )


def on_topic(topic_id: int, *, own: bool = False) -> QuerySet[PublishedArticle]:
    """Articles on a topic, newest first; `own`: of the topic's own language alone."""
    return (
        listed()
        .filter(publishedtopics__topic_id=topic_id, **_own("publishedtopics", own))
        .order_by("-publishedtopics__published_at", "-article_id")
    )


def by_author(author_id: int, *, own: bool = False) -> QuerySet[PublishedArticle]:
    """Articles of an author, newest first; `own`: of the author's own language alone."""
    return (
        listed()
        .filter(publishedauthors__author_id=author_id, **_own("publishedauthors", own))
        .order_by("-publishedauthors__published_at", "-article_id")
    )


def _own(link: str, own: bool) -> dict[str, bool]:
    return {f"{link}__is_stand_in": False} if own else {}


def between(language: str, start: datetime, end: datetime) -> QuerySet[PublishedArticle]:
    """Articles first published from `start` on and before `end`, newest first."""
    return in_language(language).filter(published_at__gte=start, published_at__lt=end)


def in_order(article_ids: Sequence[int]) -> list[PublishedArticle]:
    """Those of the articles that are public, in the order given."""
    found = listed().filter(article_id__in=article_ids).in_bulk(field_name="article_id")
    return [found[article_id] for article_id in dict.fromkeys(article_ids) if article_id in found]


def group(translation_key: Any) -> list[PublishedArticle]:
    """The published members of a translation group."""
    return list(listed().filter(translation_key=translation_key).order_by("language"))


def reading_minutes(word_count: int) -> int:
    """How long an adult reads, in whole minutes, at least one."""
    return max(1, math.ceil(word_count / WORDS_A_MINUTE))


def _lead_picture(page: ArticlePage, owner: str, body: Body) -> Picture | None:
    if page.picture is None:
        return None
    body.image_ids.add(page.picture.pk)
    return publishing.publish_picture(page.picture, owner, alt=page.picture_alt, caption=page.picture_caption)


def _columns(page: ArticlePage, body: Body, picture: Picture | None) -> dict[str, Any]:
    published_at = page.first_published_at or timezone.now()
    lead = " ".join(page.lead.split())
    return {
        "translation_key": page.translation_key,
        "language": page.language,
        "section_id": page.section.pk,
        "slug": page.slug,
        "headline": page.title,
        "short_headline": page.short_headline or page.title,
        "label": page.label,
        "lead": lead,
        "dateline": page.dateline,
        "seo_title": page.seo_title,
        "description": page.search_description or lead or body.text[:200],
        "published_at": published_at,
        "updated_at": page.updated_at if page.updated_at and page.updated_at > published_at else None,
        "modified_at": max(page.last_published_at or published_at, published_at),
        "picture": picture.to_json() if picture else None,
        "body": body.parts,
        "body_text": body.text,
        "word_count": len(body.text.split()) + len(lead.split()),
        "sources": body.sources,
        "corrections": body.corrections,
        "related": list(page.related_links.values_list("story_id", flat=True)),
    }


def _delete_links(row: PublishedArticle) -> None:
    # Where it stands in other languages is settled when all of its group is known.
    for link in (PublishedSection, PublishedTopic, PublishedAuthor, PublishedStandIn):
        link._default_manager.filter(article=row).delete()


def _write_links(row: PublishedArticle, page: ArticlePage) -> dict[str, list[int]]:
    at = row.published_at
    section_ids = ancestors(page.section)
    PublishedSection.objects.bulk_create(
        PublishedSection(article=row, section_id=section_id, published_at=at) for section_id in section_ids
    )
    topic_ids = _once(page.topic_links.values_list("topic_id", flat=True))
    PublishedTopic.objects.bulk_create(
        PublishedTopic(article=row, topic_id=topic_id, published_at=at, position=n)
        for n, topic_id in enumerate(topic_ids)
    )
    author_ids = _once(page.bylines.values_list("author_id", flat=True))
    PublishedAuthor.objects.bulk_create(
        PublishedAuthor(article=row, author_id=author_id, published_at=at, position=n)
        for n, author_id in enumerate(author_ids)
    )
    return {"sections": section_ids, "topics": topic_ids, "authors": author_ids}


def _once(ids: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(ids))
