"""The board shows each person the stories they may see, whatever the filter, at a cost that does not grow."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale, Page

from broadsheet.newsroom import board
from broadsheet.newsroom.board import Filters
from tests import arrangements, factories
from tests.newsroom import people
from tests.newsroom.people import act

LANGUAGES = ("en", "az")


def found(user, **filters):
    page = board.find(user, Filters(**filters), LANGUAGES)
    return [row.page.draft_title for row in page.rows]


@pytest.fixture
@arrangements.once
def stories(section, sport, reporter, colleague, section_editor):
    """One story in each state, and others elsewhere."""
    author = factories.make_author()
    factories.make_article(section, "A draft", publish=False, owner=reporter)
    factories.make_article(section, "Of a colleague", publish=False, owner=colleague)
    factories.make_article(section, "Public", authors=[author], owner=colleague)
    factories.make_article(section, "Retracted", owner=reporter).unpublish()
    scheduled = factories.make_article(
        section, "Scheduled", publish=False, go_live_at=timezone.now() + timedelta(days=1)
    )
    scheduled.latest_revision.publish()
    reviewed = factories.make_article(section, "In review", publish=False, owner=reporter)
    people.edit(people.sign_in(reporter), reviewed, "In review", **{"action-submit": "1"})
    factories.make_article(sport, "A match", owner=colleague)
    return author


def test_editor_sees_all_of_the_own_section_newest_work_first(stories, section_editor):
    assert found(section_editor) == ["In review", "Scheduled", "Retracted", "Public", "Of a colleague", "A draft"]


def test_reporter_sees_public_stories_and_the_own(stories, reporter):
    assert set(found(reporter)) == {"A draft", "Public", "Retracted", "In review"}


def test_chief_and_administrator_see_every_section(stories, chief, administrator):
    assert len(found(chief)) == len(found(administrator)) == 7


@pytest.mark.parametrize(
    ("state", "titles"),
    [
        ("draft", ["Of a colleague", "A draft"]),
        ("review", ["In review"]),
        ("scheduled", ["Scheduled"]),
        ("published", ["A match", "Public"]),
        ("retracted", ["Retracted"]),
    ],
)
def test_state_is_shown_and_asked_for(stories, chief, state, titles):
    assert found(chief, state=state) == titles
    page = board.find(chief, Filters(state=state), LANGUAGES)
    assert {row.state for row in page.rows} == {state}


def test_other_filters(stories, chief, section, sport):
    assert found(chief, section_id=sport.pk) == ["A match"]
    assert found(chief, author_id=stories.pk) == ["Public"]
    assert found(chief, words="match") == ["A match"]
    assert found(chief, language="az") == []
    assert found(chief, language="en", section_id=section.pk, words="dra") == ["A draft"]


@pytest.mark.parametrize("words", ["ФЕРРИ", "ферри", "Ферри"])
def test_words_are_found_in_any_case_and_alphabet(chief, section, words):
    factories.make_article(section, "Ферри снова ходит")
    assert found(chief, words=words) == ["Ферри снова ходит"]


@pytest.mark.parametrize("words", ["%", "_", "'; DROP TABLE x;--", "x" * 190])
def test_words_are_only_words(chief, section, words):
    factories.make_article(section)
    assert found(chief, words=words) == []


def test_filter_on_a_closed_section_shows_nothing_hidden(stories, outsider, section):
    assert found(outsider, section_id=section.pk) == []


def test_translations_are_shown_as_present_or_missing(chief, home, section):
    article = factories.make_article(section)
    azerbaijani, _ = Locale.objects.get_or_create(language_code="az")
    row = board.find(chief, Filters(), LANGUAGES).rows[0]
    assert [(one.language, one.state) for one in row.translations] == [("en", "published"), ("az", "")]
    article.copy_for_translation(azerbaijani, copy_parents=True)
    row = board.find(chief, Filters(language="en"), LANGUAGES).rows[0]
    assert [one.state for one in row.translations] == ["published", "draft"]


def test_pages_of_the_board_hold_every_story_once(chief, section, monkeypatch):
    monkeypatch.setattr(board, "PAGE_SIZE", 3)
    titles = {factories.make_article(section, f"Story {number}").title for number in range(8)}
    Page.objects.filter(title__in=["Story 1", "Story 2"]).update(latest_revision_created_at=None)
    same = timezone.now()
    Page.objects.filter(title__in=["Story 3", "Story 4", "Story 5"]).update(latest_revision_created_at=same)
    seen, before = [], ""
    while True:
        page = board.find(chief, Filters(), LANGUAGES, before)
        seen += [row.page.title for row in page.rows]
        before = page.next_before
        if not before:
            break
    assert sorted(seen) == sorted(titles)


@pytest.mark.parametrize("before", ["x", "~", "~1", "2026-99-99T00:00~7", "2026-01-01T00:00:00+00:00~x"])
def test_nonsense_instead_of_a_place_in_the_list_is_harmless(chief, section, before):
    client = people.sign_in(chief)
    assert client.get("/articles/", {"before": before}).status_code == 200


@pytest.mark.parametrize(
    "asked", [{"section": "x"}, {"author": "99999"}, {"state": "x"}, {"language": "xx"}, {"words": "a" * 5000}]
)
def test_nonsense_filters_are_left_out(chief, section, asked):
    factories.make_article(section)
    response = people.sign_in(chief).get("/articles/", asked)
    assert "Ferries run again" in response.content.decode()


def test_board_links_to_the_editor_where_one_may_edit(reporter, section, colleague):
    own = factories.make_article(section, "Mine", publish=False, owner=reporter)
    other = factories.make_article(section, "Public of another", owner=colleague)
    page = people.sign_in(reporter).get("/articles/").content.decode()
    assert act("edit", own.pk) in page and act("edit", other.pk) not in page


def test_new_article_leads_to_the_only_section_or_asks(reporter, chief, section, sport):
    assert people.sign_in(reporter).get("/articles/new/").headers["Location"] == act(
        "add", "articles", "articlepage", section.pk
    )
    page = people.sign_in(chief).get("/articles/new/").content.decode()
    assert act("add", "articles", "articlepage", section.pk) in page
    assert act("add", "articles", "articlepage", sport.pk) in page


def test_queries_do_not_grow_with_the_stories(chief, section, home):
    client = people.sign_in(chief)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get("/articles/")
        return len(queries)

    factories.make_article(section, "First", authors=[factories.make_author()])
    client.get("/articles/")
    few = cost()
    for number in range(15):
        factories.make_article(section, f"Story {number}")
    assert cost() == few <= 40


def test_nothing_is_counted(chief, section):
    factories.make_article(section)
    with CaptureQueriesContext(connection) as queries:
        people.sign_in(chief).get("/articles/")
    counting = [query["sql"] for query in queries if "COUNT(" in query["sql"] and "wagtailcore_page" in query["sql"]]
    assert counting == []


@pytest.mark.parametrize("state", ["", "draft", "published", "retracted"])
def test_order_comes_from_the_index(section, state, django_user_model):
    """Without it the newest page of a million is found by sorting them all."""
    if connection.vendor != "sqlite":
        pytest.skip("a planner of an empty PostgreSQL table takes no index")
    user = django_user_model.objects.create_superuser("root")
    factories.make_article(section)
    plan = board.latest(board.stories(user), state)[:51].explain()
    assert "broadsheet_page_board" in plan and "TEMP B-TREE" not in plan


class TestDashboard:
    """What each person sees first."""

    def see(self, person):
        return people.sign_in(person).get("/").content.decode()

    def test_own_drafts_scheduled_and_published(self, stories, reporter, section_editor):
        own = self.see(reporter)
        assert "Your drafts" in own and "A draft" in own and "Of a colleague" not in own
        assert "Recently published" in own and "Public" in own
        assert "Scheduled" in self.see(section_editor)

    def test_what_waits_for_approval(self, stories, section_editor, reporter):
        assert "Awaiting your review" in self.see(section_editor)
        assert "Awaiting your review" not in self.see(reporter)

    def test_failures_are_for_administrators(self, section, administrator, chief):
        from broadsheet.outbox.models import OutboxEvent

        OutboxEvent.objects.create(kind="ArticlePublished", payload={}, last_error="index is gone")
        assert "index is gone" in self.see(administrator)
        assert "index is gone" not in self.see(chief)
