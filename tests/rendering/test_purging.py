"""From an event to the tags that it purges: as few as can be, whatever the archive's size; all told in docs/tags.md."""

from __future__ import annotations

import importlib
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet import events
from broadsheet.articles import changes
from broadsheet.articles.models import Author, Edition, HomePage, PolicyPage, SectionPage, Topic
from broadsheet.rendering import tags
from broadsheet.rendering.purging import Purge, tags_of
from tests import arrangements, factories
from tests.rendering import whole_edition
from tests.rendering.pages import get

DOCUMENT = (Path(__file__).parents[2] / "docs" / "tags.md").read_text(encoding="utf-8")
MODULES = {
    **dict.fromkeys(("reading", "alternates", "missing", "streams"), "broadsheet.rendering"),
    "channel": "broadsheet.syndication.feeds",
    "files": "broadsheet.edge",
    **dict.fromkeys(("parts", "news"), "broadsheet.syndication.sitemaps"),
}
LISTS = {"language:en": 0, "day:en:2026-03-02": 0, "section:3": 0, "topic:4": 0, "author:5": 0}
# One event of each kind in which everything changed.
WHOLE = [
    events.ArticlePublished(1, "en", 3, False, "key", changes.STORY_FACTS, LISTS, LISTS, ("other",), (2,)),
    events.ArticlePublished(1, "en", 3, False, "key", ("short_headline",), LISTS),
    events.ArticleRetracted(1, "en", 3, "key", changes.STORY_FACTS, LISTS, ("other",), (2,)),
    *(events.AddressChanged(kind, 1, "en", "/old/", "/new/") for kind in ("article", "section", "page")),
    events.AddressesRetired(),
    events.FrontChanged("en", 1, changes.SHOWN[HomePage]),
    events.SectionChanged(3, "en", "key", changes.SHOWN[SectionPage], {"section:9": 0}, {"section:8": 0}),
    events.PolicyPageChanged(1, "en", "key", changes.SHOWN[PolicyPage]),
    events.AuthorChanged(5, "en", "key", changes.SHOWN[Author]),
    events.TopicChanged(4, "en", "key", changes.SHOWN[Topic]),
    events.EditionChanged("en", changes.SHOWN[Edition]),
    events.EditionChanged("en", ("tagline",)),
    events.GroupChanged("key", ("original",)),
    events.StandInsDue(-1),
    events.ScriptWordsChanged("az-Cyrl"),
    events.ImageChanged(1, ("credit",)),
    events.PicturesWithdrawn(("0f3a9c",)),
    events.OuterPurgeDue(("article:1",), ("front:en",)),
    events.CorrectionPublished(1, "en", "key", ("A name was wrong.",), (2,)),
    events.PasswordResetAsked("editor@example.org"),
]


def rows() -> dict[str, list[str]]:
    """The table of the document: its cells by the kind of tag."""
    found = re.findall(r"^\| `([a-z-]+)[^`]*` \| (.*) \| (.*) \| (.*) \|$", DOCUMENT, re.M)
    return {kind: cells for kind, *cells in found}


def purgers() -> dict[str, set[str]]:
    """Which events purge which kind of tag, in bold where one is hard, as the document writes them."""
    found: dict[str, set[str]] = {}
    for event in WHOLE:
        purge, name = tags_of(event), f"`{type(event).__name__}`"
        for tag in purge.soft:
            found.setdefault(tag.partition(":")[0], set()).add(name)
        for tag in purge.hard:
            found.setdefault(tag.partition(":")[0], set()).add(f"**{name}**")
    return {kind: {name for name in names if f"**{name}**" not in names} for kind, names in found.items()}


def test_every_tag_is_documented_with_what_it_stands_for():
    assert {kind: cells[0] for kind, cells in rows().items()} == tags.KINDS


def test_document_tells_which_events_purge_a_tag():
    assert {kind: set(cells[2].split(", ")) for kind, cells in rows().items()} == purgers()


def test_document_tells_who_records_a_tag():
    for kind, cells in rows().items():
        named = [one.strip("`").split(".") for one in cells[1].split(", ")]
        for module, name in named:
            found = importlib.import_module(f"{MODULES[module]}.{module}")
            assert hasattr(found, name), f"{kind}: {module}.{name}"


def test_every_kind_of_event_has_an_example():
    assert {type(event) for event in WHOLE} == set(events.KINDS.values())


@pytest.mark.parametrize("event", WHOLE, ids=lambda event: type(event).__name__)
def test_event_purges_the_same_after_it_was_stored(event):
    stored = events.from_payload(type(event).__name__, events.to_payload(event))
    assert stored == event and tags_of(stored) == tags_of(event)


@pytest.mark.parametrize("event", WHOLE, ids=lambda event: type(event).__name__)
def test_no_tag_is_purged_hard_and_soft(event):
    purge = tags_of(event)
    assert not purge.hard & purge.soft and len(purge.hard | purge.soft) < 50


def test_event_without_a_change_purges_no_page_but_what_tells_of_every_publish():
    assert tags_of(events.SectionChanged(3, "en", "key")) == Purge(frozenset(), frozenset({"sitemap:pages"}))
    assert tags_of(events.AuthorChanged(5, "en", "key")) == Purge()
    assert tags_of(events.ArticlePublished(1, "en", 3, False, "key")) == Purge()


@pytest.mark.parametrize(
    ("place", "kinds"),
    [(0, {"newest", "feed", "list"}), (14, {"newest", "feed", "list"}), (15, {"feed", "list"}), (40, {"list"}),
     (48, {"list", "shelf"})],
)  # fmt: skip
def test_place_in_a_list_decides_how_far_a_new_story_reaches(place, kinds):
    event = events.ArticlePublished(1, "en", 3, True, "key", changes.STORY_FACTS, {"section:3": place})
    assert {tag.partition(":")[0] for tag in tags_of(event).soft if tag.endswith("section:3")} == kinds


def test_corrected_words_are_not_shown_once_more():
    changed = ("corrections", "lead", "headline")
    assert {"card:1", "headline:1"} <= tags_of(events.ArticlePublished(1, "en", 3, False, "k", changed)).hard
    assert {"card:1", "headline:1"} <= tags_of(events.ArticlePublished(1, "en", 3, False, "k", changed[1:])).soft


@pytest.fixture
@arrangements.once
def listed(home, section):
    """A story that stands in 40 lists (front, two sections, its day, 30 topics, 6 authors), and one in others."""
    topics = [factories.make_topic(name=f"Topic {n}") for n in range(31)]
    authors = [factories.make_author(name=f"Author {n}") for n in range(7)]
    asia, sport = factories.make_section(section, "Asia"), factories.make_section(home, "Sport")
    at = factories.NOON - timedelta(days=2)
    story = factories.make_article(asia, "Everywhere", topics=topics[:-1], authors=authors[:-1])
    factories.make_article(sport, "Elsewhere", topics=topics[-1:], authors=authors[-1:], first_published_at=at)
    return story


def addresses() -> tuple[list[str], list[str]]:
    """The 40 lists in which the story stands, and others."""
    names = [f"/en/topic/topic-{n}/" for n in range(31)], [f"/en/author/author-{n}/" for n in range(7)]
    standing = ["/en/", "/en/world/", "/en/asia/", "/en/archive/2026/03/02/", *names[0][:-1], *names[1][:-1]]
    others = ["/en/sport/", "/en/sport/elsewhere/", "/en/archive/2026/02/28/", names[0][-1], names[1][-1]]
    others += ["/en/archive/", "/en/offline/", "/en/nothing/", "/robots.txt", "/en/sport/feed.xml"]
    return standing, others


def purge_after(story, **fields) -> Purge:
    mark = whole_edition.last_event()
    for name, value in fields.items():
        setattr(story, name, value)
    story.save_revision().publish()
    return whole_edition.purge_all(whole_edition.collect(mark))


def test_story_that_stands_in_forty_lists_makes_exactly_those_stale(listed):
    standing, others = addresses()
    assert len(standing) == 40
    before = {address: get(address) for address in standing + others}
    purge = purge_after(listed, title="Everywhere still")
    stale = {address for address, page in before.items() if page.tags & (purge.hard | purge.soft)}
    assert stale == set(standing)
    assert {one for one in before if before[one].body != get(one).body} == set(standing)
    assert len(purge.hard | purge.soft) < 10


def test_story_whose_text_alone_changes_makes_no_list_stale(listed):
    standing, _ = addresses()
    before = [get(address) for address in standing]
    purge = purge_after(listed, body=[{"type": "text", "value": "<p>Another text.</p>"}])
    assert not any(page.tags & (purge.hard | purge.soft) for page in before)
    assert get("/en/asia/everywhere/").tags & purge.hard and get("/en/asia/feed.xml").tags & purge.hard


def test_purge_is_as_large_in_a_larger_archive(section, settings):
    settings.CONFIG = replace(settings.CONFIG, page_size=2, feed_size=2)

    def publish_next(n: int) -> tuple[int, int]:
        mark = whole_edition.last_event()
        at = factories.NOON + timedelta(minutes=n)
        factories.make_article(section, f"Story {n}", first_published_at=at)
        purge = whole_edition.purge_all(whole_edition.collect(mark))
        return len(purge.hard), len(purge.soft)

    sizes = [publish_next(n) for n in range(8)]
    assert len(set(sizes)) == 1


def test_telling_what_changed_costs_as_many_queries_in_a_larger_archive(section, django_assert_num_queries):
    story = factories.make_article(section, topics=[factories.make_topic()], authors=[factories.make_author()])
    for n in range(2):
        before = changes.look_at_story(story.pk)
        with django_assert_num_queries(16):
            changes.compare_stories(before, None)
            changes.compare_stories(before, changes.look_at_story(story.pk))
        for number in range(5):
            factories.make_article(section, f"More {n} {number}")
