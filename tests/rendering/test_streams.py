"""Pages of a list stay as they are when new stories arrive."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests import arrangements, factories
from tests.rendering.pages import get, stories, text, tree


@pytest.fixture
def small_pages(settings):
    settings.CONFIG = replace(settings.CONFIG, page_size=3)


def publish(section, count, start=0):
    return [
        factories.make_article(section, f"Story {n}", first_published_at=factories.NOON + timedelta(hours=n)).pk
        for n in range(start, start + count)
    ]


@pytest.fixture
@arrangements.once
def two_pages(section):
    factories.make_article(section, authors=[factories.make_author()], topics=[factories.make_topic()])
    publish(section, 5)


def walk(path):
    """All stories met on the way from the list's own address to its oldest page, following `rel=next`."""
    met, query = [], {}
    while True:
        page = get(path, **query)
        assert page.status == 200
        met.append(stories(page))
        link = tree(page).xpath("//nav[@class='pages']/a[@rel='next']/@href")
        if not link:
            return met
        query = {"page": link[0].partition("?page=")[2]}


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
def test_walk_meets_every_story_once(section, small_pages, count):
    made = publish(section, count)
    met = [story for page in walk("/en/world/") for story in page]
    assert met == made[::-1]


def test_numbered_page_keeps_its_stories_when_others_arrive(section, small_pages):
    publish(section, 8)
    before = stories(get("/en/world/", page="1")), stories(get("/en/world/", page="2"))
    publish(section, 4, start=8)
    assert (stories(get("/en/world/", page="1")), stories(get("/en/world/", page="2"))) == before


def test_reader_who_walks_while_stories_arrive_misses_and_repeats_none(section, small_pages):
    made = publish(section, 9)
    first = get("/en/world/")
    link = tree(first).xpath("//a[@rel='next']/@href")[-1]
    publish(section, 5, start=9)
    second = get("/en/world/", page=link.partition("?page=")[2])
    third = get("/en/world/", page=tree(second).xpath("//a[@rel='next']/@href")[-1].partition("?page=")[2])
    assert stories(first) + stories(second) + stories(third) == made[::-1]


def test_neighbours_name_each_other(section, small_pages):
    publish(section, 11)
    oldest, next_one = get("/en/world/", page="1"), get("/en/world/", page="2")
    assert tree(oldest).xpath("//link[@rel='prev']/@href") == ["http://localhost:8000/en/world/?page=2"]
    assert tree(oldest).xpath("//link[@rel='next']/@href") == []
    assert tree(next_one).xpath("//link[@rel='prev']/@href") == ["http://localhost:8000/en/world/"]
    assert tree(next_one).xpath("//link[@rel='canonical']/@href") == ["http://localhost:8000/en/world/?page=2"]
    assert tree(get("/en/world/")).xpath("//link[@rel='next']/@href") == ["http://localhost:8000/en/world/?page=2"]
    assert text(oldest, "//p[@class='span']") == ["2 March 2026"]


@pytest.mark.parametrize("number", ["0", "-1", "x", "", "5", "1.0", "99999999999", "١", "1 ", "0x1"])
@pytest.mark.parametrize("path", ["/en/world/", "/en/author/aytan-reed/", "/en/topic/astronomy/"])
def test_page_that_does_not_exist_is_404(two_pages, small_pages, path, number):
    assert get(path, page=number).status == 404


def test_stories_of_a_retracted_section_take_no_place(home, section, small_pages):
    inside = factories.make_section(section, "Asia")
    publish(inside, 4)
    kept = publish(section, 4, start=4)
    inside.unpublish()
    assert [one for page in walk("/en/world/") for one in page] == kept[::-1]
