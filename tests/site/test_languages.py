"""Every language we know on the readers' pages: no letter without a form, nothing cut off, nothing over another."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from broadsheet.translations import languages

from . import browser, harness, letters, measures, parallel, polyglot

SCREENSHOTS = os.environ.get("BROADSHEET_SCREENSHOTS", "")
PAGES = ("", "news/", "news/story-0/", "search/?q=a", "nothing/here/", "offline/")
# A code for which no font has a form, and what is done to a page to spoil it. The page's own policy allows no style in
# its HTML, hence the script: a line that is cut off at its side, and lines that are cut off below.
NO_LETTER = "\u0379"
SPOIL = """(main, letter) => {
  const add = (html, style) => {
    const one = document.createElement('p');
    one.innerHTML = html;
    Object.assign(one.style, style);
    main.prepend(one);
  };
  add(`a${letter}b`, {});
  add('ჩვენ შესახებ ყველა სტატია', { overflow: 'hidden', whiteSpace: 'nowrap', inlineSize: '5rem' });
  add('ჩვენ<br>შესახებ<br>ყველა სტატია', { overflow: 'hidden', blockSize: '1rem' });
}"""
# Device, colours, step of the text's size.
LOOKS = (("phone", "light", "1"), ("phone", "dark", "4"), ("desktop", "light", "1"), ("desktop", "dark", "1"))

_FROM_THE_START = """(element) => {
  const box = element.getBoundingClientRect(), wide = document.documentElement.clientWidth;
  return document.documentElement.dir === 'rtl' ? wide - box.right : box.left;
}"""


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[harness.RunningSite]:
    """A site in all languages, made of the product's own words."""
    folder = tmp_path_factory.mktemp("polyglot") / "site"
    with harness.serve(polyglot.found(folder, polyglot.LANGUAGES, polyglot.interface_groups())) as running:
        yield running


@pytest.fixture
def visitors(spoken: harness.RunningSite, chromium: Any) -> browser.Visitors:
    return browser.Visitors(chromium, spoken.readers)


def problems_of(page: Any, language: str, device: str, scheme: str, step: str) -> list[tuple[str, str]]:
    """What is wrong with the open page in one of its looks; a picture of it is kept where one is asked for."""
    page.evaluate("(step) => { document.documentElement.dataset.text = step; }", step)
    measures.lay_out_everything(page)
    measures.settle(page)
    found = [("no form", one) for one in letters.without_a_form(page)]
    found += [("cut off", one) for one in letters.cut_off(page)]
    found += [("covers", str(pair)) for pair in measures.covered_text(page)]
    found += [("runs over", one) for one in measures.runs_over(page)]
    if SCREENSHOTS:
        name = page.url.split("/", 3)[3].replace("/", "_").replace("?", "_")
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}-{device}-{scheme}-{step}.png", full_page=True)
    return found


def look_at(visitors: browser.Visitors, language: str, paths: tuple[str, ...]) -> list[Any]:
    problems = []
    for device, scheme, step in LOOKS:
        with visitors.reader(device, scheme=scheme, locale=language) as reader:
            for path in paths:
                page = reader.open(f"/{language}/{path}", fine=path != "nothing/here/")
                root = page.locator("html")
                assert root.get_attribute("lang") == language
                assert root.get_attribute("dir") == languages.direction(language)
                found = problems_of(page, language, device, scheme, step)
                problems += [(path, device, scheme, step, *one) for one in found]
    return problems


@pytest.mark.parametrize("language", polyglot.LANGUAGES)
def test_every_word_of_ours_is_seen_whole(visitors: browser.Visitors, language: str) -> None:
    assert look_at(visitors, language, PAGES) == []


@pytest.mark.parametrize("language", polyglot.LANGUAGES)
def test_machines_that_check_accessibility_find_nothing(visitors: browser.Visitors, language: str, axe: str) -> None:
    found = []
    for device, scheme in (("phone", "light"), ("desktop", "dark")):
        with visitors.reader(device, scheme=scheme, locale=language) as reader:
            for path in ("", "news/story-0/"):
                page = reader.open(f"/{language}/{path}")
                found += [(path, device, scheme, one) for one in measures.violations(page, axe)]
    assert found == []


@pytest.mark.shared
@pytest.mark.parametrize("language", parallel.languages())
def test_newspaper_texts_are_seen_whole(spoken_in_newspapers: browser.Visitors, language: str) -> None:
    assert look_at(spoken_in_newspapers, language, ("", "news/", "news/story-11/", "news/story-3/")) == []


@pytest.fixture(scope="module")
def spoken_in_newspapers(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[browser.Visitors]:
    """A site with the parallel newspaper texts; kept out of the repository and of the product."""
    groups = parallel.groups()
    if not groups:
        pytest.skip("the parallel texts are absent")
    folder = tmp_path_factory.mktemp("newspapers") / "site"
    with harness.serve(polyglot.found(folder, parallel.languages(), groups)) as running:
        yield browser.Visitors(chromium, running.readers)


def test_right_to_left_pages_are_mirrored(visitors: browser.Visitors) -> None:
    """What stands at the left in English stands at the right, as far from its edge: the name, the text, the tools."""
    for device, parts in (("desktop", (".share", ".body p")), ("phone", (".brand", ".body p"))):
        from_the_start = {}
        for language in ("en", "he", "ar", "fa"):
            with visitors.reader(device, locale=language) as reader:
                page = reader.open(f"/{language}/news/story-0/")
                from_the_start[language] = [page.locator(part).first.evaluate(_FROM_THE_START) for part in parts]
        for language in ("he", "ar", "fa"):
            assert from_the_start[language] == pytest.approx(from_the_start["en"], abs=2), (device, language)


def test_missing_letter_and_cut_text_would_be_found(visitors: browser.Visitors) -> None:
    with visitors.reader() as reader:
        page = reader.open("/ka/")
        assert letters.without_a_form(page) == [] and letters.cut_off(page) == []
        page.locator("main").evaluate(SPOIL, NO_LETTER)
        assert letters.without_a_form(page) == [NO_LETTER]
        assert [text[:4] for text in letters.cut_off(page)] == ["ჩვენ", "ჩვენ"]
