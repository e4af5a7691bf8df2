"""Everything can be read and used with JavaScript turned off."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from . import measures
from .browser import Visitors
from .words import LANGUAGES, said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_a_walk_through_the_site(visitors: Visitors, paths, device: str, language: str) -> None:
    """Front, section, story, another language, search: by links and forms alone."""
    with visitors.reader(device, java_script_enabled=False) as reader:
        page = reader.open(paths[language]["front"])
        sections = page.get_by_role("navigation", name=said(language, "Sections")).first
        sections.get_by_role("link").nth(1).click()
        expect(page.locator("main h1")).to_be_visible()
        page.locator("main .headline a").first.click()
        expect(page.locator("main article h1")).to_be_visible()
        expect(page.locator("main article .body p").first).to_be_visible()
        menu = page.get_by_role("button", name=said(language, "Menu"), exact=True)
        if device == "phone":
            menu.click()
        field = page.locator("header input[type=search]")
        field.fill("qqqqzzzz")
        field.press("Enter")
        expect(page.locator("main h1")).to_be_visible()
        assert page.url.endswith("/search/?q=qqqqzzzz")
        if device == "phone":
            page.get_by_role("button", name=said(language, "Menu"), exact=True).click()
        other = "en" if language != "en" else "fa"
        page.locator(f"header a[hreflang={other}]").click()
        expect(page.locator(f"html[lang={other}]")).to_be_attached()


@pytest.mark.parametrize("language", ["en", "fa"])
def test_only_what_works_is_shown(visitors: Visitors, paths, language: str) -> None:
    with visitors.reader(java_script_enabled=False) as reader:
        page = reader.open(paths[language]["article"])
        for name in ("A+ larger text", "A− smaller text", "Night", "Copy link"):
            expect(page.get_by_role("button", name=said(language, name), exact=True)).to_be_hidden()
        expect(page.locator("[data-share-links] a").first).to_be_visible()
        page.locator("main [data-print]").click()
        assert page.url.endswith("/print/")
        page.go_back()
        link = page.locator("[data-player] a").first
        expect(link).to_be_visible()
        assert str(link.get_attribute("href")).startswith("https://")


def test_pictures_and_night_need_no_script(visitors: Visitors, paths) -> None:
    with visitors.reader(scheme="dark", java_script_enabled=False) as reader:
        page = reader.open(paths["en"]["article"])
        picture = page.locator("main figure img").first
        expect(picture).to_be_visible()
        assert picture.evaluate("e => e.complete && e.naturalWidth > 0")
        background = page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor")
        assert sum(int(part) for part in background.strip("rgba()").split(",")[:3]) < 180


@pytest.mark.parametrize("kind", ["front", "section", "article", "archive", "search"])
def test_nothing_runs_over(visitors: Visitors, paths, kind: str) -> None:
    with visitors.reader(viewport={"width": 320, "height": 640}, java_script_enabled=False) as reader:
        for language in ("en", "fa"):
            page = reader.open(paths[language][kind])
            assert not measures.runs_over(page)
