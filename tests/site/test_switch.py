"""The way from language to language: the switch, what is said where a version lacks, the offer, the choice."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from .browser import Visitors
from .words import EDITIONS, LANGUAGES, said

OFFER = "This page is also available in your language:"
NO_VERSION = "This page is not available in your language. To its front page:"


def targets(page: Page) -> dict[str, str]:
    """Where the switch leads, by language."""
    links = page.locator("header .languages a").all()
    return {str(link.get_attribute("lang")): str(link.evaluate("e => e.pathname + e.search")) for link in links}


def story_without(site, language: str) -> dict:
    return next(one for one in site.desk.stories("en") if language not in one["translations"])


@pytest.mark.parametrize("kind", ["front", "section", "author", "topic", "policy"])
def test_switch_leads_to_the_same_thing_and_back(visitors: Visitors, paths, kind: str) -> None:
    with visitors.reader() as reader:
        there = targets(reader.open(paths["en"][kind]))
        for language in LANGUAGES:
            assert reader.open(there[language]).locator("html").get_attribute("lang") == language
            assert targets(reader.page)["en"] == paths["en"][kind]


def test_switch_of_a_search_takes_the_query_along(visitors: Visitors) -> None:
    with visitors.reader() as reader:
        there = targets(reader.open("/en/search/?q=chess+%26+tea"))["hy"]
        assert urlsplit(there).path == "/hy/search/" and parse_qs(urlsplit(there).query) == {"q": ["chess & tea"]}
        assert reader.open(there).locator("main input[name=q]").input_value() == "chess & tea"


def test_switch_of_a_day_leads_to_the_day_or_what_is_around_it(visitors: Visitors, paths) -> None:
    with visitors.reader() as reader:
        page = reader.open(paths["en"]["day"])
        for language, there in targets(page).items():
            assert there.startswith(f"/{language}/archive/")
            reader.open(there)


def test_switch_of_a_page_that_is_not_there_says_so_in_the_other_language(visitors: Visitors) -> None:
    with visitors.reader() as reader:
        page = reader.open("/en/no-such-page/", fine=False)
        there = targets(page)["fa"]
        page = reader.open(there, fine=False)
        assert page.locator("html").get_attribute("lang") == "fa"
        expect(page.get_by_role("heading", level=1)).to_have_text(said("fa", "This page does not exist"))
        assert set(targets(page)) == set(EDITIONS)


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_story_says_which_translation_it_lacks_and_offers_the_front(visitors: Visitors, site, device: str) -> None:
    with visitors.reader(device) as reader:
        page = reader.open(story_without(site, "fa")["path"])
        others = page.get_by_role("navigation", name=said("en", "This story in other languages"))
        absent = others.locator(".absent a[hreflang=fa]")
        expect(absent).to_have_attribute("href", "/fa/")
        assert absent.get_attribute("lang") == "fa" and absent.get_attribute("dir") == "rtl"
        expect(absent).to_contain_text(said("fa", "To the front page"))
        expect(others).to_contain_text(said("en", "Where the story has not been translated"))
        assert others.get_by_role("link").count() == len(EDITIONS) - 1


@pytest.mark.parametrize("device", ["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("locale", "language"), [("ru-RU", "ru"), ("fa", "fa"), ("hy", "hy")])
def test_reader_of_another_language_is_offered_it_and_stays(
    visitors: Visitors, paths, device: str, scheme: str, locale: str, language: str
) -> None:
    with visitors.reader(device, scheme=scheme, locale=locale, offered=True) as reader:
        page = reader.open(paths["en"]["section"])
        offer = page.locator(".offer")
        expect(offer).to_be_visible()
        assert urlsplit(page.url).path == paths["en"]["section"]
        assert offer.get_attribute("lang") == language
        assert offer.get_attribute("dir") == ("rtl" if language == "fa" else "ltr")
        expect(offer).to_contain_text(said(language, OFFER))
        box, view = offer.bounding_box(), page.viewport_size
        assert box and view and round(box["y"] + box["height"]) == view["height"] and box["width"] <= view["width"]
        assert page.evaluate("window.moved") == 0 and not reader.violations() and not reader.errors
        offer.get_by_role("link").click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert urlsplit(page.url).path == paths[language]["section"]
        expect(page.locator(".offer")).to_have_count(0)


def test_offer_on_a_right_to_left_page(visitors: Visitors, paths) -> None:
    with visitors.reader("phone", locale="en-GB", offered=True) as reader:
        page = reader.open(paths["fa"]["front"])
        offer = page.locator(".offer")
        assert (offer.get_attribute("lang"), offer.get_attribute("dir")) == ("en", "ltr")
        expect(offer.get_by_role("button")).to_have_accessible_name("Close")


def test_story_without_a_version_offers_the_front(visitors: Visitors, site) -> None:
    with visitors.reader(locale="fa", offered=True) as reader:
        page = reader.open(story_without(site, "fa")["path"])
        expect(page.locator(".offer")).to_contain_text(said("fa", NO_VERSION))
        page.locator(".offer a").click()
        page.wait_for_url("**/fa/")


@pytest.mark.parametrize("locale", ["en", "en-GB", "de"])
def test_nothing_is_offered_to_who_reads_the_page_or_none_of_ours(visitors: Visitors, paths, locale: str) -> None:
    with visitors.reader(locale=locale, offered=True) as reader:
        page = reader.open(paths["en"]["article"])
        page.wait_for_timeout(300)
        assert page.locator(".offer").count() == 0


def test_offer_that_was_put_away_stays_away(visitors: Visitors, paths) -> None:
    with visitors.reader(locale="ru", offered=True) as reader:
        page = reader.open(paths["en"]["front"])
        page.locator(".offer").get_by_role("button", name=said("ru", "Close")).click()
        expect(page.locator(".offer")).to_have_count(0)
        page = reader.open(paths["en"]["article"])
        page.wait_for_timeout(300)
        assert page.locator(".offer").count() == 0


def test_choice_is_remembered_without_a_cookie_and_offered_elsewhere(visitors: Visitors, paths) -> None:
    with visitors.reader(locale="en", offered=True) as reader:
        reader.open(paths["en"]["front"]).locator("header a[hreflang=hy]").click()
        reader.page.wait_for_url("**/hy/")
        assert reader.context.cookies() == []
        assert reader.page.evaluate("localStorage.getItem('language')") == "hy"
        page = reader.open(paths["en"]["article"])
        expect(page.locator(".offer")).to_have_attribute("lang", "hy")


def test_front_door_leads_to_the_chosen_language_by_the_worker(visitors: Visitors, paths) -> None:
    with visitors.reader(locale="en", service_workers="allow", offered=True) as reader:
        page = reader.open(paths["en"]["front"])
        page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
        page.wait_for_function("navigator.serviceWorker.controller")
        page.locator("header a[hreflang=ru]").click()
        page.wait_for_url("**/ru/")
        reader.open("/")
        assert urlsplit(page.url).path == "/ru/" and reader.context.cookies() == []


def test_everything_is_there_without_scripts(visitors: Visitors, site) -> None:
    with visitors.reader(locale="fa", java_script_enabled=False, offered=True) as reader:
        page = reader.open(story_without(site, "fa")["path"])
        assert page.locator(".offer").count() == 0
        expect(page.locator(".versions .absent a[hreflang=fa]")).to_be_visible()
