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
