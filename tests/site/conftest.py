"""The site that all tests of this folder read, and the browser that reads it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from . import browser, crawl, embargoed, harness

LANGUAGES = ("en", "az", "ru", "hy", "fa")
FOLDER = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These tests are none of the fast suite, and share one site and one browser. First, before `-m` chooses."""
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.browser if "visitors" in item.fixturenames else pytest.mark.slow)
            item.add_marker(pytest.mark.site)


@pytest.fixture(autouse=True)
def own_folders() -> None:
    """These tests have no settings of their own: the site has."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[harness.RunningSite]:
    """The demo edition with our hard cases, served; tests may add stories and take away what they added."""
    folder = harness.copy(harness.build(), tmp_path_factory.mktemp("site"))
    with harness.serve(folder) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The one browser."""
    path = browser.find_chromium()
    if path is None:
        pytest.skip(browser.HOW_TO_INSTALL)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = browser.launch(playwright, path)
        yield started
        started.close()


@pytest.fixture
def visitors(site: harness.RunningSite, chromium: Any) -> browser.Visitors:
    """Readers of the site."""
    return browser.Visitors(chromium, site.readers)


@pytest.fixture(scope="session")
def paths(site: harness.RunningSite) -> dict[str, dict[str, str]]:
    """One address of every template, by language and kind."""
    return {language: site.desk.paths(language) for language in LANGUAGES}


@pytest.fixture(scope="session")
def hidden(site: harness.RunningSite) -> embargoed.Hidden:
    """What is not published, from now on beside all that is."""
    return embargoed.hide(site)


@pytest.fixture(scope="session")
def walk(site: harness.RunningSite, hidden: embargoed.Hidden) -> crawl.Walk:
    """Every public address of the site with its reply, followed from the front door on."""
    return crawl.walk(site.readers)


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
