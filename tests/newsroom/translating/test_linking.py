"""Articles written apart become one story where nothing is in the way; what is refused leaves everything as it was."""

from __future__ import annotations

import pytest

from broadsheet.articles.projection import PublishedArticle
from broadsheet.newsroom.models import LanguageVersion
from broadsheet.newsroom.translating import linking
from broadsheet.newsroom.translating.errors import LinkRefused
from broadsheet.outbox.models import OutboxEvent
from tests import factories

from .stories import changed, fresh, revise, translate, version


@pytest.fixture
def паромы(мир):
    return factories.make_article(мир, "Паромы")


def keys(*pages):
    return {fresh(page).translation_key for page in pages}


def test_two_articles_become_one_story(story, паромы, chief):
    linking.join(story, паромы, chief)
    assert keys(story, паромы) == {story.translation_key}
    assert version(паромы).source_id == story.pk and not changed(паромы)
    revise(story, lead="Changed.")
    assert changed(паромы) == {"lead"}


def test_readers_pages_of_both_are_told(story, паромы, chief):
    before = паромы.translation_key
    linking.join(story, паромы, chief)
    assert PublishedArticle.objects.get(article=паромы).translation_key == story.translation_key
    event = OutboxEvent.objects.filter(kind="ArticlePublished").latest("pk")
    assert event.payload["article_id"] == паромы.pk and "translation_key" in event.payload["changed"]
    assert str(before) in event.payload["groups"]
    # A later draft, and the revisions that were made before, are of the new story.
    revise(паромы, title="Паромы снова")
    assert keys(story, паромы) == {story.translation_key}


def test_all_versions_come_along(story, паромы, աշխարհ, chief, polyglot):
    (armenian,) = translate(паромы, polyglot, "hy")
    linking.join(story, паромы, chief)
    assert keys(story, паромы, armenian) == {story.translation_key}
    assert version(armenian).source_id == паромы.pk and version(паромы).source_id == story.pk


def test_partners_that_are_there_already_are_not_lost(story, паромы, мир, chief, polyglot):
    (partner,) = translate(story, polyglot, "ru")
    before = keys(story, partner), keys(паромы)
    with pytest.raises(LinkRefused, match=r"Русский.*“Ferries run again”.*“Паромы”"):
        linking.join(story, паромы, chief)
    assert (keys(story, partner), keys(паромы)) == before
    assert not LanguageVersion.objects.filter(page_id=паромы.pk).exists()


def test_same_language_and_same_article_are_refused(story, section, chief):
    other = factories.make_article(section, "Other")
    for one in (other, story):
        with pytest.raises(LinkRefused):
            linking.join(story, one, chief)
    assert len(keys(story, other)) == 2


def test_source_of_a_source_is_no_translation_of_it(story, мир, աշխարհ, chief, polyglot):
    (russian,) = translate(story, polyglot, "ru")
    (armenian,) = translate(fresh(russian), polyglot, "hy")
    for made, origin in ((armenian, story), (russian, story), (armenian, russian)):
        with pytest.raises(LinkRefused, match="was itself made from"):
            linking.join(made, origin, chief)
    assert version(armenian).source_id == russian.pk and version(russian).source_id == story.pk
    linking.join(story, armenian, chief)
    assert version(armenian).source_id == story.pk, "another source that is above is no cycle"


def test_article_leaves_its_story_with_all_it_says(story, мир, աշխարհ, chief, polyglot):
    (russian,) = translate(story, polyglot, "ru")
    (armenian,) = translate(fresh(russian), polyglot, "hy")
    linking.part(fresh(russian), chief)
    assert len(keys(story, russian)) == 2 and keys(story, armenian) == {story.translation_key}
    assert version(armenian).source_id == story.pk
    assert not LanguageVersion.objects.filter(page_id=russian.pk).exists()
    assert fresh(russian).title == "Ferries run again"
    with pytest.raises(LinkRefused):
        linking.part(fresh(russian), chief)
