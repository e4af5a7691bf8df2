"""The language switch leads to the same thing, and where a language lacks it, says so in that language."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.test import override_settings
from django.utils import translation
from django.utils.translation import gettext

from broadsheet.articles import groups
from broadsheet.rendering import closure
from tests import arrangements, factories
from tests.rendering.pages import get, tree

LANGUAGES = ("en", "az", "hy")


@pytest.fixture
@arrangements.once
def sections(db):
    key = uuid.uuid4()
    return {
        language: factories.make_section(factories.make_home(language), f"World {language}", translation_key=key)
        for language in LANGUAGES
    }


@pytest.fixture
def story(sections):
    """In English and Azerbaijani, not in Armenian."""
    key = uuid.uuid4()
    return {
        language: factories.make_article(sections[language], f"Comet {language}", translation_key=key)
        for language in ("en", "az")
    }


def switch(page):
    return {link.get("lang"): link.get("href") for link in tree(page).xpath("//header//*[@class='languages']//a")}


def test_story_leads_to_its_versions_and_to_fronts_where_it_has_none(story):
    page = get(story["en"].public_path)
    assert switch(page) == {"en": "/en/world-en/comet-en/", "az": "/az/world-az/comet-az/", "hy": "/hy/"}
    [absent] = tree(page).xpath("//header//a[@class='absent']")
    with translation.override("hy"):
        assert absent.get("title") == gettext("This page is not available in your language. To its front page:")
    [chip] = tree(page).xpath("//*[@class='versions']//li[@class='absent']/a")
    assert chip.get("href") == "/hy/" and chip.get("lang") == chip.get("hreflang") == "hy"
    assert "Where the story has not been translated" in page.body.decode()


def test_story_in_all_languages_has_nothing_to_apologise_for(sections):
    key = uuid.uuid4()
    for section in sections.values():
        factories.make_article(section, "Comet", translation_key=key)
    assert "Where the story has not been translated" not in get("/en/world-en/comet/").body.decode()


def test_later_pages_of_a_list_lead_to_the_list(sections):
    for n in range(6):
        factories.make_article(sections["en"], f"S {n}", first_published_at=factories.NOON - timedelta(hours=n))
    with override_settings(CONFIG=replace(configured.CONFIG, page_size=2)):
        page = get("/en/world-en/", page="1")
    assert switch(page) == {"en": "/en/world-en/", "az": "/az/world-az/", "hy": "/hy/world-hy/"}
    assert closure.read_claims(page.body.decode()).versions == ()


def test_day_leads_to_the_shortest_span_around_it_that_has_stories(story, sections):
    factories.make_article(sections["hy"], "Earlier", first_published_at=factories.NOON - timedelta(days=1))
    assert switch(get("/en/archive/2026/03/02/")) == {
        "en": "/en/archive/2026/03/02/",
        "az": "/az/archive/2026/03/02/",
        "hy": "/hy/archive/2026/03/",
    }
    for path in switch(get("/en/archive/2026/03/02/")).values():
        assert get(path).status == 200
    assert switch(get("/en/archive/"))["hy"] == "/hy/archive/"


def test_search_takes_its_words_along(sections):
    assert switch(get("/en/search/", q="a & b"))["az"] == "/az/search/?q=a%20%26%20b"
    assert switch(get("/en/search/"))["az"] == "/az/search/"


def test_missing_page_leads_to_the_same_words_in_the_other_language(sections):
    there = switch(get("/en/nothing/"))
    assert there == {"en": "/en/not-found/", "az": "/az/not-found/", "hy": "/hy/not-found/"}
    page = get(there["az"])
    assert page.status == 404 and tree(page).get("lang") == "az"
    assert get("/en/other-nothing/").body == get("/en/nothing/").body


def test_withdrawn_story_leads_to_its_versions_that_are_public(story):
    story["en"].unpublish()
    page = get(story["en"].public_path)
    assert page.status == 410 and switch(page)["az"] == "/az/world-az/comet-az/" and switch(page)["hy"] == "/hy/"


def test_chosen_original_is_told_to_machines(story):
    assert '"workTranslation"' in get(story["en"].public_path).body.decode()
    groups.set_original(story["en"], "az")
    assert '"translationOfWork"' in get(story["en"].public_path).body.decode()
    assert '"workTranslation"' in get(story["az"].public_path).body.decode()


def test_language_that_was_removed_answers_404_and_is_named_nowhere(story, sections):
    factories.make_article(sections["hy"], "Comet hy", translation_key=story["en"].translation_key)
    with override_settings(CONFIG=replace(configured.CONFIG, languages=("en", "az"))):
        for path in ("/hy/", "/hy/world-hy/", "/hy/world-hy/comet-hy/", "/hy/feed.xml"):
            assert get(path).status == 404
        for path in (story["en"].public_path, "/en/", "/sitemap-pages.xml", "/sitemap-articles-0.xml"):
            assert "/hy/" not in get(path).body.decode(), path
    assert get("/hy/world-hy/comet-hy/").status == 200


def test_language_whose_front_is_retracted_is_no_version_of_anything(story, sections):
    from broadsheet.articles.models import HomePage

    HomePage.objects.get(locale__language_code="az").unpublish()
    assert get(story["az"].public_path).status == 404
    assert closure.read_claims(get(story["en"].public_path).body.decode()).versions == ()
    assert "/az/" not in get("/sitemap-articles-0.xml").body.decode()
