"""The article page: everything that a story has, reading time, times, views, share, copy, print, players."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from lxml import html
from playwright.sync_api import expect

from broadsheet.demo import reading

from . import web
from .browser import Visitors
from .words import LANGUAGES, said

# Block type: what of it stands in the page.
BLOCKS = {
    "text": "//div[contains(@class,'body')]//p",
    "quote": "//figure[contains(@class,'quote')]/blockquote",
    "pull_quote": "//*[contains(@class,'pull-quote')]",
    "image": "//figure[contains(@class,'picture')]//img[@alt]",
    "gallery": "//*[contains(@class,'gallery')]//img[@alt]",
    "embed": "//*[contains(@class,'embed')]//a",
    "table": "//table[caption]//th[@scope]",
    "list": "//div[contains(@class,'body')]//*[self::ul or self::ol]/li",
    "fact_box": "//*[contains(@class,'fact-box')]",
    "attribution": "//*[contains(@class,'attribution') or contains(@class,'sources')]//a",
    "correction": "//*[contains(@class,'correction')]//time",
    "related": "//*[contains(@class,'read-also')]//a",
}


def tree(url: str) -> html.HtmlElement:
    reply = web.fetch(url)
    assert reply.status == 200, (url, reply.status)
    return html.document_fromstring(reply.body, parser=html.HTMLParser(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_block_is_shown(site, paths, language: str) -> None:
    story = next(one for one in site.desk.stories(language) if one["path"] == paths[language]["article"])
    assert set(story["kinds"]) == set(BLOCKS), "the story for tests has not every block"
    page = tree(site.url(story["path"]))
    missing = [kind for kind, place in BLOCKS.items() if not page.xpath(f"//main{place}")]
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_story_of_the_demo_stands_whole_on_its_page(site, language: str) -> None:
    ours = [story for story in site.desk.stories(language) if not re.search("/(everything|old-[0-9]+)/", story["path"])]
    by_headline = {story["headline"]: story["path"] for story in ours}
    for story in reading.stories():
        if language not in story.texts:
            continue
        texts = story.texts[language]
        page = tree(site.url(by_headline[texts["headline"]]))
        main = " ".join(page.xpath("string(//main)").split())
        for part in ("headline", "lead", "dateline"):
            assert " ".join(texts[part].split()) in main, (story.key, part)
        for block in texts["body"]:
            for part in ("text", "speaker", "caption", "title", "outlet"):
                assert " ".join(str(block.get(part, "")).split()) in main, (story.key, block["type"], part)
        authors = reading.edition()["authors"]
        assert all(authors[author][language]["name"] in main for author in story.facts["authors"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_times_reading_time_and_views(site, paths, language: str) -> None:
    page = tree(site.url(paths[language]["article"]))
    facts = page.xpath("//main//article//time")
    assert [one.get("datetime") for one in facts[:2]] == ["2019-05-04T13:00:00+04:00", "2019-05-04T18:00:00+04:00"]
    text = " ".join(page.xpath("string(//main//article/header)").split())
    assert said(language, "Updated") in text
    digits = "۰۱۲۳۴۵۶۷۸۹" if language == "fa" else "0123456789"
    assert re.search(f"[{digits}]{{1,3}}", text)
    views = page.xpath("string(//*[@data-views])").strip()
    assert views == said(language, "Views: %(count)s", count=digits[0])


def test_views_are_those_of_the_server_in_the_digits_of_the_language(site) -> None:
    for language in LANGUAGES:
        story = max(site.desk.stories(language), key=lambda one: int(one["views"]))
        shown = tree(site.url(story["path"])).xpath("string(//*[@data-views])")
        assert int(re.sub(r"\D", "", shown)) == story["views"] > 0
        if language == "fa":
            assert re.search("[۰-۹]", shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_related_and_the_most_important_news_of_the_section(site, paths, language: str) -> None:
    name = reading.edition()["sections"]["world"][language]["name"]
    page = tree(site.url(paths[language]["article"]))
    heading = said(language, "The most important news: %(section)s", section=name)
    aside = page.xpath("//main//aside[h2[normalize-space()=$heading]]", heading=heading)
    assert aside, heading
    assert aside[0].xpath(".//li//a")
    related = page.xpath("//main//section[h2[normalize-space()=$heading]]", heading=said(language, "Related stories"))
    assert related[0].xpath(".//article")
    own = paths[language]["article"]
    assert own not in aside[0].xpath(".//a/@href") + related[0].xpath(".//a/@href")


@pytest.mark.parametrize("language", LANGUAGES)
def test_share_links_carry_the_canonical_address_and_the_headline(site, paths, language: str) -> None:
    url = site.url(paths[language]["article"])
    page = tree(url)
    headline = page.xpath("string(//h1)").strip()
    hrefs = [str(one) for one in page.xpath("//*[@data-share-links]//a/@href")]
    by_host = {urlsplit(one).netloc or urlsplit(one).scheme: one for one in hrefs}
    assert set(by_host) == {"x.com", "www.facebook.com", "t.me", "wa.me", "www.linkedin.com", "mailto"}
    for host, href in by_host.items():
        values = [value for values in parse_qs(urlsplit(href).query).values() for value in values]
        assert any(url in value for value in values), (host, href)
        if host not in {"www.facebook.com", "www.linkedin.com"}:
            assert any(headline in value for value in values), (host, href)
    mail = by_host["mailto"]
    assert "+" not in mail and "%0D" not in mail.upper()
    assert headline in unquote(mail)
    assert all(one.text_content().strip() for one in page.xpath("//*[@data-share-links]//a"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_native_sheet_is_used_where_there_is_one(visitors: Visitors, paths, language: str) -> None:
    with visitors.reader("phone") as reader:
        reader.context.add_init_script(
            "window.shared = []; navigator.share = (what) => { window.shared.push(what); return Promise.resolve(); };"
        )
        page = reader.open(paths[language]["article"])
        expect(page.locator("[data-share-links]")).to_be_hidden()
        page.get_by_role("button", name=said(language, "Share"), exact=True).click()
        (shared,) = page.evaluate("window.shared")
        assert shared["url"] == reader.origin + paths[language]["article"]
        assert shared["title"] == page.locator("h1").inner_text()


def test_plain_links_where_there_is_no_sheet(visitors: Visitors, paths) -> None:
    with visitors.reader() as reader:
        reader.context.add_init_script("delete Navigator.prototype.share;")
        page = reader.open(paths["en"]["article"])
        expect(page.locator("[data-share-links] a").first).to_be_visible()
        expect(page.get_by_role("button", name="Share", exact=True)).to_be_hidden()


@pytest.mark.parametrize("language", LANGUAGES)
def test_copy_link_is_confirmed_in_the_language_of_the_page(visitors: Visitors, paths, language: str) -> None:
    with visitors.reader() as reader:
        reader.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=reader.origin)
        page = reader.open(f"{paths[language]['article']}?utm_source=x#y")
        page.get_by_role("button", name=said(language, "Copy link"), exact=True).click()
        message = page.get_by_role("status").filter(has_text=said(language, "Link copied"))
        expect(message).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == reader.origin + paths[language]["article"]
        live = message.evaluate("e => e.closest('[role=status], [role=alert], [aria-live]') !== null")
        assert live


def test_copy_link_without_the_right_to_copy_shows_the_address(visitors: Visitors, paths) -> None:
    with visitors.reader() as reader:
        reader.context.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'));")
        page = reader.open(paths["en"]["article"])
        page.get_by_role("button", name="Copy link", exact=True).click()
        expect(page.get_by_role("status").filter(has_text=reader.origin + paths["en"]["article"])).to_be_visible()


def test_interface_is_translated(site, paths) -> None:
    """No two languages have the same word for what is tested above in each of them."""
    for text in ("Link copied", "Copy link", "Print", "Share", "Updated", "Related stories", "Night"):
        words = {said(language, text) for language in LANGUAGES}
        assert len(words) == len(LANGUAGES), (text, words)


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
@pytest.mark.parametrize("kind", ["article", "print"])
def test_on_paper(visitors: Visitors, paths, kind: str, language: str) -> None:
    with visitors.reader(scheme="dark") as reader:
        page = reader.open(paths[language][kind])
        page.emulate_media(media="print", color_scheme="dark")
        for unwanted in ("nav", "form", "button", "[data-share-links]", "header .languages", "input", "iframe"):
            for one in page.locator(unwanted).all():
                expect(one).to_be_hidden()
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator("main figure img").first).to_be_visible()
        link = page.locator(".body a[href^=http]").first
        assert link.get_attribute("href") in link.evaluate("e => getComputedStyle(e, '::after').content")
        address = reader.origin + paths[language]["article"]
        last = page.evaluate(
            """() => {
              const shown = [...document.querySelectorAll('main p, main li, main h2')].filter((one) =>
                one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().height > 0);
              return shown.at(-1).innerText;
            }"""
        )
        assert address in last, "the source line does not stand at the end"
        publication = reading.edition()["settings"][language]["publication_name"]
        assert publication in last
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert dark in {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}
        assert page.locator("h1").evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"


def test_print_control_opens_the_print_dialog_or_the_printing_page(visitors: Visitors, paths) -> None:
    with visitors.reader() as reader:
        reader.context.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; };")
        page = reader.open(paths["en"]["article"])
        page.locator("main [data-print]").click()
        page.wait_for_load_state()
        assert page.evaluate("window.printed") == 1 or page.url.endswith("/print/")


def test_printing_page_is_not_for_search_engines(site, paths) -> None:
    page = tree(site.url(paths["en"]["print"]))
    assert "noindex" in page.xpath("string(//meta[@name='robots']/@content)")
    assert page.xpath("//link[@rel='canonical']/@href") in ([], [site.url(paths["en"]["article"])])


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_players_load_only_when_they_are_clicked(visitors: Visitors, site, device: str, language: str) -> None:
    stories = [one for one in site.desk.stories(language) if "embed" in one["kinds"]]
    assert stories
    for story in stories:
        with visitors.reader(device) as reader:
            page = reader.open(story["path"])
            page.mouse.wheel(0, 20_000)
            page.wait_for_timeout(200)
            assert not reader.foreign_requests()
            assert page.locator("iframe").count() == 0
            player = page.locator("[data-player]").first
            address = str(player.get_attribute("data-player"))
            # Without scripts the link leads to the original.
            assert urlsplit(str(player.locator("a").first.get_attribute("href"))).scheme == "https"
            player.locator("a.play").click()
            frame = page.locator("iframe")
            expect(frame).to_have_attribute("src", address)
            assert str(frame.get_attribute("title")).strip()
            assert [urlsplit(one).netloc for one in reader.foreign_requests()] == [urlsplit(address).netloc]
            assert not reader.violations()
            assert page.url.endswith(story["path"])


# Each time that was replaced by its age: how high what holds it was with the whole time, and how high it is now.
HEIGHTS = """() => [...document.querySelectorAll("time[data-ago][title][style]")].map(time => {
  const holder = time.closest("p") || time.parentElement, text = time.textContent, style = time.style.cssText;
  const now = holder.getBoundingClientRect().height;
  time.textContent = time.title;
  time.style.cssText = "";
  const before = holder.getBoundingClientRect().height;
  time.textContent = text;
  time.style.cssText = style;
  return [before, now];
})"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_age_moves_nothing_when_it_takes_the_place_of_a_time(visitors: Visitors, site, language: str) -> None:
    story = site.desk.add_story(language, "A lamp is lit on the pier", is_recent=True, dateline="Almaty")
    try:
        web.fetch_until(site.url(story["path"]), lambda reply: reply.status == 200)
        with visitors.reader("phone") as reader:
            page = reader.open(story["path"])
            # Some languages a browser does not know, and a time that takes two lines stays.
            if language == "en":
                expect(page.locator(".times time[data-ago]").first).to_have_attribute(
                    "style", re.compile("inline-size")
                )
            page.wait_for_timeout(500)
            heights = page.evaluate(HEIGHTS)
            assert (heights or language != "en") and all(abs(before - now) < 2 for before, now in heights), heights
    finally:
        site.desk.delete(story["id"])
