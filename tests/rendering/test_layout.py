"""Header and footer: the year, the reuse rule, the sections, what an editor set."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from broadsheet.articles.models import Edition
from broadsheet.rendering import layout
from tests import factories
from tests.rendering.pages import get, text, tree


@pytest.mark.parametrize(
    ("moment", "founded", "years"),
    [
        ("2026-07-01T12:00:00Z", None, "2026"),
        ("2026-07-01T12:00:00Z", 2019, "2019–2026"),
        ("2026-07-01T12:00:00Z", 2026, "2026"),
        # Midnight in Baku is four hours before midnight in Greenwich.
        ("2026-12-31T19:59:59Z", None, "2026"),
        ("2026-12-31T20:00:00Z", None, "2027"),
    ],
)
def test_year_is_that_of_the_sites_clock(section, moment, founded, years):
    Edition.objects.update(founded_year=founded)
    with time_machine.travel(datetime.fromisoformat(moment), tick=False):
        assert text(get("/en/"), "//*[@data-years]") == [years]


def test_page_may_not_be_kept_beyond_the_year(section):
    with time_machine.travel(datetime(2026, 12, 31, 19, 59, 50, tzinfo=UTC), tick=False):
        assert get("/en/").max_age_s == 10
        assert layout.seconds_of_the_year_left() == 10
    with time_machine.travel(datetime(2026, 7, 1, tzinfo=UTC), tick=False):
        assert get("/en/").max_age_s == 60


def test_persian_edition_counts_in_its_own_digits_and_runs_from_right_to_left(db):
    home = factories.make_home("fa", "فانوس")
    factories.make_article(factories.make_section(home, "جهان"), "قایق‌ها")
    with time_machine.travel(datetime(2026, 7, 1, tzinfo=UTC), tick=False):
        page = get("/fa/")
    assert text(page, "//*[@data-years]") == ["۲۰۲۶"]
    assert (tree(page).get("lang"), tree(page).get("dir")) == ("fa", "rtl")


def test_social_and_app_addresses_show_where_they_are_set(section):
    assert not tree(get("/en/")).xpath("//ul[@class='social']")
    Edition.objects.update(telegram_url="https://t.me/example", app_store_url="https://apps.apple.com/app/id1")
    links = tree(get("/en/")).xpath("//ul[@class='social']//a")
    assert [(one.get("title"), one.get("href")) for one in links] == [
        ("Telegram", "https://t.me/example"),
        ("App Store", "https://apps.apple.com/app/id1"),
    ]


def test_header_holds_search_theme_and_text_size(section):
    found = tree(get("/en/"))
    form = found.xpath("//header//form[@role='search']")[0]
    assert form.get("action") == "/en/search/" and form.xpath(".//input[@name='q']")
    assert form.xpath(".//input/@placeholder") == ["What are you looking for?"]
    assert found.xpath("//button/@data-theme-choice") == ["light", "night", "system"]
    labels = found.xpath("//button[@data-text-step]/@aria-label")
    assert labels[0].startswith("A−") and labels[1].startswith("A+")


def test_sections_stand_in_the_newsrooms_order_without_retracted_ones(home, section):
    factories.make_section(section, "Asia")
    factories.make_section(home, "Sport")
    factories.make_section(home, "Old").unpublish()
    assert text(get("/en/"), "//nav[@class='sections']//a") == ["World", "Sport"]
    assert text(get("/en/"), "//footer//nav/div[2]//a") == ["World", "Asia", "Sport"]
