"""The whole chain from the newsroom to readers: what is published is seen, what dies or hangs harms no reader."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from . import harness, web

WELL_AGAIN_AT_MOST_S = 30.0
# The edge waits no longer than so for a page.
RENDERED_WITHIN_S = 2.0


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[harness.RunningSite]:
    """A site of our own: its processes are killed."""
    folder = harness.copy(harness.build(), tmp_path_factory.mktemp("edge"))
    with harness.serve(folder) as running:
        yield running


@pytest.fixture
def story(site) -> Iterator[dict]:
    """A public story that this test alone changes."""
    made = site.desk.add_story("en", "A lamp is lit on the pier")
    yield made
    site.desk.delete(made["id"])


def broadsheet(site: harness.RunningSite, *arguments: str) -> str:
    command = [sys.executable, "-m", "broadsheet", arguments[0], "--dir", str(site.directory), *arguments[1:]]
    environment = harness._environment(site.directory) | {"BROADSHEET_SITE_URL": site.readers}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def counted(site: harness.RunningSite, name: str) -> int:
    """What all workers have counted; each of them says so once a second."""
    time.sleep(1.5)
    return int(json.loads(broadsheet(site, "edge", "stats", "--json"))[name])


def wait_for(claim: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < until
        time.sleep(0.05)


def processes(site: harness.RunningSite, verb: str) -> list[int]:
    """The processes of one verb of this site, workers included."""
    found = []
    for path in Path("/proc").iterdir():
        try:
            words = (path / "cmdline").read_text().split("\0") if path.name.isdigit() else []
        except OSError:
            continue
        if verb in words and str(site.directory) in words:
            found.append(int(path.name))
    return sorted(found)


@contextmanager
def stopped(site: harness.RunningSite, verb: str) -> Iterator[None]:
    """The processes neither answer nor end, like a machine that hangs."""
    pids = processes(site, verb)
    assert pids
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def ask_together(url: str, number: int) -> list[bytes]:
    """What so many readers get who ask at the same time."""
    with ThreadPoolExecutor(number) as readers:
        return list(readers.map(lambda _: web.fetch(url).body, range(number)))


def is_well(site: harness.RunningSite) -> bool:
    try:
        return all('"ok"' in web.fetch(f"{origin}/healthz").text for origin in (site.readers, site.newsroom))
    except OSError:
        return False


SURFACES = ("/en/", "/en/world/", "/en/feed.xml", "/en/world/atom.xml", "/en/world/feed.json", "/en/archive/",
            "/en/news-sitemap.xml", "/sitemap.xml")  # fmt: skip


def test_new_story_is_seen_on_every_surface(site) -> None:
    for path in SURFACES:
        assert web.fetch(site.url(path)).status == 200
    headline = "Two pilots meet under the old lamp"
    story = site.desk.add_story("en", headline, is_recent=True)
    try:
        for path in (story["path"], "/en/", "/en/world/", "/en/feed.xml", "/en/world/atom.xml", "/en/world/feed.json"):
            web.fetch_until(site.url(path), lambda reply: headline in reply.text)
        web.fetch_until(site.url("/en/news-sitemap.xml"), lambda reply: story["path"] in reply.text)
    finally:
        site.desk.delete(story["id"])


def test_change_that_is_acknowledged_is_never_followed_by_the_old_page(site, story) -> None:
    """Each revision is asked for at once, by several readers on several workers."""
    url = site.url(story["path"])
    assert web.fetch(url).status == 200
    for number in range(8):
        headline = f"A lamp is lit on the pier, version {number}"
        site.desk.revise(story["id"], publish=True, title=headline)
        assert all(headline.encode() in body for body in ask_together(url, 6))


def test_retracted_story_is_never_given_again(site) -> None:
    story = site.desk.add_story("en", "A boat is lost and found", is_recent=True)
    url = site.url(story["path"])
    assert web.fetch(url).status == 200
    web.fetch_until(site.url("/en/world/"), lambda reply: "A boat is lost" in reply.text)
    site.desk.retract(story["id"])
    assert {web.fetch(url).status for _ in range(12)} == {410}
    assert "A boat is lost" not in web.fetch(site.url("/en/world/")).text
    site.desk.delete(story["id"])


def test_address_where_nothing_stood_answers_once_something_does(site, story) -> None:
    path = story["path"].replace("/world/", "/science/")
    assert web.fetch(site.url(path)).status == 404
    assert web.fetch(site.url(path)).status == 404
    other = site.desk.add_story("en", "A lamp is lit on the pier", section="science")
    try:
        assert web.fetch(site.url(other["path"])).status == 200
    finally:
        site.desk.delete(other["id"])


def test_queries_that_mean_nothing_cost_no_render(site, story) -> None:
    url = site.url(story["path"])
    body = web.fetch(url).body
    renders = counted(site, "renders")
    for number in range(60):
        for query in (f"utm_source=x{number}", f"fbclid={number}", f"page={number}", f"n{number}=1"):
            assert web.fetch(f"{url}?{query}").body == body
    assert counted(site, "renders") == renders


def test_hundred_readers_of_a_new_page_cost_one_render(site) -> None:
    story = site.desk.add_story("en", "A bell is rung a hundred times")
    broadsheet(site, "edge", "purge", f"text:{story['id']}", f"article:{story['id']}")
    before = counted(site, "renders")
    assert len(set(ask_together(site.url(story["path"]), 100))) == 1
    # One for the page; readers who came before the others' purge was seen may have caused one more.
    assert counted(site, "renders") - before <= 2
    site.desk.delete(story["id"])


def settle(site: harness.RunningSite, paths: list[str]) -> list[bytes]:
    """The pages as they are rendered now, when all events of earlier tests have gone out."""
    wait_for(lambda: not site.desk.waiting_events(), WELL_AGAIN_AT_MOST_S)
    before: list[bytes] = []
    while (bodies := [web.fetch(site.url(path)).body for path in paths]) != before:
        # A list is given once more as it was, and is made anew meanwhile.
        before = bodies
        time.sleep(RENDERED_WITHIN_S)
    return bodies


@pytest.mark.parametrize("verb", ["newsroom", "relay", "renderer"])
def test_hanging_process_harms_no_reader_of_published_pages(site, verb: str) -> None:
    paths = ["/en/", "/en/world/", "/en/feed.xml", "/sitemap.xml", "/fa/"]
    before = settle(site, paths)
    with stopped(site, verb):
        assert [web.fetch(site.url(path)).body for path in paths] == before
        if verb == "renderer":
            reply = web.fetch(site.url("/az/never-asked-for/"))
            assert reply.status == 503 and 'lang="az"' in reply.text and int(dict(reply.headers)["retry-after"]) > 0
            wait_for(lambda: "degraded" in web.fetch(site.url("/healthz")).text, WELL_AGAIN_AT_MOST_S)
    wait_for(lambda: is_well(site), WELL_AGAIN_AT_MOST_S)
    if verb == "renderer":
        wait_for(lambda: web.fetch(site.url("/az/never-asked-for/")).status == 404, WELL_AGAIN_AT_MOST_S)


def test_store_that_is_harmed_is_made_anew(site) -> None:
    paths = ["/en/", "/en/world/", "/ru/"]
    before = {path: web.fetch(site.url(path)).body for path in paths}
    volume = site.directory / "edge" / (site.directory / "edge" / "current").read_text().strip()
    data = max(volume.rglob("*"), key=lambda path: path.stat().st_size if path.is_file() else 0)
    with data.open("r+b") as file:
        for offset in range(8192, 400_000, 977):
            file.seek(offset)
            byte = file.read(1)
            if byte:
                file.seek(offset)
                file.write(bytes([byte[0] ^ 0x20]))
    for _ in range(20):
        for path, body in before.items():
            with_luck = fetched_or_none(site.url(path))
            assert with_luck in (None, body)
    wait_for(lambda: all(fetched_or_none(site.url(path)) == body for path, body in before.items()), 30)
    wait_for(lambda: is_well(site), WELL_AGAIN_AT_MOST_S)


def fetched_or_none(url: str) -> bytes | None:
    """The page; None while a worker is being replaced or the page cannot be made."""
    try:
        reply = web.fetch(url)
    except OSError:
        return None
    return reply.body if reply.status == 200 else None
