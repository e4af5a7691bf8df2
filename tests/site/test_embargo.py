"""What is not published shows nowhere: drafts, scheduled stories, new revisions, withdrawn stories."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from . import crawl, harness, web
from .embargoed import CANARY, FIELDS, Hidden
from .words import LANGUAGES

GONE_AT_MOST_S = 2.0
# What differs between two answers to the same question.
PASSING = {"date"}


def test_no_public_surface_says_a_word_of_them(walk: crawl.Walk, hidden: Hidden) -> None:
    assert len(walk.replies) > 800
    telling = [
        url
        for url, reply in walk.replies.items()
        if CANARY in url.lower() or CANARY.encode() in reply.body.lower() or CANARY in str(dict(reply.headers)).lower()
    ]
    assert not telling, telling[:10]


def test_published_story_keeps_its_old_text(site, hidden: Hidden) -> None:
    reply = web.fetch(site.url(hidden.revised["path"]))
    assert reply.status == 200
    assert "The harbour as it was known" in reply.text


@pytest.mark.parametrize("field", FIELDS)
def test_search_does_not_know_them(site, hidden: Hidden, field: str) -> None:
    """The answer is that for a word nobody ever wrote, but for the word itself."""
    for language in ("en", "fa"):
        for name in ("draft", "later", "new"):
            word = f"{CANARY}{name}{field}"
            reply = web.fetch(site.url(f"/{language}/search/?q={word}"))
            unknown = f"{CANARY[::-1]}{name}{field}"
            nothing = web.fetch(site.url(f"/{language}/search/?q={unknown}"))
            assert reply.status == nothing.status == 200
            assert reply.text.replace(word, "") == nothing.text.replace(unknown, "")


def guesses(hidden: Hidden) -> Iterator[str]:
    """Addresses that somebody who knows a word of it would try."""
    for story in (hidden.draft, hidden.scheduled):
        path = story["path"]
        yield from (path, path.rstrip("/"), f"{path}print/", f"{path}feed.xml", f"{path}amp/", f"{path}?preview=1")
        yield from (f"/{story['id']}/", f"/en/?p={story['id']}x/", f"/en/world/{story['id']}/")
    for name in ("draft", "later", "new"):
        yield from (
            f"/en/world/{CANARY}{name}slug/",
            f"/en/science/{CANARY}{name}slug/",
            f"/fa/jahan/{CANARY}{name}slug/",
        )
        for kind in ("author", "topic"):
            slug = f"{CANARY}{name}{kind}"
            yield from (f"/en/{kind}/{slug}/", f"/en/{kind}/{slug}/feed.xml", f"/en/{kind}/{slug}/feed.json")
        yield from (
            f"/pictures/{CANARY}{name}picture.jpg",
            f"/media/original_images/{CANARY}{name}picture.jpg",
            f"/media/images/{CANARY}{name}picture.original.jpg",
            f"/images/{CANARY}{name}picture.jpg",
        )


def never_there(path: str) -> str:
    """The same address, for something that never existed: every guessed word and number is another one."""
    return re.sub(r"\d{2,}", "987654", path.replace(CANARY, CANARY[::-1]))


def test_guessed_addresses_answer_as_if_it_never_existed(site, hidden: Hidden) -> None:
    for path in guesses(hidden):
        for method in ("GET", "HEAD"):
            reply, other = (web.fetch(site.url(one), method=method) for one in (path, never_there(path)))
            assert reply.status == other.status, path
            assert CANARY not in reply.headers.get("location", "").replace(path, ""), path
            assert _lasting(reply, path) == _lasting(other, never_there(path)), path
            assert reply.body == other.body, path


def _lasting(reply: web.Reply, path: str) -> dict[str, str]:
    """The headers that say something, without the address that was asked for."""
    return {
        name: value.replace(quote(path), "").replace(path.rstrip("/"), "").replace(path, "")
        for name, value in reply.headers.items()
        if name not in PASSING
    }


def _appears(site: harness.RunningSite, story: dict[str, Any], names: list[str]) -> dict[str, Callable[[], bool]]:
    """Every place where a story of the English world section can be read of."""
    path = story["path"]
    section = path.rsplit("/", 2)[0] + "/"
    lists = [
        section,
        "/en/",
        *(f"{place}{name}" for place in (section, "/en/") for name in ("feed.xml", "atom.xml", "feed.json")),
    ]
    lists += ["/en/news-sitemap.xml", f"/en/search/?q={CANARY}headline"]
    lists += re.findall(r"<loc>https?://[^/]+(/sitemap-articles-[^<]+)", web.fetch(site.url("/sitemap.xml")).text)[-1:]
    lists += [f"{place}{name}" for place in names for name in ("", "feed.xml")]
    places: dict[str, Callable[[], bool]] = {
        place: lambda place=place: path in web.fetch(site.url(place)).text
        for place in lists  # type: ignore[misc]
    }
    places["page"] = lambda: web.fetch(site.url(path)).status == 200
    places["printed page"] = lambda: web.fetch(site.url(f"{path}print/")).status == 200
    for coding in ("gzip", "identity"):
        places[f"page as {coding}"] = lambda coding=coding: (  # type: ignore[misc]
            web.fetch(site.url(path), headers={"Accept-Encoding": coding}).status == 200
        )
    return places


@pytest.mark.parametrize("act", ["retract", "delete"])
def test_popular_story_is_gone_everywhere_within_two_seconds(site, act: str) -> None:
    words = {name: f"{CANARY}{name}{act}" for name in ("author", "topic")}
    story = site.desk.add_story("en", f"{CANARY}headline of a popular story", first_published_at=None, **words)
    places = _appears(site, story, [f"/en/{name}/{word}/" for name, word in words.items()])
    until = time.monotonic() + 10
    while (late := [place for place, appears in places.items() if not appears()]) and time.monotonic() < until:
        time.sleep(0.2)
    assert not late, f"published, and never seen in: {late}"
    getattr(site.desk, act)(story["id"])
    # Who asks later than that finds nothing, however long the answer takes on a busy machine.
    time.sleep(GONE_AT_MOST_S)
    left = [place for place, appears in places.items() if appears()]
    assert not left, f"still in: {left}"
    assert web.fetch(site.url(story["path"])).status == 410


def test_picture_of_a_withdrawn_story_is_gone_too(site) -> None:
    story = site.desk.add_story("en", "A story with a picture of its own", picture_name="withdrawn-picture")
    mine = {one for one in _pictures(site, story["path"]) if web.fetch(site.url(one)).status == 200}
    site.desk.delete(story["id"])
    others = {picture for one in site.desk.stories("en") for picture in _pictures(site, one["path"])}
    own = mine - others
    assert own
    # Files younger than a minute may belong to a publish under way: the relay's next turn takes them.
    time.sleep(1)
    site.desk.withdraw_pictures(120)
    left = {one for one in own if web.fetch(site.url(one)).status != 404}
    assert not left


def _pictures(site: harness.RunningSite, path: str) -> set[str]:
    """The addresses of all pictures that a page names."""
    return set(re.findall(r"/pictures/[\w.-]+", web.fetch(site.url(path)).text))


def test_scheduled_story_goes_out_by_itself_and_once(site) -> None:
    story = site.desk.schedule("en", "It goes out by itself", 4.0)
    assert web.fetch(site.url(story["path"])).status == 404
    try:
        web.fetch_until(site.url(story["path"]), lambda reply: reply.status == 200, within_s=60)
        link = f"<link>{site.url(story['path'])}</link>"
        assert web.fetch_until(site.url("/en/feed.xml"), lambda reply: link in reply.text).text.count(link) == 1
    finally:
        site.desk.delete(story["id"])


def test_all_languages_have_the_same_surfaces(walk: crawl.Walk) -> None:
    """The walk above is worth something only if it saw the lists, feeds and sitemaps of each language."""
    for language in LANGUAGES:
        for path in ("", "feed.xml", "atom.xml", "feed.json", "news-sitemap.xml", "archive/"):
            assert f"{walk.origin}/{language}/{path}" in walk.replies
