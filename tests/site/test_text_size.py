"""A+ and A−: five steps from 87 % to 175 %, remembered, and nothing overlaps or runs over at any width."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from . import measures
from .browser import Visitors
from .words import LANGUAGES, said

# Every kind of page that has an arrangement of its own.
KINDS = (
    "front",
    "section",
    "article",
    "print",
    "author",
    "topic",
    "archive",
    "month",
    "day",
    "policy",
    "search with results",
    "missing",
    "offline",
)


def percent(page: Page) -> float:
    """The size of the text compared with the reader's own."""
    return round(float(page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")) / 16, 3)


@pytest.mark.parametrize("language", LANGUAGES)
def test_five_steps_and_no_further(visitors: Visitors, paths, language: str) -> None:
    with visitors.reader() as reader:
        page = reader.open(paths[language]["article"])
        smaller = page.get_by_role("button", name=said(language, "A− smaller text"))
        larger = page.get_by_role("button", name=said(language, "A+ larger text"))
        expect(larger).to_have_text("A+")
        expect(smaller).to_have_text("A−")
        seen = [percent(page)]
        for _ in range(6):
            smaller.click(force=True)
            seen.append(percent(page))
        expect(smaller).to_have_attribute("aria-disabled", "true")
        for _ in range(7):
            larger.click(force=True)
            seen.append(percent(page))
        expect(larger).to_have_attribute("aria-disabled", "true")
        assert seen[0] == 1.0
        assert sorted(set(seen)) == list(measures.TEXT_STEPS)


def test_size_is_remembered_before_the_first_paint(visitors: Visitors, paths) -> None:
    with visitors.reader() as reader:
        page = reader.open(paths["en"]["article"])
        larger = page.get_by_role("button", name="A+ larger text")
        larger.click()
        larger.click()
        for path in (paths["en"]["front"], paths["ru"]["article"], paths["fa"]["print"]):
            reader.open(path)
            assert percent(page) == 1.45
            assert page.evaluate("window.moved") <= 0.002


def test_new_size_is_spoken(visitors: Visitors, paths) -> None:
    with visitors.reader() as reader:
        page = reader.open(paths["fa"]["article"])
        spoken = page.locator("[data-text-state]")
        expect(spoken).to_have_text("")
        page.get_by_role("button", name=said("fa", "A+ larger text")).click()
        expect(spoken).to_contain_text("۱۲۰")


def test_size_of_the_browser_itself_counts(visitors: Visitors, paths) -> None:
    """A reader whose browser is set to larger text gets it: sizes are relative."""
    with visitors.reader() as reader:
        page = reader.open(paths["en"]["article"])
        body = page.locator(".body p").first
        before = float(body.evaluate("e => parseFloat(getComputedStyle(e).fontSize)"))
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert float(body.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) == pytest.approx(2 * before)


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_overlaps_or_runs_over(visitors: Visitors, paths, kind: str, language: str) -> None:
    problems = []
    with visitors.reader() as reader:
        page = reader.open(paths[language][kind], fine=kind != "missing")
        for width in measures.WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for step, size in enumerate(measures.TEXT_STEPS):
                page.evaluate("(step) => { document.documentElement.dataset.text = step; }", str(step))
                measures.settle(page)
                problems += [(width, size, "covers", pair) for pair in measures.covered_text(page)]
                problems += [(width, size, "runs over", one) for one in measures.runs_over(page)]
    assert not problems, problems[:10]


@pytest.mark.parametrize("slug", ["hard-words", "hard-marks", "hard-signs"])
def test_odd_headlines_stay_in_their_place(visitors: Visitors, site, paths, slug: str) -> None:
    problems = []
    with visitors.reader() as reader:
        for path in (
            f"{paths['en']['section']}{slug}/",
            f"{paths['en']['section']}?page=1",
            f"{paths['en']['section']}?page=2",
        ):
            page = reader.open(path)
            for width in (320, 1280):
                page.set_viewport_size({"width": width, "height": 900})
                for step in ("1", "4"):
                    page.evaluate("(step) => { document.documentElement.dataset.text = step; }", step)
                    measures.settle(page)
                    problems += [(path, width, step, one) for one in measures.runs_over(page)]
                    problems += [(path, width, step, pair) for pair in measures.covered_text(page)]
    assert not problems, problems[:10]


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("step", ["0", "4"])
def test_open_phone_menu_fits(visitors: Visitors, paths, step: str, language: str) -> None:
    with visitors.reader("phone", viewport={"width": 320, "height": 568}) as reader:
        page = reader.open(paths[language]["front"])
        page.evaluate("(step) => { document.documentElement.dataset.text = step; }", step)
        page.get_by_role("button", name=said(language, "Menu")).click()
        measures.settle(page)
        menu = page.locator("#menu")
        assert menu.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
        assert not measures.runs_over(page)
        covered = page.evaluate(
            """() => [...document.querySelectorAll('#menu button, #menu a, #menu input')].filter((one) => {
              one.scrollIntoView({ block: 'center' });
              const box = one.getBoundingClientRect();
              const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
              return !(at && (one.contains(at) || at.contains(one)));
            }).map((one) => one.outerHTML.slice(0, 90))"""
        )
        assert not covered
