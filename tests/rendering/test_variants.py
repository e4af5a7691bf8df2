"""Script variants: the edition's own pages in another script, with their tags, feeds and place among all."""

from __future__ import annotations

import dataclasses
import json

import pytest
from django.core.exceptions import ValidationError
from lxml import etree

from broadsheet import events
from broadsheet.outbox import services as outbox
from broadsheet.outbox.models import OutboxEvent
from broadsheet.rendering.purging import tags_of
from broadsheet.rendering.render import render_error
from broadsheet.rendering.variants import html
from broadsheet.rendering.variants.writer import Writer
from broadsheet.translations import choices, variants
from broadsheet.translations.languages import UnknownLanguage
from broadsheet.translations.models import ScriptWord
from broadsheet.translations.transliteration import NONE
from tests import arrangements, factories
from tests.rendering.pages import get, text, tree

FRONT = "/az-cyrl/"
STORY = "/az-cyrl/dunya/gemiler-yene-yola-dusdu/"


@pytest.fixture(autouse=True)
def variant_settings(settings):
    settings.CONFIG = dataclasses.replace(settings.CONFIG, script_variants=("az-Cyrl", "az-Arab"))


@pytest.fixture
@arrangements.once
def story(db):
    factories.make_home("en")
    section = factories.make_section(factories.make_home("az", "Fənər"), "Dünya")
    author = factories.make_author("az", "Aytən İsmayılova")
    topic = factories.make_topic("az", "Sülh")
    return factories.make_article(
        section,
        "Gəmilər yenə yola düşdü",
        lead="Liman açıqdır: reuters.example, Twitter & XX əsr.",
        authors=[author],
        topics=[topic],
        body=[
            ("text", "<p>Gəmi saat 9-da <code>gəmi</code> gəlir. <span lang='en'>Ships</span> və "
                     "<a href='https://example.org/gəmi'>gəmi</a></p>"),
            ("quote", {"text": "Мы плывём", "speaker": "İvan", "role": "", "source": "", "source_url": "",
                       "language": "ru"}),
        ],
    )  # fmt: skip


def test_page_is_written_in_the_other_script(story):
    page = get(STORY)
    assert page.status == 200 and dict(page.headers)["Content-Language"] == "az-Cyrl"
    root = tree(page)
    assert (root.get("lang"), root.get("dir")) == ("az-Cyrl", "ltr")
    assert text(page, "//h1") == ["Ҝәмиләр јенә јола дүшдү"]
    assert text(page, "//p[@class='lead']") == ["Лиман ачыгдыр: reuters.example, Twitter & XX әср."]
    assert text(page, "//p[@class='byline']//bdi") == ["Ајтән Исмајылова"]
    assert "Fənər" not in root.xpath("string(//title)")


def test_code_addresses_and_foreign_words_stay(story):
    root = tree(get(STORY))
    assert root.xpath("string(//code)") == "gəmi"
    assert root.xpath("string(//span[@lang='en'])") == "Ships"
    assert root.xpath("//a[starts-with(@href, 'https://example.org')]/@href") == ["https://example.org/gəmi"]
    quote = root.xpath("//blockquote")[0]
    assert (quote.get("lang"), quote.get("dir"), quote.text_content()) == ("ru", "ltr", "Мы плывём")


def test_links_stay_within_the_variant(story):
    root = tree(get(STORY))
    own = root.xpath("//a[not(@hreflang)]/@href")
    assert not [one for one in own if one.startswith(("/az/", "http://localhost:8000/az/"))]
    assert "/az-cyrl/author/ayten-ismayilova/" in own and "/az-cyrl/feed.xml" in own
    assert root.xpath("//link[@rel='canonical']/@href") == [f"http://localhost:8000{STORY}"]
    shared = next(one for one in own if one.startswith("https://t.me"))
    assert "az-cyrl%2Fdunya" in shared and "%D2%9C%D3%99%D0%BC%D0%B8" in shared
    assert root.xpath("//form/@action") == ["/az-cyrl/search/"]


def test_every_version_names_the_same_set(story):
    def links(path):
        return sorted(tuple(one.attrib.values()) for one in tree(get(path)).xpath("//link[@hreflang]"))

    assert links(FRONT) == links("/az/") == links("/en/") == links("/az-arab/")
    assert [code for _, code, _ in links(FRONT)] == ["az", "az-Arab", "az-Cyrl", "en", "x-default"]
    assert links(STORY) == links("/az/dunya/gemiler-yene-yola-dusdu/")
    current = tree(get(FRONT)).xpath("//nav[@class='languages']//a[@aria-current]/@hreflang")
    assert current == ["az-Cyrl"]


def test_arabic_script_runs_from_the_right_with_its_digits(story):
    page = get("/az-arab/dunya/gemiler-yene-yola-dusdu/")
    root = tree(page)
    assert (root.get("lang"), root.get("dir"), root.get("data-digits")) == ("az-Arab", "rtl", "arabext")
    assert "۹-دا" in text(page, "//article//p")[-1] or any("۹" in one for one in text(page, "//article//p"))


def test_structured_data_speaks_the_variant(story):
    graph = json.loads(tree(get(STORY)).xpath("string(//script[@type='application/ld+json'])"))["@graph"]
    assert graph[0]["inLanguage"] == "az-Cyrl" and graph[0]["headline"] == "Ҝәмиләр јенә јола дүшдү"
    assert graph[0]["url"] == f"http://localhost:8000{STORY}" and graph[0]["@type"] == "NewsArticle"


def test_tags_are_those_of_the_base_and_of_the_exceptions(story):
    base, variant = get("/az/dunya/gemiler-yene-yola-dusdu/"), get(STORY)
    assert variant.tags == base.tags | {"script-words:az-Cyrl"}


def test_what_does_not_exist_is_missing_here_too(story):
    page = get("/az-cyrl/yox/")
    assert page.status == 404 and {"missing:az", "missing:az-cyrl"} <= page.tags
    purged = tags_of(events.SectionChanged(3, "az", "key", ("slug",)))
    assert "missing:az-cyrl" in purged.hard


def test_old_addresses_lead_on_within_the_variant(story):
    story.slug = "gemiler"
    story.save_revision().publish()
    page = get(STORY)
    assert page.status == 301
    assert dict(page.headers)["Location"] == "http://localhost:8000/az-cyrl/dunya/gemiler/"


def test_error_page_is_written_without_the_database():
    page = render_error("az-cyrl", 503)
    assert page.status == 503 and tree(page).get("lang") == "az-Cyrl"


def test_words_by_hand_hold_and_purge_what_shows_them(story):
    marked = OutboxEvent.objects.order_by("-pk").values_list("pk", flat=True).first()
    word = ScriptWord(variant="az-Cyrl", word="Gəmi*", written="кораб")
    word.full_clean()
    word.save()
    assert word.word == "gəmi*"
    assert text(get(STORY), "//h1") == ["Корабләр јенә јола дүшдү"]
    found = [events.from_payload(one.kind, one.payload) for one in OutboxEvent.objects.filter(pk__gt=marked)]
    assert found == [events.ScriptWordsChanged("az-Cyrl")]
    assert tags_of(found[0]).soft == {"script-words:az-Cyrl"}
    word.delete()
    assert text(get(STORY), "//h1") == ["Ҝәмиләр јенә јола дүшдү"]


@pytest.mark.parametrize("word", ["two words", "a1", "*", "", "a<b"])
def test_only_words_can_be_exceptions(db, word):
    with pytest.raises(ValidationError):
        ScriptWord(variant="az-Cyrl", word=word, written="x").full_clean()


def test_feeds_are_written_in_the_other_script(story):
    rss = etree.fromstring(get("/az-cyrl/feed.xml").body)
    assert rss.findtext("channel/language") == "az-Cyrl"
    assert rss.findtext("channel/item/title") == "Ҝәмиләр јенә јола дүшдү"
    assert rss.findtext("channel/item/link") == f"http://localhost:8000{STORY}"
    assert "Мы плывём" in rss.findtext("channel/item/{http://purl.org/rss/1.0/modules/content/}encoded")
    atom, base = etree.fromstring(get("/az-cyrl/atom.xml").body), etree.fromstring(get("/az/atom.xml").body)
    space = "{http://www.w3.org/2005/Atom}"
    assert atom.findtext(f"{space}entry/{space}id") != base.findtext(f"{space}entry/{space}id")
    assert atom.get("{http://www.w3.org/XML/1998/namespace}lang") == "az-Cyrl"
    feed = json.loads(get("/az-cyrl/feed.json").body)
    assert feed["language"] == "az-Cyrl" and feed["feed_url"].endswith("/az-cyrl/feed.json")
    assert feed["items"][0]["title"] == "Ҝәмиләр јенә јола дүшдү"


def test_sitemaps_name_the_variants(story):
    pages = get("/sitemap-articles-0.xml").body.decode()
    assert f"<loc>http://localhost:8000{STORY}</loc>" in pages and 'hreflang="az-Arab"' in pages
    assert "/az-arab/</loc>" in get("/sitemap-pages.xml").body.decode()
    assert b"Sitemap: http://localhost:8000/az-cyrl/news-sitemap.xml" in get("/robots.txt").body


def test_search_understands_the_variants_script(story):
    outbox.deliver_all()
    page = get("/az-cyrl/search/", q="ҝәмиләр")
    assert "Ҝәмиләр јенә јола дүшдү" in text(page, "//h2")
    assert tree(page).xpath("//input[@id='search-here']/@value") == ["ҝәмиләр"]


def test_variant_that_no_rule_can_make_is_refused(settings):
    for code in ("ru-Latn", "sr-Latn", "az"):
        with pytest.raises(UnknownLanguage):
            choices.check(dataclasses.replace(settings.CONFIG, script_variants=(code,)))
    for options in ({"numerals": (("ar", "roman"),)}, {"calendars": (("fa", "maya"),)}):
        with pytest.raises(UnknownLanguage):
            choices.check(dataclasses.replace(settings.CONFIG, **options))


def test_markup_is_copied_byte_by_byte(settings):
    writer = Writer(variants.all_variants()[0], NONE)
    source = "<!doctype html>\n<p class='a' hidden>1 &lt; 2 &amp; 3<br/><i>…</i><!-- x --></p>"
    source += "<script>if (a < b) f('a')</script>"
    assert html.rewrite(source, writer) == source
    assert html.rewrite("so&#39;z &amp; g&ccedil;", writer) == "со'з &amp; ҝч"


def test_hostile_text_stays_text(settings):
    writer = Writer(variants.all_variants()[0], NONE)
    written = html.rewrite("<p title='&quot;&gt;&lt;b'>&lt;script&gt;a</p>", writer)
    assert "<script" not in written and 'title="&quot;&gt;&lt;б"' in written


def test_reader_without_a_connection_is_told_so_in_the_variant(story):
    assert b'"az-cyrl"' in get("/sw.js").body
    assert tree(get("/az-cyrl/offline/")).get("lang") == "az-Cyrl"


def test_reader_is_offered_a_variant_in_its_own_letters(story):
    offers = tree(get("/en/")).xpath("//*[contains(@class,'languages')]//a[@lang='az-Cyrl']")
    (offer,) = offers
    words = offer.get("data-words") + offer.get("data-dismiss")
    assert words.strip() and not set(words.lower()) & set("abcdefghijklmnopqrstuvwxyzəığöşüç")
