"""Where nothing stands: the frame, the language, the same bytes for every guess."""

from __future__ import annotations

import pytest
from django.utils import translation

from broadsheet.rendering.render import render_error
from tests import factories
from tests.rendering.pages import get, text, tree

GUESSES = [
    "/en/nothing/",
    "/en/world/nothing/",
    "/en/world/nothing/print/",
    "/en/author/nobody/",
    "/en/topic/nothing/",
    "/en/archive/2026/13/",
    "/en/archive/2026/02/30/",
    "/en/archive/0000/",
    "/en/archive/9999/12/31/",
    "/en/archive/2020/",
    "/en/archive/2026/03/01/",
    "/en/world/ferries-run-again/extra/",
    "/en/WORLD/",
    "/en/author/",
    "/wp-login.php",
    "/en/%2e%2e/",
    "/en/world/" + "a" * 3000 + "/",
]


@pytest.mark.parametrize("path", GUESSES)
def test_guess_is_404_in_the_frame(section, path):
    factories.make_article(section)
    page = get(path)
    assert page.status == 404 and any(tag.startswith("missing:") for tag in page.tags)
    assert text(page, "//h1") == ["This page does not exist"]
    assert tree(page).xpath("//header//form[@role='search']") and tree(page).xpath("//footer")
    assert b'name="robots" content="noindex"' in page.body


def test_every_guess_gets_the_same_bytes(section):
    draft = factories.make_article(section, "Canary", publish=False)
    assert get(draft.public_path).body == get("/en/world/nothing/").body == get("/en/nothing/").body


@pytest.mark.parametrize("path", ["/xx/", "/xx/world/", "/en-GB/", "/e/", "/"])
def test_unknown_language_is_404_in_the_first_language(section, path):
    page = get(path)
    assert page.status == 404 and tree(page).get("lang") == "en"


def test_language_without_an_edition_has_a_bare_404(section):
    page = get("/fa/world/")
    assert page.status == 404 and tree(page).get("dir") == "rtl"


def test_address_without_its_slash_leads_to_the_one_with_it(section):
    factories.make_article(section)
    page = get("/en/world/ferries-run-again")
    assert page.status == 301
    assert dict(page.headers)["Location"] == "http://localhost:8000/en/world/ferries-run-again/"


def test_retracted_story_says_so_with_410(section):
    factories.make_article(section).unpublish()
    page = get("/en/world/ferries-run-again/")
    assert page.status == 410 and text(page, "//h1") == ["This story was withdrawn"]
    assert b"Ferries" not in page.body


def test_retracted_section_hides_its_stories(section):
    story = factories.make_article(section, authors=[factories.make_author()])
    section.unpublish()
    assert get(story.public_path).status == 404 and get("/en/world/").status == 404
    for path in ("/en/", "/en/author/aytan-reed/", "/en/archive/"):
        assert b"Ferries run again" not in get(path).body


@pytest.mark.parametrize("language", ["en", "az", "ru", "hy", "fa"])
def test_error_page_needs_no_database(language, monkeypatch):
    monkeypatch.setattr("django.db.connection.ensure_connection", lambda: pytest.fail("asked the database"))
    page = render_error(language)
    assert page.status == 500 and not page.storable
    assert tree(page).get("lang") == language and tree(page).xpath("//a/@href") == [f"/{language}/"]


def test_error_page_of_an_unknown_language_is_in_the_first(settings):
    assert tree(render_error("zz")).get("lang") == settings.CONFIG.default_language


def test_404_speaks_the_readers_language(section, monkeypatch):
    factories.make_home("ru", "Фонарь")
    asked = []
    monkeypatch.setattr(
        "broadsheet.rendering.missing._", lambda text: asked.append((translation.get_language(), text)) or text
    )
    assert tree(get("/ru/nothing/")).get("lang") == "ru"
    assert asked == [("ru", "This page does not exist")]
