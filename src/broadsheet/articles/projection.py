"""The published projection's tables: one flat row an article and language, written only by `published`."""

from __future__ import annotations

from typing import Any

from django.db import models


class PublishedArticle(models.Model):
    """What readers see of one article: every list, feed and sitemap comes from here and never from the page tree.

    `body` is a list of parts: {"kind": "html", "html": …}, or {"kind": "related", "title": …, "articles": [ids]} for
    what depends on other articles and is therefore filled in when the page is rendered. `picture` is
    `media.pictures.Picture` as JSON.
    """

    article = models.OneToOneField(
        "articles.ArticlePage", primary_key=True, on_delete=models.CASCADE, related_name="published"
    )
    translation_key = models.UUIDField()
    language = models.CharField(max_length=16)
    section = models.ForeignKey("articles.SectionPage", on_delete=models.CASCADE, related_name="+")
    slug = models.CharField(max_length=255)
    headline = models.CharField(max_length=255)
    short_headline = models.CharField(max_length=255)
    label = models.CharField(max_length=60, blank=True)
    lead = models.TextField(blank=True)
    dateline = models.CharField(max_length=120, blank=True)
    seo_title = models.CharField(max_length=255, blank=True)
    description = models.TextField(blank=True)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True)
    modified_at = models.DateTimeField()
    picture: Any = models.JSONField(null=True)
    body: Any = models.JSONField(default=list)
    body_text = models.TextField(blank=True)
    word_count = models.PositiveIntegerField(default=0)
    sources: Any = models.JSONField(default=list)
    corrections: Any = models.JSONField(default=list)
    related: Any = models.JSONField(default=list)
    views = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "articles_published"
        constraints = [models.UniqueConstraint(fields=["section", "slug"], name="published_address")]
        indexes = [
            models.Index(fields=["language", "-published_at", "-article"], name="published_stream"),
            models.Index(fields=["translation_key"], name="published_group"),
            models.Index(fields=["-views", "-published_at"], name="published_most_read"),
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.headline}"


class _Link(models.Model):
    """A published article in one of the lists it stands in; the date is repeated so that one index serves the list.

    `is_stand_in`: the list is of another language, which shows the article for want of a version of its own.
    """

    article = models.ForeignKey(PublishedArticle, on_delete=models.CASCADE, related_name="%(class)ss")
    published_at = models.DateTimeField()
    is_stand_in = models.BooleanField(default=False, db_default=False)

    class Meta:
        abstract = True


class PublishedSection(_Link):
    """The article's section and every section above it."""

    section = models.ForeignKey("articles.SectionPage", on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        db_table = "articles_published_section"
        constraints = [models.UniqueConstraint(fields=["article", "section"], name="published_section_once")]
        indexes = [models.Index(fields=["section", "-published_at", "-article"], name="published_in_section")]


class PublishedTopic(_Link):
    """A topic of the article, in the order the editor gave."""

    topic = models.ForeignKey("articles.Topic", on_delete=models.CASCADE, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "articles_published_topic"
        constraints = [models.UniqueConstraint(fields=["article", "topic"], name="published_topic_once")]
        indexes = [models.Index(fields=["topic", "-published_at", "-article"], name="published_on_topic")]


class PublishedAuthor(_Link):
    """An author of the article, in the order of the bylines."""

    author = models.ForeignKey("articles.Author", on_delete=models.CASCADE, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "articles_published_author"
        constraints = [models.UniqueConstraint(fields=["article", "author"], name="published_author_once")]
        indexes = [models.Index(fields=["author", "-published_at", "-article"], name="published_by_author")]


class PublishedStandIn(models.Model):
    """An article that the lists of another language show, because its story lacks that language."""

    article = models.ForeignKey(PublishedArticle, on_delete=models.CASCADE, related_name="publishedstandins")
    language = models.CharField(max_length=16)
    published_at = models.DateTimeField()

    class Meta:
        db_table = "articles_published_stand_in"
        constraints = [models.UniqueConstraint(fields=["article", "language"], name="published_stand_in_once")]
        indexes = [models.Index(fields=["language", "-published_at", "-article"], name="published_stand_ins")]


class PublishedTotal(models.Model):
    """How many articles stand in a list: `section:5`, `topic:7` or `author:3`, as in the table of its links.

    Also in a language's days, months and years, on the site's calendar: `day:en:2026-03-02`, `month:en:2026-03`,
    `year:en:2026`.
    """

    listing = models.CharField(max_length=40, primary_key=True)
    total = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "articles_published_total"

    def __str__(self) -> str:
        return f"{self.listing}: {self.total}"


class PublishedPart(models.Model):
    """What a section has in one part of the articles' sitemap: how many articles, and when one of them last changed.

    That an article went counts as a change, too.
    """

    part = models.PositiveIntegerField()
    section = models.ForeignKey("articles.SectionPage", on_delete=models.CASCADE, related_name="+")
    total = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "articles_published_part"
        constraints = [models.UniqueConstraint(fields=["part", "section"], name="published_part_once")]

    def __str__(self) -> str:
        return f"{self.part} of {self.section_id}: {self.total}"


class RetiredAddress(models.Model):
    """A path that used to be public: it answers 301 to where its page stands now, or 410 when that was retracted.

    `page` is the page that stood there; empty (or a page that is not public): 410. A `target` is used instead for
    addresses from elsewhere, such as an imported site's. Paths of sections end in `/` and stand for all below them.
    """

    path = models.CharField(max_length=700, unique=True)
    page = models.ForeignKey("wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+")
    target = models.CharField(max_length=700, blank=True)
    retired_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "articles_retired_address"

    def __str__(self) -> str:
        return self.path
