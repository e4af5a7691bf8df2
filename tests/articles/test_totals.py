"""The kept totals are the numbers of the rows, whatever happens to stories, sections, topics and authors."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.articles import mending, published, totals
from broadsheet.articles.models import ArticlePage, SectionPage
from broadsheet.articles.projection import PublishedPart, PublishedTotal
from broadsheet.outbox.rounds import Rounds
from broadsheet.rendering import streams
from tests import factories


def test_story_is_counted_in_every_list_it_stands_in(home, section):
    inside = factories.make_section(section, "Europe")
    author, topic = factories.make_author(), factories.make_topic()
    factories.make_article(inside, authors=[author], topics=[topic])
    assert {row.listing: row.total for row in PublishedTotal.objects.all()} == {
        f"section:{section.pk}": 1,
        f"section:{inside.pk}": 1,
        f"author:{author.pk}": 1,
        f"topic:{topic.pk}": 1,
        "day:en:2026-03-02": 1,
        "month:en:2026-03": 1,
        "year:en:2026": 1,
    }


@pytest.mark.parametrize("seed", range(3))
def test_totals_stay_right(home, section, seed):
    chance = random.Random(seed)
    sections = [section, factories.make_section(home, "Sport"), factories.make_section(section, "Europe")]
    authors = [factories.make_author(name=name) for name in ("Ada Bay", "Ben Quay")]
    topics = [factories.make_topic(name=name) for name in ("Ferries", "Storms")]
    stories: list[ArticlePage] = []

    def add() -> None:
        chosen = chance.sample(authors, chance.randint(0, 2)), chance.sample(topics, chance.randint(0, 2))
        here = SectionPage.objects.get(pk=chance.choice(sections).pk)
        stories.append(factories.make_article(here, f"S {len(stories)}", authors=chosen[0], topics=chosen[1]))

    def change(story: ArticlePage) -> None:
        story.topic_links.all().delete()
        story.topic_links.create(topic=chance.choice(topics))
        story.save_revision().publish()

    def retract(story: ArticlePage) -> None:
        story.unpublish()

    def move(story: ArticlePage) -> None:
        target = chance.choice([one for one in sections if one.pk != story.get_parent().pk])
        story.move(SectionPage.objects.get(pk=target.pk), pos="last-child")

    def delete(story: ArticlePage) -> None:
        story.delete()

    add()
    for _ in range(14):
        known = list(ArticlePage.objects.all())
        act = chance.choice([add, change, retract, move, delete])
        if act is add or not known:
            add()
        else:
            act(chance.choice(known))
        assert totals.find_wrong() == []
    SectionPage.objects.get(pk=sections[2].pk).move(SectionPage.objects.get(pk=sections[1].pk), pos="last-child")
    assert totals.find_wrong() == []
    topics[0].delete()
    SectionPage.objects.get(pk=sections[1].pk).delete()
    assert totals.find_wrong() == []


def test_stories_of_retracted_sections_are_not_counted(section):
    inside = factories.make_section(section, "Europe")
    factories.make_article(section)
    factories.make_article(inside, "Another")
    rows, listing = published.in_section(section.pk), f"section:{section.pk}"
    assert streams.count(rows, listing, "en") == 2
    inside.refresh_from_db()
    inside.unpublish()
    assert streams.count(rows, listing, "en") == rows.exclude(section=inside).count() == 1


def test_wrong_totals_are_found_and_mended(section):
    factories.make_article(section)
    PublishedTotal.objects.update(total=7)
    PublishedTotal.objects.create(listing="topic:99", total=1)
    PublishedTotal.objects.create(listing="day:en:2024-05-06", total=1)
    PublishedPart.objects.update(total=7)
    wrong = ["day:en:2024-05-06", "day:en:2026-03-02", "month:en:2026-03", f"section:{section.pk}", "topic:99"]
    assert totals.find_wrong() == [*wrong, "year:en:2026"]
    # The stray day stands in a month and a year in which there is nothing, so nobody looks for it there.
    PublishedTotal.objects.create(listing="year:en:2024", total=1)
    assert sorted(mending.mend_all()) == sorted(
        [*wrong, "year:en:2024", "year:en:2026", f"parts of section {section.pk}"]
    )
    assert totals.find_wrong() == [] and mending.mend_all() == []
    assert PublishedPart.objects.get(section=section).total == 1


def test_a_round_goes_on_where_its_last_turn_ended(section, monkeypatch):
    monkeypatch.setattr(mending, "_rounds", Rounds(mending.go_round, every_s=60, turn_s=0))
    factories.make_article(section)
    PublishedTotal.objects.update(total=7)
    for _ in range(40):
        mending.mend_some()
    assert totals.find_wrong() == []
    PublishedTotal.objects.update(total=7)
    mending.mend_some()
    assert totals.find_wrong() != [], "the next round is a day later"


def test_a_story_that_changes_its_date_is_counted_on_the_other_day(section):
    story = factories.make_article(section)
    story.first_published_at = datetime(2025, 12, 31, 20, 30, tzinfo=UTC)
    story.save_revision().publish()
    kept = dict(PublishedTotal.objects.exclude(listing__startswith="section:").values_list("listing", "total"))
    # The site's calendar is four hours ahead.
    assert {name for name, total in kept.items() if total} == {"day:en:2026-01-01", "month:en:2026-01", "year:en:2026"}
    assert totals.find_wrong() == []


def test_a_section_that_moves_takes_its_stories_along_in_a_fixed_number_of_statements(home, section):
    inside, sport = factories.make_section(section, "Europe"), factories.make_section(home, "Sport")

    def move_to(other: SectionPage) -> int:
        with CaptureQueriesContext(connection) as queries:
            SectionPage.objects.get(pk=inside.pk).move(SectionPage.objects.get(pk=other.pk), pos="last-child")
        return len(queries)

    factories.make_article(inside, "First")
    few = move_to(sport), move_to(section)
    for number in range(5):
        factories.make_article(SectionPage.objects.get(pk=inside.pk), f"Story {number}")
    assert move_to(sport) <= few[0]
    assert totals.find_wrong() == []
    assert totals.of(f"section:{sport.pk}") == 6 and totals.of(f"section:{section.pk}") == 0
    assert published.in_section(sport.pk).count() == 6 and not published.in_section(section.pk).exists()
