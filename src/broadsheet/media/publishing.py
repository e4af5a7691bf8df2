"""Makes the sizes that readers get, puts them into the public folder, takes them away when nobody shows them."""

from __future__ import annotations

import errno
import hashlib
import io
import logging
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from broadsheet.events import PicturesWithdrawn
from broadsheet.outbox import services as outbox

from . import rights
from .errors import PictureUnavailable
from .models import NewsImage, PictureUse
from .pictures import Picture, PictureFile
from .uploads import FORMATS

logger = logging.getLogger(__name__)

CROP_WIDTHS = (240, 480, 720, 1080, 1440)
FULL_WIDTHS = (480, 800, 1200, 1600)
SHARE_SIZES = {"1.91:1": (1200, 630), "16:9": (1200, 675), "4:3": (1200, 900), "1:1": (1200, 1200)}
WEBP_QUALITY = 72
JPEG_QUALITY = 80
# No publish takes longer; files younger than this may belong to one that is not committed.
IN_PROGRESS = timedelta(minutes=1)
BATCH = 500


@dataclass(frozen=True)
class _Size:
    kind: str  # crop, full or the share aspect
    width: int
    height: int


def publish_picture(image: NewsImage, owner: str, *, alt: str = "", caption: str = "") -> Picture:
    """Put the image's sizes into the public folder for `owner` and describe them.

    Files that are there already are not made again: their names come from the original's hash and the focal point.
    Raises PictureUnavailable when the original is gone or unreadable, or the disk is full.
    """
    try:
        made = _publish_files(image)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        logger.warning("image %s cannot be published: %r", image.pk, error)
        raise PictureUnavailable(_explain(image, error)) from error
    names = [Path(file.url).name for _kind, file in made]
    _release_superseded(image, owner, names)
    PictureUse.objects.update_or_create(image=image, owner=owner, defaults={"files": names, "released_at": None})
    return _describe(image, made, alt=alt, caption=caption)


def find_picture(image: NewsImage) -> Picture | None:
    """The picture as `publish_picture` made it public; None where it did not. Makes no file."""
    stem = name_stem(image)
    made = [(size.kind, _file(stem, size)) for size in _sizes(image)]
    is_public = all((Path(settings.PUBLIC_ROOT) / Path(file.url).name).exists() for _kind, file in made)
    return _describe(image, made) if is_public else None


def _describe(image: NewsImage, made: list[tuple[str, PictureFile]], *, alt: str = "", caption: str = "") -> Picture:
    return Picture(
        image_id=image.pk,
        alt=alt or image.default_alt_text,
        credit=image.credit,
        licence=image.licence,
        licence_url=image.licence_url,
        caption=caption,
        crops=tuple(file for kind, file in made if kind == "crop"),
        full=tuple(file for kind, file in made if kind == "full"),
        share={kind: file for kind, file in made if kind in SHARE_SIZES},
    )


def _release_superseded(image: NewsImage, owner: str, names: list[str]) -> None:
    """Credit, crop or original changed and with them the files' names: the old ones are to go."""
    before = PictureUse.objects.filter(image=image, owner=owner).first()
    old = [name for name in before.files if name not in names] if before else []
    if old:
        facts = {"files": old, "released_at": timezone.now()}
        PictureUse.objects.update_or_create(image=image, owner=f"superseded:{old[0].split('-')[0]}", defaults=facts)


def prepare_pictures(images: Iterable[NewsImage], report: Callable[[int, int], None]) -> None:
    """Make the public sizes of many images at once, on all cores; publishing them later only names the files."""
    waiting = list(images)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for done, _made in enumerate(pool.map(_publish_files, waiting), 1):
            report(done, len(waiting))


def release(owner: str, keep: set[int] | None = None) -> None:
    """`owner` shows none of its pictures any more, but for those whose image ids are in `keep`."""
    shown = PictureUse.objects.filter(owner=owner, released_at=None)
    shown.exclude(image_id__in=keep or ()).update(released_at=timezone.now())


def withdraw_unused(now: datetime | None = None) -> int:
    """Delete the public files of released pictures that no owner shows; the number of files deleted.

    Files that were written or taken up less than `IN_PROGRESS` ago may belong to a publish that is not committed yet:
    they and their row wait for the next turn of the relay.
    """
    now = now or timezone.now()
    deleted = 0
    for use in PictureUse.objects.filter(released_at__isnull=False).order_by("released_at")[:BATCH]:
        gone, waiting, names = _withdraw(use, now)
        deleted += gone
        if not waiting:
            with transaction.atomic():
                forgotten, _rows = PictureUse.objects.filter(pk=use.pk, released_at__isnull=False).delete()
                # Told with the row's end, not with each file's: who is killed in between comes here again.
                if forgotten:
                    _tell_withdrawn(names)
    return deleted


def sweep(before: datetime) -> int:
    """Delete public files that no row knows of and that are older than `before`; the number deleted. For a command."""
    known = {name for files in PictureUse.objects.values_list("files", flat=True) for name in files}
    old = [path for path in Path(settings.PUBLIC_ROOT).glob("*.*") if path.name not in known]
    gone = [path for path in old if path.stat().st_mtime < before.timestamp()]
    for path in gone:
        path.unlink(missing_ok=True)
    _tell_withdrawn(path.name for path in gone)
    return len(gone)


def _tell_withdrawn(names: Iterable[str]) -> None:
    """Caches in front have the files still."""
    stems = tuple(sorted({name.split("-")[0] for name in names}))
    if stems:
        outbox.record(PicturesWithdrawn(stems))


def _withdraw(use: PictureUse, now: datetime) -> tuple[int, bool, list[str]]:
    """How many of the row's files were deleted, whether some must wait, and the names of all that nobody shows."""
    others = PictureUse.objects.filter(image_id=use.image_id, released_at=None).exclude(pk=use.pk)
    kept = {name for files in others.values_list("files", flat=True) for name in files}
    unused = [name for name in use.files if name not in kept]
    deleted, waiting = 0, False
    for path in (Path(settings.PUBLIC_ROOT) / name for name in unused):
        try:
            if path.stat().st_mtime > (now - IN_PROGRESS).timestamp():
                waiting = True
                continue
            path.unlink()
            deleted += 1
        except FileNotFoundError:
            continue
    return deleted, waiting, unused


def _explain(image: NewsImage, error: Exception) -> str:
    named = {"title": image.title, "id": image.pk}
    if isinstance(error, FileNotFoundError):
        return (
            _("The original of the picture “%(title)s” (%(id)s) is missing: choose another or upload it again.") % named
        )
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _("The disk is full: the picture “%(title)s” (%(id)s) could not be made ready.") % named
    return _("The picture “%(title)s” (%(id)s) cannot be read: choose another or upload it again.") % named


def _publish_files(image: NewsImage) -> list[tuple[str, PictureFile]]:
    stem = name_stem(image)
    folder = Path(settings.PUBLIC_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    original: Image.Image | None = None
    made = []
    for size in _sizes(image):
        file = _file(stem, size)
        path = folder / Path(file.url).name
        if not take_up(path):
            original = original or _open(image)
            write_whole(path, _encode(_fit(original, image, size), path.suffix, rights.describe(image)))
        made.append((size.kind, file))
    return made


def _file(stem: str, size: _Size) -> PictureFile:
    suffix = "jpg" if size.kind in SHARE_SIZES else "webp"
    return PictureFile(f"{settings.PUBLIC_URL}{stem}-{size.width}x{size.height}.{suffix}", size.width, size.height)


def take_up(path: Path) -> bool:
    """Whether the file is there already; it then counts as new, so that nobody withdraws it meanwhile."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def name_stem(image: NewsImage) -> str:
    """The beginning of the names of the image's public files: another original, crop or right, another name."""
    focal = (image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height)
    if not image.file_hash:
        image._set_file_hash()
    facts = (image.file_hash, focal, image.credit, image.licence, image.licence_url, image.source_url)
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:20]


def _sizes(image: NewsImage) -> list[_Size]:
    """Widths that the original can fill; always at least the narrowest."""
    widest_crop = int(min(image.width, image.height * 1.5))
    crops = [w for w in CROP_WIDTHS if w <= widest_crop] or [max(1, widest_crop)]
    fulls = [w for w in FULL_WIDTHS if w <= image.width] or [image.width]
    sizes = [_Size("crop", w, max(1, round(w / 1.5))) for w in crops]
    sizes += [_Size("full", w, max(1, round(w * image.height / image.width))) for w in fulls]
    for kind, (width, height) in SHARE_SIZES.items():
        scale = min(1.0, image.width / width, image.height / height)
        sizes.append(_Size(kind, max(1, round(width * scale)), max(1, round(height * scale))))
    return sizes


def _open(image: NewsImage) -> Image.Image:
    """The original, upright, in RGB, at no more than the size that the largest public file needs."""
    with image.open_file() as file:
        content = io.BytesIO(file.read())
    opened = Image.open(content, formats=FORMATS)
    if opened.width * opened.height > settings.CONFIG.image_limit_megapixels * 1_000_000:
        raise ValueError("more pixels than are decoded")
    opened.draft("RGB", (2 * max(FULL_WIDTHS), 2 * max(FULL_WIDTHS)))
    opened.load()
    return _on_white(ImageOps.exif_transpose(opened))


def _on_white(picture: Image.Image) -> Image.Image:
    """Without transparency, which JPEG has not, and without anything the camera wrote."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered)
    picture = picture.convert("RGB")
    picture.info = {}
    return picture


def _fit(original: Image.Image, image: NewsImage, size: _Size) -> Image.Image:
    """Crop to the size's shape round the focal point, then scale."""
    width, height = original.size
    scale = width / image.width
    shape = size.width / size.height
    crop_w, crop_h = (width, width / shape) if width / height < shape else (height * shape, height)
    focal_x = image.focal_point_x * scale if image.focal_point_x is not None else width / 2
    focal_y = image.focal_point_y * scale if image.focal_point_y is not None else height / 2
    left = min(max(0.0, focal_x - crop_w / 2), width - crop_w)
    top = min(max(0.0, focal_y - crop_h / 2), height - crop_h)
    box = (left, top, left + crop_w, top + crop_h)
    return original.resize((size.width, size.height), Image.Resampling.LANCZOS, box=box)


def _encode(picture: Image.Image, suffix: str, xmp: bytes) -> bytes:
    out = io.BytesIO()
    if suffix == ".webp":
        picture.save(out, "WEBP", quality=WEBP_QUALITY, method=4, xmp=xmp)
    else:
        picture.save(out, "JPEG", quality=JPEG_QUALITY, progressive=True, optimize=True, xmp=xmp)
    return out.getvalue()


def write_whole(path: Path, content: bytes) -> None:
    """Whole or not at all: a reader never gets half a file, and a full disk leaves no half behind."""
    part = path.with_suffix(f"{path.suffix}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
