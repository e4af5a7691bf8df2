"""Looks at an uploaded picture before anything decodes it: its size, real format, pixels and frames.

The order matters: each check costs less than what a file that fails it could do to the next one.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from .errors import UploadRefused

MOST_FRAMES = 200
# Up to here a picture is decoded whole to see that it is sound; above, its structure and a reduced copy must do.
DECODED_PIXELS = 24_000_000
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
SUFFIXES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP", "avif": "AVIF"}


@dataclass(frozen=True)
class Inspected:
    """What was found: the real format, the size in pixels, the EXIF orientation (1: upright)."""

    format: str
    width: int
    height: int
    orientation: int


def inspect(file: IO[bytes], name: str, *, limit_bytes: int, limit_pixels: int) -> Inspected:
    """What the picture is. Raises UploadRefused for what we do not take; the file is left at its beginning."""
    try:
        return _inspect(file, name, limit_bytes, limit_pixels)
    finally:
        file.seek(0)


def upright(file: IO[bytes], found: Inspected) -> io.BytesIO | None:
    """The picture turned as its camera says, so that sizes and focal points agree; None: it is upright."""
    if found.orientation == 1 or found.format not in {"JPEG", "WEBP", "PNG"}:
        return None
    out = io.BytesIO()
    with Image.open(file) as opened:
        turned = ImageOps.exif_transpose(opened)
        options = {"quality": 95} if found.format in {"JPEG", "WEBP"} else {}
        turned.save(out, found.format, exif=turned.getexif(), **options)
    file.seek(0)
    out.seek(0)
    return out


def _inspect(file: IO[bytes], name: str, limit_bytes: int, limit_pixels: int) -> Inspected:
    size = file.seek(0, io.SEEK_END)
    if size > limit_bytes:
        raise UploadRefused(_("The file is larger than %(limit)s MiB.") % {"limit": limit_bytes // 1024 // 1024})
    file.seek(0)
    format_ = sniff(file.read(32))
    if format_ is None or SUFFIXES.get(name.rpartition(".")[2].lower()) != format_:
        raise UploadRefused(_("This is not a JPEG, PNG, GIF, WebP or AVIF picture, or its name says something else."))
    file.seek(0)
    if format_ == "GIF" and count_gif_frames(file.read()) > MOST_FRAMES:
        raise UploadRefused(_("An animation may have %(most)s frames at most.") % {"most": MOST_FRAMES})
    file.seek(0)
    try:
        return _open(file, format_, limit_pixels)
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, IndexError, OverflowError) as error:
        raise UploadRefused(_("The picture is damaged or incomplete.")) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UploadRefused(_too_many(limit_pixels)) from error


def _open(file: IO[bytes], format_: str, limit_pixels: int) -> Inspected:
    with Image.open(file, formats=[format_]) as opened:
        width, height = opened.size
        if width * height > limit_pixels:
            raise UploadRefused(_too_many(limit_pixels))
        if getattr(opened, "n_frames", 1) > MOST_FRAMES:
            raise UploadRefused(_("An animation may have %(most)s frames at most.") % {"most": MOST_FRAMES})
        orientation = opened.getexif().get(0x0112, 1)
        _try_decoding(opened, format_, width * height)
    return Inspected(format_, width, height, orientation if orientation in range(1, 9) else 1)


def _try_decoding(opened: Image.Image, format_: str, pixels: int) -> None:
    if format_ == "JPEG":
        opened.draft("RGB", (512, 512))
        opened.load()
    elif pixels <= DECODED_PIXELS:
        opened.load()
    else:
        opened.verify()


def _too_many(limit_pixels: int) -> str:
    return _("The picture has more than %(limit)s million pixels.") % {"limit": limit_pixels // 1_000_000}


def sniff(head: bytes) -> str | None:
    """The format that the first bytes belong to, whatever the file is called; None: none that we take."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:6] in {b"GIF87a", b"GIF89a"}:
        return "GIF"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp" and head[8:12] in {b"avif", b"avis"}:
        return "AVIF"
    return None


def count_gif_frames(content: bytes) -> int:
    """The number of frames, counted from the blocks alone; counting stops beyond what is allowed. 0: not a GIF."""
    try:
        return _walk_gif(content)
    except IndexError:
        return 0


def _walk_gif(content: bytes) -> int:
    position, frames = 13 + _table_size(content[10]), 0
    while frames <= MOST_FRAMES and position < len(content) and content[position] != 0x3B:
        if content[position] == 0x2C:
            frames += 1
            position += 11 + _table_size(content[position + 9])
        else:
            position += 2
        while content[position]:
            position += content[position] + 1
        position += 1
    return frames


def _table_size(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0
