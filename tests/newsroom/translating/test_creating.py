"""Translations are drafts in the counterpart section, made by who may read the source and write there."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from wagtail.models import Locale

from broadsheet.articles.models import ArticlePage, Author, SectionPage
from broadsheet.newsroom.translating import creating, ledger, pieces, places
from tests import factories
from tests.newsroom import people

from .stories import block, fresh, translate, version


def test_translation_is_a_draft_in_the_counterpart_section(story, мир, աշխարհ, polyglot):
    russian, armenian = translate(story, polyglot, "ru", "hy")
    assert russian.get_parent().pk == мир.pk and armenian.get_parent().pk == աշխարհ.pk
    assert not russian.live and russian.translation_key == story.translation_key
    assert russian.first_published_at is None and russian.owner == polyglot
    draft = fresh(russian).get_latest_revision_as_object()
    assert [raw["id"] for raw in pieces.raw_body(draft)] == [raw["id"] for raw in pieces.raw_body(story)]
    known = version(russian)
    assert known.source_id == story.pk and known.is_translation and not known.changed
    assert known.untranslated == 6  # headline, lead, four blocks
    assert not version(story).is_translation


def test_slug_is_made_in_the_language_and_follows_the_headline(story, мир, polyglot):
    (page,) = translate(story, polyglot, "ru")
    assert page.slug == "ferries-run-again"
    people.edit(people.sign_in(polyglot), page, "Паромы снова ходят", slug=page.slug)
    assert people.latest(page).slug == "paromy-snova-khodyat"


def test_authors_and_topics_are_those_of_the_language(story, мир, polyglot, russian):
    author = story.bylines.get().author
    there = Author(name="Айтан Рид", locale=russian.locale, translation_key=author.translation_key)
    there.full_clean()
    there.save()
    (made,) = creating.translate(story, ["ru"], polyglot)
    assert [one.author for one in made.page.bylines.all()] == [there]
    topic = made.page.topic_links.get().topic
    assert topic.locale == russian.locale and topic.translation_key == story.topic_links.get().topic.translation_key
    assert made.made == ("Astronomy",), "whoever checks the spelling must know of it"


def test_names_that_the_person_may_not_make_are_left_out_and_told(story, мир, russian):
    reporter = people.make_person("репортёр", ("reporter", мир))
    reporter.user_permissions.add(Permission.objects.get(codename="submit_translation"))
    Permission.objects.get(codename="add_topic").group_set.clear()
    (made,) = creating.translate(story, ["ru"], reporter)
    assert made.page is not None
    assert made.missing == ("Aytan Reed", "Astronomy") and not made.page.bylines.exists()


def test_stories_and_links_lead_to_the_language(section, мир, polyglot, story):
    other = factories.make_article(section, "Other")
    lone = factories.make_article(section, "Lone")
    (there,) = translate(other, polyglot, "ru")
    link = f'<p><a linktype="page" id="{other.pk}">other</a> <a linktype="page" id="{lone.pk}">lone</a></p>'
    page = factories.make_article(
        section,
        "Linking",
        body=[
            ("text", link),
            ("related", {"title": "", "articles": [other.pk, lone.pk]}),
            ("related", {"title": "", "articles": [lone.pk]}),
        ],
    )
    page.related_links.create(story=other)
    page.related_links.create(story=lone)
    page.save_revision().publish()
    (made,) = translate(fresh(page), polyglot, "ru")
    text, related = pieces.raw_body(made)
    assert f'id="{there.pk}"' in text["value"] and f'id="{lone.pk}"' in text["value"]
    assert [item["value"] if isinstance(item, dict) else item for item in related["value"]["articles"]] == [there.pk]
    assert [one.story_id for one in made.related_links.all()] == [there.pk]
    assert not version(made).changed, "the list of nothing was left out on purpose"


def test_missing_counterpart_is_reported_and_made_where_the_person_may(story, section, russian, armenian):
    chief = people.make_person("главный", ("chief_editor", russian))
    found = {one.language: one for one in places.destinations(story, chief)}
    assert found["ru"].state == places.NO_SECTION and found["ru"].may_make
    assert found["hy"].state == places.NO_SECTION and not found["hy"].may_make
    assert "az" not in found and "fa" not in found, "these have no locale yet"
    (made,) = creating.translate(story, ["ru"], chief)
    assert made.page is None and made.state == places.NO_SECTION
    russian_made, armenian_made = creating.translate(story, ["ru", "hy"], chief, with_sections=True)
    place = russian_made.page.get_parent().specific
    assert isinstance(place, SectionPage) and not place.live and place.translation_key == section.translation_key
    assert armenian_made.page is None and armenian_made.state == places.NO_SECTION


def test_language_without_a_front_is_reported(story, chief):
    Locale.objects.create(language_code="fa")
    found = {one.language: one.state for one in places.destinations(story, chief)}
    assert found["fa"] == places.NO_FRONT


class TestRights:
    """Asked of the source and of the destination alike (CVE-2026-44200, CVE-2026-54262, CVE-2023-45809)."""

    def test_reporter_may_not_translate(self, story, reporter, мир):
        with pytest.raises(PermissionDenied):
            creating.translate(story, ["ru"], reporter)

    def test_draft_that_one_may_not_read_is_no_source(self, section, polyglot, мир):
        hidden = factories.make_article(section, "Hidden", publish=False)
        with pytest.raises(PermissionDenied):
            creating.translate(hidden, ["ru"], polyglot)

    def test_language_of_others_is_no_destination(self, story, мир, աշխարհ, russian):
        translator = people.make_person("переводчик", ("translator", russian))
        made = {one.destination.language: one for one in creating.translate(story, ["ru", "hy"], translator)}
        assert made["ru"].page is not None
        assert made["hy"].page is None and made["hy"].state == places.NOT_ALLOWED
        assert not ArticlePage.objects.filter(locale=աշխարհ.locale).exists()

    def test_section_of_others_is_no_destination(self, story, section, sport, мир, russian):
        спорт = factories.make_section(russian, "Спорт", translation_key=sport.translation_key)
        editor = people.make_person("редактор", ("section_editor", спорт))
        (made,) = creating.translate(story, ["ru"], editor)
        assert made.state == places.NOT_ALLOWED


def test_second_translation_is_not_made(story, мир, polyglot, monkeypatch):
    (page,) = translate(story, polyglot, "ru")
    (again,) = creating.translate(story, ["ru"], polyglot)
    assert again.state == places.EXISTS and again.page.pk == page.pk

    # As for two people at the same moment: the second one saw nothing before it wrote.
    stale = places.Destination(мир.locale, places.POSSIBLE, мир)
    monkeypatch.setattr(places, "destinations", lambda source, user: [stale])
    (raced,) = creating.translate(story, ["ru"], polyglot)
    assert raced.state == places.EXISTS and raced.page.pk == page.pk
    assert ArticlePage.objects.filter(translation_key=story.translation_key).count() == 2


def test_what_fails_leaves_nothing_behind(story, мир, polyglot, monkeypatch):
    def fail(*args, **kwargs):
        raise IntegrityError("a broken row")

    monkeypatch.setattr(ledger, "begin", fail)
    creating.translate(story, ["ru"], polyglot)
    assert not ArticlePage.objects.filter(locale=мир.locale).exists()


def test_public_version_is_the_source_and_a_draft_only_before(story, мир, polyglot):
    draft = story.get_latest_revision_as_object()
    draft.lead = "Nobody has approved this."
    draft.save_revision()
    (page,) = translate(fresh(story), polyglot, "ru")
    assert page.lead == "After a year."
    assert block(page, "quote") == block(story, "quote")
