"""WCAG 2.2 AA on every template in every language: axe-core, targets, forced colours, large text, the printed page."""

from __future__ import annotations

import pytest

from . import measures
from .browser import Visitors
from .words import EDITIONS, LANGUAGES

NOT_FINE = {"missing", "withdrawn", "author without stories", "topic without stories"}
KINDS = (
    "front",
    "section",
    "nested section",
    "empty section",
    "article",
    "print",
    "author",
    "topic",
    "archive",
    "year",
    "month",
    "day",
    "policy",
    "search",
    "search with results",
    "search without results",
    "missing",
    "withdrawn",
    "offline",
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_barrier(visitors: Visitors, paths, axe: str, kind: str, language: str) -> None:
    """Light on a desktop, then night on a phone with the largest text."""
    found = []
    with visitors.reader() as reader:
        page = reader.open(paths[language][kind], fine=kind not in NOT_FINE)
        found += [("desktop, light", one) for one in measures.violations(page, axe)]
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": 390, "height": 844})
        page.evaluate("document.documentElement.dataset.text = '4'")
        measures.settle(page)
        found += [("phone, night, largest", one) for one in measures.violations(page, axe)]
        found += [("phone, target", one) for one in measures.small_targets(page)]
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("kind", ["front", "section", "article", "search with results", "month"])
def test_no_barrier_in_other_ways_of_looking(visitors: Visitors, paths, axe: str, kind: str, language: str) -> None:
    """Desktop at night, phone by day, forced colours, text of twice the size, more space between letters and lines."""
    found = []
    with visitors.reader() as reader:
        page = reader.open(paths[language][kind])
        page.emulate_media(color_scheme="dark")
        found += [("desktop, night", one) for one in measures.violations(page, axe)]
        page.emulate_media(forced_colors="active", color_scheme="light")
        found += [("forced colours", one) for one in measures.violations(page, axe)]
        page.emulate_media(forced_colors="none", color_scheme="light")
        page.set_viewport_size({"width": 320, "height": 640})
        measures.settle(page)
        found += [("320 px", one) for one in measures.violations(page, axe) + measures.small_targets(page)]
        # Text spacing of WCAG 1.4.12: nothing may be cut off or covered by it.
        page.evaluate(
            """() => { for (const one of document.querySelectorAll('*')) {
              one.style.setProperty('line-height', '1.5', 'important');
              one.style.setProperty('letter-spacing', '.12em', 'important');
              one.style.setProperty('word-spacing', '.16em', 'important');
            } }"""
        )
        measures.settle(page)
        found += [("spacing", one) for one in measures.runs_over(page) + measures.covered_text(page)]
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("language", ["en", "fa"])
def test_open_phone_menu_has_no_barrier(visitors: Visitors, paths, axe: str, language: str) -> None:
    with visitors.reader("phone") as reader:
        page = reader.open(paths[language]["article"])
        page.locator("header .menu-button").click()
        assert not measures.violations(page, axe)
        assert not measures.small_targets(page)


def test_started_player_has_no_barrier(visitors: Visitors, site, axe: str) -> None:
    story = next(one for one in site.desk.stories("en") if "embed" in one["kinds"])
    with visitors.reader() as reader:
        page = reader.open(story["path"])
        page.locator("[data-player] a.play").first.click()
        assert not measures.violations(page, axe)


@pytest.mark.parametrize("kind", ["front", "article", "section"])
def test_nothing_moves_for_readers_who_want_no_motion(visitors: Visitors, paths, kind: str) -> None:
    with visitors.reader() as reader:
        page = reader.open(paths["en"][kind])
        moving = page.evaluate(
            """() => [...document.querySelectorAll('*')].filter((one) => {
              const style = getComputedStyle(one);
              const slow = (text) => text.split(',').some((part) => parseFloat(part) > 0);
              return slow(style.animationDuration) || slow(style.transitionDuration)
                || style.scrollBehavior === 'smooth';
            }).map((one) => one.outerHTML.slice(0, 80))"""
        )
        assert not moving


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_languages_are_marked(visitors: Visitors, paths, language: str) -> None:
    """A screen reader must know in which language to speak each of them."""
    with visitors.reader() as reader:
        page = reader.open(paths[language]["article"])
        marked = page.locator("header a[hreflang]").evaluate_all("all => all.map((one) => [one.lang, one.hreflang])")
        assert sorted(marked) == sorted([one, one] for one in EDITIONS)
