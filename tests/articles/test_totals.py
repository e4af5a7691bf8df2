"""The kept totals are the numbers of the rows, whatever happens to stories, sections, topics and authors."""

from __future__ import annotations

import random

import pytest

from broadsheet.articles import published, totals
from broadsheet.articles.models import ArticlePage, SectionPage
from broadsheet.articles.projection import PublishedTotal
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
    assert totals.find_wrong() == [f"section:{section.pk}", "topic:99"]
    totals.mend()
    assert totals.find_wrong() == []
