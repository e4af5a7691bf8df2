"""Language versions: complete, reachable, the same set on every member."""

import uuid

import pytest

from broadsheet.articles.models import SectionPage
from broadsheet.articles.projection import PublishedArticle
from broadsheet.rendering import alternates, tags
from tests import arrangements, factories

LANGUAGES = ("en", "az", "hy")


@pytest.fixture
@arrangements.once
def sections(db):
    """A section in three languages, one translation group."""
    key = uuid.uuid4()
    return {
        language: factories.make_section(factories.make_home(language), f"World {language}", translation_key=key)
        for language in LANGUAGES
    }


def make_group(sections, title="Comet"):
    key = uuid.uuid4()
    return {
        language: factories.make_article(section, title=f"{title} {language}", translation_key=key)
        for language, section in sections.items()
    }


def row(page):
    return PublishedArticle.objects.select_related("section").get(pk=page.pk)


def test_every_version_names_itself_and_all_others(sections):
    group = make_group(sections)
    sets = {language: alternates.hreflang(alternates.article_versions(row(page))) for language, page in group.items()}
    assert sets["en"] == sets["az"] == sets["hy"]
    assert dict(sets["en"])["hy"] == "http://localhost:8000/hy/world-hy/comet-hy/"
    assert [language for language, _ in sets["en"]] == ["en", "az", "hy", "x-default"]


def test_default_is_the_first_language_that_the_story_has(sections):
    group = make_group(sections)
    group["en"].unpublish()
    versions = dict(alternates.hreflang(alternates.article_versions(row(group["hy"]))))
    assert versions["x-default"] == versions["az"] and "en" not in versions


def test_story_in_one_language_has_no_versions(sections):
    assert alternates.hreflang(alternates.article_versions(row(factories.make_article(sections["en"])))) == ()


def test_draft_and_retracted_and_unreachable_translations_are_no_versions(sections):
    group = make_group(sections)
    SectionPage.objects.filter(pk=sections["az"].pk).update(live=False)
    group["hy"].unpublish()
    ru = factories.make_section(factories.make_home("ru"), "World ru")
    factories.make_article(ru, title="A draft", translation_key=group["en"].translation_key, publish=False)
    assert [one.language for one in alternates.article_versions(row(group["en"]))] == ["en"]


def test_language_that_the_site_does_not_have_is_no_version(sections):
    group = make_group(sections)
    PublishedArticle.objects.filter(pk=group["az"].pk).update(language="tr")
    assert [one.language for one in alternates.article_versions(row(group["en"]))] == ["en", "hy"]


def test_sections_of_one_group_are_versions_of_each_other(sections):
    factories.make_section(sections["en"].get_parent().specific, "Science")
    found = {section: alternates.section_versions(section) for section in sections.values()}
    assert len(set(found.values())) == 1
    assert [one.path for one in found[sections["az"]]] == ["/en/world-en/", "/az/world-az/", "/hy/world-hy/"]


def test_fronts_of_all_languages_are_versions_of_each_other(sections):
    factories.make_home("ru").unpublish()
    assert [one.path for one in alternates.front_versions()] == ["/en/", "/az/", "/hy/"]


@pytest.mark.parametrize(
    ("make", "versions", "field"),
    [
        (factories.make_author, alternates.author_versions, "authors"),
        (factories.make_topic, alternates.topic_versions, "topics"),
    ],
)
def test_names_count_only_where_something_is_published(sections, make, versions, field):
    key = uuid.uuid4()
    named = {language: make(language, f"Name {language}", translation_key=key) for language in LANGUAGES}
    factories.make_article(sections["en"], **{field: [named["en"]]})
    factories.make_article(sections["hy"], title="Hello", **{field: [named["hy"]]})
    factories.make_article(sections["az"], title="Draft", publish=False, **{field: [named["az"]]})
    assert [one.language for one in versions(named["en"])] == ["en", "hy"]


def test_set_is_recorded_so_that_a_new_translation_makes_the_page_stale(sections):
    group = make_group(sections)
    with tags.recording() as recorded:
        alternates.article_versions(row(group["en"]))
    assert f"group:{group['en'].translation_key}" in recorded
    assert {f"address:{page.section.pk}" for page in group.values()} <= recorded
