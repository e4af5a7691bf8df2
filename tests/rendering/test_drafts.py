"""What is not published shows nowhere; a preview shows it and leaves no trace."""

from __future__ import annotations

from pathlib import Path

from broadsheet.articles.models import HomePage
from broadsheet.articles.projection import PublishedArticle
from broadsheet.rendering.preview import render_draft
from tests import factories
from tests.rendering.pages import get


def test_canary_of_a_draft_is_on_no_page(section):
    author, topic = factories.make_author(name="Canary Author"), factories.make_topic(name="Canary Topic")
    factories.make_article(section, title="Canary", publish=False, lead="Canary", authors=[author], topics=[topic])
    story = factories.make_article(section)
    story.title = story.lead = "Canary"
    story.save_revision()
    paths = ["/en/", "/en/world/", "/en/world/ferries-run-again/", "/en/world/ferries-run-again/print/"]
    paths += ["/en/archive/", "/en/archive/2026/", "/en/archive/2026/03/", "/en/archive/2026/03/02/", "/en/offline/"]
    paths += ["/en/world/canary/", "/en/author/canary-author/", "/en/topic/canary-topic/", "/manifest.webmanifest"]
    for path in paths:
        assert b"anary" not in get(path).body, path


def test_scheduled_change_stays_hidden_until_its_time(section):
    story = factories.make_article(section)
    story.title = "Canary"
    story.go_live_at = factories.NOON.replace(year=2126)
    story.save_revision().publish()
    assert b"Canary" not in get("/en/world/ferries-run-again/").body


def test_preview_shows_the_draft_and_writes_nothing(section, settings, rf):
    story = factories.make_article(section, publish=False, picture=factories.make_image(), lead="Only a draft.")
    body = render_draft(story, rf.get("/")).decode()
    assert "Only a draft." in body and "data-preview" in body and 'content="noindex"' in body
    assert settings.CONFIG.newsroom_url + "/media/" in body
    assert "<script src=" not in body and "/pictures/" not in body
    assert not Path(settings.PUBLIC_ROOT).exists() and not PublishedArticle.objects.exists()


def test_preview_of_a_changed_story_shows_the_change_alone_to_editors(section, rf):
    story = factories.make_article(section, topics=[factories.make_topic()], authors=[factories.make_author()])
    story.title = "Changed"
    assert b"Changed" in render_draft(story, rf.get("/"))
    assert b"Changed" not in get("/en/world/ferries-run-again/").body


def test_preview_of_fronts_and_sections_shows_their_new_places(home, section, rf):
    story = factories.make_article(section)
    section.title = "Wide world"
    assert b"Wide world" in render_draft(section, rf.get("/"))
    home = HomePage.objects.get(pk=home.pk)
    home.slots.create(slot="list", article=story)
    assert b"Also today" in render_draft(home, rf.get("/"))
    assert b"Also today" not in get("/en/").body
