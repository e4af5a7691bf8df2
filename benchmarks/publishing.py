"""How long after a publish readers see it, through every worker of the edge, with an archive of a given size.

`python -m benchmarks.publishing --articles 2000`, or `make bench`. A throw-away site on SQLite is served by
`broadsheet serve`; stories are published by this process as the newsroom does it, one after the other. The time runs
from the end of the publish (its transaction is committed, its purge done: now the click would be answered) until the
article, its section, the front and the feed have come with the new headline from every worker. All four were asked for
before, so all are in the workers' memory, the article's address as one that has nothing.
"""

from __future__ import annotations

import argparse
import http.client
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from . import archive, machine
from .figures import Figure, percentile, show

if TYPE_CHECKING:
    from broadsheet.articles.models import ArticlePage, SectionPage
    from broadsheet.config import Config

KINDS = ("article", "section", "front", "feed")
LOOK_S = 0.005
PATIENCE_S = 20.0
# Wagtail makes the paths of pages of four letters of 36 kinds.
MOST_ARTICLES = 1_600_000


@dataclass(frozen=True, slots=True)
class Publish:
    """One story: how long its publish took, and how long after it each kind of page was seen in the last worker."""

    click_s: float
    visible_s: dict[str, float]


class Reader:
    """Connections that are kept open, one to each worker of the edge."""

    def __init__(self, config: Config, served_by: int) -> None:
        self.host = config.site_url.partition("://")[2]
        self.connections = _connect_to_all(config, served_by)

    def ask(self, path: str) -> list[bytes]:
        """The answers' bodies, one from each worker, whatever their status."""
        bodies = []
        for connection in self.connections:
            connection.request("GET", path, headers={"Host": self.host})
            bodies.append(connection.getresponse().read())
        return bodies

    def await_words(self, path: str, words: bytes) -> float:
        """When the page had come with the words in it from all. Raises RuntimeError when it does not come."""
        until = time.monotonic() + PATIENCE_S
        while not all(words in body for body in self.ask(path)):
            if time.monotonic() > until:
                raise RuntimeError(f"{path} does not show the new story after {PATIENCE_S:g} s")
            time.sleep(LOOK_S)
        return time.monotonic()

    def close(self) -> None:
        for connection in self.connections:
            connection.close()


def main() -> None:
    """Make the site, publish, print."""
    options = _options()
    begun_at, load = time.monotonic(), machine.load()
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as name:
        config = archive.found(Path(name) / "site")
        section = archive.make_section()
        archive.fill(section, options.articles)
        machine.say(f"{options.articles:,} articles in the archive, made in {time.monotonic() - begun_at:.0f} s")
        with archive.served(config) as served_by, ExitStack() as open_readers:
            readers = [open_readers.enter_context(closing(Reader(config, served_by))) for _ in KINDS]
            before = machine.cpu_seconds(served_by)
            done = _publish_all(section, readers, options.stories, options.limit)
            used_s = (machine.cpu_seconds(served_by) - before) / (len(done) + 1)
    _report(done, options.articles)
    machine.say(f"processor time of the served site for a story: {1000 * used_s:.0f} ms, its readers' looks included")
    machine.say()
    machine.say(machine.describe())
    machine.say(f"load average {load} at the beginning, {machine.load()} at the end")
    machine.say(f"{len(done)} stories, {time.monotonic() - begun_at:.0f} s in all")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.publishing", description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=2_000, help="articles in the archive")
    parser.add_argument("--stories", type=int, default=40, help="stories that are published")
    parser.add_argument("--limit", type=float, default=90, help="no story is begun after so many seconds")
    options = parser.parse_args()
    if not 0 < options.articles <= MOST_ARTICLES or options.stories < 1:
        parser.error(f"--articles must lie between 1 and {MOST_ARTICLES:,}, --stories be 1 or more")
    return options


def _publish_all(section: SectionPage, readers: list[Reader], stories: int, limit_s: float) -> list[Publish]:
    until = time.monotonic() + limit_s
    done = []
    with ThreadPoolExecutor(len(readers)) as pool:
        for number in range(stories + 1):
            if time.monotonic() > until and number > 1:
                break
            done.append(_publish(archive.draft(section, f"Late news, number {number}."), readers, pool))
    # The first one finds caches empty everywhere that no later one does.
    return done[1:]


def _publish(article: ArticlePage, readers: list[Reader], pool: ThreadPoolExecutor) -> Publish:
    """Publish the story, and watch for it on the four pages at once."""
    from django.db import transaction

    from broadsheet.articles import addresses

    front = addresses.front_path(article.language)
    feed = addresses.feed_path(front, "feed.xml")
    watched = list(zip(readers, (article.public_path, article.section.public_path, front, feed), strict=True))
    for reader, path in watched:
        reader.ask(path)
    revision = article.save_revision()
    begun_at = time.monotonic()
    with transaction.atomic():
        revision.publish()
    committed_at = time.monotonic()
    seen = [pool.submit(reader.await_words, path, article.title.encode()) for reader, path in watched]
    times_s = [one.result() - committed_at for one in seen]
    return Publish(committed_at - begun_at, dict(zip(KINDS, times_s, strict=True)))


def _connect_to_all(config: Config, served_by: int) -> list[http.client.HTTPConnection]:
    """Open connections until each worker holds one; the kernel deals them out as it likes."""
    found: dict[int, http.client.HTTPConnection] = {}
    for _ in range(200):
        connection = http.client.HTTPConnection("127.0.0.1", config.reader_port, timeout=PATIENCE_S)
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        own_port = connection.sock.getsockname()[1]
        worker = machine.holder_of(config.reader_port, own_port, machine.family(served_by))
        if worker is None or worker in found:
            connection.close()
        else:
            found[worker] = connection
        if len(found) == config.edge_workers:
            return list(found.values())
    raise RuntimeError(f"{len(found)} of {config.edge_workers} workers could be reached")


def _report(done: list[Publish], articles: int) -> None:
    """The table, in milliseconds: for each kind of page the median of all stories and the 99th percentile."""
    figures = []
    for kind in KINDS:
        times_ms = tuple(1000 * publish.visible_s[kind] for publish in done)
        figures.append(_figure(f"publish to visible, {kind}: median, ms", 250, times_ms))
        figures.append(_figure(f"publish to visible, {kind}: p99, ms", 1000, (percentile(times_ms, 0.99),)))
    clicks_ms = tuple(1000 * publish.click_s for publish in done)
    figures.append(_figure(f"the publish itself, {articles:,} articles, ms", None, clicks_ms))
    machine.say()
    show(figures)


def _figure(name: str, bound: float | None, values: tuple[float, ...]) -> Figure:
    return Figure(name, bound, None, values, is_least=True, form="{:.0f}")


if __name__ == "__main__":
    main()
