"""Sitemaps: every public address once, with its true last change and all its language versions."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.articles import parts as kept_parts
from broadsheet.articles.models import ArticlePage, PolicyPage, SectionPage
from broadsheet.articles.parts import IDS_A_PART
from broadsheet.articles.projection import PublishedArticle, PublishedPart
from broadsheet.rendering import alternates
from broadsheet.syndication.sitemaps import parts, xml
from tests import arrangements, factories

from .reading import BASE, NAMES, ask, ask_xml, find, locations, text


def every_location():
    """All addresses of all sitemaps that the index names."""
    return [path for part in locations(ask_xml("/sitemap.xml")) for path in locations(ask_xml(part))]


@pytest.fixture
@arrangements.once
def story(section):
    names = {"authors": [factories.make_author()], "topics": [factories.make_topic()]}
    return factories.make_article(section, **names)


def test_every_public_page_stands_in_one_sitemap(story, home):
    page = PolicyPage(title="Contact", kind="contact", body="<p>Write.</p>")
    home.add_child(instance=page)
    page.save_revision().publish()
    assert sorted(every_location()) == [
        "/en/",
        "/en/author/aytan-reed/",
        "/en/authors/",
        "/en/contact/",
        "/en/topic/astronomy/",
        "/en/topics/",
        "/en/world/",
        "/en/world/ferries-run-again/",
    ]


def test_what_is_not_public_stands_in_none(story, section, home):
    author, topic = factories.make_author(name="Canary Person"), factories.make_topic(name="Canary topic")
    names = {"authors": [author], "topics": [topic]}
    factories.make_article(section, title="Canary draft", publish=False, **names)
    factories.make_article(section, title="Canary gone", **names).unpublish()
    scheduled = factories.make_article(section, title="Canary later", publish=False, **names)
    scheduled.go_live_at = datetime.now(UTC) + timedelta(hours=2)
    scheduled.save_revision().publish()
    home.add_child(instance=PolicyPage(title="Canary policy", body="<p>x</p>", live=False))
    home.add_child(instance=SectionPage(title="Canary section", live=False))
    assert not [path for path in every_location() if "canary" in path]


def test_retracted_section_takes_its_stories_along(story, section):
    SectionPage.objects.filter(pk=section.pk).update(live=False)
    assert "/en/world/" not in every_location() and "/en/world/ferries-run-again/" not in every_location()


def test_last_change_of_an_article_is_its_last_publication(story):
    (entry,) = find(ask_xml(locations(ask_xml("/sitemap.xml"))[1]), "//map:url")
    row = PublishedArticle.objects.get()
    assert datetime.fromisoformat(text(entry, "map:lastmod")) == row.modified_at.replace(microsecond=0)


def last_changes(path):
    return {
        text(one, "map:loc").removeprefix(BASE): datetime.fromisoformat(text(one, "map:lastmod"))
        for one in find(ask_xml(path), "//*[map:lastmod]")
    }


def test_list_changes_with_the_newest_change_of_its_stories(story, section):
    inner = factories.make_section(section, "Europe")
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    factories.make_article(inner, title="Inside", first_published_at=at)
    changes = last_changes("/sitemap-pages.xml")
    assert changes["/en/"] == changes["/en/world/"] == changes["/en/europe/"] == at
    assert last_changes("/sitemap.xml")["/sitemap-articles-0.xml"] == at


def test_a_part_changes_when_a_story_goes_and_ends_with_its_last_one(story, section):
    other = factories.make_article(section, title="Other")
    before = last_changes("/sitemap.xml")["/sitemap-articles-0.xml"]
    PublishedPart.objects.update(changed_at=before - timedelta(days=1))
    ArticlePage.objects.get(pk=other.pk).unpublish()
    assert last_changes("/sitemap.xml")["/sitemap-articles-0.xml"] > before - timedelta(days=1)
    ArticlePage.objects.get(pk=story.pk).unpublish()
    assert "/sitemap-articles-0.xml" not in last_changes("/sitemap.xml")


def test_what_is_kept_of_the_parts_is_what_counting_gives(story, section, home):
    sport = factories.make_section(home, "Sport")
    factories.make_article(section, title="Other").move(sport, pos="last-child")
    story.save_revision().publish()
    kept = list(PublishedPart.objects.filter(total__gt=0).order_by("section").values_list("part", "section", "total"))
    kept_parts.recount()
    assert kept == list(PublishedPart.objects.order_by("section").values_list("part", "section", "total"))


def test_page_of_an_author_or_topic_changes_when_a_story_comes(story, section):
    author, topic = story.bylines.get().author, story.topic_links.get().topic
    later = factories.NOON + timedelta(days=3)
    factories.make_article(section, title="Later", authors=[author], topics=[topic], first_published_at=later)
    assert last_changes("/sitemap-authors-0.xml") == {"/en/author/aytan-reed/": later}
    assert last_changes("/sitemap-topics-0.xml") == {"/en/topic/astronomy/": later}
    assert last_changes("/sitemap.xml")["/sitemap-topics-0.xml"] == later


@pytest.fixture
@arrangements.once
def groups(db):
    """Everything in three languages, each a translation group; a story of one language besides."""
    keys = [uuid.uuid4() for _ in range(4)]
    for language in ("en", "az", "hy"):
        home = factories.make_home(language)
        section = factories.make_section(home, f"World {language}", translation_key=keys[0])
        author = factories.make_author(language, f"Author {language}", translation_key=keys[1])
        topic = factories.make_topic(language, f"Topic {language}", translation_key=keys[2])
        title = f"Comet {language}"
        factories.make_article(section, title=title, authors=[author], topics=[topic], translation_key=keys[3])
    factories.make_article(section, title="Alone")


def links_of(entry):
    return {one.get("hreflang"): one.get("href") for one in find(entry, "xhtml:link[@rel='alternate']")}


def test_versions_are_reflexive_symmetric_and_complete(groups):
    entries = [entry for part in locations(ask_xml("/sitemap.xml")) for entry in find(ask_xml(part), "//map:url")]
    by_address = {text(entry, "map:loc"): links_of(entry) for entry in entries}
    assert len(by_address) == 16 + 6
    assert by_address.pop(f"{BASE}/hy/world-hy/alone/") == {}
    for language in ("en", "az", "hy"):
        assert by_address.pop(f"{BASE}/{language}/authors/") == by_address.pop(f"{BASE}/{language}/topics/") == {}
    for address, links in by_address.items():
        assert list(links) == ["en", "az", "hy", "x-default"]
        assert address in links.values() and links["x-default"] == links["en"]
        assert all(by_address[target] == links for target in links.values())


def test_versions_agree_with_those_of_the_pages(groups):
    row = PublishedArticle.objects.select_related("section").get(headline="Comet az")
    (entry,) = find(ask_xml("/sitemap-articles-0.xml"), f"//map:url[map:loc='{BASE}/az/world-az/comet-az/']")
    assert tuple(links_of(entry).items()) == alternates.hreflang(alternates.article_versions(row))


def test_versions_across_the_border_of_two_parts_find_each_other(groups, monkeypatch):
    monkeypatch.setattr(kept_parts, "IDS_A_PART", 1)
    kept_parts.recount()
    files = [path for path in locations(ask_xml("/sitemap.xml")) if path.startswith("/sitemap-articles-")]
    assert len(files) == 4
    found = [links_of(find(ask_xml(file), "//map:url")[0]) for file in files]
    assert sorted(len(links) for links in found) == [0, 4, 4, 4]


def test_story_stays_in_its_part_whatever_is_published_or_retracted(section, monkeypatch):
    monkeypatch.setattr(kept_parts, "IDS_A_PART", 3)
    articles = [factories.make_article(section, title=f"Story {number}") for number in range(7)]
    where = {path: file for file in locations(ask_xml("/sitemap.xml")) for path in locations(ask_xml(file))}
    articles[0].unpublish()
    factories.make_article(section, title="Newest")
    after = {path: file for file in locations(ask_xml("/sitemap.xml")) for path in locations(ask_xml(file))}
    assert all(after[path] == file for path, file in where.items() if path in after)
    assert len(after) == len(where)


@pytest.mark.parametrize("path", ["/sitemap-articles-9.xml", "/sitemap-authors-0.xml", "/sitemap-x-0.xml"])
def test_part_that_holds_nothing_is_404(section, path):
    assert ask(path).status == 404


def test_address_that_is_too_long_is_left_out():
    entries = [parts.Address("/en/" + "a" * 2048 + "/", None), parts.Address("/en/", None)]
    assert xml.write_addresses(entries).count(b"<url>") == 1


def test_limits_of_a_file_hold_with_thirty_languages(settings):
    versions = tuple((f"l{number}", "/en/" + "a" * 60 + "/" + "b" * 80 + "/") for number in range(30))
    entry = parts.Address(versions[0][1], datetime.now(UTC), versions)
    assert IDS_A_PART <= 50_000
    assert len(xml.write_addresses([entry])) * IDS_A_PART < 50_000_000


QUERIES = {
    "/sitemap.xml": 5,
    "/sitemap-pages.xml": 6,
    "/sitemap-articles-0.xml": 3,
    "/sitemap-authors-0.xml": 3,
    "/sitemap-topics-0.xml": 3,
}


@pytest.mark.parametrize("path", QUERIES)
def test_number_of_queries_does_not_grow(section, home, path, django_assert_num_queries):
    def publish(number):
        names = {
            "authors": [factories.make_author(name=f"Author {number}")],
            "topics": [factories.make_topic(name=f"Topic {number}")],
        }
        factories.make_article(factories.make_section(home, f"Section {number}"), title=f"Story {number}", **names)

    publish(0)
    with django_assert_num_queries(QUERIES[path]):
        ask(path)
    for number in range(1, 6):
        publish(number)
    with django_assert_num_queries(QUERIES[path]):
        ask(path)


def test_sitemaps_are_xml_and_stale_with_every_publication(story):
    for path, tag in (
        ("/sitemap.xml", "index"),
        ("/sitemap-pages.xml", "pages"),
        ("/sitemap-articles-0.xml", "articles:0"),
    ):
        page = ask(path)
        assert page.content_type == "application/xml; charset=utf-8" and page.max_age_s <= 60
        assert f"sitemap:{tag}" in page.tags


def test_elements_stand_in_the_order_of_the_schema(groups):
    for entry in find(ask_xml("/sitemap-articles-0.xml"), "//map:url"):
        names = [child.tag.split("}")[1] for child in entry]
        assert names[:2] == ["loc", "lastmod"] and set(names[2:]) <= {"link"}
    assert NAMES["map"] in ask_xml("/sitemap.xml").tag
