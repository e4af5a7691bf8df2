"""Logos on the readers' site: one file each, uncropped, transparent where the original is."""

from __future__ import annotations

import io
from pathlib import Path

from django.conf import settings
from PIL import Image

from .errors import PictureUnavailable
from .models import NewsImage, PictureUse
from .pictures import PictureFile
from .publishing import name_stem, take_up, write_whole
from .uploads import FORMATS

# Twice what the widest page shows.
HEIGHT = 144


def publish_logo(image: NewsImage, owner: str) -> PictureFile:
    """Put the logo into the public folder for `owner`. Raises PictureUnavailable when it cannot be read or written."""
    file = _file(image)
    path = Path(settings.PUBLIC_ROOT) / Path(file.url).name
    try:
        if not take_up(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, _encode(image, file))
    except (OSError, ValueError, SyntaxError) as error:
        raise PictureUnavailable(f"the logo {image.title!r} ({image.pk}) cannot be made ready: {error}") from error
    facts = {"files": [path.name], "released_at": None}
    PictureUse.objects.update_or_create(image=image, owner=owner, defaults=facts)
    return file


def find_logo(image: NewsImage) -> PictureFile | None:
    """The logo as `publish_logo` made it public; None where it did not. Makes no file."""
    file = _file(image)
    return file if (Path(settings.PUBLIC_ROOT) / Path(file.url).name).exists() else None


def _file(image: NewsImage) -> PictureFile:
    height = min(HEIGHT, image.height)
    width = max(1, round(image.width * height / image.height))
    return PictureFile(f"{settings.PUBLIC_URL}{name_stem(image)}-logo-{width}x{height}.webp", width, height)


def _encode(image: NewsImage, file: PictureFile) -> bytes:
    with image.open_file() as stored:
        opened = Image.open(io.BytesIO(stored.read()), formats=FORMATS)
        opened.load()
    out = io.BytesIO()
    logo = opened.convert("RGBA").resize((file.width, file.height), Image.Resampling.LANCZOS)
    logo.save(out, "WEBP", lossless=True)
    return out.getvalue()
