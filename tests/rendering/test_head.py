"""What stands in the head of each kind of page; every rule of the standards with a test that can fail."""

import dataclasses
import json
import uuid
from datetime import UTC, datetime, timedelta

import extruct
import lxml.html
import pytest

from broadsheet.articles.models import Author, PolicyPage
from broadsheet.articles.projection import PublishedArticle
from broadsheet.media.pictures import Picture, PictureFile
from broadsheet.rendering import assets, head, reading
from broadsheet.rendering.site import read_site
from broadsheet.rendering.templating import environment
from tests import arrangements, factories

PAGE = (
    '<!doctype html><html lang="{}"><head><title>{{{{ head.title }}}}</title>{{% include "head.html" %}}</head></html>'
)


def write(made, language="en"):
    return environment().from_string(PAGE.format(language)).render(head=made)


def parse(made, language="en"):
    return lxml.html.fromstring(write(made, language))


def metas(tree):
    found = {}
    for element in tree.iter("meta"):
        found.setdefault(element.get("property") or element.get("name"), []).append(element.get("content"))
    return found


def things(made):
    graph = json.loads(str(made.structured))
    assert graph["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in graph["@graph"]}


def describe(article, **changed):
    row = PublishedArticle.objects.select_related("section").get(pk=article.pk)
    vars(row).update(changed)
    site = read_site(row.language)
    return head.describe_article(site, row, authors=reading.authors_of(row.pk), topics=reading.topics_of(row.pk))


@pytest.fixture
@arrangements.once
def story(section):
    edition = section.locale.edition
    edition.x_url = "https://x.com/lantern"
    edition.facebook_url = "https://www.facebook.com/lantern"
    edition.founded_year, edition.contact_email, edition.copyright_holder = 1990, "desk@news.example", "Lantern Ltd"
    edition.save()
    return factories.make_article(
        section,
        title="Ferries run again",
        lead="After a week of storms the harbour is open.",
        dateline="Baku",
        authors=[factories.make_author(role="Reporter", profile_url="https://example.org/aytan")],
        topics=[factories.make_topic()],
        updated_at=factories.NOON + timedelta(hours=2),
        body=[
            ("text", "<p>The harbour is open.</p>"),
            ("attribution", {"outlet": "The Harbour Post", "url": "https://harbour.example/"}),
            ("correction", {"date": "2026-03-03T10:00:00+04:00", "text": "It was nine ferries."}),
        ],
    )


def test_article_head_has_every_basic(story):
    tree = parse(describe(story))
    found = metas(tree)
    assert tree.findtext(".//title") == "Ferries run again – The Lantern"
    assert found["description"] == ["After a week of storms the harbour is open."]
    assert found["robots"] == ["max-image-preview:large"]
    assert tree.xpath("//link[@rel='canonical']/@href") == ["http://localhost:8000/en/world/ferries-run-again/"]
    feeds = tree.xpath("//link[@rel='alternate'][@type]")
    assert [(one.get("type"), one.get("href")) for one in feeds] == [
        ("application/rss+xml", "http://localhost:8000/en/feed.xml"),
        ("application/atom+xml", "http://localhost:8000/en/atom.xml"),
        ("application/feed+json", "http://localhost:8000/en/feed.json"),
    ]


def test_open_graph_of_an_article(story):
    (found,) = extruct.extract(write(describe(story)), syntaxes=["opengraph"], uniform=False)["opengraph"]
    values = dict(found["properties"])
    assert values == {
        "og:type": "article",
        "og:title": "Ferries run again",
        "og:description": "After a week of storms the harbour is open.",
        "og:url": "http://localhost:8000/en/world/ferries-run-again/",
        "og:site_name": "The Lantern",
        "og:locale": "en_US",
        "og:image": "http://localhost:8000/en/share-card.png",
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "The Lantern",
        "article:published_time": "2026-03-02T16:00:00+04:00",
        "article:modified_time": "2026-03-03T10:00:00+04:00",
        "article:section": "World",
        "article:author": "http://localhost:8000/en/author/aytan-reed/",
        "article:tag": "Astronomy",
        "article:publisher": "https://www.facebook.com/lantern",
    }


SHAPES = {"1.91:1": (1200, 630), "16:9": (1200, 675), "4:3": (1200, 900), "1:1": (1200, 1200)}
PICTURE = Picture(
    image_id=1,
    alt="A ferry at the quay",
    credit="N. Photographer",
    licence="CC BY 4.0",
    licence_url="https://cc.example/by",
    caption="",
    crops=(),
    full=(),
    share={shape: PictureFile(f"/pictures/ferry-{w}x{h}.jpg", w, h) for shape, (w, h) in SHAPES.items()},
)


def test_picture_is_named_with_its_shapes_and_its_credit(story):
    PublishedArticle.objects.update(picture=PICTURE.to_json())
    made = describe(story)
    found = metas(parse(made))
    shared = ["http://localhost:8000/pictures/ferry-1200x630.jpg"]
    assert found["og:image"] == found["twitter:image"] == shared
    assert found["og:image:type"] == ["image/jpeg"]
    assert found["og:image:alt"] == found["twitter:image:alt"] == ["A ferry at the quay"]
    images = things(made)["NewsArticle"]["image"]
    assert [one["url"].rsplit("-", 1)[1] for one in images] == ["1200x675.jpg", "1200x900.jpg", "1200x1200.jpg"]
    assert [(one["width"], one["height"]) for one in images] == [(1200, 675), (1200, 900), (1200, 1200)]
    assert all(one["url"].startswith("http://localhost:8000/pictures/") for one in images)
    assert {(one["creditText"], one["license"]) for one in images} == {("N. Photographer", "https://cc.example/by")}


def test_x_card_of_an_article(story):
    found = metas(parse(describe(story)))
    assert found["twitter:card"] == ["summary_large_image"]
    assert found["twitter:site"] == ["@lantern"]
    assert found["twitter:image"] == found["og:image"]
    assert found["twitter:image:alt"] == ["The Lantern"]


def test_news_article_has_all_that_search_engines_ask_for(story):
    article = things(describe(story))["NewsArticle"]
    url = "http://localhost:8000/en/world/ferries-run-again/"
    assert article["headline"] == "Ferries run again"
    assert article["mainEntityOfPage"]["@id"] == article["url"] == url
    assert (article["datePublished"], article["dateModified"]) == (
        "2026-03-02T16:00:00+04:00",
        "2026-03-03T10:00:00+04:00",
    )
    assert article["author"] == [
        {
            "@type": "Person",
            "@id": "http://localhost:8000/en/author/aytan-reed/#person",
            "name": "Aytan Reed",
            "url": "http://localhost:8000/en/author/aytan-reed/",
            "jobTitle": "Reporter",
            "sameAs": ["https://example.org/aytan"],
        }
    ]
    assert (article["dateline"], article["articleSection"], article["inLanguage"]) == ("Baku", "World", "en")
    assert article["isAccessibleForFree"] is True and article["wordCount"] > 5
    assert article["publisher"]["@type"] == "NewsMediaOrganization"
    assert article["publisher"]["name"] == article["creditText"] == "The Lantern"
    assert article["keywords"] == ["Astronomy"]
    assert article["citation"] == [
        {"@type": "CreativeWork", "name": "The Harbour Post", "url": "https://harbour.example/"}
    ]
    assert article["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "It was nine ferries.",
            "datePublished": "2026-03-03T10:00:00+04:00",
        }
    ]


def test_rights_are_said_for_machines(story, home):
    reuse = PolicyPage(title="Reuse of materials", kind="reuse", body="<p>Link to us.</p>")
    home.add_child(instance=reuse)
    reuse.save_revision().publish()
    article = things(describe(story))["NewsArticle"]
    assert article["license"] == article["usageInfo"]["url"] == "http://localhost:8000/en/reuse-of-materials/"
    assert "hyperlink to The Lantern (http://localhost:8000/en/)" in article["usageInfo"]["text"]
    assert article["copyrightHolder"]["name"] == "Lantern Ltd"
    assert article["copyrightYear"] == 2026 and article["copyrightNotice"] == "© 2026 Lantern Ltd"


def test_licence_without_a_page_of_its_own_leads_to_the_front_whose_foot_carries_the_rule(story):
    assert things(describe(story))["NewsArticle"]["license"] == "http://localhost:8000/en/"


def test_newsroom_names_its_policies_and_accounts(story, home):
    for kind in ("about", "ethics", "corrections", "contact"):
        page = PolicyPage(title=kind, kind=kind, body="<p>Text.</p>")
        home.add_child(instance=page)
        page.save_revision().publish()
    newsroom = things(describe(story))["NewsMediaOrganization"]
    base = "http://localhost:8000/en"
    assert newsroom["publishingPrinciples"] == newsroom["ethicsPolicy"] == f"{base}/ethics/"
    assert newsroom["correctionsPolicy"] == f"{base}/corrections/"
    assert newsroom["contactPoint"]["url"] == f"{base}/contact/"
    assert newsroom["contactPoint"]["email"] == "desk@news.example"
    assert newsroom["sameAs"] == ["https://x.com/lantern", "https://www.facebook.com/lantern"]
    assert newsroom["foundingDate"] == "1990"
    assert newsroom["logo"]["url"] == f"http://localhost:8000{assets.asset('icon-512.png')}"


def test_policy_page_that_is_a_draft_is_not_named(story, home):
    home.add_child(instance=PolicyPage(title="Canary ethics", kind="ethics", body="<p>x</p>", live=False))
    assert "ethicsPolicy" not in things(describe(story))["NewsMediaOrganization"]


def test_breadcrumbs_lead_from_the_front_through_nested_sections(home, section):
    inner = factories.make_section(section, "Europe")
    crumbs = things(describe(factories.make_article(inner)))["BreadcrumbList"]["itemListElement"]
    assert [(one["position"], one["name"], one["item"].removeprefix("http://localhost:8000")) for one in crumbs] == [
        (1, "The Lantern", "/en/"),
        (2, "World", "/en/world/"),
        (3, "Europe", "/en/europe/"),
        (4, "Ferries run again", "/en/europe/ferries-run-again/"),
    ]


@pytest.mark.parametrize("short", ["", "Ferries"])
def test_long_headline_is_shortened_for_search_engines_and_kept_beside(section, short):
    long = "Ferries and boats " * 12
    article = things(describe(factories.make_article(section, title=long.strip(), short_headline=short)))["NewsArticle"]
    assert len(article["headline"]) <= 110
    assert article["headline"].startswith("Ferries")
    assert article["alternativeHeadline"] == long.strip()


def test_story_without_picture_is_shared_with_the_card(section):
    made = describe(factories.make_article(section))
    found = metas(parse(made))
    card = "http://localhost:8000/en/share-card.png"
    assert found["og:image"] == [card] and found["og:image:type"] == ["image/png"]
    assert (found["og:image:width"], found["og:image:height"]) == (["1200"], ["630"])
    assert things(made)["NewsArticle"]["image"] == [{"@type": "ImageObject", "url": card, "width": 1200, "height": 630}]


def test_story_without_byline_is_by_the_newsroom(section):
    article = things(describe(factories.make_article(section)))["NewsArticle"]
    assert article["author"][0]["@type"] == "NewsMediaOrganization" and article["author"][0]["url"]


def test_translations_name_their_original_and_the_original_its_translations(section):
    key = uuid.uuid4()
    az = factories.make_section(factories.make_home("az"), "Dünya")
    first = factories.make_article(az, title="Bərələr", slug="bereler", translation_key=key)
    later = factories.NOON + timedelta(hours=1)
    second = factories.make_article(section, translation_key=key, first_published_at=later)
    original, translation = things(describe(first))["NewsArticle"], things(describe(second))["NewsArticle"]
    assert "translationOfWork" not in original and "workTranslation" not in translation
    assert translation["translationOfWork"]["@id"] == original["@id"]
    assert [one["@id"] for one in original["workTranslation"]] == [translation["@id"]]
    assert original["workTranslation"][0]["inLanguage"] == "en"


def test_versions_stand_as_hreflang_and_as_locales(section):
    key = uuid.uuid4()
    az = factories.make_section(factories.make_home("az"), "Dünya")
    made = describe(factories.make_article(section, translation_key=key))
    assert not made.versions
    factories.make_article(az, title="Bərələr", slug="bereler", translation_key=key)
    tree = parse(describe(PublishedArticle.objects.get(language="en").article))
    links = {one.get("hreflang"): one.get("href") for one in tree.xpath("//link[@hreflang]")}
    assert links == {
        "en": "http://localhost:8000/en/world/ferries-run-again/",
        "az": "http://localhost:8000/az/dunya/bereler/",
        "x-default": "http://localhost:8000/en/world/ferries-run-again/",
    }
    assert metas(tree)["og:locale:alternate"] == ["az_AZ"]


HOSTILE = ["</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "]]>", "-->", "\u2028\u2029",
           "\u202eevil\u202c", "Z" + "\u0300" * 200, "{{7*7}}", "&amp; &lt;", "' onload='x"]  # fmt: skip


def test_hostile_words_stay_text(section):
    article = factories.make_article(section, authors=[factories.make_author()])
    for text in HOSTILE:
        PublishedArticle.objects.update(headline=text, short_headline=text, lead=text, description=text)
        Author.objects.update(name=text[:160])
        made = describe(article)
        tree = parse(made)
        assert len(tree.xpath("//script")) == 1 and not tree.xpath("//img")
        assert metas(tree)["og:title"] == [text]
        assert "<" not in str(made.structured) and "\u2028" not in str(made.structured)
        assert things(made)["NewsArticle"]["author"][0]["name"] == text[:160]


def test_lone_surrogate_from_a_stored_block_does_not_break_the_page(section):
    """SQLite may hold such a row; PostgreSQL refuses it, so it is made bad after it was read."""
    article = factories.make_article(section)
    made = describe(article, corrections=[{"at": "2026-03-03T10:00:00+04:00", "text": "a\ud83db\x00"}])
    assert things(made)["NewsArticle"]["correction"][0]["text"] == "ab"
    write(made).encode("utf-8")


def test_front_is_the_site_and_says_how_it_is_searched(home):
    made = head.describe_front(read_site("en"), home)
    site = things(made)["WebSite"]
    assert site["potentialAction"]["target"]["urlTemplate"] == (
        "http://localhost:8000/en/search/?q={search_term_string}"
    )
    assert made.canonical == "http://localhost:8000/en/"
    assert dict(made.properties)["og:type"] == "website"


def test_list_pages_know_their_neighbours_and_are_their_own_canonical(section):
    site = read_site("en")
    own = head.describe_section(site, section, head.Place(0, None, 4))
    page = head.describe_section(site, section, head.Place(3, 0, 2))
    assert (own.canonical, own.previous, own.next) == (
        "http://localhost:8000/en/world/",
        "",
        "http://localhost:8000/en/world/?page=4",
    )
    assert (page.canonical, page.previous, page.next) == (
        "http://localhost:8000/en/world/?page=3",
        "http://localhost:8000/en/world/",
        "http://localhost:8000/en/world/?page=2",
    )
    assert page.title == "World, page 3 – The Lantern" and page.title != own.title
    tree = parse(page)
    assert tree.xpath("//link[@rel='prev' or @rel='next']/@href") == [page.previous, page.next]
    assert metas(tree)["og:url"] == [page.canonical]


def test_only_the_first_page_of_a_list_has_versions(section):
    az = factories.make_home("az")
    factories.make_section(az, "Dünya", translation_key=section.translation_key)
    site = read_site("en")
    assert len(head.describe_section(site, section).versions) == 3
    assert head.describe_section(site, section, head.Place(2, 0, 1)).versions == ()


def test_section_announces_its_own_feeds_before_those_of_the_language(section):
    feeds = head.describe_section(read_site("en"), section).feeds
    assert [one.url.removeprefix("http://localhost:8000") for one in feeds] == [
        "/en/world/feed.xml",
        "/en/world/atom.xml",
        "/en/world/feed.json",
        "/en/feed.xml",
        "/en/atom.xml",
        "/en/feed.json",
    ]
    assert len({one.title for one in feeds}) == 6


def test_lists_are_collections_and_authors_have_profiles(section):
    author, topic = factories.make_author(role="Reporter", biography="Writes."), factories.make_topic()
    factories.make_article(section, authors=[author], topics=[topic])
    site = read_site("en")
    assert "CollectionPage" in things(head.describe_section(site, section))
    assert "CollectionPage" in things(head.describe_topic(site, topic))
    profile = things(head.describe_author(site, author))["ProfilePage"]
    assert profile["mainEntity"]["name"] == "Aytan Reed" and profile["mainEntity"]["description"] == "Writes."
    assert head.describe_author(site, author).feeds[0].url.endswith("/en/author/aytan-reed/feed.xml")
    assert head.describe_topic(site, topic).feeds[0].url.endswith("/en/topic/astronomy/feed.xml")


def test_pages_about_the_newsroom_say_what_they_are(home):
    page = PolicyPage(title="Contact", kind="contact", body="<p>Write.</p>")
    home.add_child(instance=page)
    page.save_revision().publish()
    made = head.describe_policy(read_site("en"), page)
    assert things(made)["ContactPage"]["url"] == made.canonical == "http://localhost:8000/en/contact/"


def test_search_print_preview_and_errors_are_not_indexed(story):
    site, row = read_site("en"), PublishedArticle.objects.select_related("section").get()
    made = [
        head.describe_search(site, "comet"),
        head.describe_print(site, row),
        head.hide(describe(story)),
        head.describe_error("en", "This page does not exist"),
        head.describe_error("xx", "This page does not exist"),
    ]
    for one in made:
        assert metas(parse(one))["robots"] == ["noindex"]
        assert not one.structured and not one.versions and not one.properties
    assert made[1].canonical == "http://localhost:8000/en/world/ferries-run-again/"
    assert made[0].title == "Search: comet – The Lantern"


def test_addresses_come_from_the_configuration_alone(story, settings):
    settings.CONFIG = dataclasses.replace(settings.CONFIG, site_url="https://news.example")
    written = write(describe(story))
    assert "localhost" not in written and 'href="https://news.example/en/world/ferries-run-again/"' in written


def test_unpublished_changes_do_not_show(story):
    story.title, story.lead = "CANARY", "CANARY"
    story.save_revision()
    assert "CANARY" not in write(describe(story))


def test_query_budget_does_not_grow_with_bylines_and_topics(section, django_assert_max_num_queries):
    authors = [factories.make_author(name=f"Author {number}") for number in range(5)]
    topics = [factories.make_topic(name=f"Topic {number}") for number in range(5)]
    article = factories.make_article(section, authors=authors, topics=topics)
    for number in range(4):
        factories.make_section(section, f"Inner {number}")
    with django_assert_max_num_queries(10):
        describe(article)


def test_moments_carry_the_sites_zone_even_before_its_reform(section):
    summer = datetime(2015, 7, 1, 12, 0, tzinfo=UTC)
    article = things(describe(factories.make_article(section, first_published_at=summer)))["NewsArticle"]
    assert article["datePublished"] == "2015-07-01T17:00:00+05:00"
