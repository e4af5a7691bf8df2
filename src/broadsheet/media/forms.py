"""The form for images: the file is looked at before Wagtail decodes it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.utils.translation import gettext_lazy as _
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from . import uploads
from .errors import UploadRefused


class NewsImageField(WagtailImageField):
    """A picture that `uploads.inspect` takes, turned upright."""

    def to_python(self, data: Any) -> Any:
        if data in self.empty_values or not hasattr(data, "read"):
            return super().to_python(data)
        config = settings.CONFIG
        try:
            found = uploads.inspect(
                data,
                data.name or "",
                limit_bytes=config.upload_limit_mb * 1024 * 1024,
                limit_pixels=config.image_limit_megapixels * 1_000_000,
            )
        except UploadRefused as error:
            raise ValidationError(str(error), code="invalid_image") from error
        turned = uploads.upright(data, found)
        if turned is not None:
            size = turned.getbuffer().nbytes
            data = InMemoryUploadedFile(turned, data.field_name, data.name, data.content_type, size, None)
        return super().to_python(data)


class NewsImageForm(BaseImageForm):
    """The form of every way to upload: the library, several at once, the chooser."""

    file = NewsImageField(label=_("File"), widget=BaseImageForm.Meta.widgets["file"])
    licence_url = forms.URLField(label=_("Licence address"), required=False, max_length=200, assume_scheme="https")
    source_url = forms.URLField(label=_("Source address"), required=False, max_length=500, assume_scheme="https")

    class Meta(BaseImageForm.Meta):
        widgets = {**BaseImageForm.Meta.widgets, "alt_text": forms.TextInput()}
