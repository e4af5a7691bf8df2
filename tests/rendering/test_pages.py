"""Every kind of page: it answers, says what it should, records what it read, and leads nowhere empty."""

from __future__ import annotations

import pytest

from broadsheet.articles.models import HomePage, PolicyPage
from tests import arrangements, factories
from tests.rendering.pages import get, stories, text, tree

FULL_BODY = [
    ("text", '<p>Boats leave at <a href="https://example.org/times">nine</a>.</p><h2>Later</h2>'),
    ("quote", {"text": "We sail.", "speaker": "Ivan", "role": "captain", "source": "Radio", "source_url": ""}),
    ("pull_quote", {"text": "We sail.", "attribution": "Ivan"}),
    ("embed", {"url": "https://www.youtube.com/watch?v=21X5lGlDOfg", "caption": "The quay"}),
    ("list", {"title": "Take with you", "style": "numbered", "items": ["a coat", "tea"]}),
    ("fact_box", {"title": "The harbour", "text": "<p>Built long ago.</p>"}),
    ("attribution", {"outlet": "Harbour Radio", "url": "https://radio.example/"}),
    ("correction", {"date": "2026-03-02T13:00:00+00:00", "text": "The boat was blue."}),
]


@pytest.fixture
@arrangements.once
def full(section):
    """An edition with one story of every kind of block, and all pages that follow from it."""
    PolicyPage.objects.all()
    about = PolicyPage(title="About us", kind="about", body="<p>We are here.</p>")
    section.get_parent().specific.add_child(instance=about)
    about.save_revision().publish()
    return factories.make_article(
        section,
        authors=[factories.make_author(role="reporter", biography="Writes.")],
        topics=[factories.make_topic(description="Stars.")],
        picture=factories.make_image(credit="A. Photographer"),
        picture_caption="The harbour at dawn",
        lead="The first boat left at nine.",
        label="analysis",
        dateline="Baku",
        body=FULL_BODY,
    )


ADDRESSES = [
    "/en/",
    "/en/world/",
    "/en/world/?page=1",
    "/en/world/ferries-run-again/",
    "/en/world/ferries-run-again/print/",
    "/en/author/aytan-reed/",
    "/en/topic/astronomy/",
    "/en/archive/",
    "/en/archive/2026/",
    "/en/archive/2026/03/",
    "/en/archive/2026/03/02/",
    "/en/about-us/",
    "/en/offline/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_answers_with_its_frame_and_no_empty_link(full, address):
    path, _, number = address.partition("?page=")
    page = get(path, **({"page": number} if number else {}))
    assert page.status == 200 and page.content_type == "text/html; charset=utf-8"
    assert ("Content-Language", "en") in page.headers and page.storable
    found = tree(page)
    assert len(found.xpath("//h1")) == 1 and len(found.xpath("//main")) == 1
    assert found.xpath("//a[not(@href) or @href='' or contains(@href, 'None')]") == []
    assert found.xpath("//*[@style] | //*[@onclick] | //img[not(@alt) or not(@width) or not(@height)]") == []
    ids = found.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert "layout:en" in page.tags


def test_pages_record_the_tags_of_what_they_show(full, section):
    story, newest = f"card:{full.pk}", f"newest:section:{section.pk}"
    assert {story, "front:en", newest, "newest:language:en"} <= get("/en/").tags
    assert {story, f"section:{section.pk}", f"list:section:{section.pk}"} <= get("/en/world/").tags
    assert {f"article:{full.pk}", newest, f"group:{full.translation_key}"} <= get(full.public_path).tags
    assert any(tag.startswith("topic-name:") for tag in get(full.public_path).tags)
    assert story in get("/en/author/aytan-reed/").tags and story in get("/en/topic/astronomy/").tags


def test_article_page_says_everything_about_the_story(full):
    page = get(full.public_path)
    assert text(page, "//main//h1") == ["Ferries run again"]
    assert text(page, "//p[contains(@class, 'byline')]") == ["By Aytan Reed, reporter"]
    shown = text(page, "//header[contains(@class, 'article-head')]")[0]
    for words in ("World", "analysis", "Baku", "2 March 2026, 16:00", "(UTC+4)", "1 minute to read", "Views: 0"):
        assert words in shown
    assert tree(page).xpath("//time/@datetime")[0] == "2026-03-02T16:00:00+04:00"
    assert text(page, "//figure[contains(@class, 'lead-picture')]/figcaption") == [
        "The harbour at dawn A. Photographer"
    ]
    assert tree(page).xpath("//a[@rel='tag']/@href") == ["/en/topic/astronomy/"]
    assert tree(page).xpath("//p[contains(@class, 'sources')]/a/@href") == ["https://radio.example/"]


def test_article_page_offers_to_share_copy_and_print(full):
    found = tree(get(full.public_path))
    shared = found.xpath("//div[@data-share-links]//a/@href")
    assert len(shared) == 6 and all("http%3A%2F%2Flocalhost%3A8000%2Fen%2Fworld%2F" in link for link in shared)
    assert found.xpath("//@data-copy") == ["http://localhost:8000/en/world/ferries-run-again/"]
    assert found.xpath("//a[@data-print]/@href") == ["/en/world/ferries-run-again/print/"]
    assert found.xpath("//*[@data-copy-state][@role='status']/@data-done") == ["Link copied"]


def test_embed_is_a_link_until_it_is_clicked(full):
    found = tree(get(full.public_path))
    assert found.xpath("//iframe") == []
    assert found.xpath("//figure[@data-player]//a/@href") == ["https://www.youtube.com/watch?v=21X5lGlDOfg"]


def test_first_picture_is_fetched_first_and_others_when_needed(section):
    for number in range(4):
        factories.make_article(section, title=f"Story {number}", picture=factories.make_image())
    found = tree(get("/en/"))
    assert len(found.xpath("//img[@fetchpriority='high']")) == 1
    assert found.xpath("//img")[0].get("fetchpriority") == "high"
    assert all(one.get("loading") == "lazy" for one in found.xpath("//img")[1:])


def test_printed_page_has_no_menus_and_ends_with_its_address(full):
    page = get("/en/world/ferries-run-again/print/")
    assert tree(page).xpath("//nav | //form") == []
    assert "http://localhost:8000/en/world/ferries-run-again/" in text(page, "//p[@class='end-line']")[0]
    assert b'name="robots" content="noindex"' in page.body


def test_language_links_lead_to_this_story_else_to_the_front(full):
    russian = factories.make_home("ru", "Фонарь")
    world = factories.make_section(russian, "Мир")
    factories.make_home("az", "Fənər")
    factories.make_article(world, "Паромы снова ходят", translation_key=full.translation_key)
    found = tree(get(full.public_path))
    links = {one.get("lang"): one for one in found.xpath("//nav[@class='languages']//a")}
    assert links["ru"].get("href").endswith("/ru/mir/paromy-snova-khodyat/")
    assert links["az"].get("href") == "/az/" and links["en"].get("aria-current") == "true"
    assert links["az"].text == "Azərbaycan" and links["ru"].get("hreflang") == "ru"


def test_front_shows_curated_places_above_the_newest(home, section):
    old, second, third = (factories.make_article(section, title=title) for title in ("Old", "Second", "Third"))
    newest = factories.make_article(section, title="Newest")
    home = HomePage.objects.get(pk=home.pk)
    home.slots.create(slot="lead", article=old)
    home.slots.create(slot="secondary", article=second)
    home.slots.create(slot="list", article=third)
    home.save_revision().publish()
    page = get("/en/")
    assert stories(page)[:2] == [old.pk, second.pk]
    latest = tree(page).xpath("//section[contains(@class, 'top-latest')]//@data-article")
    assert latest == [str(newest.pk)]
    assert tree(page).xpath("//section[contains(@class, 'strip')]//@data-article") == [str(third.pk)]


def test_retracted_story_leaves_its_slot(home, section):
    story, other = factories.make_article(section, "Gone"), factories.make_article(section, "Here")
    home = HomePage.objects.get(pk=home.pk)
    home.slots.create(slot="lead", article=story)
    home.save_revision().publish()
    story.unpublish()
    assert set(stories(get("/en/"))) == {other.pk}


def test_empty_section_says_so(section):
    page = get("/en/world/")
    assert page.status == 200 and text(page, "//p[@class='empty']")


def test_section_shows_label_description_and_what_is_inside(section):
    section.description = "World – the most important world news"
    section.save_revision().publish()
    nested = factories.make_section(section, "Asia")
    story = factories.make_article(nested)
    page = get("/en/world/")
    assert text(page, "//h1") == ["World"]
    assert "the most important world news" in text(page, "//p[@class='description']")[0]
    assert tree(page).xpath("//ul[@class='chips']//a/@href") == ["/en/asia/"]
    assert stories(page) == [story.pk]


def test_portrait_and_logo_are_public_once_their_owner_is_saved(section):
    from broadsheet.articles.models import Edition

    author = factories.make_author(portrait=factories.make_image("Aytan"))
    factories.make_article(section, authors=[author])
    assert tree(get("/en/author/aytan-reed/")).xpath("//div[@class='portrait']/img")
    edition = Edition.objects.get()
    edition.logo_light = factories.make_image("Logo", size=(600, 200))
    edition.save()
    logo = tree(get("/en/")).xpath("//div[@class='brand']//img")
    assert [one.get("alt") for one in logo] == ["The Lantern"]
    author.portrait = None
    author.save()
    assert not tree(get("/en/author/aytan-reed/")).xpath("//div[@class='portrait']/img")


def test_edited_menus_replace_the_standing_ones_and_drop_what_is_not_public(home, section):
    from broadsheet.articles.models import Edition

    hidden = factories.make_section(home, "Hidden")
    hidden.unpublish()
    edition = Edition.objects.get()
    edition.header_menu = [
        {"type": "page", "value": section.pk},
        {"type": "page", "value": hidden.pk},
        {"type": "link", "value": {"label": "Shop", "url": "https://shop.example/"}},
    ]
    edition.save()
    menu = tree(get("/en/")).xpath("//nav[@class='sections']//a/@href")
    assert menu == ["/en/world/", "https://shop.example/"]
