"""Has pages rendered before a reader asks: those of a change at once, the most read ones after a new release."""

from __future__ import annotations

import contextlib
import http.client
import logging
import queue
import socket
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import singledispatch
from itertools import islice
from pathlib import Path

from django.conf import settings

from broadsheet import events
from broadsheet.articles import addresses, kinds
from broadsheet.articles.models import HomePage, SectionPage
from broadsheet.articles.projection import PublishedArticle
from broadsheet.edge import sockets
from broadsheet.edge.addresses import encode
from broadsheet.edge.errors import EdgeError
from broadsheet.edge.flight import FileFlight
from broadsheet.edge.pages import Encoding, Freshness

from . import store

logger = logging.getLogger(__name__)

# After a new release so many stories are made anew in the background, in turns of so long.
MOST_READ = 200
TURN_S = 0.5
TIMEOUT_S = 10.0


@singledispatch
def hot_paths(event: events.Event) -> list[str]:
    """The addresses that readers ask for at once after the event."""
    return []


@hot_paths.register(events.ArticlePublished)
@hot_paths.register(events.ArticleRetracted)
def _of_article(event: events.ArticlePublished | events.ArticleRetracted) -> list[str]:
    # First what readers must wait for: the story, and its versions, which are gone with the set that they named. Of the
    # lists they get the old copy meanwhile.
    wanted = {event.article_id, *event.versions}
    rows = PublishedArticle.objects.select_related("section").defer("body", "body_text").filter(pk__in=wanted)
    stories = sorted(rows, key=lambda row: (row.pk != event.article_id, row.pk))
    paths = [addresses.article_path(row.language, row.section.slug, row.slug) for row in stories]
    front = addresses.front_path(event.language)
    paths.append(front)
    section = SectionPage.objects.live().filter(pk=event.section_id).first()
    if section is not None:
        paths.append(section.public_path)
    return [*paths, addresses.feed_path(front, "feed.xml")]


@hot_paths.register
def _of_front(event: events.FrontChanged) -> list[str]:
    return [addresses.front_path(event.language)]


@hot_paths.register
def _of_edition(event: events.EditionChanged) -> list[str]:
    return [addresses.front_path(event.language)]


@hot_paths.register
def _of_section(event: events.SectionChanged) -> list[str]:
    section = SectionPage.objects.live().filter(pk=event.section_id).first()
    return [] if section is None else [section.public_path, addresses.front_path(event.language)]


def warm(paths: Iterable[str]) -> int:
    """Have those rendered that are not fresh, as many at once as there are renderers; the number of pages made.

    A renderer that is away is no error.
    """
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    for path in dict.fromkeys(paths):
        # As the edge writes the address: letters of other scripts are escaped.
        waiting.put(encode(path))
    lines = min(waiting.qsize(), settings.CONFIG.renderer_workers)
    if lines < 2:
        return _make_all(waiting)
    with ThreadPoolExecutor(lines, thread_name_prefix="warm") as pool:
        return sum(pool.map(_make_all, [waiting] * lines))


def _make_all(waiting: queue.SimpleQueue[str]) -> int:
    made = 0
    try:
        with _Renderer() as renderer:
            while True:
                made += renderer.make(waiting.get_nowait())
    except queue.Empty:
        pass
    except (FileNotFoundError, ConnectionRefusedError):
        # No renderer runs, as while a demo edition is built: the pages are made when somebody asks.
        pass
    except (OSError, http.client.HTTPException, EdgeError) as error:
        logger.info("not rendered ahead: %s", error)
    return made


def warm_after_release() -> None:
    """One turn of making the most read pages anew after a new release; does nothing when that is done."""
    folder = store.directory()
    try:
        release = (folder / "release").read_text()
    except OSError:
        return
    done = _read(folder / "warmed").split()
    begun = int(done[1]) if len(done) == 2 and done[0] == release else 0
    if begun < 0:
        return
    until, at = time.monotonic() + TURN_S, begun
    for path in islice(most_read_paths(), begun, None):
        warm([path])
        at += 1
        if time.monotonic() > until:
            break
    else:
        at = -1
    (folder / "warmed").write_text(f"{release} {at}")


def most_read_paths() -> Iterator[str]:
    """Fronts and sections, then the stories that are read most, newest first among equals."""
    for language in settings.CONFIG.languages:
        if kinds.pages_of(HomePage).filter(live=True, locale__language_code=language).exists():
            yield addresses.front_path(language)
    sections = kinds.pages_of(SectionPage).filter(live=True).select_related("locale")
    yield from (section.public_path for section in sorted(sections, key=lambda one: one.path))
    # Without their sections, by which SQLite would go through the whole archive.
    most_read = list(
        PublishedArticle.objects.order_by("-views", "-published_at").values_list("pk", flat=True)[:MOST_READ]
    )
    rows = PublishedArticle.objects.select_related("section").defer("body", "body_text").in_bulk(most_read)
    for row in (rows[pk] for pk in most_read if pk in rows):
        yield addresses.article_path(row.language, row.section.slug, row.slug)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


class _Renderer:
    """Asks the renderer in the way of the edge, and only for what nobody else has it make just now."""

    def __enter__(self) -> _Renderer:
        self.path = str(sockets.renderer_socket(Path(settings.CONFIG.directory)))
        self.line = _UnixConnection(self.path)
        self.flight = FileFlight(store.directory())
        return self

    def __exit__(self, *error: object) -> None:
        self.line.close()
        self.flight.close()

    def make(self, path: str) -> int:
        """1 when the page was made, 0 when it was fresh or is being made. Raises OSError, HTTPException, EdgeError."""
        kept = store.pages().get(path, Encoding.BR)
        if kept is not None and store.pages().tags.freshness(kept, time.time()) is Freshness.FRESH:
            return 0
        if not self.flight.take(path):
            return 0
        try:
            host = settings.CONFIG.site_url.partition("://")[2]
            self.line.request("GET", path, headers={"Host": host, "Edge-Render": "1"})
            answer = self.line.getresponse()
            answer.read()
            return int(answer.getheader("Edge-Stored") == path)
        finally:
            self.flight.release(path)


class _UnixConnection(http.client.HTTPConnection):
    """HTTP to a socket of the file system."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=TIMEOUT_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        try:
            self.sock.connect(self._path)
        except OSError:
            with contextlib.suppress(OSError):
                self.sock.close()
            self.sock = None
            raise
