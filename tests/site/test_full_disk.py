"""The disk of the site's folder is full: reading goes on, publishing fails loudly and whole, and all works again."""

from __future__ import annotations

import io
import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from . import harness, outages, soak, web
from .newsroom import Newsroom

pytestmark = pytest.mark.slow

SIZE_MB = 160
PATHS = ["/en/", "/en/world/", "/en/feed.xml", "/ru/", "/fa/", "/sitemap.xml", "/en/world/feed.json"]


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of its own in memory, for who may mount one."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("only root may mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[harness.RunningSite]:
    with small_disk(tmp_path / "disk") as disk:
        folder = harness.copy(harness.build(), disk / "site")
        with harness.serve(folder) as running:
            for path in PATHS:
                web.fetch_until(running.url(path), lambda reply: reply.status == 200, 60)
            yield running


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """No byte of room is left on the disk of the folder."""
    filler = folder.parent / "filler"
    file = os.open(filler, os.O_WRONLY | os.O_CREAT)
    try:
        for size in (1 << 20, 1 << 12, 1):
            write_until_full(file, size)
        yield
    finally:
        os.close(file)
        filler.unlink()


def write_until_full(file: int, size: int) -> None:
    while True:
        try:
            os.write(file, bytes(size))
        except OSError:
            return


def picture(seed: int) -> bytes:
    """A JPEG of some hundred kilobytes that nothing has seen before."""
    noise = random.Random(seed).randbytes(600 * 400 * 3)
    content = io.BytesIO()
    Image.frombytes("RGB", (600, 400), noise).save(content, "JPEG", quality=95)
    return content.getvalue()


def test_full_disk_stops_publishing_and_nothing_else(site) -> None:
    newsroom, section = Newsroom(site.newsroom), site.desk.section_id("en", "world")
    newsroom.log_in()
    published: dict[str, bool] = {}
    with outages.ReaderLoop(site.readers, PATHS) as felt:
        with full(site.directory):
            # The database has a little room left in its files; a story that is taken meanwhile must be public.
            for number in range(40):
                headline = f"Crane {number:04} turns for the 001rd time"
                published[headline] = newsroom.publish(section, headline, "So much text. " * 2000)
                if not published[headline]:
                    break
            assert not all(published.values())
            status, page = newsroom.ask("POST", f"/pages/add/articles/articlepage/{section}/", refused_form(newsroom))
            assert status == 507 and "The disk is full" in page
            status, page = newsroom.upload("pier.jpg", picture(1))
            assert status == 507 and "The disk is full" in page
            # A page that is not stored and cannot be is made and given all the same.
            assert web.fetch(site.url("/az/")).status == 200
            assert web.fetch(site.url("/hy/archive/")).status == 200
            assert {web.fetch(site.url(path)).status for path in PATHS} == {200}
            outages.seconds_until(lambda: len(felt.took_s) > 2 * len(PATHS), 60)
        assert newsroom.publish(section, "Crane 9999 turns for the 001rd time", "There is room again.")
        assert newsroom.upload("pier.jpg", picture(2))[0] == 302
    assert felt.wrong == []
    published["Crane 9999 turns for the 001rd time"] = True
    expect_exactly(site, published)
    assert site.desk.count_images("pier.jpg") == 1
    soak.wait_for(lambda: soak.is_well(site), 60, "the site is not well")
    assert "0 damaged, 0 different" in soak.broadsheet(site, "edge", "verify")


def refused_form(newsroom: Newsroom) -> dict[str, str]:
    from .newsroom import story_form

    form = story_form("Nobody hears of this", "So much text. " * 2000)
    return {**form, "csrfmiddlewaretoken": newsroom.cookies["newsroom_csrf"]}


def expect_exactly(site: harness.RunningSite, published: dict[str, bool]) -> None:
    """What was acknowledged is public, whole; of the rest there is nothing."""
    rows = {row["title"]: row for row in site.desk.stories_named("Crane")}
    for headline, is_public in published.items():
        assert (headline in rows) == is_public
        if is_public:
            row = rows[headline]
            assert row["live"] and row["headline"] == headline and row["firsts"] == 1
            web.fetch_until(site.url(row["path"]), lambda reply, words=headline: words in reply.text)
    newest = [headline for headline, is_public in published.items() if is_public][-3:]
    for path in ("/en/world/", "/en/feed.xml"):
        web.fetch_until(site.url(path), lambda reply: all(headline in reply.text for headline in newest))
    assert site.desk.stories_named("Nobody hears of this") == []
