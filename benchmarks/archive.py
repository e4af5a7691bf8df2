"""A throw-away site on SQLite with an archive of any size: one real story, and rows that are copies of its rows."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import machine

if TYPE_CHECKING:
    from broadsheet.articles.models import ArticlePage, SectionPage
    from broadsheet.config import Config

_BATCH = 5_000
_START_S = 120.0
_TEXT = "<p>" + "The ferries run again, and the harbour is as loud as it was before the storm. " * 8 + "</p>"

Row = dict[str, Any]


def found(folder: Path, languages: tuple[str, ...] = ("en",)) -> Config:
    """Make the site in the folder, and start Django with it."""
    from broadsheet.cli import founding, sites

    for name in [name for name in os.environ if name.startswith(("BROADSHEET_", "DATABASE_"))]:
        del os.environ[name]
    ports = machine.free_port(), machine.free_port()
    urls: dict[str, Any] = {"languages": languages}
    urls |= {"site_url": f"http://localhost:{ports[0]}", "newsroom_url": f"http://localhost:{ports[1]}"}
    config = founding.make_folder(folder, {"reader_port": ports[0], "newsroom_port": ports[1], **urls})
    sites.start_django()
    founding.found(config, {}, lambda step, done, total: None)
    return config


def make_section(language: str = "en", keys: tuple[uuid.UUID, uuid.UUID] | None = None) -> SectionPage:
    """A section with one published story in it, of ordinary length; `keys` are their translation keys."""
    from broadsheet.articles.models import HomePage, SectionPage

    section_key, story_key = keys or (uuid.uuid4(), uuid.uuid4())
    section = SectionPage(title="World", translation_key=section_key)
    HomePage.objects.get(locale__language_code=language).add_child(instance=section)
    section.save_revision().publish()
    draft(section, "A first story", story_key).save_revision().publish()
    return section


def draft(section: SectionPage, title: str, key: uuid.UUID | None = None) -> ArticlePage:
    """A story that nobody has published; `key` is its translation key."""
    from broadsheet.articles.models import ArticlePage, SectionPage

    text = [{"type": "text", "value": _TEXT}] * 8
    article = ArticlePage(title=title, live=False, body=text, translation_key=key or uuid.uuid4())
    # Read anew: the tree keeps the count of a page's children in its row.
    SectionPage.objects.get(pk=section.pk).add_child(instance=article)
    return article


def fill(section: SectionPage, count: int) -> None:
    """Let the section hold so many more published stories, each ten minutes older than the one before.

    Stories of the same number in sections of several languages are versions of each other.
    """
    from django.db import connection, transaction
    from django.db.models import F
    from wagtail.models import Page

    from broadsheet.articles import totals
    from broadsheet.articles.projection import PublishedArticle, PublishedSection

    story = PublishedArticle.objects.get(section_id=section.pk)
    templates = (
        (Page._meta.db_table, _read_row(Page._meta.db_table, "id", story.pk)),
        (story.article._meta.db_table, _read_row(story.article._meta.db_table, "page_ptr_id", story.pk)),
        (story._meta.db_table, _read_row(story._meta.db_table, "article_id", story.pk)),
        (PublishedSection._meta.db_table, _read_row(PublishedSection._meta.db_table, "article_id", story.pk)),
    )
    first = Page.objects.order_by("pk").last().pk + 1
    with transaction.atomic():
        for table, template in templates:
            copies = (_copy(template, first, number, section, story.published_at) for number in range(1, count + 1))
            _insert(table, copies)
        Page.objects.filter(pk=section.pk).update(numchild=F("numchild") + count)
        totals.recount()
    with connection.cursor() as cursor:
        # As one transaction the archive stands in the journal, where every page is looked for first.
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def environment() -> dict[str, str]:
    """That of this process without what starting Django has put there."""
    return {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}


@contextmanager
def served(config: Config) -> Iterator[int]:
    """`broadsheet serve` of the site; the supervisor's process. Raises RuntimeError when it does not come up."""
    log = config.directory / "log" / "serve.txt"
    log.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "broadsheet", "serve", "--dir", str(config.directory)]
    with log.open("w") as output:
        process = subprocess.Popen(command, env=environment(), stdout=output, stderr=output)  # noqa: S603
    try:
        until = time.monotonic() + _START_S
        while "Stop with Ctrl-C" not in log.read_text():
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the site does not come up:\n{log.read_text()}")
            time.sleep(0.2)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def _read_row(table: str, key: str, value: int) -> Row:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {key} = %s", [value])  # noqa: S608  # our own tables
        names = [column[0] for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


def _copy(template: Row, first: int, number: int, section: SectionPage, newest: Any) -> Row:
    """The row of the archive's story with this number; `first` is the page's id of number 0."""
    from django.db import connection
    from wagtail.models import Page

    at = connection.ops.adapt_datetimefield_value(newest - timedelta(minutes=10 * number))
    slug, title = f"an-older-story-{number}", f"An older story, number {number}"
    changed = {
        "page_ptr_id": first + number,
        "article_id": first + number,
        "id": first + number,
        "path": Page._get_path(section.path, section.depth + 1, number + 1),
        "translation_key": uuid.UUID(int=number).hex,
        "url_path": f"{section.url_path}{slug}/",
        "latest_revision_id": None,
        "live_revision_id": None,
        **dict.fromkeys(("slug",), slug),
        **dict.fromkeys(("title", "draft_title", "headline", "short_headline"), title),
        **dict.fromkeys(("published_at", "modified_at", "first_published_at", "last_published_at"), at),
    }
    return {name: changed.get(name, value) for name, value in template.items()}


def _insert(table: str, rows: Iterator[Row]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        while batch := list(islice(rows, _BATCH)):
            names = ", ".join(batch[0])
            places = ", ".join(["%s"] * len(batch[0]))
            statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608  # our own tables
            cursor.executemany(statement, [list(row.values()) for row in batch])
