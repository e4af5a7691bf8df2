"""How long after a publish readers see it, through every worker of the edge, with an archive of a given size.

`python -m benchmarks.publishing --articles 2000`, or `make bench`. A site on SQLite is served by `broadsheet serve`;
stories are published by this process as the newsroom does it, one after the other. The time runs from the end of the
publish (its transaction is committed, its purge done: now the click would be answered) until a kind of page has come
with the new story from every worker. All were asked for before, so all are in the workers' memory, the article's
address as one that has nothing. A story is watched for on four or five kinds of pages, the next one on others.

Then stories are corrected and retracted, and everything that showed them is asked for in a row from the moment on at
which the click is answered: none of the answers may show what is gone. Last a story goes live by the clock.

`--keep DIR` makes the archive there and leaves it, `--site DIR` uses it again; `benchmarks.archive` makes a large one.
"""

from __future__ import annotations

import argparse
import contextlib
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from . import archive, desks, machine, watching
from .figures import Figure, percentile, show
from .watching import Answer, Readers, Watch

if TYPE_CHECKING:
    from broadsheet.articles.models import ArticlePage
    from broadsheet.config import Config

    from .desks import Desk

GROUPS = (
    ("article", "section", "front", "feed of the language"),
    ("topic", "author", "related block", "news sitemap"),
    ("feed of the topic", "archive: day", "archive: years", "sitemap: index", "sitemap: part"),
)
# What shows the words of a story; a correction leaves the others as they are.
WORDED = ("article", "section", "front", "feed of the language", "topic", "author", "related block", "archive: day")
ROUNDS = 25
CORRECTED = 5
# Wagtail makes the paths of pages of four letters of 36 kinds.
MOST_ARTICLES = 1_600_000

Before = dict[str, list[Answer]]


@dataclass
class Findings:
    """What was measured: seconds of each publish, seconds until each kind was seen, answers that were stale."""

    click_s: list[float] = field(default_factory=list)
    visible_s: dict[str, list[float]] = field(default_factory=dict)
    changed_s: dict[str, list[float]] = field(default_factory=dict)
    stale: dict[str, int] = field(default_factory=dict)
    asked: int = 0

    def note(self, name: str, seconds: float) -> None:
        self.visible_s.setdefault(name, []).append(seconds)


def main() -> None:
    """Make the site or take the one that is there, publish, print."""
    options = _options()
    begun_at, load = time.monotonic(), machine.load()
    with _site(options) as config:
        desk = desks.find("en")
        with archive.served(config) as served_by, closing(Readers(config, served_by)) as readers:
            before = machine.cpu_seconds(served_by)
            found = _measure(desk, readers, options)
            used_s = (machine.cpu_seconds(served_by) - before) / (len(found.click_s) + 1)
    _report(found)
    machine.say(f"processor time of the served site for a story: {1000 * used_s:.0f} ms, its readers' looks included")
    machine.say(f"answers after a correction or retraction: {found.asked}, stale: {found.stale or 'none'}")
    machine.say()
    machine.say(machine.describe())
    machine.say(f"load average {load} at the beginning, {machine.load()} at the end")
    machine.say(
        f"{len(found.click_s)} stories, {config.edge_workers} workers, {time.monotonic() - begun_at:.0f} s in all"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.publishing", description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=2_000, help="articles in the archive")
    parser.add_argument("--stories", type=int, default=40, help="stories that are published")
    parser.add_argument("--workers", type=int, default=2, help="workers of the edge")
    parser.add_argument("--limit", type=float, default=120, help="no story is begun after so many seconds")
    parser.add_argument("--keep", type=Path, help="make the site in this folder, and leave it there")
    parser.add_argument("--site", type=Path, help="use a site that was made with --keep; its size is what it was")
    options = parser.parse_args()
    if not 0 < options.articles <= MOST_ARTICLES or options.stories < 1:
        parser.error(f"--articles must lie between 1 and {MOST_ARTICLES:,}, --stories be 1 or more")
    return options


@contextlib.contextmanager
def _site(options: argparse.Namespace) -> Iterator[Config]:
    begun_at = time.monotonic()
    if options.site:
        yield archive.reopen(options.site)
        return
    with contextlib.ExitStack() as kept:
        config = archive.begin(
            options.keep or Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="broadsheet-bench-"))) / "site",
            *(options.articles, options.workers),
        )
        archive.finish(config)
        size, taken_s = archive.database_of(config).stat().st_size, time.monotonic() - begun_at
        machine.say(f"{options.articles:,} articles in the archive, {size / 1e9:.2f} GB, made in {taken_s:.0f} s")
        yield config


def _measure(desk: Desk, readers: Readers, options: argparse.Namespace) -> Findings:
    until = time.monotonic() + options.limit
    found, beside = Findings(), _publish_beside(desk)
    # The first ones find caches empty everywhere that no later one does.
    for number in range(-len(GROUPS), options.stories):
        if time.monotonic() > until:
            break
        if number == 0:
            found = Findings()
        _publish(
            _draft(desk, f"Late news, number {number}", number), beside, GROUPS[number % len(GROUPS)], readers, found
        )
    for number in range(CORRECTED):
        _place(desk, number, beside, readers, found)
        _correct_and_retract(_draft(desk, f"Wrong news, number {number}", number), beside, readers, found)
    _await_schedule(_draft(desk, "Scheduled news", 0), beside, readers, found)
    return found


def _draft(desk: Desk, title: str, number: int) -> ArticlePage:
    """A story of today that nobody has published; the newest of its section, its topics and its author once it is."""
    return archive.draft(desk.sections[number % 2], f"{title} ({time.time():.0f})", desk)


def _publish_beside(desk: Desk) -> dict[int, ArticlePage]:
    """A story in each section that is written about, for the blocks beside it."""
    stories = [archive.draft(section, f"Beside the news ({time.time():.0f})", desk) for section in desk.sections[:2]]
    for story in stories:
        _click(story)
    return {story.section.pk: story for story in stories}


def _click(article: ArticlePage) -> float:
    """Publish the story as it is; the seconds that it took."""
    from django.db import transaction

    revision = article.save_revision()
    begun_at = time.monotonic()
    with transaction.atomic():
        revision.publish()
    return time.monotonic() - begun_at


def _publish(
    article: ArticlePage, beside: dict[int, ArticlePage], kinds: tuple[str, ...], readers: Readers, found: Findings
) -> None:
    watched = watching.choose(watching.of_story(article, beside[article.section.pk]), kinds)
    before = _look(watched, readers)
    found.click_s.append(_click(article))
    committed_at = time.monotonic()
    for kind, seen_at in readers.await_all(watched, before).items():
        found.note(kind, seen_at - committed_at)


def _look(watched: dict[str, Watch], readers: Readers) -> Before:
    """Ask for everything, until nothing has changed by itself three times on end; the answers."""
    before, same = {kind: readers.ask(watch.path) for kind, watch in watched.items()}, 0
    while same < 3:
        time.sleep(0.3)
        again = {kind: readers.ask(watch.path) for kind, watch in watched.items()}
        before, same = again, same + 1 if again == before else 0
    return before


def _place(desk: Desk, number: int, beside: dict[int, ArticlePage], readers: Readers, found: Findings) -> None:
    """Put an old story into a curated place of its section: it is among the most important ones beside every other."""
    from broadsheet.articles.models import ArticlePage, SectionPage, SectionSlot

    section = SectionPage.objects.get(pk=desk.sections[number % 2].pk)
    stories = ArticlePage.objects.live().child_of(section).order_by("path")
    article = stories[int(time.time()) % 50 + 5]
    section.slots.set([SectionSlot(slot="list", article=article, sort_order=0)])
    words = article.title.encode()
    watched = {"most important block": Watch(beside[section.pk].public_path, lambda now, _: words in now.body)}
    before = _look(watched, readers)
    _click(section)  # type: ignore[arg-type]
    committed_at = time.monotonic()
    found.note("most important block", readers.await_all(watched, before)["most important block"] - committed_at)


def _correct_and_retract(
    article: ArticlePage, beside: dict[int, ArticlePage], readers: Readers, found: Findings
) -> None:
    from broadsheet.articles.models import ArticlePage

    _click(article)
    every = watching.of_story(article, beside[article.section.pk])
    _look(every, readers)
    wrong = article.title.encode()
    corrected = ArticlePage.objects.get(pk=article.pk)
    corrected.title = f"What was put right ({time.time():.0f})"
    corrected.body.append(("correction", {"date": corrected.last_published_at, "text": "The headline was wrong."}))
    worded = watching.choose(every, WORDED)
    _change("corrected", watching.that_lack(worded, wrong), readers, found, lambda: _click(corrected))
    gone = ArticlePage.objects.get(pk=article.pk)
    headline, place = gone.title.encode(), gone.public_path.encode()
    _change("retracted", {**watching.that_lack(worded, headline), **watching.that_lack(
        {"sitemap: part": every["sitemap: part"], "news sitemap": every["news sitemap"]}, place
    )}, readers, found, lambda: _retract(gone))  # fmt: skip


def _retract(article: ArticlePage) -> None:
    from django.db import transaction

    with transaction.atomic():
        article.unpublish()


def _change(what: str, watched: dict[str, Watch], readers: Readers, found: Findings, click: object) -> None:
    """Make the change and ask on end: what still shows the words is counted, and how long the first round took."""
    before = _look(watched, readers)
    click()  # type: ignore[operator]
    committed_at = time.monotonic()
    for kind, count in readers.count_stale(watched, before, 1).items():
        _count(found, f"{what}, {kind}", count)
    found.changed_s.setdefault(what, []).append(time.monotonic() - committed_at)
    for kind, count in readers.count_stale(watched, before, ROUNDS).items():
        _count(found, f"{what}, {kind}", count)
    found.asked += (ROUNDS + 1) * len(watched) * len(readers.connections)


def _count(found: Findings, name: str, count: int) -> None:
    if count:
        found.stale[name] = found.stale.get(name, 0) + count


def _await_schedule(article: ArticlePage, beside: dict[int, ArticlePage], readers: Readers, found: Findings) -> None:
    """A story that goes live by the clock: the time runs from its moment, and the relay looks every two seconds."""
    from django.utils import timezone

    watched = watching.choose(watching.of_story(article, beside[article.section.pk]), GROUPS[0])
    before = _look(watched, readers)
    article.go_live_at = timezone.now() + timedelta(seconds=3)
    _click(article)
    due_at = time.monotonic() + (article.go_live_at - timezone.now()).total_seconds()
    seen = readers.await_all(watched, before)
    found.note("scheduled, from its moment", max(seen.values()) - due_at)


def _report(found: Findings) -> None:
    """The table, in milliseconds: for each kind of page the median of all stories and the 99th percentile."""
    figures = []
    for kind, times_s in found.visible_s.items():
        times_ms = tuple(1000 * one for one in times_s)
        bounds = (None, None) if kind.startswith("scheduled") else (250, 1000)
        figures.append(_figure(f"publish to visible, {kind}: median, ms", bounds[0], times_ms))
        figures.append(_figure(f"publish to visible, {kind}: p99, ms", bounds[1], (percentile(times_ms, 0.99),)))
    for what, times_s in found.changed_s.items():
        figures.append(
            _figure(
                f"{what}: all that showed it, once from each worker, ms", None, tuple(1000 * one for one in times_s)
            )
        )
    clicks_ms = tuple(1000 * one for one in found.click_s)
    figures.append(_figure("the publish itself, ms", None, clicks_ms))
    machine.say()
    show(figures)


def _figure(name: str, bound: float | None, values: tuple[float, ...]) -> Figure:
    return Figure(name, bound, None, values, is_least=True, form="{:.0f}")


if __name__ == "__main__":
    main()
