"""The news sitemap: only what was first published in the last two days."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from broadsheet.articles.models import SectionPage
from broadsheet.articles.projection import PublishedArticle
from broadsheet.syndication.sitemaps import news, xml
from tests import factories

from .reading import BASE, ask, ask_xml, find, locations, text

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def publish(section, title, *, hours, **fields):
    return factories.make_article(section, title=title, first_published_at=NOW - timedelta(hours=hours), **fields)


def test_entry_has_what_it_must(section, clock):
    publish(section, "Ferries & boats <run>", hours=3)
    (entry,) = find(ask_xml("/en/news-sitemap.xml"), "//map:url")
    assert text(entry, "map:loc") == f"{BASE}/en/world/ferries-boats-run/"
    (story,) = find(entry, "news:news")
    assert text(story, "news:publication/news:name") == "The Lantern"
    assert text(story, "news:publication/news:language") == "en"
    assert datetime.fromisoformat(text(story, "news:publication_date")) == NOW - timedelta(hours=3)
    assert text(story, "news:title") == "Ferries & boats <run>"


def test_story_leaves_after_48_hours(section, clock):
    publish(section, "Fresh", hours=47.9)
    publish(section, "Stale", hours=48)
    publish(section, "Old", hours=480)
    assert locations(ask_xml("/en/news-sitemap.xml")) == ["/en/world/fresh/"]
    clock.shift(timedelta(minutes=7))
    assert locations(ask_xml("/en/news-sitemap.xml")) == []


def test_update_does_not_make_an_old_story_news(section, clock):
    article = publish(section, "Old", hours=72)
    article.updated_at = NOW
    article.save_revision().publish()
    assert locations(ask_xml("/en/news-sitemap.xml")) == []


def test_story_dated_in_the_future_waits(section, clock):
    publish(section, "Tomorrow", hours=-5)
    assert locations(ask_xml("/en/news-sitemap.xml")) == []


def test_one_file_a_language(section, clock):
    az = factories.make_section(factories.make_home("az", "Fənər"), "Aləm", slug="alem")
    publish(section, "English", hours=1)
    publish(az, "Azerbaijani", hours=1)
    assert locations(ask_xml("/en/news-sitemap.xml")) == ["/en/world/english/"]
    assert locations(ask_xml("/az/news-sitemap.xml")) == ["/az/alem/azerbaijani/"]
    assert text(ask_xml("/az/news-sitemap.xml"), "//news:name") == "Fənər"


def test_what_is_not_public_is_not_news(section, clock):
    publish(section, "Canary draft", hours=1, publish=False)
    publish(section, "Canary gone", hours=1).unpublish()
    publish(section, "Canary hidden", hours=1)
    SectionPage.objects.filter(pk=section.pk).update(live=False)
    assert locations(ask_xml("/en/news-sitemap.xml")) == []


def test_more_than_one_file_holds_get_an_index(section, clock, monkeypatch):
    monkeypatch.setattr(news, "STORIES_A_FILE", 2)
    for number in range(5):
        publish(section, f"Story {number}", hours=number)
    files = locations(ask_xml("/en/news-sitemap.xml"))
    assert files == [f"/en/news-sitemap-{number}.xml" for number in (1, 2, 3)]
    stories = [path for file in files for path in locations(ask_xml(file))]
    assert stories == [f"/en/world/story-{number}/" for number in range(5)]
    for number in ("0", "4", "99"):
        assert ask(f"/en/news-sitemap-{number}.xml").status == 404


def test_files_exist_only_where_there_is_an_index(section, clock):
    publish(section, "Story", hours=1)
    assert ask("/en/news-sitemap-1.xml").status == 404
    assert news.STORIES_A_FILE <= 1000


def test_unknown_language_has_none(home):
    assert ask("/xx/news-sitemap.xml").status == 404
    assert ask("/az/news-sitemap.xml").status == 404


@pytest.mark.parametrize(
    ("language", "name"),
    [("az", "az"), ("sr-Latn", "sr"), ("pt-BR", "pt"), ("zh-Hans", "zh-cn"), ("zh-Hant", "zh-tw"), ("zh-CN", "zh-cn")],
)
def test_language_is_named_as_news_sitemaps_want_it(language, name):
    assert xml.news_language(language) == name


def test_headline_with_characters_that_xml_forbids(section, clock):
    publish(section, "Story", hours=1)
    PublishedArticle.objects.update(headline="a\x01]]>\ufffeb")
    assert text(ask_xml("/en/news-sitemap.xml"), "//news:title") == "a]]>b"


def test_query_budget(section, clock, django_assert_max_num_queries):
    for number in range(5):
        publish(section, f"Story {number}", hours=number)
    with django_assert_max_num_queries(3):
        ask("/en/news-sitemap.xml")
