"""Files for translation agencies, out and in: XLIFF 2.1 and GNU PO.

Main path: `write(job, "xliff")` -> the agency -> `receive(data, job)`, which reads the file (`xliff.read`, `po.read`),
holds it against the story as it is today (`returned.merge`) and gives the job with the translations that may be taken
and, in `problems`, what a person must be told. `inline` puts codes in place of tags, `safe_xml` parses what was sent.

Nothing is kept here, and nothing fetched. It owns no tables and may import `translations` alone. Its tests:
`pytest tests/translations/exchange`. Mistakes made here: to take a job from `read`, which believes the file, where
`receive` is meant; and to build HTML from a file's `originalData` without holding its tags against the story's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ..units import TranslationJob
from . import po, returned, xliff


@dataclass(frozen=True)
class FileFormat:
    """A kind of file: how it is called, and who writes it."""

    suffix: str
    content_type: str
    write: Callable[[TranslationJob], bytes]


FORMATS = {
    "xliff": FileFormat(".xlf", "application/xliff+xml", xliff.write),
    "po": FileFormat(".po", "text/x-gettext-translation; charset=utf-8", po.write),
}


def write(job: TranslationJob, format: str) -> bytes:
    """The job as a file of this format, one of FORMATS. Raises JobUnwritable."""
    return FORMATS[format].write(job)


def file_name(job: TranslationJob, format: str) -> str:
    """A name for the file, such as `1b3f….en-az.xlf`: letters, digits, dots and hyphens."""
    story = re.sub(r"[^A-Za-z0-9-]+", "", job.story)[:60] or "story"
    return f"{story}.{job.source_language}-{job.target_language}{FORMATS[format].suffix}"


def read(data: bytes) -> TranslationJob:
    """The job that a file of either format holds, as the file has it. Raises FileRefused."""
    is_xml = data[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<")
    return xliff.read(data) if is_xml else po.read(data)


def receive(data: bytes, sent: TranslationJob) -> TranslationJob:
    """The story's job `sent`, as it is today, with the translations of the file; `problems` says what was not taken.

    Raises FileRefused, of it OtherStory and OtherLanguages; then nothing is taken.
    """
    return returned.merge(read(data), sent)
