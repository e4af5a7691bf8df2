"""How long `broadsheet check languages` takes, and how soon all versions of a story name a new one.

`python -m benchmarks.languages check --articles 100000`: a throw-away site in three languages on SQLite, one story in
four a version of two others; so many pages are put into the edge's store (`--stored`), copies of a real one each with
the head of its own; then the command runs against the served site. `python -m benchmarks.languages publish`: a site in
thirteen languages, twelve versions of a story are public and stored, and the thirteenth is published; the time runs
from the end of the publish until each of the thirteen pages has come from every worker with the new set.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from . import archive, desks, machine
from .figures import Figure, percentile, show
from .watching import Answer, Readers, Watch

if TYPE_CHECKING:
    from broadsheet.articles.models import ArticlePage, SectionPage
    from broadsheet.config import Config

THIRTEEN = ("en", "az", "ru", "hy", "tr", "fa", "ar", "ka", "kk", "uk", "de", "fr", "es")
BOUND_S = 60.0
BOUND_MS, P99_MS = 250.0, 1000.0


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.languages", description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=("check", "publish"))
    parser.add_argument("--articles", type=int, default=100_000, help="articles in all languages together")
    parser.add_argument("--stored", type=int, default=20_000, help="pages in the edge's store")
    parser.add_argument("--stories", type=int, default=15, help="stories whose thirteenth version is published")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as name:
        work: Callable[[Path, argparse.Namespace], None] = _check if options.what == "check" else _publish
        work(Path(name) / "site", options)
    machine.say(machine.describe())


def _check(folder: Path, options: argparse.Namespace) -> None:
    config = archive.begin(folder, options.articles)
    archive.finish(config)
    stored = _fill_store(options.stored)
    machine.say(f"{options.articles:,} articles in {len(archive.LANGUAGES)} languages, {stored:,} pages stored")
    with archive.served(config):
        times_s, told = [], {}
        for _ in range(2):
            begun_at = time.monotonic()
            told = _run_check(config)
            times_s.append(time.monotonic() - begun_at)
    machine.say(json.dumps({name: value for name, value in told.items() if name != "findings"}))
    machine.say(f"findings: {told['findings']}")
    shown = tuple(times_s)
    show([Figure("check languages, s", BOUND_S, None, shown, is_least=True, form="{:.1f}")])


def _run_check(config: Config) -> dict[str, object]:
    command = [sys.executable, "-m", "broadsheet", "check", "languages", "--json", "--dir", str(config.directory)]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603
    if not done.stdout.startswith("{"):
        raise RuntimeError(done.stderr)
    told: dict[str, object] = json.loads(done.stdout)
    return told


def _fill_store(count: int) -> int:
    """Pages of stories, each with its own address and set in its head; the rest is that of one real story."""
    from broadsheet.edge.pages import PushedPage
    from broadsheet.edge.store import LmdbStore
    from broadsheet.rendering import closure, store
    from broadsheet.rendering.finished import PageRequest
    from broadsheet.rendering.render import render

    site = closure.read_site()
    paths = [path for path, versions in site.pages.items() if len(versions) > 1 and "/story-" in path][:count]
    page = render(PageRequest(paths[0]))
    body = page.body.decode()
    start, end = body.index('<link rel="canonical"'), body.rindex('<link rel="alternate" hreflang=')
    end = body.index(">", end) + 1
    # This process may have the store open already, and can have it open once.
    store.pages().close()
    with closing(LmdbStore(store.directory(), store_bytes=16 << 30, durable=False, brotli_quality=0)) as kept:
        for path in paths:
            links = [f'<link rel="canonical" href="{_absolute(path)}">']
            links += [f'<link rel="alternate" hreflang="{code}" href="{url}">' for code, url in site.pages[path]]
            own = body[:start] + "".join(links) + body[end:]
            tags = page.tags | {f"benchmark:{len(links)}"}
            kept.put(PushedPage(path, 200, page.content_type, own.encode(), kept.tags.generation(), tags))
    return len(paths)


def _absolute(path: str) -> str:
    from broadsheet.articles import addresses

    return addresses.absolute(path)


def _publish(folder: Path, options: argparse.Namespace) -> None:
    config = archive.found(folder, THIRTEEN)
    sections = _sections(THIRTEEN)
    times_ms: list[list[float]] = []
    with archive.served(config) as served_by, closing(Readers(config, served_by)) as readers:
        for number in range(options.stories + 1):
            times_ms.append(_publish_last(sections, readers, f"Late news {number}"))
    each = tuple(time_ms for times in times_ms[1:] for time_ms in times)
    last = tuple(max(times) for times in times_ms[1:])
    figures = [
        Figure(
            "13th version to visible, each of 13 pages: median, ms", BOUND_MS, None, each, is_least=True, form="{:.0f}"
        ),
        Figure("the same: p99, ms", P99_MS, None, (percentile(each, 0.99),), is_least=True, form="{:.0f}"),
        Figure("the last of the 13 pages: median, ms", None, None, last, is_least=True, form="{:.0f}"),
    ]
    show(figures)


def _publish_last(sections: dict[str, SectionPage], readers: Readers, title: str) -> list[float]:
    """Milliseconds from the end of the publish until each version names the new one, at every worker."""
    from django.db import transaction

    key = uuid.uuid4()
    drafts = {language: _draft(section, title, key) for language, section in sections.items()}
    *others, last = drafts.values()
    for page in others:
        with transaction.atomic():
            page.save_revision().publish()
    nothing = {language: [Answer(0, b"")] * len(readers.connections) for language in drafts}
    readers.await_all(_naming(others, f'rel="canonical" href="{_absolute(others[0].public_path)[:8]}'), nothing)
    revision = last.save_revision()
    _await_rest()
    with transaction.atomic():
        revision.publish()
    committed_at = time.monotonic()
    words = f'hreflang="{last.language}" href="{_absolute(last.public_path)}"'
    seen = readers.await_all(_naming(list(drafts.values()), words), nothing)
    return [1000 * (at - committed_at) for at in seen.values()]


def _await_rest() -> None:
    """Until everything has been done on account of the versions before: nobody publishes thirteen in one second."""
    from broadsheet.outbox.models import OutboxEvent

    while OutboxEvent.objects.filter(next_attempt_at__isnull=False).exists():
        time.sleep(0.05)
    time.sleep(1)


def _naming(pages: Sequence[ArticlePage], words: str) -> dict[str, Watch]:
    """The pages, by language, each watched for these words."""
    return {page.language: Watch(page.public_path, lambda now, _: words.encode() in now.body) for page in pages}


def _sections(languages: tuple[str, ...]) -> dict[str, SectionPage]:
    from broadsheet.articles.models import HomePage, SectionPage

    key, sections = uuid.uuid4(), {}
    for language in languages:
        section = SectionPage(title="World", translation_key=key)
        HomePage.objects.get(locale__language_code=language).add_child(instance=section)
        section.save_revision().publish()
        sections[language] = section
    return sections


def _draft(section: SectionPage, title: str, key: uuid.UUID) -> ArticlePage:
    from broadsheet.articles.models import ArticlePage, SectionPage

    article = ArticlePage(title=title, live=False, locale=section.locale, translation_key=key)
    desks.fill(article, (archive.TEXT,) * 4, (), ())
    # Read anew: the tree keeps the count of a page's children in its row.
    SectionPage.objects.get(pk=section.pk).add_child(instance=article)
    return article


if __name__ == "__main__":
    main()
