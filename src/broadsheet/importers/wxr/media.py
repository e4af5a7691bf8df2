"""The archive's pictures: kept as references, and taken into the newsroom where their files are at hand."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.images.forms import get_image_form
from wagtail.models import Collection

from broadsheet.media.models import NewsImage

from .. import report
from ..models import MediaReference
from .archive import Archive
from .pictures import Attachment, MediaFolder, fingerprint

PICTURE_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif"}
PICTURE_TYPES |= {".webp": "image/webp", ".avif": "image/avif"}

LONGEST_URL = 2000
_FIELDS = ("url", "title", "caption", "alt_text", "credit")


class MediaShelf:
    """The pictures of one archive. `warn` hears which files were refused and why."""

    def __init__(
        self,
        archive: Archive,
        folder: Path | None,
        made: Counter[str],
        warn: Callable[[str], None],
        *,
        dry_run: bool,
    ) -> None:
        self._archive = archive
        self._folder = MediaFolder(folder) if folder else None
        self._made = made
        self._warn = warn
        self._dry_run = dry_run
        self._source = archive.site.name
        self._images: dict[str, int] = {}
        self._known: dict[str, tuple[str, ...]] = {
            reference.key: _stored(reference) for reference in MediaReference.objects.filter(source=self._source)
        }
        self._before = dict(self._known)
        self.find_file = cache(self._find_file)

    def _find_file(self, url: str) -> Path | None:
        """The picture file of an address, checked as an upload is; None where there is none that can be taken."""
        file = self._folder.find(url) if self._folder else None
        if file is None or file.suffix.lower() not in PICTURE_TYPES:
            return None
        reason = self._refusal(file)
        if reason:
            self._warn(f"the picture {file.name} was not taken: {reason}")
        return None if reason else file

    @staticmethod
    def _refusal(file: Path) -> str:
        form = _form(file, file.stem)
        if form.is_valid():
            return ""
        return " ".join(str(message) for messages in form.errors.values() for message in messages)

    def note(self, pictures: Iterable[Attachment]) -> None:
        """Keep where the pictures are and what is said of them."""
        for picture in pictures:
            known = self._archive.attachments.get(picture.id) or self._archive.attachment_at(picture.url) or picture
            self._note(known)

    def _note(self, picture: Attachment) -> None:
        if not _is_on_the_web(picture.url):
            return
        key, values = self._key(picture), _values(picture)
        if self._known.get(key) == values:
            return
        self._made["media_references"] += key not in self._known
        self._known[key] = values
        if not self._dry_run:
            MediaReference.objects.update_or_create(
                source=self._source, key=key, defaults=dict(zip(_FIELDS, values, strict=True))
            )

    def take_attachment(self, attachment: Attachment) -> str:
        """Keep an attachment of the file as a reference: its outcome, compared with what was known before this run."""
        if not _is_on_the_web(attachment.url):
            return report.SKIPPED
        self._note(attachment)
        before = self._before.get(self._key(attachment))
        if before is None:
            return report.TAKEN
        return report.UNCHANGED if before == _values(attachment) else report.UPDATED

    def forget(self) -> None:
        """Read again what is stored, after a transaction was rolled back."""
        if not self._dry_run:
            stored = MediaReference.objects.filter(source=self._source)
            self._known = {reference.key: _stored(reference) for reference in stored}
            self._images.clear()

    def _key(self, picture: Attachment) -> str:
        if picture.id:
            return f"attachment:{picture.id}"[:200]
        return f"url:{hashlib.sha256(picture.url.encode('utf-8', 'replace')).hexdigest()[:40]}"

    def take(self, file: Path, picture: Attachment) -> int:
        """The id of the image with this file's content: the newsroom's own, or made now."""
        content_hash = fingerprint(file)
        if content_hash not in self._images:
            same = NewsImage.objects.filter(file_hash=content_hash).order_by("pk").first()
            self._images[content_hash] = same.pk if same else self._make(file, content_hash, picture)
        image_id = self._images[content_hash]
        if not self._dry_run:
            known = self._archive.attachments.get(picture.id) or self._archive.attachment_at(picture.url) or picture
            MediaReference.objects.filter(source=self._source, key=self._key(known)).update(image_id=image_id)
        return image_id

    def _make(self, file: Path, content_hash: str, picture: Attachment) -> int:
        self._made["images"] += 1
        if self._dry_run:
            return 0
        known = self._archive.attachments.get(picture.id) or self._archive.attachment_at(picture.url) or picture
        # A name made from the content: a run that was killed before it could note the file writes the same one again.
        name = f"imported-{content_hash[:20]}{file.suffix.lower()}"
        stale = f"original_images/{name}"
        if default_storage.exists(stale) and not NewsImage.objects.filter(file=stale).exists():
            default_storage.delete(stale)
        form = _form(file, known.title or known.alt or file.stem, name)
        if not form.is_valid():
            raise ValueError(f"the picture {file.name} changed while it was read")
        image: NewsImage = form.save(commit=False)
        image.alt_text, image.credit, image.source_url = known.alt[:300], known.credit[:200], known.url[:500]
        image.save()
        return int(image.pk)


def _form(file: Path, title: str, name: str = "") -> Any:
    """Wagtail's own form for an upload: kind, size in bytes and in pixels are checked before anything is decoded."""
    form_class = get_image_form(NewsImage, fields=("title", "file", "collection"))
    upload = SimpleUploadedFile(name or file.name, file.read_bytes(), PICTURE_TYPES[file.suffix.lower()])
    root = Collection.get_first_root_node()
    data = {"title": title[:255] or "picture", "collection": root.pk if root else None}
    return form_class(data, {"file": upload})


def _is_on_the_web(url: str) -> bool:
    return url.startswith(("http://", "https://")) and len(url) <= LONGEST_URL


def _values(picture: Attachment) -> tuple[str, ...]:
    """What a reference says, in the order of `_FIELDS`."""
    return (picture.url, picture.title[:300], picture.caption, picture.alt[:300], picture.credit[:200])


def _stored(reference: MediaReference) -> tuple[str, ...]:
    return tuple(getattr(reference, name) for name in _FIELDS)
