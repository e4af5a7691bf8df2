"""Public addresses are permanent: what moves leads on, what is retracted says so."""

import pytest

from broadsheet.articles.projection import PublishedArticle, PublishedSection
from broadsheet.outbox.models import OutboxEvent
from broadsheet.rendering.finished import PageRequest
from broadsheet.rendering.render import render
from tests import factories

OLD = "/en/world/ferries-run-again/"


def location(path):
    page = render(PageRequest(path))
    return page.status, dict(page.headers).get("Location", "").removeprefix("http://localhost:8000")


def test_article_moved_to_another_section_leads_on(home, section):
    sport = factories.make_section(home, "Sport")
    article = factories.make_article(section)
    article.move(sport, pos="last-child")
    assert location(OLD) == (301, "/en/sport/ferries-run-again/")
    assert OutboxEvent.objects.filter(kind="AddressChanged").count() == 1
    assert PublishedSection.objects.get().section_id == sport.pk


def test_renamed_section_leads_all_its_articles_on(section):
    factories.make_article(section)
    section.slug = "planet"
    section.save_revision().publish()
    assert location("/en/world/")[0] == 301
    assert location(OLD) == (301, "/en/planet/ferries-run-again/")


def test_twice_renamed_article_leads_on_from_both_addresses(section):
    article = factories.make_article(section)
    for slug in ("second", "third"):
        article.slug = slug
        article.save_revision().publish()
    assert location(OLD) == (301, "/en/world/third/")
    assert location("/en/world/second/") == (301, "/en/world/third/")


def test_republished_article_answers_again_where_it_was_retracted(section):
    article = factories.make_article(section)
    article.unpublish()
    assert location(OLD)[0] == 410
    article.refresh_from_db()
    article.save_revision().publish()
    assert location(OLD)[0] == 200


def test_deleted_article_answers_410(section):
    factories.make_article(section).delete()
    assert location(OLD)[0] == 410


def test_retracted_section_hides_its_articles(section):
    factories.make_article(section)
    section.unpublish()
    assert location(OLD)[0] in (404, 410)


@pytest.mark.parametrize("slug", ["search", "archive", "az"])
def test_section_cannot_take_an_address_of_the_site(home, slug):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="address of the site"):
        factories.make_section(home, "Anything", slug=slug)


def test_failing_outbox_leaves_the_article_a_draft(section, monkeypatch):
    article = factories.make_article(section, publish=False)

    def fail(event):
        raise RuntimeError("disk full")

    monkeypatch.setattr("broadsheet.articles.signals.outbox.record", fail)
    from django.db import transaction

    with pytest.raises(RuntimeError), transaction.atomic():
        article.get_latest_revision().publish()
    article.refresh_from_db()
    assert not article.live and not PublishedArticle.objects.exists()
