"""What was taken over from where, so that a second run finds it again; and the pictures that are still elsewhere."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


class ImportRun(models.Model):
    """One run of an importer over one file; `report` is what it accounted for, empty while it runs."""

    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=300)
    file_name = models.CharField(max_length=255)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    report: Any = models.JSONField(default=dict)

    objects: models.Manager[ImportRun] = models.Manager()

    class Meta:
        db_table = "importers_run"

    def __str__(self) -> str:
        return f"{self.kind}: {self.file_name}"


class ImportedItem(models.Model):
    """A thing of a source and the object that it became here.

    `source` is the old site's address, `key` the thing's name there, such as `post:123`. `content_hash` is taken over
    what the source said. `revision_id` is the revision that the import left: another one means that the newsroom worked
    on it since. `is_finished` is false while links are still to be rewritten or the story is still to be published.
    """

    KINDS = [
        ("article", "article"),
        ("page", "page about the newsroom"),
        ("section", "section"),
        ("topic", "topic"),
        ("author", "author"),
    ]
    source = models.CharField(max_length=300)
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=KINDS)
    object_id = models.BigIntegerField()
    content_hash = models.CharField(max_length=64, blank=True)
    revision_id = models.BigIntegerField(null=True)
    old_paths: Any = models.JSONField(default=list)
    is_public = models.BooleanField(default=False)
    is_finished = models.BooleanField(default=True)

    objects: models.Manager[ImportedItem] = models.Manager()

    class Meta:
        db_table = "importers_item"
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="imported_once")]
        indexes = [models.Index(fields=["kind", "object_id"], name="imported_object")]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"


class MediaReference(models.Model):
    """A picture or file of a source: where it is, how it is described, and the image it became once it was fetched."""

    source = models.CharField(max_length=300)
    key = models.CharField(max_length=200)
    url = models.CharField(max_length=2000)
    title = models.CharField(max_length=300, blank=True)
    caption = models.TextField(blank=True)
    alt_text = models.CharField(max_length=300, blank=True)
    credit = models.CharField(max_length=200, blank=True)
    image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects: models.Manager[MediaReference] = models.Manager()

    class Meta:
        db_table = "importers_media"
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="media_reference_once")]

    def __str__(self) -> str:
        return self.url
