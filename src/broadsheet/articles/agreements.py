"""The table of what is agreed for all language versions of a thing together; `groups` reads and writes it."""

from __future__ import annotations

from typing import Any

from django.db import models


class TranslationGroup(models.Model):
    """What holds for a whole set of language versions, of a story or a section. Without a row, nothing is agreed.

    `original` is the language of the version of which the others are translations; empty: the one published first.
    `embargo_until` is the moment before which no version goes public. `languages` are those in which a section
    publishes; empty: what the section above it says, and all languages where none says anything.
    """

    translation_key = models.UUIDField(primary_key=True)
    original = models.CharField(max_length=16, blank=True)
    embargo_until = models.DateTimeField(null=True, blank=True)
    languages: Any = models.JSONField(default=list, blank=True)

    class Meta:
        db_table = "articles_translation_group"

    def __str__(self) -> str:
        return str(self.translation_key)
