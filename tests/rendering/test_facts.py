"""What machines are told of an article, wherever it is described."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from broadsheet.articles.projection import PublishedArticle
from broadsheet.rendering import facts
from tests import factories
from tests.factories import NOON


def row(**fields):
    defaults = {"published_at": NOON, "modified_at": NOON + timedelta(days=9), "corrections": [], "updated_at": None}
    return PublishedArticle(**{**defaults, **fields})


def correction(days):
    return {"at": (NOON + timedelta(days=days)).isoformat(), "text": "It was nine."}


def test_story_that_nobody_touched_changed_when_it_was_published():
    assert facts.changed_at(row()) == NOON


def test_update_and_correction_move_the_change():
    assert facts.changed_at(row(updated_at=NOON + timedelta(days=1))) == NOON + timedelta(days=1)
    assert facts.changed_at(row(corrections=[correction(2), correction(1)])) == NOON + timedelta(days=2)


def test_correction_dated_in_the_future_counts_from_its_publication():
    assert facts.changed_at(row(corrections=[correction(30)])) == NOON + timedelta(days=9)


def test_correction_dated_before_the_story_does_not_move_it_back():
    assert facts.changed_at(row(corrections=[correction(-5)])) == NOON


@given(st.text())
def test_clean_text_can_stand_in_xml(text):
    element = etree.Element("a")
    element.text = facts.clean_text(text)
    etree.fromstring(etree.tostring(element))


def test_clean_text_drops_what_utf_8_cannot_hold():
    assert facts.clean_text("a\ud83db\x00c\ufffed\U0001f600") == "abcd\U0001f600"


@given(st.text(), st.integers(min_value=4, max_value=60))
def test_cut_text_is_one_line_and_never_too_long(text, longest):
    cut = facts.cut(text, longest)
    assert len(cut) <= longest and "\n" not in cut


def test_text_is_cut_at_a_word_and_keeps_accents_on_their_letter():
    assert facts.cut("one two three", 9) == "one two…"
    assert facts.cut("abcde\u0301\u0301\u0301fgh", 7) == "abcd…"


@pytest.mark.parametrize(
    ("language", "locale"),
    [("en", "en_US"), ("az", "az_AZ"), ("ru", "ru_RU"), ("hy", "hy_AM"), ("fa", "fa_IR"), ("pt-BR", "pt_BR"),
     ("sr-Latn", "sr_RS"), ("zh-Hant", "zh_TW")],
)  # fmt: skip
def test_language_is_named_with_its_territory(language, locale):
    assert facts.territory_locale(language) == locale


def test_reuse_rule_names_the_site_with_a_hyperlink(home):
    edition = home.locale.edition
    edition.publication_name = "<Lantern> & Co"
    assert "hyperlink to <Lantern> & Co (http://localhost:8000/en/)" in facts.reuse_text(edition)
    assert facts.reuse_html(edition).endswith(
        '<a href="http://localhost:8000/en/"><bdi>&lt;Lantern&gt; &amp; Co</bdi></a>'
    )


def test_reuse_rule_of_the_edition_replaces_the_standing_one(home):
    edition = home.locale.edition
    edition.reuse_rule = "Ask {site} <first>, {always}."
    assert facts.reuse_html(edition) == (
        'Ask <a href="http://localhost:8000/en/"><bdi>The Lantern</bdi></a> &lt;first&gt;, {always}.'
    )


def test_year_is_that_of_the_sites_own_zone():
    assert facts.year_of(datetime(2025, 12, 31, 21, 0, tzinfo=UTC)) == 2026


def test_path_of_an_article_needs_no_query(section, django_assert_num_queries):
    factories.make_article(section)
    found = PublishedArticle.objects.select_related("section").get()
    with django_assert_num_queries(0):
        assert facts.article_path(found) == "/en/world/ferries-run-again/"
