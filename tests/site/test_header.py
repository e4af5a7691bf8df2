"""The head of every page: logo, sections, languages, social addresses, search, skip link, keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from broadsheet.demo import reading

from .browser import Visitors
from .words import LANGUAGES, said

# Where a focus may show: on the control, on what is drawn over its whole card, on the card.
_SHOWS_FOCUS = """
() => {
  const one = document.activeElement;
  const has = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const places = [[one], [one, '::after'], [one, '::before'], [one.closest('article, li, form') || one]];
  const shown = places.some(([element, pseudo]) => has(getComputedStyle(element, pseudo)));
  return [one === document.body ? 'end' : one.dataset.number ?? 'scroller', shown];
}
"""
OWN_NAMES = {"en": "English", "az": "Azərbaycan", "ru": "Русский", "hy": "Հայերեն", "fa": "فارسی"}


def path_of(link: Locator) -> str:
    """Where a link leads on its own origin."""
    return str(link.evaluate("e => new URL(e.href).pathname"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_logo_leads_to_the_front_of_the_language(visitors: Visitors, paths, language: str) -> None:
    with visitors.reader() as reader:
        page = reader.open(paths[language]["article"])
        home = page.locator("header a[rel=home]")
        expect(home).to_have_accessible_name(reading.edition()["settings"][language]["publication_name"])
        home.click()
        page.wait_for_url(f"**/{language}/")
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "fa" else "ltr")
        assert page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_is_one_click_away(visitors: Visitors, paths, language: str) -> None:
    wanted = [one[language]["name"] for one in reading.edition()["sections"].values() if not one.get("parent")]
    with visitors.reader() as reader:
        page = reader.open(paths[language]["article"])
        sections = page.get_by_role("navigation", name=said(language, "Sections")).first
        assert sections.get_by_role("link").all_inner_texts() == wanted
        sections.get_by_role("link", name=wanted[1], exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(wanted[1])
        current = page.locator("header nav [aria-current]", has_text=wanted[1])
        expect(current).to_be_visible()


def test_language_links_lead_to_this_story_in_the_other_languages(visitors: Visitors, site) -> None:
    story = next(one for one in site.desk.stories("en") if one["section"] == "world" and len(one["translations"]) == 4)
    with visitors.reader() as reader:
        page = reader.open(story["path"])
        for language in LANGUAGES:
            link = page.locator(f"header a[hreflang={language}]")
            # A language that has no version of this story leads to its front.
            assert path_of(link) == story["translations"].get(language, f"/{language}/")
            assert link.get_attribute("lang") == language
            assert OWN_NAMES[language].casefold() in link.inner_text().casefold()
        missing = set(LANGUAGES) - set(story["translations"])
        assert missing == {"fa"}
        page.locator("header a[hreflang=hy]").click()
        expect(page.locator("html")).to_have_attribute("lang", "hy")
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_language_links_of_other_pages(visitors: Visitors, paths) -> None:
    with visitors.reader() as reader:
        page = reader.open(paths["en"]["section"])
        for language in LANGUAGES:
            link = page.locator(f"header a[hreflang={language}]")
            assert path_of(link) == paths[language]["section"]
        page = reader.open(paths["en"]["search"])
        assert path_of(page.locator("header a[hreflang=ru]")) in {"/ru/", "/ru/search/"}


@pytest.mark.parametrize("language", ["en", "fa"])
def test_social_and_app_addresses(visitors: Visitors, paths, language: str) -> None:
    social = reading.edition()["social"]
    with visitors.reader() as reader:
        page = reader.open(paths[language]["front"])
        for name, url in social.items():
            link = page.locator(f"header a[href='{url}']")
            expect(link).to_be_visible()
            expect(link).to_have_accessible_name(
                {
                    "x": "X",
                    "youtube": "YouTube",
                    "instagram": "Instagram",
                    "facebook": "Facebook",
                    "telegram": "Telegram",
                    "app_store": "App Store",
                    "google_play": "Google Play",
                }[name]
            )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_search_form_speaks_the_language(visitors: Visitors, paths, device: str, language: str) -> None:
    with visitors.reader(device) as reader:
        page = reader.open(paths[language]["article"])
        if device == "phone":
            page.get_by_role("button", name=said(language, "Menu")).click()
        field = page.locator("header input[type=search]")
        expect(field).to_be_visible()
        expect(field).to_have_attribute("placeholder", said(language, "What are you looking for?"))
        expect(field).to_have_accessible_name(said(language, "Search"))
        field.fill("qqqqzzzz")
        field.press("Enter")
        page.wait_for_url(f"**/{language}/search/?q=qqqqzzzz")


@pytest.mark.parametrize("language", ["en", "fa"])
def test_skip_link_comes_first_and_leads_to_the_content(visitors: Visitors, paths, language: str) -> None:
    with visitors.reader() as reader:
        page = reader.open(paths[language]["article"])
        page.keyboard.press("Tab")
        skip = page.locator(":focus")
        expect(skip).to_have_text(said(language, "Skip to the content"))
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("kind", ["front", "article"])
def test_everything_is_reached_with_the_keyboard_and_shows_its_focus(visitors: Visitors, paths, kind: str) -> None:
    """Every control that can be seen gets the focus by Tab, in the order of the page, and shows that it has it."""
    with visitors.reader() as reader:
        page = reader.open(paths["en"][kind])
        page.evaluate(
            """() => [...document.querySelectorAll('a[href], button, input, summary')]
              .filter((one) => one.checkVisibility({ visibilityProperty: true }))
              .forEach((one, number) => { one.dataset.number = number; })"""
        )
        wanted = page.locator("[data-number]").count()
        reached: list[int] = []
        for _ in range(wanted + 20):
            page.keyboard.press("Tab")
            number, is_shown = page.evaluate(_SHOWS_FOCUS)
            if number == "end":
                break
            where = page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
            assert is_shown, f"no focus to be seen: {where}"
            if number != "scroller":
                reached.append(int(number))
        assert reached == sorted(reached)
        missed = sorted(set(range(wanted)) - set(reached))
        assert not missed, [
            page.locator(f"[data-number='{one}']").evaluate("e => e.outerHTML.slice(0, 120)") for one in missed
        ]


@pytest.mark.parametrize("language", ["en", "fa"])
def test_phone_menu_opens_closes_and_gives_the_focus_back(visitors: Visitors, paths, language: str) -> None:
    with visitors.reader("phone") as reader:
        page = reader.open(paths[language]["article"])
        menu = page.get_by_role("button", name=said(language, "Menu"))
        languages = page.get_by_role("navigation", name=said(language, "Languages"), exact=True)
        expect(languages).to_be_hidden()
        menu.click()
        expect(languages).to_be_visible()
        page.keyboard.press("Escape")
        expect(languages).to_be_hidden()
        expect(menu).to_be_focused()
        menu.click()
        page.get_by_role("button", name=said(language, "Close")).click()
        expect(languages).to_be_hidden()
