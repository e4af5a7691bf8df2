"""Each translation knows from which words it was made: exactly what changes in its source is flagged until settled."""

from __future__ import annotations

import pytest

from broadsheet.newsroom.models import LanguageVersion, SourceText
from broadsheet.newsroom.translating import adopting, drift, ledger, noting, pieces
from tests import factories

from .stories import block, changed, fresh, revise, translate, version


@pytest.fixture
def pair(story, мир, polyglot):
    (page,) = translate(story, polyglot, "ru")
    return story, page


def say(key, words):
    """Change the text of one block."""

    def change(raw):
        for one in raw:
            if pieces.BODY + one["id"] == key:
                if isinstance(one["value"], str):
                    one["value"] = words
                else:
                    one["value"]["text"] = words

    return change


def test_changed_piece_is_flagged_and_no_other(pair):
    story, page = pair
    quote = block(story, "quote")
    revise(story, body=say(quote, "We waited very long."), lead="After two years.")
    assert changed(page) == {quote, "lead"}
    assert version(page).changed_since is not None


def test_what_the_editors_script_rewrites_is_no_change(pair):
    story, page = pair
    text = block(story, "text")
    revise(
        story,
        body=say(
            text,
            '<p data-block-key="a1b2">The harbour is <b>open</b>.</p>'
            '<p data-block-key="c3">Ferries run\n every hour.</p>',
        ),
    )
    assert changed(page) == set()


def test_blocks_in_another_order_are_no_change(pair):
    story, page = pair
    revise(story, body=lambda raw: raw.reverse())
    assert changed(page) == set()


def test_new_and_deleted_blocks_are_flagged(pair):
    story, page = pair
    gone = block(story, "list")

    def change(raw):
        raw[:] = [one for one in raw if one["type"] != "list"]
        raw.insert(1, {"type": "text", "value": "<p>New.</p>", "id": "11111111-1111-4111-8111-111111111111"})

    revise(story, body=change)
    new = "body.11111111-1111-4111-8111-111111111111"
    assert changed(page) == {gone, new}
    kinds = {one.key: one.kind for one in drift.changes_of(version(page), fresh(story), fresh(page))}
    assert kinds == {gone: drift.GONE, new: drift.NEW}


def test_draft_of_a_public_source_is_only_coming(pair):
    story, page = pair
    revise(story, publish=False, lead="Not yet.")
    assert changed(page) == set() and version(page).coming == ["lead"]
    revise(story, lead="Now.")
    assert changed(page) == {"lead"} and version(page).coming == []


def test_draft_of_a_source_that_was_never_public_counts(section, мир, polyglot, section_editor):
    story = factories.make_article(section, "A plan", publish=False, owner=polyglot)
    (page,) = translate(story, polyglot, "ru")
    revise(story, publish=False, lead="A lead.")
    assert changed(page) == {"lead"}


def test_words_put_back_are_no_change_any_more(pair):
    story, page = pair
    revise(story, lead="Changed.")
    since = version(page).changed_since
    revise(story, title="Changed, too")
    assert version(page).changed_since == since, "out of date since the first change"
    revise(story, lead="After a year.", title="Ferries run again")
    assert changed(page) == set() and version(page).changed_since is None


def test_no_change_needed_settles_the_piece_alone(pair, polyglot):
    story, page = pair
    revise(story, lead="Changed.", title="Changed headline")
    assert ledger.accept(version(page), ["lead", "nonsense"], polyglot) == ["lead"]
    assert changed(page) == {"title"}
    ledger.accept(version(page), ["title"], polyglot)
    revise(story, lead="Changed again.")
    assert changed(page) == {"lead"}


def test_accepted_deletion_and_addition_are_settled(pair, polyglot):
    story, page = pair
    gone = block(story, "list")
    revise(story, body=lambda raw: raw.pop(2))
    ledger.accept(version(page), [gone], polyglot)
    assert changed(page) == set() and gone not in version(page).pieces


def test_publishing_a_new_translation_settles_what_was_written_anew(pair):
    story, page = pair
    quote = block(story, "quote")
    revise(story, body=say(quote, "We waited very long."), lead="Changed.")
    revise(page, publish=False, body=say(quote, "Мы ждали долго."))
    assert changed(page) == {quote, "lead"}, "a draft settles nothing yet"
    revise(page)
    assert changed(page) == {"lead"}


def test_deleting_what_the_source_deleted_settles_it(pair):
    story, page = pair
    gone = block(story, "list")
    revise(story, body=lambda raw: raw.pop(2))
    assert changed(page) == {gone}
    revise(page, body=lambda raw: raw.pop(2))
    assert changed(page) == set() and gone not in version(page).pieces


def test_written_pieces_are_copies_no_more(pair):
    _story, page = pair
    assert version(page).untranslated == 6
    revise(page, publish=False, title="Паромы", lead="Через год.")
    assert version(page).untranslated == 4
    assert version(page).pieces["title"][2] == ledger.TRANSLATED


def test_approval_counts_for_what_a_machine_made(pair, polyglot):
    story, page = pair
    ledger.mark(version(page), {"title": ledger.MACHINE, "lead": ledger.MACHINE}, page, story)
    assert version(page).machine_made == 2
    ledger.approve(version(page), ["title"], polyglot)
    assert version(page).machine_made == 1
    revise(page, publish=False, lead="Через год.")
    assert version(page).machine_made == 0


def test_translation_of_a_translation_follows_its_own_source(story, мир, աշխարհ, polyglot):
    (russian,) = translate(story, polyglot, "ru")
    (armenian,) = translate(fresh(russian), polyglot, "hy")
    assert version(armenian).source_id == russian.pk
    revise(story, lead="Changed.")
    assert changed(russian) == {"lead"} and changed(armenian) == set()
    revise(russian, publish=False, lead="Изменилось.")
    assert changed(armenian) == {"lead"}


def test_deleted_source_leaves_the_others_a_source(story, мир, աշխարհ, polyglot):
    russian, armenian = translate(story, polyglot, "ru", "hy")
    fresh(story).delete()
    assert not version(russian).is_translation
    assert version(armenian).source_id == russian.pk and changed(armenian) == set()
    revise(russian, publish=False, lead="Через год.")
    assert changed(armenian) == {"lead"}


class TestVersionsMadeElsewhere:
    @pytest.fixture
    def imported(self, story, мир):
        body = [("text", "<p>Порт открыт.</p>"), ("quote", {"text": "Мы ждали.", "speaker": "", "role": ""})]
        page = factories.make_article(мир, "Паромы", body=body, translation_key=story.translation_key)
        LanguageVersion.objects.all().delete()
        return page

    def test_they_are_taken_to_fit_as_they_are(self, story, imported):
        assert adopting.adopt_all() == 2
        assert adopting.adopt_all() == 0
        assert version(imported).source_id == story.pk and changed(imported) == set()

    def test_blocks_are_paired_by_kind_and_order(self, story, imported):
        adopting.adopt_all()
        quote = block(story, "quote")
        assert version(imported).pieces[quote][3] == block(imported, "quote")
        revise(story, body=say(quote, "We waited very long."))
        assert changed(imported) == {quote}

    def test_publishing_makes_them_known(self, story, imported):
        revise(story, lead="Changed.")
        assert version(imported).source_id == story.pk


class TestComparison:
    def test_paragraphs_that_did_not_change_are_not_shown(self, pair):
        story, page = pair
        revise(story, body=say(block(story, "text"), "<p>The harbour is <b>open</b>.</p><p>Ferries run every day.</p>"))
        (change,) = drift.changes_of(version(page), fresh(story), fresh(page))
        (passage,) = change.passages
        assert passage.old == "Ferries run every <del>hour.</del>"
        assert passage.new == "Ferries run every <ins>day.</ins>"
        assert passage.here == "<p>Ferries run every hour.</p>"

    def test_markup_in_texts_stays_text(self, pair):
        story, page = pair
        revise(story, lead="<script>alert(1)</script> & more")
        (change,) = drift.changes_of(version(page), fresh(story), fresh(page))
        assert "<script>" not in change.passages[0].new and "&lt;script&gt;" in change.passages[0].new

    def test_former_words_are_kept_as_long_as_they_are_needed(self, pair, polyglot):
        story, page = pair
        before = SourceText.objects.count()
        revise(story, lead="Changed.")
        ledger.accept(version(page), ["lead"], polyglot)
        assert SourceText.objects.count() == before


def test_story_without_translations_costs_one_question(section, django_assert_num_queries):
    page = fresh(factories.make_article(section, "Alone"))
    revision = page.get_latest_revision()
    with django_assert_num_queries(1):
        noting.note_draft(revision)
    with django_assert_num_queries(1):
        noting.note_published(page)


class TestStoriesJoinedElsewhere:
    """Whatever gives an article to another story: the ledger follows, and says nothing of what is not so."""

    def give(self, page, story):
        page = fresh(page)
        page.translation_key = story
        page.save(update_fields=["translation_key"])

    def test_whole_stories_go_together(self, story, мир, աշխարհ, polyglot):
        (russian,) = translate(story, polyglot, "ru")
        lone = factories.make_article(աշխարհ, "Լաստ")
        revise(story, lead="Changed.")
        for page in (story, russian):
            self.give(page, lone.translation_key)
        assert adopting.adopt_all() == 2
        assert version(russian).source_id == story.pk and changed(russian) == {"lead"}
        assert {version(one).story for one in (story, russian, lone)} == {lone.translation_key}
        assert [version(one).is_translation for one in (story, russian, lone)] == [False, True, True]

    def test_version_that_left_leaves_no_trace(self, story, мир, աշխարհ, polyglot):
        russian, armenian = translate(story, polyglot, "ru", "hy")
        self.give(story, "33333333-3333-4333-8333-333333333333")
        adopting.adopt_all()
        assert not LanguageVersion.objects.filter(page_id=story.pk).exists()
        assert not version(russian).is_translation and version(armenian).source_id == russian.pk
        assert adopting.adopt_all() == 0
