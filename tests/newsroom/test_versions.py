"""The page “Languages”: what holds for all versions, who may do it, and retracting several in one go."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from broadsheet.articles import groups
from broadsheet.articles.models import ArticlePage
from broadsheet.articles.projection import PublishedArticle
from broadsheet.rendering import alternates
from tests import arrangements, factories
from tests.newsroom import people
from tests.rendering.pages import get


@pytest.fixture
@arrangements.once
def sections(section):
    key = section.translation_key
    az = factories.make_section(factories.make_home("az"), "Dunya", translation_key=key)
    return {"en": section, "az": az}


@pytest.fixture
def story(sections):
    key = uuid.uuid4()
    return {
        language: factories.make_article(one, f"Comet {language}", translation_key=key)
        for language, one in sections.items()
    }


@pytest.fixture
def drafts(sections):
    key = uuid.uuid4()
    return {
        language: factories.make_article(one, f"Comet {language}", translation_key=key, publish=False)
        for language, one in sections.items()
    }


def address(page):
    return reverse("newsroom_languages", args=[page.pk])


def said(response):
    return " ".join(str(one) for one in response.context["messages"])


def test_page_names_every_version_with_its_state_and_address(story, administrator):
    page = people.sign_in(administrator).get(address(story["en"])).content.decode()
    for one in story.values():
        assert one.title in page and one.public_path in page
    assert "Русский" in page


def test_retracting_asks_by_name_and_then_answers_410_with_hreflang_mended(story, administrator):
    desk = people.sign_in(administrator)
    asked = desk.post(address(story["en"]), {"act": "retract", "version": [story["az"].pk]})
    assert story["az"].title in asked.content.decode() and PublishedArticle.objects.count() == 2
    desk.post(address(story["en"]), {"act": "retract", "version": [story["az"].pk], "sure": "1"})
    assert (
        get(story["az"].public_path).status == 410
        and b'hreflang="az" href="http' not in get(story["en"].public_path).body
    )
    row = PublishedArticle.objects.select_related("section").get()
    assert alternates.hreflang(alternates.article_versions(row)) == ()


def test_all_versions_are_retracted_at_once(story, administrator):
    ids = [one.pk for one in story.values()]
    people.sign_in(administrator).post(address(story["en"]), {"act": "retract", "version": ids, "sure": "1"})
    assert not PublishedArticle.objects.exists()


def test_nothing_is_retracted_where_one_version_is_not_theirs(story, section_editor):
    ids = [one.pk for one in story.values()]
    desk = people.sign_in(section_editor)
    answer = desk.post(address(story["en"]), {"act": "retract", "version": ids, "sure": "1"}, follow=True)
    assert "Azərbaycan" in said(answer) and PublishedArticle.objects.count() == 2
    desk.post(address(story["en"]), {"act": "retract", "version": [story["en"].pk], "sure": "1"})
    assert PublishedArticle.objects.get().language == "az"


def test_reporter_and_outsider_may_not_open_it(story, reporter, outsider):
    for person in (reporter, outsider):
        assert people.sign_in(person).get(address(story["en"])).status_code in {302, 403}
        people.sign_in(person).post(address(story["en"]), {"act": "retract", "version": [story["en"].pk], "sure": "1"})
    assert PublishedArticle.objects.count() == 2


def test_embargo_schedules_the_chosen_versions(drafts, administrator):
    moment = (timezone.localtime() + timedelta(days=1)).replace(second=0, microsecond=0)
    desk = people.sign_in(administrator)
    answer = desk.post(
        address(drafts["en"]),
        {"act": "embargo", "moment": f"{moment:%Y-%m-%d %H:%M}", "schedule": [drafts["az"].pk]},
        follow=True,
    )
    assert "No version goes public before" in said(answer)
    assert groups.embargo_of(drafts["en"].translation_key) == moment
    assert ArticlePage.objects.get(pk=drafts["az"].pk).get_latest_revision().approved_go_live_at == moment
    assert ArticlePage.objects.get(pk=drafts["en"].pk).get_latest_revision().approved_go_live_at is None
    desk.post(address(drafts["en"]), {"act": "no-embargo"})
    assert groups.embargo_of(drafts["en"].translation_key) is None


def test_publishing_under_an_embargo_says_that_it_is_scheduled(drafts, administrator):
    groups.set_embargo(drafts["en"], timezone.now() + timedelta(days=1))
    form = people.article_form("Comet", **{"action-publish": "1"})
    answer = people.sign_in(administrator).post(people.act("edit", drafts["en"].pk), form, follow=True)
    assert "scheduled for publishing" in said(answer) and not PublishedArticle.objects.exists()
    assert ArticlePage.objects.get(pk=drafts["en"].pk).get_latest_revision().approved_go_live_at


def test_editor_is_told_that_the_section_does_not_publish_in_the_language(sections, administrator):
    groups.set_languages(sections["en"], ["az"])
    desk = people.sign_in(administrator)
    answer = desk.post(
        people.act("add", "articles", "articlepage", sections["en"].pk),
        people.article_form("A comet", **{"action-publish": "1"}),
        follow=True,
    )
    assert "does not publish in English" in said(answer) and not PublishedArticle.objects.exists()
    assert ArticlePage.objects.get().title == "A comet"


def test_original_is_one_of_the_versions_and_none_when_it_leaves(sections, administrator):
    en, az = factories.make_article(sections["en"], "Comet"), factories.make_article(sections["az"], "Kometa")
    desk = people.sign_in(administrator)
    desk.post(reverse("newsroom_link", args=[az.pk]), {"source": en.pk})
    assert len(set(PublishedArticle.objects.values_list("translation_key", flat=True))) == 1
    desk.post(address(az), {"act": "original", "original": "az"})
    assert groups.of(en.translation_key).original == "az"
    desk.post(reverse("newsroom_link", args=[az.pk]), {"part": "1"})
    assert len(set(PublishedArticle.objects.values_list("translation_key", flat=True))) == 2
    assert groups.of(en.translation_key).original == ""


def test_languages_of_a_section_are_changed_by_who_leads_them(sections, chief, administrator):
    page = address(sections["en"])
    refused = people.sign_in(chief).post(page, {"which": "chosen", "language": ["en"]}, follow=True)
    assert "You lead no edition in" in said(refused) and groups.of(sections["en"].translation_key).languages == []
    shown = people.sign_in(administrator).post(page, {"which": "chosen", "language": ["en", "az"]}, follow=True)
    assert groups.languages_of(sections["az"]) == ("en", "az") and "Saved" in said(shown)
