"""The newsroom's database stops, refuses, hangs or is cut: readers notice nothing, editors are told, all recovers."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from . import outages, web
from .newsroom import Newsroom

pytestmark = pytest.mark.slow

UNAVAILABLE_WITHIN_S = 2.0


@pytest.fixture(scope="module")
def outage() -> Iterator[outages.Outage]:
    if not outages.server_answers():
        pytest.skip("no PostgreSQL server answers")
    with outages.served() as made:
        yield made


@pytest.fixture(autouse=True)
def well_before_and_after(outage) -> Iterator[None]:
    yield
    outage.proxy.be("ok")
    outages.seconds_until(lambda: outages.is_well(outage.site), 60)


@pytest.fixture(scope="module")
def newsroom(outage) -> Newsroom:
    newsroom = Newsroom(outage.site.newsroom)
    newsroom.log_in("admin", outages.PASSWORD)
    return newsroom


@pytest.mark.parametrize("mood", ["refuse", "blackhole", "cut"])
def test_readers_notice_nothing_and_all_recovers_by_itself(outage, newsroom, mood: str) -> None:
    site = outage.site
    with outages.ReaderLoop(site.readers, outage.paths) as felt:
        outage.proxy.be(mood)
        begun_at = time.monotonic()
        reply = web.fetch(site.url(f"/az/never-asked-for-{mood}/"))
        assert time.monotonic() - begun_at < UNAVAILABLE_WITHIN_S
        assert reply.status == 503 and 'lang="az"' in reply.text and int(reply.headers["retry-after"]) > 0
        assert "no-store" in reply.headers["cache-control"]
        outages.seconds_until(lambda: '"degraded"' in web.fetch(site.url("/healthz")).text, 10)
        status, page = newsroom.ask("GET", "/articles/")
        assert status == 503 and "The database does not answer" in page
        status, report = newsroom.ask("GET", "/healthz")
        assert status == 503 and "the database does not answer" in report
        headline = f"Nobody hears of this, {mood}"
        assert not newsroom.publish(outage.section, headline, "Nothing.")
        outages.seconds_until(lambda: len(felt.took_s) > 2 * len(outage.paths), 60)
        outage.proxy.be("ok")
        outages.seconds_until(lambda: outages.is_well(site), outages.WELL_AGAIN_WITHIN_S)
        web.fetch_until(site.url(f"/az/never-asked-for-{mood}/"), lambda reply: reply.status == 404, 10)
    assert felt.wrong == []
    # What was not acknowledged is not half there.
    assert headline not in web.fetch(site.url("/en/world/")).text
    assert newsroom.ask("GET", "/articles/")[0] == 200


def test_connections_that_are_lost_without_a_word_are_given_up(outage, newsroom) -> None:
    """A router that has forgotten them, a standby that has taken over: the server lives and knows nothing of us."""
    outage.proxy.be("forget")
    outages.seconds_until(lambda: outages.is_well(outage.site), 30)
    outages.seconds_until(lambda: newsroom.ask("GET", "/articles/")[0] == 200, 30)
    # Each renderer finds out for itself.
    web.fetch_until(outage.site.url("/az/never-asked-for-and-lost/"), lambda reply: reply.status == 404)


@pytest.mark.parametrize("mood", ["refuse", "blackhole"])
def test_site_that_is_started_without_its_database_gives_what_is_stored(outage, mood: str) -> None:
    site = outage.site
    site.server.stop()
    outage.proxy.be(mood)
    site.server.start()
    outages.seconds_until(lambda: answers(site.url("/en/")), 60)
    for path in outage.paths:
        assert web.fetch(site.url(path)).status == 200
    assert web.fetch(site.url("/en/world/never-stored/")).status == 503
    assert '"degraded"' in web.fetch(site.url("/healthz")).text
    outage.proxy.be("ok")
    outages.seconds_until(lambda: outages.is_well(site), 60)
    assert web.fetch(site.url("/en/world/never-stored/")).status == 404


def answers(url: str) -> bool:
    try:
        return web.fetch(url).status == 200
    except OSError:
        return False
