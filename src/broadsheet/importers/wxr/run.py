"""One import from beginning to end."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from broadsheet.events import AddressesRetired
from broadsheet.outbox import services as outbox

from .. import report as outcomes
from ..errors import ImportersError
from ..models import ImportRun
from ..report import Account, Report, printable
from . import archives, languages
from .archive import Archive, attachment_of, item_key, scan
from .catalogue import Catalogue
from .load import Loader
from .map import Mapping, content_hash, is_public, map_item, skip_reason
from .media import MediaShelf
from .parse import Export
from .records import ItemRecord
from .redirects import Redirects

logger = logging.getLogger(__name__)
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Options:
    """How an export is taken.

    `section`: slug or title of the section for stories without a category (none: "News"). `language`: where stories go
    that name no language themselves (none: the file's own). `media`: a folder with the old site's uploads.
    """

    section: str | None = None
    language: str | None = None
    dry_run: bool = False
    media: Path | None = None


def run(path: Path, options: Options, progress: Progress = lambda done, total: None) -> Report:
    """Take the export at `path`; `progress` hears bytes done of all bytes, the file counted twice and the links once.

    Raises ImportersError with one sentence for a file that cannot be read at all, or a site that cannot take it.
    """
    started = time.monotonic()
    report = Report(file=Path(path).name, dry_run=options.dry_run)
    _Run(Path(path), options, report, progress).go()
    report.seconds = time.monotonic() - started
    return report


class _Run:
    """The parts of one import and the order in which they work."""

    def __init__(self, path: Path, options: Options, report: Report, progress: Progress) -> None:
        self._export = Export(path)
        self._size = max(1, path.stat().st_size)
        self._options = options
        self._report = report
        self._progress = progress
        self._now = timezone.now()
        self._zone = settings.CONFIG.zone
        self._seen: dict[str, int] = {}

    def go(self) -> None:
        archive = scan(self._export, partial(is_public, now=self._now, zone=self._zone), self._step(0))
        self._prepare(archive)
        log = self._begin_log(archive)
        for record in self._export.records(self._step(1)):
            if isinstance(record, ItemRecord):
                self._take(record)
        self._finish(archive)
        self._progress(3 * self._size, 3 * self._size)
        if log is not None:
            log.finished_at, log.report = timezone.now(), self._report.to_json()
            log.save()

    def _step(self, number: int) -> Callable[[int], None]:
        return lambda done: self._progress(min(self._size, done) + number * self._size, 3 * self._size)

    def _prepare(self, archive: Archive) -> None:
        options, report = self._options, self._report
        chosen = languages.choose(archive, options.language or "", settings.CONFIG.languages)
        site = archive.site
        report.site = {"title": site.title, "address": site.address, "version": site.version, "language": site.language}
        if chosen.warning:
            report.warn(chosen.warning)
        for problem in archive.problems:
            report.warn(problem)
        if not site.version:
            report.warn("the file does not say which version of the format it has: read as 1.2")
        self._archive = archive
        self._catalogue = Catalogue(archive, options.section or "", report.made, dry_run=options.dry_run)
        for language in {chosen.default, *chosen.known.values()}:
            self._catalogue.front(language)
        self._media = MediaShelf(archive, options.media, report.made, report.warn, dry_run=options.dry_run)
        self._mapping = Mapping(archive, chosen, self._zone, self._now, self._media.find_file)
        self._redirects = Redirects()
        self._loader = Loader(
            archive, self._catalogue, self._media, self._redirects, report.made, dry_run=options.dry_run
        )
        self._take_authors(chosen.default)

    def _take_authors(self, language: str) -> None:
        """People whom the file describes, whether they wrote something in it or not."""
        for login in self._archive.authors:
            with transaction.atomic():
                self._catalogue.author(login, language)

    def _begin_log(self, archive: Archive) -> ImportRun | None:
        if self._options.dry_run:
            return None
        name = printable(self._export.path.name, 255)
        return ImportRun.objects.create(kind="wxr", source=archive.site.name, file_name=name)

    def _take(self, record: ItemRecord) -> None:
        try:
            account = self._account(record)
        except (OperationalError, InterfaceError):
            # The disk is full or the database is away: no other story would fare better.
            raise
        except Exception as error:
            # One story that cannot be stored, for whatever reason, never stops the others.
            logger.warning("item at line %s was not stored", record.line, exc_info=True)
            account = self._note(record, outcomes.SKIPPED, f"it could not be stored: {_one_line(error)}")
        self._report.note(account)
        for kind, number in record.comments.items():
            self._report.note_many("comment", kind, number, "comments are not taken")

    def _account(self, record: ItemRecord) -> Account:
        if record.type == "attachment":
            return self._take_attachment(record)
        reason = skip_reason(record)
        if reason:
            return self._note(record, outcomes.SKIPPED, reason)
        key = self._key(record)
        digest = content_hash(record, self._mapping)
        if self._loader.is_unchanged(key, digest):
            return self._note(record, outcomes.UNCHANGED)
        story = map_item(record, self._mapping)
        outcome, reason = self._loader.store(story.under(key), digest)
        return self._note(record, outcome, reason, () if reason else story.changes)

    def _key(self, record: ItemRecord) -> str:
        """The item's key; a second item with the same number gets one of its own."""
        key = item_key(record)
        self._seen[key] = self._seen.get(key, 0) + 1
        return key if self._seen[key] == 1 else f"{key[:180]}~{self._seen[key]}"

    def _take_attachment(self, record: ItemRecord) -> Account:
        attachment = attachment_of(record)
        with transaction.atomic():
            outcome = self._media.take_attachment(attachment)
        reason = "its address is not one of the web" if outcome == outcomes.SKIPPED else ""
        return self._note(record, outcome, reason, tuple(record.problems))

    @staticmethod
    def _note(record: ItemRecord, outcome: str, reason: str = "", changes: tuple[str, ...] = ()) -> Account:
        return Account(record.line, record.id, record.type, record.status, record.title, outcome, reason, changes)

    def _finish(self, archive: Archive) -> None:
        if self._options.dry_run:
            archives.count_lists(archive, self._catalogue.used_in_public, self._redirects, self._report.made)
            return
        for number in self._loader.finish_all():
            self._progress(2 * self._size + min(self._size, number), 3 * self._size)
        archives.retire_lists(archive, self._redirects, self._report.made)
        if any(self._report.made.values()):
            outbox.record(AddressesRetired())


def _one_line(error: Exception) -> str:
    if isinstance(error, ImportersError):
        return str(error)
    messages = getattr(error, "messages", None)
    return printable("; ".join(messages) if messages else f"{type(error).__name__}: {error}", 300)
