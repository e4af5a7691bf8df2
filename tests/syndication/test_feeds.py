"""RSS, Atom and JSON Feed: the rules of the standards, and those of the feed validator's cases that bind an emitter."""

import dataclasses
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import feedparser
import lxml.html
import pytest

from broadsheet.articles.models import PolicyPage, SectionPage
from broadsheet.articles.projection import PublishedArticle
from tests import arrangements, factories

from .reading import BASE, ask, ask_json, ask_xml, find, text

FILES = ("feed.xml", "atom.xml", "feed.json")
URL = f"{BASE}/en/world/ferries-run-again/"


@pytest.fixture
@arrangements.once
def story(section):
    return factories.make_article(
        section,
        lead="The harbour & the <quay> are open.",
        authors=[factories.make_author(), factories.make_author(name="Nino Day")],
        topics=[factories.make_topic()],
        body=[
            ("text", '<p>The <a href="/en/world/">harbour</a> is open.</p>'),
            ("embed", {"url": "https://youtu.be/abcdefghijk", "caption": "Seen from above"}),
        ],
    )


def test_rss_channel_has_what_it_must(story):
    channel = ask_xml("/en/feed.xml").find("channel")
    assert text(channel, "title") == "The Lantern"
    assert text(channel, "link") == f"{BASE}/en/"
    assert text(channel, "description")
    assert text(channel, "language") == "en"
    assert text(channel, "copyright").startswith("© 2026 The Lantern. Any use of materials is allowed only")
    assert find(channel, "atom:link[@rel='self']/@href") == [f"{BASE}/en/feed.xml"]
    assert find(channel, "atom:link[@rel='license']/@href") == [f"{BASE}/en/"]
    assert parsedate_to_datetime(text(channel, "lastBuildDate")) == factories.NOON


def test_rss_item_has_what_it_must(story):
    (item,) = find(ask_xml("/en/feed.xml"), "//item")
    assert text(item, "title") == "Ferries run again"
    assert text(item, "link") == text(item, "guid[@isPermaLink='true']") == URL
    assert text(item, "pubDate") == "Mon, 02 Mar 2026 12:00:00 +0000"
    assert [one.text for one in find(item, "dc:creator")] == ["Aytan Reed", "Nino Day"]
    assert [one.text for one in find(item, "category")] == ["World", "Astronomy"]
    assert text(item, "description") == "The harbour &amp; the &lt;quay&gt; are open."
    assert not find(item, "author")


@pytest.fixture
@arrangements.once
def pictured(section):
    picture = factories.make_image(
        size=(600, 400), credit="N. Photographer", licence="CC BY 4.0", licence_url="https://cc.example/by"
    )
    return factories.make_article(section, picture=picture, picture_alt="A ferry")


def test_picture_is_named_with_its_size_and_credit(pictured):
    (picture,) = find(ask_xml("/en/feed.xml"), "//media:content")
    share = PublishedArticle.objects.get().picture["share"]["16:9"]
    assert dict(picture.attrib) == {
        "url": BASE + share["url"],
        "type": "image/jpeg",
        "medium": "image",
        "width": str(share["width"]),
        "height": str(share["height"]),
    }
    assert text(picture, "media:description[@type='plain']") == "A ferry"
    assert text(picture, "media:credit") == "N. Photographer"
    assert text(picture, "media:copyright[@url='https://cc.example/by']") == "CC BY 4.0"
    assert ask_json("/en/feed.json")["items"][0]["image"] == BASE + share["url"]
    assert f'<img src="{BASE + share["url"]}"' in bodies()["atom.xml"]


def test_atom_feed_has_what_it_must(story):
    feed = ask_xml("/en/atom.xml")
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert text(feed, "atom:id") == f"{BASE}/en/atom.xml" == find(feed, "atom:link[@rel='self']/@href")[0]
    assert text(feed, "atom:title") == text(feed, "atom:author/atom:name") == "The Lantern"
    assert datetime.fromisoformat(text(feed, "atom:updated")) == factories.NOON
    assert text(feed, "atom:rights").startswith("© 2026 The Lantern")
    assert find(feed, "atom:link[@rel='license']/@href") == [f"{BASE}/en/"]
    assert find(feed, "atom:link[@rel='alternate']/@href") == [f"{BASE}/en/"]


def test_atom_entry_has_what_it_must(story):
    (entry,) = find(ask_xml("/en/atom.xml"), "//atom:entry")
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text(entry, "atom:id"))
    assert find(entry, "atom:link[@rel='alternate']/@href") == [URL]
    assert find(entry, "atom:link[@rel='license']/@href") == [f"{BASE}/en/"]
    assert [one.text for one in find(entry, "atom:author/atom:name")] == ["Aytan Reed", "Nino Day"]
    assert find(entry, "atom:author/atom:uri")[0].text == f"{BASE}/en/author/aytan-reed/"
    assert text(entry, "atom:summary") == "The harbour & the <quay> are open."
    assert "harbour" in text(entry, "atom:content[@type='html']")
    assert find(entry, "atom:category/@term") == ["World", "Astronomy"]
    assert text(entry, "atom:rights")


def test_json_feed_has_what_it_must(story):
    page, feed = ask("/en/feed.json"), ask_json("/en/feed.json")
    assert page.content_type == "application/feed+json"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["home_page_url"], feed["feed_url"]) == (f"{BASE}/en/", f"{BASE}/en/feed.json")
    assert feed["language"] == "en" and feed["authors"][0]["name"] == feed["title"] == "The Lantern"
    (item,) = feed["items"]
    assert isinstance(item["id"], str) and item["url"] == URL
    assert item["date_published"] == item["date_modified"] == "2026-03-02T12:00:00+00:00"
    assert [one["name"] for one in item["authors"]] == ["Aytan Reed", "Nino Day"]
    assert item["tags"] == ["World", "Astronomy"] and "harbour" in item["content_html"]
    assert "image" not in item


def test_each_format_has_its_content_type(story):
    assert ask("/en/feed.xml").content_type == "application/rss+xml; charset=utf-8"
    assert ask("/en/atom.xml").content_type == "application/atom+xml; charset=utf-8"


def bodies():
    return {
        "feed.xml": text(ask_xml("/en/feed.xml"), "//content:encoded"),
        "atom.xml": text(ask_xml("/en/atom.xml"), "//atom:content"),
        "feed.json": ask_json("/en/feed.json")["items"][0]["content_html"],
    }


def test_body_is_the_same_in_every_format_with_absolute_addresses(story):
    found = bodies()
    assert len(set(found.values())) == 1
    tree = lxml.html.fromstring(found["feed.xml"])
    assert all(address.startswith("http") for address in tree.xpath("//@href | //@src"))
    assert tree.xpath("//a[text()='harbour']/@href") == [f"{BASE}/en/world/"]
    assert (tree.get("lang"), tree.get("dir")) == ("en", "ltr")


def test_body_has_no_script_style_frame_or_class(story):
    html = bodies()["feed.xml"]
    assert not re.search(r"<(script|style|iframe|object|form|input)|\bon\w+=|class=|style=|data-", html)


def test_embed_is_a_link_to_the_original(story):
    tree = lxml.html.fromstring(bodies()["feed.xml"])
    assert tree.xpath("//figure//a/@href") == ["https://www.youtube.com/watch?v=abcdefghijk"]
    assert "Seen from above" in tree.text_content()


def test_body_ends_with_the_source_and_the_rule_of_reuse(story):
    tree = lxml.html.fromstring(bodies()["feed.xml"])
    last = tree.xpath("./p[last()]")[0]
    assert last.xpath(".//a/@href") == [URL, f"{BASE}/en/"]
    assert last.text_content().startswith("Source: The Lantern. Any use of materials is allowed only if")


def test_lists_of_related_stories_are_left_out(section):
    other = factories.make_article(section, title="Another story")
    factories.make_article(section, title="First", body=[("related", {"title": "Read also", "articles": [other.pk]})])
    assert b"Read also" not in ask("/en/feed.xml").body


def test_licence_is_the_page_on_reuse_where_there_is_one(story, home):
    page = PolicyPage(title="Reuse", kind="reuse", body="<p>Link.</p>")
    home.add_child(instance=page)
    page.save_revision().publish()
    for path in ("//atom:entry/atom:link[@rel='license']/@href", "/atom:feed/atom:link[@rel='license']/@href"):
        assert find(ask_xml("/en/atom.xml"), path) == [f"{BASE}/en/reuse/"]


def test_correction_moves_updated_and_nothing_else(story, section):
    before = ask_json("/en/feed.json")["items"][0]
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
    story.body = [*story.body.raw_data, {"type": "correction", "value": {"date": at.isoformat(), "text": "Nine."}}]
    story.save_revision().publish()
    after = ask_json("/en/feed.json")["items"][0]
    assert datetime.fromisoformat(after["date_modified"]) == at
    assert (after["id"], after["date_published"]) == (before["id"], before["date_published"])
    for path in ("//atom:entry/atom:updated", "/atom:feed/atom:updated"):
        assert datetime.fromisoformat(text(ask_xml("/en/atom.xml"), path)) == at
    assert parsedate_to_datetime(text(ask_xml("/en/feed.xml"), "//lastBuildDate")) == at


def test_publishing_again_without_a_change_for_readers_does_not_move_updated(story):
    before = ask("/en/atom.xml").body
    story.save_revision().publish()
    assert ask("/en/atom.xml").body == before


def test_id_stays_when_the_address_changes(story):
    before = ask_json("/en/feed.json")["items"][0]
    story.slug = "ferries-sail"
    story.save_revision().publish()
    after = ask_json("/en/feed.json")["items"][0]
    assert after["id"] == before["id"] and after["url"] != before["url"]


def test_feeds_below_a_section_a_topic_and_an_author_hold_their_stories_only(story, section, home):
    other = factories.make_section(home, "Culture")
    inner = factories.make_section(section, "Europe")
    factories.make_article(other, title="Elsewhere")
    factories.make_article(inner, title="Inside")
    expected = {
        "/en/": {"Ferries run again", "Elsewhere", "Inside"},
        "/en/world/": {"Ferries run again", "Inside"},
        "/en/topic/astronomy/": {"Ferries run again"},
        "/en/author/nino-day/": {"Ferries run again"},
    }
    for below, headlines in expected.items():
        feed = ask_json(f"{below}feed.json")
        assert {item["title"] for item in feed["items"]} == headlines
        assert feed["home_page_url"] == BASE + below and feed["feed_url"] == f"{BASE}{below}feed.json"
        assert {one.text for one in find(ask_xml(f"{below}feed.xml"), "//item/title")} == headlines
        assert {one.text for one in find(ask_xml(f"{below}atom.xml"), "//atom:entry/atom:title")} == headlines


def test_feed_of_nothing_is_404(home):
    for below in ("/xx/", "/en/nothing/", "/en/topic/nothing/", "/en/author/nobody/"):
        assert [ask(below + file).status for file in FILES] == [404, 404, 404]


def test_newest_come_first_and_no_more_than_the_size_of_a_feed(section, settings):
    settings.CONFIG = dataclasses.replace(settings.CONFIG, feed_size=3)
    for day in range(5):
        at = factories.NOON + timedelta(days=day)
        factories.make_article(section, title=f"Day {day}", first_published_at=at)
    dates = [item["date_published"] for item in ask_json("/en/feed.json")["items"]]
    assert len(dates) == settings.CONFIG.feed_size and dates == sorted(dates, reverse=True)


def test_empty_feeds_are_whole(section):
    for below in ("/en/", "/en/world/"):
        channel = ask_xml(f"{below}feed.xml").find("channel")
        assert text(channel, "title") and text(channel, "link") and text(channel, "description")
        feed = ask_xml(f"{below}atom.xml")
        assert datetime.fromisoformat(text(feed, "atom:updated")).tzinfo
        assert ask_json(f"{below}feed.json")["items"] == []


def test_empty_feed_is_the_same_whenever_it_is_asked_for(section):
    assert ask("/en/world/atom.xml").body == ask("/en/world/atom.xml").body


HOSTILE = ["<script>alert(1)</script>", "]]>", "&amp; &#0;", "a\x01\x0b\x1fb\ufffe", "\u202eevil", "Z" + "\u0300" * 200,
           "line\nbreak\ttab", "</title>", '"><img src=x onerror=alert(1)>']  # fmt: skip


def test_hostile_text_leaves_every_feed_well_formed(section):
    article = factories.make_article(section, title="Story", authors=[factories.make_author()])
    for hostile in HOSTILE:
        PublishedArticle.objects.filter(pk=article.pk).update(
            headline=hostile, lead=hostile, body=[{"kind": "html", "html": f"<p>{hostile}</p>"}]
        )
        ask_xml("/en/feed.xml")
        titles = {
            text(ask_xml("/en/atom.xml"), "//atom:entry/atom:title"),
            ask_json("/en/feed.json")["items"][0]["title"],
        }
        assert titles == {" ".join(re.sub("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe]", "", hostile).split())}
        for html in bodies().values():
            tree = lxml.html.fromstring(html)
            assert not tree.xpath("//script") and not tree.xpath("//@onerror")


def test_persian_feed_is_marked_right_to_left_and_stays_whole(db):
    section = factories.make_section(factories.make_home("fa", "فانوس"), "جهان", slug="jahan")
    factories.make_article(section, title="کتاب‌ها", slug="ketab-ha", lead="می‌خواهم")
    html = text(ask_xml("/fa/feed.xml"), "//content:encoded")
    assert html.startswith('<div lang="fa" dir="rtl">') and "می‌خواهم" in html
    assert text(ask_xml("/fa/feed.xml"), "//channel/language") == "fa"


def test_drafts_and_retracted_and_scheduled_stories_are_in_no_feed(section):
    author, topic = factories.make_author(), factories.make_topic()
    names = {"authors": [author], "topics": [topic]}
    factories.make_article(section, title="Public", **names)
    factories.make_article(section, title="Canary draft", publish=False, **names)
    factories.make_article(section, title="Canary gone", **names).unpublish()
    scheduled = factories.make_article(section, title="Canary later", publish=False, **names)
    scheduled.go_live_at = datetime.now(UTC) + timedelta(hours=2)
    scheduled.save_revision().publish()
    for below in ("/en/", "/en/world/", "/en/topic/astronomy/", "/en/author/aytan-reed/"):
        for file in FILES:
            body = ask(below + file).body
            assert b"Public" in body and b"Canary" not in body


def test_stories_of_a_retracted_section_leave_every_feed(story, section):
    SectionPage.objects.filter(pk=section.pk).update(live=False)
    assert ask_json("/en/feed.json")["items"] == []
    assert ask("/en/world/feed.xml").status == 404


def test_feed_is_stale_when_any_of_its_stories_or_names_changes(story, section):
    tags = ask("/en/world/feed.xml").tags
    assert {f"text:{story.pk}", f"section:{section.pk}", f"feed:section:{section.pk}", "edition:en"} <= tags
    assert {f"author-name:{link.author_id}" for link in story.bylines.all()} <= tags
    assert "feed:language:en" in ask("/en/atom.xml").tags


@pytest.mark.parametrize("path", ["/en/feed.xml", "/en/world/atom.xml", "/en/topic/topic-1/feed.json"])
def test_query_budget_does_not_grow_with_the_stories(section, path, django_assert_max_num_queries):
    authors = [factories.make_author(name=f"Author {number}") for number in range(3)]
    topics = [factories.make_topic(name=f"Topic {number}") for number in range(3)]
    for number in range(4):
        factories.make_article(section, title=f"Story {number}", authors=authors, topics=topics)
    with django_assert_max_num_queries(12):
        assert ask(path).status == 200


@pytest.mark.parametrize(("path", "version"), [("/en/feed.xml", "rss20"), ("/en/atom.xml", "atom10")])
def test_another_reader_understands_the_feed(story, path, version):
    found = feedparser.parse(ask(path).body)
    assert not found.bozo and found.version == version
    assert found.entries[0].link == URL and found.entries[0].title == "Ferries run again"
    assert found.feed.language == "en" if version == "rss20" else found.feed.rights
    assert "harbour" in found.entries[0].content[0].value
