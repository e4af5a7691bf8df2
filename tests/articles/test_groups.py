"""What is agreed for all versions of a story: the original, one embargo, which versions belong together, and where a
section publishes."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from wagtail.models import Revision

from broadsheet.articles import groups
from broadsheet.articles.errors import GroupRefused, PublishRefused
from broadsheet.articles.models import ArticlePage
from broadsheet.articles.projection import PublishedArticle
from broadsheet.newsroom import schedule
from tests import arrangements, factories

LANGUAGES = ("en", "az", "hy")


@pytest.fixture
@arrangements.once
def sections(db):
    key = uuid.uuid4()
    return {
        language: factories.make_section(factories.make_home(language), f"World {language}", translation_key=key)
        for language in LANGUAGES
    }


def make_group(sections, languages=LANGUAGES, **fields):
    key = uuid.uuid4()
    return {
        language: factories.make_article(sections[language], f"Comet {language}", translation_key=key, **fields)
        for language in languages
    }


def published():
    return set(PublishedArticle.objects.values_list("language", flat=True))


def test_versions_differ_in_slug_headline_picture_and_moment(sections):
    key, image = uuid.uuid4(), factories.make_image(size=(96, 64))
    later = factories.NOON + timedelta(hours=3)
    factories.make_article(sections["en"], "Comet", translation_key=key)
    factories.make_article(
        sections["az"], "Kometa", slug="kometa", picture=image, first_published_at=later, translation_key=key
    )
    rows = {row.language: row for row in PublishedArticle.objects.all()}
    assert (rows["en"].slug, rows["az"].slug) == ("comet", "kometa")
    assert (rows["en"].headline, rows["az"].headline) == ("Comet", "Kometa")
    assert rows["en"].picture is None and rows["az"].picture is not None
    assert rows["az"].published_at - rows["en"].published_at == timedelta(hours=3)


def test_no_version_goes_public_before_the_embargo_of_all(sections):
    group = make_group(sections, publish=False)
    until = timezone.now() + timedelta(hours=2)
    groups.set_embargo(group["en"], until)
    for page in group.values():
        ArticlePage.objects.get(pk=page.pk).get_latest_revision().publish()
    assert published() == set()
    assert set(Revision.objects.values_list("approved_go_live_at", flat=True)) >= {until}
    with time_machine.travel(until - timedelta(seconds=5), tick=False):
        schedule.publish_due()
        assert published() == set()
    with time_machine.travel(until + timedelta(seconds=1), tick=False):
        schedule.publish_due()
        assert published() == set(LANGUAGES)


def test_own_moment_after_the_embargo_stays(sections):
    group = make_group(sections, publish=False)
    until, own = timezone.now() + timedelta(hours=1), timezone.now() + timedelta(hours=5)
    groups.set_embargo(group["en"], until)
    page = ArticlePage.objects.get(pk=group["az"].pk)
    page.go_live_at = own
    page.save_revision().publish()
    assert Revision.objects.for_instance(page).get(approved_go_live_at__isnull=False).approved_go_live_at == own


def test_embargo_that_moves_takes_what_is_scheduled_along(sections):
    group = make_group(sections, publish=False)
    first, second = timezone.now() + timedelta(hours=1), timezone.now() + timedelta(hours=3)
    groups.set_embargo(group["en"], first)
    groups.schedule([ArticlePage.objects.get(pk=group["hy"].pk)])
    assert [page.language for page in groups.set_embargo(group["en"], second)] == ["hy"]
    with time_machine.travel(first + timedelta(minutes=1), tick=False):
        schedule.publish_due()
        assert published() == set()
    with time_machine.travel(second + timedelta(minutes=1), tick=False):
        schedule.publish_due()
        assert published() == {"hy"}


def test_what_is_public_is_not_held_back(sections):
    group = make_group(sections)
    with pytest.raises(GroupRefused, match="Already public"):
        groups.set_embargo(group["en"], timezone.now() + timedelta(hours=1))
    with pytest.raises(GroupRefused, match="passed"):
        groups.set_embargo(factories.make_article(sections["en"], "D", publish=False), timezone.now())


def test_section_refuses_a_language_in_which_it_does_not_publish(sections):
    groups.set_languages(sections["en"], ["en", "az"])
    draft = factories.make_article(sections["hy"], "Comet", publish=False)
    with pytest.raises(PublishRefused, match="World hy"):
        draft.get_latest_revision().publish()
    assert published() == set() and not ArticlePage.objects.get(pk=draft.pk).live
    inner = factories.make_section(sections["hy"], "Asia")
    assert groups.languages_of(inner) == ("en", "az")
    groups.set_languages(inner, ["hy"])
    factories.make_article(inner, "Comet")
    assert published() == {"hy"}


def test_public_story_is_corrected_whatever_its_section_says_now(sections):
    story = factories.make_article(sections["hy"], "Comet")
    groups.set_languages(sections["en"], ["en"])
    story.title = "The comet"
    story.save_revision().publish()
    assert PublishedArticle.objects.get().headline == "The comet"


def test_scheduled_story_whose_section_changed_stays_a_draft_and_is_not_tried_for_ever(sections):
    draft = factories.make_article(sections["hy"], "Comet", publish=False)
    draft.go_live_at = timezone.now() + timedelta(hours=1)
    draft.save_revision().publish()
    groups.set_languages(sections["en"], ["en"])
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert schedule.publish_due() == schedule.Done()
    assert published() == set() and not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_language_that_the_site_lacks_is_refused(sections):
    with pytest.raises(GroupRefused, match="xx"):
        groups.set_languages(sections["en"], ["xx"])


def test_stories_with_versions_in_one_language_are_not_put_together(sections):
    one, other = make_group(sections, ("en", "az")), make_group(sections, ("hy", "az"))
    with pytest.raises(GroupRefused, match="Azərbaycan"):
        groups.link(one["en"], other["hy"])
    groups.unlink(other["az"])
    groups.link(ArticlePage.objects.get(pk=other["hy"].pk), one["en"])
    assert len({page.translation_key for page in groups.members(ArticlePage.objects.get(pk=one["en"].pk))}) == 1
    assert [page.language for page in groups.members(ArticlePage.objects.get(pk=one["en"].pk))] == ["en", "az", "hy"]
    with pytest.raises(GroupRefused):
        groups.link(ArticlePage.objects.get(pk=other["hy"].pk), one["az"])


def test_unlinked_story_stays_alone_when_an_older_draft_is_published(sections):
    group = make_group(sections)
    group["az"].title = "Not yet"
    group["az"].save_revision()
    groups.unlink(ArticlePage.objects.get(pk=group["az"].pk))
    ArticlePage.objects.get(pk=group["az"].pk).get_latest_revision().publish()
    assert PublishedArticle.objects.get(language="az").translation_key != group["en"].translation_key
    with pytest.raises(GroupRefused):
        groups.unlink(ArticlePage.objects.get(pk=group["az"].pk))


def test_first_source_of_a_translation_is_the_original(sections):
    story = factories.make_article(sections["az"], "Kometa")
    copy = story.copy_for_translation(sections["en"].locale)
    assert groups.of(story.translation_key).original == "az"
    copy.copy_for_translation(sections["hy"].locale)
    assert groups.of(story.translation_key).original == "az"
    with pytest.raises(GroupRefused):
        groups.set_original(story, "ru")
