"""Gives public pictures from a folder: whole or in part, read away from the loop, so that a slow disk harms no page."""

from __future__ import annotations

import asyncio
import os
import re
import stat
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from . import limits
from .answers import Answer, OwnAnswers, make_head
from .ranges import Part, RangeUnsatisfiable, choose_part

PREFIX = "/pictures/"
PICTURE_TYPES = {
    "webp": "image/webp",
    "avif": "image/avif",
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
}
TAG_KIND = "picture"
# The name is made from the content.
FOREVER = "public, max-age=31536000, immutable"
_NAME = re.compile(r"[0-9a-z][0-9a-z-]{0,120}\.(webp|avif|jpg|png|gif)")
_THREADS = 4

# Descriptor, size and the beginning of a file.
Opened = tuple[int, int, bytes]


@dataclass(slots=True)
class OpenFile:
    """What is still to be sent of a file; `close` must be called."""

    descriptor: int
    offset: int
    remaining: int
    pool: ThreadPoolExecutor

    async def read(self) -> bytes:
        """The next piece; empty at the end, or where the file has become shorter."""
        size = min(self.remaining, limits.FILE_PIECE_BYTES)
        if not size:
            return b""
        loop = asyncio.get_running_loop()
        piece = await loop.run_in_executor(self.pool, os.pread, self.descriptor, size, self.offset)
        self.offset += len(piece)
        self.remaining -= len(piece)
        return piece

    def close(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


class Pictures:
    """The pictures of one folder, by name."""

    def __init__(self, directory: str, own: OwnAnswers) -> None:
        self.directory = directory
        self.own = own
        self.pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="files")

    async def answer(
        self, raw_path: str, *, known_tags: str | None, wanted: str | None, if_range: str | None
    ) -> Answer:
        """The picture at the path as it was sent: 200, 206, 304, 404 or 416."""
        name = raw_path.removeprefix(PREFIX)
        match = _NAME.fullmatch(name)
        found = await self._open(name) if match else None
        if match is None or found is None:
            return self.own.plain(404, "Not found")
        descriptor, size, first_piece = found
        tag = f'"{name[-60:]}-{size:x}"'
        if known_tags is not None and has_tag(known_tags, tag):
            os.close(descriptor)
            return Answer(304, self._head(304, tag, *tag_headers(name)), source="file")
        try:
            part = choose_part(wanted, size) if if_range is None or if_range == tag else None
        except RangeUnsatisfiable:
            os.close(descriptor)
            refusal = make_head(
                416, (("Content-Range", f"bytes */{size}"), ("Content-Length", "0"), *self.own.security)
            )
            return Answer(416, refusal, source="file")
        about = (("Content-Type", PICTURE_TYPES[match[1]]), *tag_headers(name))
        return self._reply(OpenFile(descriptor, 0, size, self.pool), first_piece, part, tag, about)

    async def _open(self, name: str) -> Opened | None:
        opening = asyncio.get_running_loop().run_in_executor(self.pool, _open, os.path.join(self.directory, name))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            # The client has gone while the disk was asked: nobody else would close the file.
            opening.add_done_callback(_close_unwanted)
            raise

    def close(self) -> None:
        self.pool.shutdown(wait=False, cancel_futures=True)

    def _reply(
        self, file: OpenFile, first_piece: bytes, part: Part | None, tag: str, about: Iterable[tuple[str, str]]
    ) -> Answer:
        size = file.remaining
        headers = [*about, ("Accept-Ranges", "bytes")]
        if part is not None:
            headers.append(("Content-Range", f"bytes {part.first}-{part.last}/{size}"))
        status, chosen = (200, Part(0, size - 1)) if part is None else (206, part)
        headers.append(("Content-Length", str(chosen.size)))
        body = first_piece[chosen.first : chosen.last + 1]
        file.offset, file.remaining = chosen.first + len(body), chosen.size - len(body)
        answer = Answer(status, self._head(status, tag, *headers), body, source="file", file=file)
        if not file.remaining:
            file.close()
            answer.file = None
        return answer

    def _head(self, status: int, tag: str, *headers: tuple[str, str]) -> bytes:
        return make_head(status, (*headers, ("ETag", tag), ("Cache-Control", FOREVER), *self.own.security))


def tag_of(name: str) -> str:
    """The tag of a picture's file, by its name or the beginning of it: all sizes of a picture have the same one."""
    return f"{TAG_KIND}:{re.split('[-.]', name, maxsplit=1)[0]}"


def tag_headers(name: str) -> tuple[tuple[str, str], ...]:
    """For caches in front that are purged by tags: they alone can be told that a picture was withdrawn."""
    return ("Surrogate-Key", tag_of(name)), ("Cache-Tag", tag_of(name))


def has_tag(known: str, tag: str) -> bool:
    """Whether If-None-Match names the tag (RFC 9110, section 13.1.2): it compares weakly, and `*` is any."""
    return known.strip() == "*" or tag in re.findall(r'"[^"]*"', known)


def _open(path: str) -> Opened | None:
    """The file at the path; None: there is none that anybody may read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        about = os.fstat(descriptor)
        if stat.S_ISREG(about.st_mode):
            return descriptor, about.st_size, os.pread(descriptor, limits.FILE_PIECE_BYTES, 0)
    except OSError:
        pass
    os.close(descriptor)
    return None


def _close_unwanted(opening: asyncio.Future[Opened | None]) -> None:
    if not opening.cancelled() and opening.exception() is None and (opened := opening.result()) is not None:
        os.close(opened[0])
