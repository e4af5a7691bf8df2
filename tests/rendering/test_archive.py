"""The archive by date, on the site's own calendar."""

from __future__ import annotations

from datetime import UTC, datetime

from tests import factories
from tests.rendering.pages import get, stories, text, tree


def test_way_leads_from_the_archive_to_the_day(section):
    story = factories.make_article(section)
    links = tree(get("/en/archive/")).xpath("//main//a/@href")
    assert links == ["/en/archive/2026/"]
    assert "/en/archive/2026/03/" in tree(get(links[0])).xpath("//main//a/@href")
    assert tree(get("/en/archive/2026/03/")).xpath("//table//a/@href") == ["/en/archive/2026/03/02/"]
    assert stories(get("/en/archive/2026/03/02/")) == [story.pk]


def test_day_begins_at_midnight_in_the_sites_zone(section):
    evening = factories.make_article(section, "Late", first_published_at=datetime(2026, 3, 2, 19, 59, tzinfo=UTC))
    morning = factories.make_article(section, "Early", first_published_at=datetime(2026, 3, 2, 20, 0, tzinfo=UTC))
    assert stories(get("/en/archive/2026/03/02/")) == [evening.pk]
    assert stories(get("/en/archive/2026/03/03/")) == [morning.pk]


def test_calendar_starts_on_the_languages_first_weekday(section):
    factories.make_article(section)
    persian = factories.make_home("fa", "فانوس")
    factories.make_article(factories.make_section(persian, "جهان"), "قایق‌ها")
    first_row = text(get("/en/archive/2026/03/"), "//tbody/tr[1]/td")
    assert len(first_row) == 7 and first_row[-1] == "1"
    assert text(get("/fa/archive/2026/03/"), "//thead//th")[0][:1] == "ش"
    assert "۲" in text(get("/fa/archive/2026/03/"), "//table//a")[0]


def test_archive_without_stories_is_empty_and_not_missing(section):
    assert get("/en/archive/").status == 200
