"""The pictures of an archive: where a file of an old address lies in the given folder, and whether it can be taken."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

_SIZED = re.compile(r"-\d{1,5}x\d{1,5}(?=\.\w{1,5}$)|-scaled(?=\.\w{1,5}$)")
_UPLOADS = "wp-content/uploads/"


@dataclass(frozen=True)
class Attachment:
    """An attachment of the export: address, words, the post it belongs to."""

    id: str
    url: str
    title: str = ""
    caption: str = ""
    alt: str = ""
    credit: str = ""
    parent: str = ""


def without_size(url: str) -> str:
    """The address of the original: without the size that WordPress puts into the names of its copies."""
    return _SIZED.sub("", url)


def file_name(url: str) -> str:
    """The last part of an address, to be read by people."""
    return unquote(urlsplit(url).path.rsplit("/", 1)[-1])


class MediaFolder:
    """A folder with the old site's uploads: `wp-content/uploads`, or a folder that holds it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    @cached_property
    def _roots(self) -> list[Path]:
        candidates = [self._folder / _UPLOADS, self._folder / "uploads", self._folder]
        return [root for root in candidates if root.is_dir()]

    def find(self, url: str) -> Path | None:
        """The file of this address, the original rather than a copy; nothing outside the folder."""
        try:
            path = unquote(urlsplit(url).path)
        except ValueError:
            return None
        if _UPLOADS not in path or "\0" in path:
            return None
        below = path.split(_UPLOADS, 1)[1]
        for name in dict.fromkeys([without_size(below), below]):
            for root in self._roots:
                file = root / name
                if self._is_inside(file):
                    return file
        return None

    def _is_inside(self, file: Path) -> bool:
        try:
            return file.is_file() and file.resolve().is_relative_to(self._folder)
        except (OSError, ValueError):
            return False


def fingerprint(path: Path) -> str:
    """The SHA-1 of a file, as Wagtail keeps it of images."""
    return hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest()
