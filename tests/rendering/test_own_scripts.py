"""Addresses in an edition's own script: stored in one spelling, escaped on the wire, found however they are spelled."""

from __future__ import annotations

import dataclasses
import unicodedata

import pytest

from broadsheet.edge.addresses import encode
from broadsheet.readers.views import find_page
from broadsheet.rendering import warming
from tests import factories
from tests.rendering.pages import get, tree


@pytest.fixture
def story(db, settings):
    settings.CONFIG = dataclasses.replace(settings.CONFIG, own_script_slugs=("fa", "ru"))
    section = factories.make_section(factories.make_home("ru", "Фонарь"), "Ёж и мир")
    author = factories.make_author("ru", "Анна Ёлкина")
    return factories.make_article(section, "Йод: новости 🔥", authors=[author])


def test_page_stands_at_its_own_letters(story):
    assert story.public_path == "/ru/ёж-и-мир/йод-новости/"
    page = get(story.public_path)
    assert page.status == 200
    canonical = tree(page).xpath("string(//link[@rel='canonical']/@href)")
    assert canonical == f"http://localhost:8000{encode(story.public_path)}" and canonical.isascii()
    assert get("/ru/author/анна-ёлкина/").status == 200
    assert encode(story.public_path).encode() in get("/sitemap-articles-0.xml").body


def test_every_other_spelling_leads_to_the_one(story):
    usual = encode(story.public_path)
    assert find_page(usual, {}).status == 200
    others = (
        usual.lower(),
        encode(story.public_path.upper().replace("/RU/", "/ru/")),
        encode(unicodedata.normalize("NFD", story.public_path)),
        usual.rstrip("/"),
    )
    for other in others:
        page = find_page(other, {})
        assert (page.status, dict(page.headers)["Location"]) == (301, f"http://localhost:8000{usual}"), other


def test_changed_slug_leads_on(story):
    old = encode(story.public_path)
    story.slug = "другой-ёж"
    story.save_revision().publish()
    page = find_page(old, {})
    assert (page.status, dict(page.headers)["Location"]) == (301, f"http://localhost:8000{encode(story.public_path)}")


def test_pages_are_rendered_ahead_as_the_edge_writes_their_addresses(monkeypatch):
    asked: list[str] = []

    class Renderer:
        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

        def make(self, path):
            asked.append(path)
            return 1

    monkeypatch.setattr(warming, "_Renderer", Renderer)
    assert warming.warm(["/ru/ёж/", "/en/"]) == 2
    assert asked == ["/ru/%D1%91%D0%B6/", "/en/"]
