"""The search page: what it finds, what it says, what it never shows."""

import dataclasses
from datetime import timedelta

import pytest
from django.utils import timezone

from broadsheet.articles.projection import PublishedArticle
from broadsheet.outbox import services as outbox
from broadsheet.rendering.finished import PageRequest
from broadsheet.rendering.render import render
from tests import factories


def search(language="en", **query):
    return render(PageRequest(f"/{language}/search/", query))


@pytest.fixture
def comet(section):
    article = factories.make_article(section, title="Comet above the harbour", lead="Seen at night.")
    outbox.deliver_all()
    return article


def test_found_story_is_linked_with_its_snippet(comet):
    page = search(q="night")
    assert page.status == 200
    assert b'href="/en/world/comet-above-the-harbour/"' in page.body
    assert b"Seen at <mark>night</mark>." in page.body


def test_search_is_neither_stored_nor_indexed(comet):
    page = search(q="night")
    assert not page.storable
    assert b'<meta name="robots" content="noindex">' in page.body


def test_nothing_typed_gives_a_friendly_word(comet):
    for query in ({}, {"q": ""}, {"q": "   "}):
        page = search(**query)
        assert page.status == 200 and b"Write a word" in page.body


def test_nothing_found_says_so_with_what_was_typed(comet):
    page = search(q="<zebra>")
    assert page.status == 200
    assert b"We found nothing for \xe2\x80\x9c&lt;zebra&gt;\xe2\x80\x9d" in page.body


def test_page_that_does_not_exist_is_404(comet):
    for number in ("0", "-1", "x", "", "99", "1000000", "١"):
        assert search(q="night", page=number).status == 404


def test_later_pages_hold_the_rest(section, settings):
    settings.CONFIG = dataclasses.replace(settings.CONFIG, page_size=3)
    for number in range(4):
        factories.make_article(section, title=f"Comet {number}")
    outbox.deliver_all()
    first, second = search(q="comet"), search(q="comet", page="2")
    assert b'rel="next"' in first.body and b'rel="prev"' not in first.body
    assert b'rel="prev"' in second.body and second.body.count(b'href="/en/world/comet-') == 1


def test_hostile_words_are_answered(comet):
    usual = search(q="zebra").body.count(b"<script")
    for text in ('"', "a" * 100_000, "\x00", "</title><script>", "%_", "\ud83d", "'><script>"):
        page = search(q=text)
        assert page.status == 200 and page.body.count(b"<script") == usual


def test_unknown_language_is_404(comet):
    assert search("xx", q="night").status == 404


def test_drafts_and_retracted_and_scheduled_stories_never_show(section):
    factories.make_article(section, title="Canaryword draft", publish=False)
    withdrawn = factories.make_article(section, title="Canaryword withdrawn")
    scheduled = factories.make_article(section, title="Canaryword scheduled", publish=False)
    scheduled.go_live_at = timezone.now() + timedelta(hours=2)
    scheduled.save_revision().publish()
    public = factories.make_article(section, title="Public story")
    public.title = "Canaryword revision"
    public.save_revision()
    outbox.deliver_all()
    withdrawn.unpublish()
    page = search(q="canaryword")
    assert list(PublishedArticle.objects.values_list("headline", flat=True)) == ["Public story"]
    # The words that were asked for are repeated, nothing of a story is.
    assert b"Canaryword" not in page.body and b"Public story" not in page.body


def test_query_budget(section, django_assert_max_num_queries):
    authors = [factories.make_author(name=f"Author {number}") for number in range(3)]
    for number in range(4):
        factories.make_article(section, title=f"Comet {number}", authors=authors)
    outbox.deliver_all()
    with django_assert_max_num_queries(12):
        search(q="comet")
