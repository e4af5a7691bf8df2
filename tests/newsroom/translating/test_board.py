"""The board shows each story in every language to who may read it, at a cost that does not grow with the stories."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale, Page

from broadsheet.articles.models import HomePage
from broadsheet.newsroom.translating import board
from broadsheet.newsroom.translating.board import Asked
from tests import factories
from tests.newsroom import people

from .stories import correct, fresh, revise, translate

LANGUAGES = ("en", "ru", "hy")


@pytest.fixture
def translated(story, мир, աշխարհ, polyglot):
    russian, armenian = translate(story, polyglot, "ru", "hy")
    return story, revise(russian, title="Паромы"), armenian


def find(user, **asked):
    return {
        row.page.draft_title: {one.language: one for one in row.cells}
        for row in board.find(user, Asked(**asked), LANGUAGES).rows
    }


def test_story_is_one_row_with_a_cell_a_language(translated, polyglot):
    (cells,) = find(polyglot).values()
    assert {one: cell.state for one, cell in cells.items()} == {"en": "published", "ru": "published", "hy": "draft"}
    assert cells["en"].is_source and not cells["en"].may_edit and cells["ru"].may_edit
    assert cells["hy"].untranslated == 6


def test_what_is_out_of_date_is_named(translated, polyglot):
    story, *_ = translated
    revise(story, body=lambda raw: raw[0].update(value="<p>The harbour is <b>open</b>.</p><p>No ferry runs.</p>"))
    cells = find(polyglot, state="outdated")["Ferries run again"]
    assert [(one.kind, one.count, one.excerpt) for one in cells["ru"].passages] == [("text", 1, "No ferry runs.")]
    assert cells["ru"].outdated_since and cells["hy"].number == 1 and not cells["en"].passages


def test_filters(translated, section, sport, polyglot, chief, мир):
    story, russian, _armenian = translated
    factories.make_article(section, "Alone")
    factories.make_article(sport, "A match")
    both = {"Ferries run again"}
    assert set(find(polyglot)) == {"Ferries run again", "Alone", "A match"}
    assert set(find(polyglot, state="untranslated", language="ru")) == {"Alone", "A match"}
    assert set(find(polyglot, state="untranslated")) == {"Alone", "A match"}
    assert set(find(polyglot, state="draft", language="hy")) == both
    assert set(find(polyglot, state="draft", language="ru")) == set()
    assert set(find(polyglot, state="published", language="ru")) == both
    assert set(find(polyglot, section_id=мир.pk)) == {"Ferries run again", "Alone"}
    assert set(find(polyglot, words="match")) == {"A match"}
    assert set(find(polyglot, state="outdated")) == set() == set(find(polyglot, urgent=True))
    revise(story, body=correct)
    assert set(find(polyglot, urgent=True)) == both == set(find(polyglot, urgent=True, language="ru"))
    assert set(find(polyglot, urgent=True, language="en")) == set()
    people.edit(people.sign_in(polyglot), russian, "Паромы", slug=russian.slug, **{"action-submit": "1"})
    assert set(find(polyglot, state="review")) == both == set(find(polyglot, state="review", language="ru"))
    assert set(find(polyglot, state="review", language="hy")) == set()


def test_draft_is_shown_to_who_may_read_it_alone(section, polyglot, chief, reporter):
    factories.make_article(section, "A plan", publish=False, owner=reporter)
    assert set(find(polyglot)) == set()
    assert set(find(chief)) == {"A plan"} == set(find(reporter))


def test_translating_is_offered_to_who_may_write_there(translated, section, polyglot, reporter, russian):
    factories.make_article(section, "Alone")
    translator = people.make_person("переводчик", ("translator", russian))
    offered = {
        one: [cell.language for cell in find(user)["Alone"].values() if cell.may_make]
        for one, user in (("both", polyglot), ("one", translator), ("none", reporter))
    }
    assert offered == {"both": ["ru", "hy"], "one": ["ru"], "none": []}


def test_cost_does_not_grow_with_the_stories(translated, section, polyglot):
    client, address = people.sign_in(polyglot), reverse("newsroom_languages_board")
    client.get(address)
    counts = []
    for number in (1, 20):
        for one in range(number):
            translate(factories.make_article(section, f"More {number} {one}"), polyglot, "ru")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 40


def test_pages_begin_behind_one_another(section, polyglot, monkeypatch, мир):
    monkeypatch.setattr(board, "PAGE_SIZE", 2)
    for number in range(5):
        factories.make_article(section, f"Story {number}")
    seen, before = [], ""
    while True:
        page = board.find(polyglot, Asked(), LANGUAGES, before)
        seen += [row.page.draft_title for row in page.rows]
        before = page.next_before
        if not before:
            break
    assert seen == [f"Story {number}" for number in (4, 3, 2, 1, 0)]


def test_first_rows_come_from_an_index(section):
    """At any number of stories: the order is the index's, and nothing is sorted but what is shown."""
    administrator = people.make_administrator()
    pages = board._filtered(board.stories(administrator), Asked(), LANGUAGES)
    plan = pages.filter(latest_revision_created_at__isnull=False).order_by("-latest_revision_created_at", "-pk")[:51]
    if connection.vendor == "sqlite":
        assert "USE TEMP B-TREE FOR ORDER BY" not in plan.explain()


def test_language_that_the_settings_name_no_more_loses_nothing(story, polyglot, chief, settings):
    """Its articles stay where they are, are shown in the newsroom, and the check of the site names them."""
    german = Locale.objects.create(language_code="de")
    front = HomePage(title="Laterne", slug="de-front", locale=german)
    Page.objects.get(depth=1).add_child(instance=front)
    section = factories.make_section(front, "Welt", translation_key=fresh(story).section.translation_key)
    now = settings.CONFIG
    settings.CONFIG = replace(now, languages=(*now.languages, "de"))
    page = factories.make_article(section, "Fähren", translation_key=story.translation_key)
    settings.CONFIG = now
    administrator = people.sign_in(people.make_administrator())
    for address in (
        reverse("newsroom_languages_board"),
        reverse("newsroom_translate_into", args=[story.pk]),
        reverse("newsroom_link", args=[page.pk]),
        f"/pages/{page.pk}/edit/",
    ):
        assert administrator.get(address).status_code == 200, address

    from broadsheet.cli.checks import content

    found = list(content.find_languages(("en", "ru")))
    assert [one.id for one in found] == ["broadsheet.E022"] and "1 story" in found[0].msg and "de" in found[0].msg
