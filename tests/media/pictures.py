"""Pictures made for tests: sound ones with what cameras write into them, and hostile ones."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def make(format_: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 90 if mode in {"L", "P"} else (90, 120, 30, 128)[: len(mode)]).save(out, format_, **options)
    return out.getvalue()


def make_photo(orientation: int = 1) -> bytes:
    """A JPEG with a place, a serial number and a comment in it."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0xA431] = "SERIAL-12345"
    exif[0x8825] = {1: "N", 2: (40.0, 22.0, 0.0), 3: "E", 4: (49.0, 53.0, 0.0)}
    return make(size=(1600, 800), exif=exif, comment=b"SECRET-COMMENT")


def upload(content: bytes, name: str = "harbour.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def png(width: int, height: int, extra: bytes = b"", pixels: bytes = b"\0\0") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def gif(frames: int, width: int = 1, height: int = 1) -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"!\xf9\x04\0\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0"
    return head + frame * frames + b";"


HOSTILE = {
    "bomb-in-header.png": png(65_000, 65_000),
    "bomb.gif": gif(1, 65_535, 65_535),
    "text-bomb.png": png(1, 1, chunk(b"zTXt", b"a\0\0" + zlib.compress(b"A" * (64 << 20), 9))),
    "animation.gif": gif(100_000),
    "page.jpg": b"<html><script>alert(1)</script>",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "drawing.png": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "polyglot.gif": b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(document.domain)//;",
    "cut.jpg": make(size=(800, 800))[:-200],
    "cut.png": png(400, 400, pixels=b"\0" * 401 * 400)[:-30],
    "cut.gif": gif(1)[:20],
    "cut.webp": make("WEBP", (800, 800))[:-40],
    "empty.jpg": b"",
    "head-alone.jpg": b"\xff\xd8\xff\xe0",
    "wrong-name.png": make("JPEG"),
    "wrong-suffix.exe": make("JPEG"),
    "old.tiff": make("TIFF"),
    "big.jpg": make() + b"\0" * (21 << 20),
}
