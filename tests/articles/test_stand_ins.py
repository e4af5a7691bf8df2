"""A story that lacks a language stands in its lists where the edition wants it, marked; and nowhere else."""

import uuid
from datetime import timedelta

import pytest
from django.test import override_settings

from broadsheet.articles import published, totals
from broadsheet.articles.models import ArticlePage, Edition
from broadsheet.articles.projection import PublishedStandIn
from broadsheet.outbox import services as outbox
from tests import arrangements, factories
from tests.rendering import whole_edition
from tests.rendering.pages import get, stories, tree

pytestmark = pytest.mark.django_db
KEYS = {name: uuid.UUID(int=n) for n, name in enumerate(("section", "topic", "author", "story"), 1)}


@pytest.fixture
@arrangements.once
def sections(db):
    return {
        language: factories.make_section(
            factories.make_home(language), f"World {language}", translation_key=KEYS["section"]
        )
        for language in ("en", "az", "hy")
    }


@pytest.fixture
@arrangements.once
def names(sections):
    made = {}
    for language in sections:
        made[f"author {language}"] = factories.make_author(language, "Aytan", translation_key=KEYS["author"])
        made[f"topic {language}"] = factories.make_topic(language, "Sea", translation_key=KEYS["topic"])
    return made


def show(*languages, on=True):
    for language in languages:
        edition = Edition.objects.get(locale__language_code=language)
        edition.shows_stand_ins = on
        edition.save()
    outbox.deliver_all()


def write(sections, names, language="en", title="Comet", key=None, **fields):
    return factories.make_article(
        sections[language],
        title,
        translation_key=key or uuid.uuid4(),
        authors=[names[f"author {language}"]],
        topics=[names[f"topic {language}"]],
        **fields,
    )


LISTS = ("/hy/", "/hy/world-hy/", "/hy/topic/sea/", "/hy/author/aytan/")


def test_nothing_stands_in_unless_the_edition_wants_it(sections, names):
    write(sections, names)
    assert [get(path).status for path in LISTS] == [200, 200, 404, 404]
    assert stories(get("/hy/")) == stories(get("/hy/world-hy/")) == []


def test_story_stands_in_all_lists_of_the_language_marked_with_its_own(sections, names):
    show("hy")
    story = write(sections, names)
    for path in LISTS:
        page = tree(get(path))
        [card] = page.xpath(f"//main//*[@data-article='{story.pk}'][1]")[:1]
        assert card.get("lang") == "en" and card.get("dir") == "ltr", path
        [link] = card.xpath(".//*[contains(@class, 'headline')]/a")
        assert link.get("hreflang") == "en" and link.get("href") == "/en/world-en/comet/"
        assert card.xpath("string(.//*[@class='tongue'])") == "English"
        assert set(card.xpath(".//time/parent::*/@lang | .//time/@lang")) == {"hy"}


def test_setting_reaches_what_was_published_before(sections, names):
    story = write(sections, names)
    show("hy")
    assert all(story.pk in stories(get(path)) for path in LISTS)
    show("hy", on=False)
    assert not PublishedStandIn.objects.exists() and not totals.find_wrong()
    assert stories(get("/hy/world-hy/")) == []


def test_topic_that_gets_a_version_lists_what_stands_in(sections, names):
    show("az")
    topic = factories.make_topic("en", "Tea", translation_key=uuid.UUID(int=9))
    story = factories.make_article(sections["en"], "Comet", topics=[topic])
    assert get("/az/topic/cay/").status == 404
    factories.make_topic("az", "Çay", translation_key=uuid.UUID(int=9))
    outbox.deliver_all()
    assert stories(get("/az/topic/cay/")) == [story.pk]


def test_feeds_sitemaps_and_archive_of_the_language_know_nothing_of_it(sections, names):
    show("hy")
    write(sections, names)
    own = write(sections, names, "hy", "Գիսաստղ", first_published_at=factories.NOON - timedelta(days=40))
    for path in ("/hy/feed.xml", "/hy/world-hy/atom.xml", "/hy/topic/sea/feed.json", "/hy/author/aytan/feed.xml"):
        body = get(path).body.decode()
        assert "/en/world-en/comet/" not in body and own.slug in body, path
    assert b"/en/world-en/comet/" not in get("/hy/news-sitemap.xml").body
    assert get("/hy/archive/2026/03/02/").status == 404


def test_own_version_takes_the_place_and_gives_it_back(sections, names):
    show("hy")
    story = write(sections, names, key=KEYS["story"])
    own = write(sections, names, "hy", "Գիսաստղ", key=KEYS["story"])
    assert all(stories(get(path)).count(own.pk) and story.pk not in stories(get(path)) for path in LISTS)
    own.unpublish()
    assert all(story.pk in stories(get(path)) for path in LISTS)
    assert not totals.find_wrong()


def test_first_language_of_the_site_stands_in(sections, names):
    show("hy")
    az = write(sections, names, "az", key=KEYS["story"])
    assert stories(get("/hy/world-hy/")) == [az.pk]
    en = write(sections, names, "en", key=KEYS["story"])
    assert stories(get("/hy/world-hy/")) == [en.pk]
    en.unpublish()
    assert stories(get("/hy/world-hy/")) == [az.pk]


def test_stand_ins_have_their_place_by_time_also_on_numbered_pages(sections, names):
    from dataclasses import replace

    from django.conf import settings

    show("hy")
    made = [
        write(
            sections, names, "hy" if n % 2 else "en", f"S {n}", first_published_at=factories.NOON - timedelta(hours=n)
        )
        for n in range(9)
    ]
    with override_settings(CONFIG=replace(settings.CONFIG, page_size=3)):
        shown = stories(get("/hy/world-hy/", page="1")), stories(get("/hy/world-hy/", page="2"))
    assert shown == ([one.pk for one in made[6:]], [one.pk for one in made[3:6]])
    assert published.in_section(sections["hy"].pk, own=True).count() == 4


@pytest.mark.parametrize(
    "act",
    [
        lambda story, sections, names: story.unpublish(),
        lambda story, sections, names: story.delete(),
        lambda story, sections, names: write(sections, names, "hy", "Գիսաստղ", key=KEYS["story"]),
        lambda story, sections, names: write(sections, names, "en", "Another"),
        lambda story, sections, names: _rename(story),
    ],
    ids=["retract", "delete", "translate", "write", "rename"],
)
def test_no_list_with_stand_ins_is_left_fresh(sections, names, act):
    show("hy")
    story = write(sections, names, key=KEYS["story"])
    kept, mark = {path: get(path) for path in LISTS}, whole_edition.last_event()
    act(ArticlePage.objects.get(pk=story.pk), sections, names)
    purge = whole_edition.purge_all(whole_edition.collect(mark))
    for path, before in kept.items():
        if whole_edition.shown(get(path)) != whole_edition.shown(before):
            assert before.tags & (purge.hard | purge.soft), path


def _rename(story):
    story.slug = "renamed"
    story.save_revision().publish()
