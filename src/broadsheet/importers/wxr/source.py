"""Opens an export: a plain or gzipped file, decoded piece by piece, within bounds."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from ..errors import SourceMissing, SourceUnreadable

BLOCK_BYTES = 1 << 18
LARGEST_BYTES = 16 << 30
# XML shrinks to a tenth or so; what grows two hundred times is a bomb. Small files may grow more.
LARGEST_RATIO = 200
RATIO_FROM_BYTES = 8 << 20
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_LEGACY = re.compile(
    "iso-8859-(?:[1-9]|1[0-6])|windows-125[0-8]|koi8-[ru]|gb2312|gbk|gb18030|big5|euc-(?:jp|kr)|shift_jis"
)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UNDECODED = re.compile("[\udc80-\udcff]+")


def check(path: Path) -> None:
    """Raises SourceMissing where nothing can be read."""
    if not path.is_file():
        raise SourceMissing(f"{path}: there is no such file")
    try:
        path.open("rb").close()
    except OSError as error:
        raise SourceMissing(f"{path} cannot be read: {error.strerror or error}") from error


def read_text(path: Path, on_bytes: Callable[[int], None] = lambda done: None) -> Iterator[str]:
    """The file's text in pieces; `on_bytes` hears how many bytes of the file itself were read.

    Bytes that do not fit the encoding come as lone surrogates, see `repair`. Raises SourceMissing, SourceUnreadable.
    """
    try:
        with path.open("rb") as file:
            yield from _decode(_blocks(file, path, on_bytes))
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise SourceUnreadable(f"{path.name} is a damaged gzip file") from error
    except OSError as error:
        raise SourceMissing(f"{path} cannot be read: {error.strerror or error}") from error


def repair(text: str) -> str:
    """Bytes that did not fit the file's encoding, read as Windows-1252, the usual stray one."""
    return _UNDECODED.sub(_as_windows, text)


def is_damaged(text: str) -> bool:
    """The text holds bytes that did not fit the file's encoding."""
    return _UNDECODED.search(text) is not None


def _as_windows(found: re.Match[str]) -> str:
    return found[0].encode("ascii", "surrogateescape").decode("cp1252", "replace")


def _blocks(file: IO[bytes], path: Path, on_bytes: Callable[[int], None]) -> Iterator[bytes]:
    size = path.stat().st_size
    is_gzip = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    reader: IO[bytes] = gzip.GzipFile(fileobj=file) if is_gzip else file  # type: ignore[assignment]
    read = 0
    while block := reader.read(BLOCK_BYTES):
        read += len(block)
        if read > LARGEST_BYTES or (is_gzip and read > max(RATIO_FROM_BYTES, size * LARGEST_RATIO)):
            raise SourceUnreadable(f"{path.name} grows out of all proportion when it is unpacked: refused")
        yield block
        on_bytes(file.tell())


def _decode(blocks: Iterator[bytes]) -> Iterator[str]:
    decoder: codecs.IncrementalDecoder | None = None
    for block in blocks:
        if decoder is None:
            encoding, skip = _encoding(block)
            decoder = codecs.getincrementaldecoder(encoding)(
                "replace" if encoding.startswith("utf-16") else "surrogateescape"
            )
            block = block[skip:]
        if text := decoder.decode(block):
            yield text
    if decoder is not None and (rest := decoder.decode(b"", True)):
        yield rest


def _encoding(head: bytes) -> tuple[str, int]:
    """The encoding that a byte order mark or the XML declaration names, and the mark's length."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding, len(mark)
    found = _ENCODING.match(head[:400])
    name = found[1].decode("ascii").lower() if found else "utf-8"
    return (name if _LEGACY.fullmatch(name) else "utf-8"), 0
