"""What every index promises; runs on whichever database the suite uses."""

import pytest
from django.db import connection

from broadsheet.articles.models import SectionPage
from broadsheet.articles.projection import PublishedArticle
from broadsheet.outbox import services as outbox
from broadsheet.search import backends, postgresql, sqlite
from broadsheet.search.index import MOST_HITS, MOST_WORDS, wanted_words
from tests import factories


@pytest.fixture
def index(db):
    return backends.current()


def publish(section, title, **fields):
    article = factories.make_article(section, title=title, **fields)
    backends.current().index(PublishedArticle.objects.get(pk=article.pk))
    return article


def find(text, language="en", page=1, size=10):
    return [hit.article_id for hit in backends.current().query(language, text, page, size).hits]


def test_headline_lead_and_body_are_searched(section):
    headline = publish(section, "Ferries run again")
    lead = publish(section, "Quiet day", lead="The lighthouse was painted.")
    body = publish(section, "Another day", body=[("text", "<p>An observatory opened.</p>")])
    assert find("ferries") == [headline.pk]
    assert find("lighthouse") == [lead.pk]
    assert find("observatory") == [body.pk]


def test_headline_counts_more_than_lead_and_lead_more_than_body(section):
    body = publish(section, "First", body=[("text", "<p>A comet passed by the town this year.</p>")])
    lead = publish(section, "Second", lead="A comet passed by the town this year.")
    headline = publish(section, "A comet passed by the town this year")
    assert find("comet") == [headline.pk, lead.pk, body.pk]


def test_beginning_of_a_word_finds_it_but_two_letters_do_not(section):
    article = publish(section, "Observatories")
    assert find("observ") == [article.pk]
    assert find("ob") == []


def test_story_with_all_words_comes_before_any_with_one_of_them(section):
    both = publish(section, "Comet above the harbour")
    publish(section, "Harbour")
    assert find("comet harbour") == [both.pk]


def test_any_word_is_enough_where_no_story_has_all(section):
    one, other = publish(section, "Comet"), publish(section, "Zebra")
    assert set(find("comet zebra")) == {one.pk, other.pk}


def test_other_languages_are_not_found(home, section):
    publish(section, "Comet")
    assert find("comet", "az") == []


def test_turkic_letters_are_found_in_every_case(db):
    section = factories.make_section(factories.make_home("az"), "Dünya")
    article = publish(section, "İstanbul’da ILIK külək")
    for typed in ("İstanbul", "istanbul", "ISTANBUL", "İSTANBUL", "istan", "ılık", "ILIK"):
        assert find(typed, "az") == [article.pk], typed


def test_pages_hold_every_story_once(section):
    ids = {publish(section, f"Comet {number}").pk for number in range(3)}
    first, second = backends.current().query("en", "comet", 1, 2), backends.current().query("en", "comet", 2, 2)
    assert first.total == second.total == 3
    assert len(first.hits) == 2 and {hit.article_id for hit in (*first.hits, *second.hits)} == ids


def test_indexing_again_replaces_what_was_there(section):
    article = publish(section, "Comet")
    article.title = "Zebra"
    article.save_revision().publish()
    backends.current().index(PublishedArticle.objects.get(pk=article.pk))
    assert find("comet") == [] and find("zebra") == [article.pk]


def test_dropping_twice_is_nothing_special(section, index):
    article = publish(section, "Comet")
    index.drop(article.pk)
    index.drop(article.pk)
    assert find("comet") == []


def test_retracted_story_is_not_found_even_before_the_index_hears_of_it(section):
    article = publish(section, "Comet")
    article.unpublish()
    assert find("comet") == []
    assert backends.current().query("en", "comet", 1, 10).total == 0


def test_stories_of_a_retracted_section_are_not_found(section):
    publish(section, "Comet")
    SectionPage.objects.filter(pk=section.pk).update(live=False)
    assert find("comet") == []


def test_unpublished_rows_can_be_forgotten_at_once(section, index):
    article = publish(section, "Comet")
    row = PublishedArticle.objects.get(pk=article.pk)
    PublishedArticle.objects.all().delete()
    index.drop_unpublished()
    row.save(force_insert=True)
    assert find("comet") == []


HOSTILE = [
    '"', "'", "''", '"comet', "comet'", "comet AND", "AND", "NOT comet", "NEAR(comet", "headline:comet", "comet*", "*",
    "^comet", "-comet", "(comet", "comet)", "comet & | !", "comet:*", "comet:A", "<->", "%", "_", "%s", "%(x)s", "\\",
    "\\'", "comet\x00harbour", "\ud83d", "{headline}", ";", "--", "/*", "\u202e", "comet OR 1=1",
]  # fmt: skip


def test_no_query_is_a_syntax_error(section):
    publish(section, "Comet")
    for text in HOSTILE:
        wanted = "comet" in text
        assert backends.current().query("en", text, 1, 10).total == wanted, text


def test_query_without_words_finds_nothing(section):
    publish(section, "Comet % _ here")
    for text in ("", "   ", "%", "_", '"', "*", "\x00", "—"):
        assert backends.current().query("en", text, 1, 10).total == 0, text


def test_very_long_query_is_cut(section):
    publish(section, "Comet")
    for unit in ("comet ", "x", "ab cd ", "\u0300", "İ", '"* ', "ﷺ"):
        text = unit * (100_000 // len(unit))
        assert len(wanted_words("en", text)) <= MOST_WORDS
        backends.current().query("en", text, 1, 10)


@pytest.mark.parametrize("word", ["a" * 100_000, "\u0531" * 5000])
def test_very_long_words_and_stories_can_be_indexed(section, word):
    article = factories.make_article(section, title="Comet")
    row = PublishedArticle.objects.get(pk=article.pk)
    row.body_text = word + " " + " ".join(f"{number}ա" for number in range(60_000))
    backends.current().index(row)
    assert find("comet") == [article.pk]


def test_snippet_marks_the_words(section):
    publish(section, "Night", lead="A bright comet & a <b>star</b>.")
    (hit,) = backends.current().query("en", "comet", 1, 10).hits
    assert hit.snippet == "A bright <mark>comet</mark> &amp; a &lt;b&gt;star&lt;/b&gt;."


def test_no_more_than_a_bound_are_counted_and_the_best_are_among_them(section, monkeypatch):
    for module in (sqlite, postgresql):
        monkeypatch.setattr(module, "_CANDIDATES", module._CANDIDATES.replace(str(MOST_HITS), "2"))
    for number in range(4):
        publish(section, f"Comet {number}")
    assert backends.current().query("en", "comet", 1, 10).total == 2


def test_name_of_a_language_is_no_word_of_a_story(section):
    publish(section, "Comet")
    assert find("en") == []


def test_queries_do_not_grow_with_the_hits(section, django_assert_num_queries):
    for number in range(3):
        publish(section, f"Comet {number}")
    with django_assert_num_queries(2):
        find("comet")


def test_published_story_is_indexed_by_its_event_and_forgotten_after_retraction(section):
    article = factories.make_article(section, title="Comet")
    outbox.deliver_all()
    assert find("comet") == [article.pk]
    article.unpublish()
    outbox.deliver_all()
    # The row is gone from the index itself, not only hidden by the projection.
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_article")
        assert cursor.fetchone() == (0,)
