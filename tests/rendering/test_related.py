"""The stories beside a story."""

from __future__ import annotations

from datetime import timedelta

from broadsheet.articles.models import ArticlePage, SectionPage
from tests import factories
from tests.rendering.pages import get, tree


def related(story):
    return [int(one) for one in tree(get(story.public_path)).xpath("//section[@class='related']//@data-article")]


def important(story):
    return [
        int(one) for one in tree(get(story.public_path)).xpath("//aside[@aria-labelledby='important']//@data-article")
    ]


def test_hand_picked_stories_come_first_then_shared_topics_then_the_section(home, section):
    topic = factories.make_topic()
    sport = factories.make_section(home, "Sport")
    later = iter(factories.NOON + timedelta(hours=n) for n in range(9))
    picked = factories.make_article(sport, "Picked", first_published_at=next(later))
    on_topic = factories.make_article(sport, "On topic", topics=[topic], first_published_at=next(later))
    neighbour = factories.make_article(section, "Neighbour", first_published_at=next(later))
    story = factories.make_article(section, "Story", topics=[topic], first_published_at=next(later))
    story = ArticlePage.objects.get(pk=story.pk)
    for one in (picked, story, picked):
        story.related_links.create(story=one)
    story.save_revision().publish()
    assert related(story) == [picked.pk, on_topic.pk, neighbour.pk]


def test_important_news_of_the_section_are_its_slots_without_the_story_itself(section):
    story, first, second = (factories.make_article(section, title) for title in ("Story", "First", "Second"))
    front = SectionPage.objects.get(pk=section.pk)
    front.slots.create(slot="list", article=second)
    front.slots.create(slot="lead", article=first)
    front.slots.create(slot="secondary", article=story)
    front.save_revision().publish()
    assert important(story) == [first.pk, second.pk]
    first.unpublish()
    assert important(story) == [second.pk]


def test_related_block_in_a_body_leaves_out_what_is_not_public(section):
    gone, here = factories.make_article(section, "Gone"), factories.make_article(section, "Here")
    body = [("related", {"title": "", "articles": [gone.pk, here.pk]})]
    story = factories.make_article(section, "Story", body=body)
    gone.unpublish()
    page = get(story.public_path)
    assert tree(page).xpath("//div[@class='read-also']//a/@href") == [here.public_path]
    assert {f"line:{gone.pk}", f"card:{here.pk}"} <= page.tags
    here.unpublish()
    assert not tree(get(story.public_path)).xpath("//div[@class='read-also']")
