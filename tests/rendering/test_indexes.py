"""The indexes: everybody and everything that is published, in the order of the language, by its letters."""

from __future__ import annotations

import pytest

from broadsheet.articles.models import Author
from broadsheet.rendering.pages import indexes
from tests import factories
from tests.rendering.pages import get, text, tree

NAMES = ("Zeynalov", "Əliyev", "Eldarov", "İsmayılov", "Irəvanlı", "Həsən", "Xalq")


@pytest.fixture
def authors(db):
    section = factories.make_section(factories.make_home("az", "Fənər"), "Dünya")
    known = [factories.make_author("az", name) for name in NAMES]
    factories.make_author("az", "Heç nə yazmayan")
    factories.make_article(section, "Xəbər", authors=known)
    return known


def test_authors_stand_in_the_order_of_their_language(authors):
    page = get("/az/authors/")
    assert text(page, "//main//li/a/bdi") == ["Eldarov", "Əliyev", "Həsən", "Xalq", "Irəvanlı", "İsmayılov", "Zeynalov"]
    assert text(page, "//main//h2") == ["E", "Ə", "H", "X", "I", "İ", "Z"]
    assert page.tags >= {"names:author:az"}


def test_long_index_shows_one_letter_at_a_time(authors, monkeypatch):
    monkeypatch.setattr(indexes, "ON_ONE_PAGE", 3)
    assert text(get("/az/authors/"), "//main//bdi") == []
    assert "?letter=%C6%8F" in tree(get("/az/authors/")).xpath("//main//nav//a/@href")
    assert text(get("/az/authors/", letter="Ə"), "//main//bdi") == ["Əliyev"]
    assert get("/az/authors/", letter="Q").status == 404


def test_index_of_a_new_edition_says_that_it_is_empty(authors):
    page = get("/az/topics/")
    assert page.status == 200 and text(page, "//p[@class='empty']")


def test_author_without_a_story_leaves(authors):
    Author.objects.get(name="Xalq").delete()
    assert "Xalq" not in text(get("/az/authors/"), "//main//bdi")
