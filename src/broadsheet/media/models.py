"""Images with what a newsroom must know of them, and who uses which public picture."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class NewsImage(AbstractImage):
    """An image with its credit, licence and default alternative text; Wagtail keeps file and focal point."""

    alt_text = models.CharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("What the picture shows, for people who do not see it. A story may say it in its own language."),
    )
    credit = models.CharField(_("credit"), max_length=200, blank=True, help_text=_("Who made it, as it must be named."))
    licence = models.CharField(_("licence"), max_length=120, blank=True, help_text=_("For example CC BY 4.0."))
    licence_url = models.URLField(_("licence address"), blank=True)
    source_url = models.URLField(_("source address"), blank=True, max_length=500)

    admin_form_fields = (
        *Image.admin_form_fields,
        "alt_text",
        "credit",
        "licence",
        "licence_url",
        "source_url",
    )

    @property
    def default_alt_text(self) -> str:
        return self.alt_text or self.title

    def clean(self) -> None:
        super().clean()
        for name in ("licence_url", "source_url"):
            if getattr(self, name) and not getattr(self, name).lower().startswith(("http://", "https://")):
                raise ValidationError({name: _("The address must begin with http:// or https://.")})
        if self.licence and not self.credit:
            raise ValidationError({"credit": _("A licence asks for a credit: say who made the picture.")})

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_image", "Can choose image")]


class NewsRendition(AbstractRendition):
    """A size of an image made for the newsroom's own pages; readers never see these."""

    image = models.ForeignKey(NewsImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class PictureUse(models.Model):
    """`owner` (such as `article:12` or `author:3`) shows this image to readers; its public files must stay.

    `released_at` is set when the owner shows it no more; the row goes with its files a little later. `image` is empty
    when the original was deleted: the public files stay until the owner is published without it.
    """

    image = models.ForeignKey(NewsImage, null=True, on_delete=models.SET_NULL, related_name="uses")
    owner = models.CharField(max_length=64)
    files: Any = models.JSONField(default=list)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["image", "owner"], name="picture_use_once")]
        indexes = [
            models.Index(fields=["owner"]),
            models.Index("released_at", name="picture_released", condition=models.Q(released_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.owner} shows image {self.image_id}"
