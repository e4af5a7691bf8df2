"""Which group works on which desk, and the links under which a draft was shown to somebody outside."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Revision


class Desk(models.Model):
    """A role on a section or on a language's front: the group that holds its rights, whatever the group is called."""

    ROLES = [
        ("reporter", _("reporter")),
        ("section_editor", _("section editor")),
        ("chief_editor", _("chief editor")),
        ("translator", _("translator")),
    ]
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="desks")
    role = models.CharField(max_length=20, choices=ROLES)
    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="desk")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "role"], name="desk_once")]

    def __str__(self) -> str:
        return str(self.group)


class PreviewLink(models.Model):
    """A draft shown to whoever has the token, until it expires, is revoked, or the story is published.

    Only the token's hash is kept: who reads the table cannot read the drafts.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="preview_links")
    revision = models.ForeignKey(Revision, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"preview of page {self.page_id} until {self.expires_at:%Y-%m-%d %H:%M}"


class LanguageVersion(models.Model):
    """A story in one language: what it was made from, piece by piece, and what its desk has to look at.

    `pieces` maps each piece of the source to `[digest of the source, digest of the translation, state, key here]`;
    `changed` each piece that is out of date to `[since when, its kind, how many passages, the first one]`; `coming`
    lists those that a draft of the source would add to them; `urgent` the corrections elsewhere that nobody has
    answered here; `corrections` the own ones that were announced. Only translations have a source; the version that
    others were made from has none.
    """

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="language_version")
    story = models.UUIDField()
    source = models.ForeignKey(Page, null=True, blank=True, on_delete=models.SET_NULL, related_name="versions_made")
    is_translation = models.BooleanField(default=False)
    pieces = models.JSONField(default=dict)
    changed = models.JSONField(default=dict)
    changed_since = models.DateTimeField(null=True, blank=True)
    coming = models.JSONField(default=list)
    untranslated = models.PositiveIntegerField(default=0)
    machine_made = models.PositiveIntegerField(default=0)
    corrections = models.JSONField(default=list)
    urgent = models.JSONField(default=list)
    urgent_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["story"], name="version_story"),
            models.Index(
                fields=["changed_since"], condition=models.Q(changed_since__isnull=False), name="version_changed"
            ),
            models.Index(
                fields=["urgent_since"], condition=models.Q(urgent_since__isnull=False), name="version_urgent"
            ),
            # The board's rows are the stories' first versions: all pages but these.
            models.Index(fields=["page"], condition=models.Q(is_translation=True), name="version_translated"),
        ]

    def __str__(self) -> str:
        return f"version {self.page_id} of {self.story}"


class SourceText(models.Model):
    """What a piece said from which some language was made: its texts as `[path, text, is HTML]`."""

    story = models.UUIDField()
    digest = models.CharField(max_length=24)
    leaves = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["story", "digest"], name="source_text_once")]

    def __str__(self) -> str:
        return f"source {self.digest} of {self.story}"
