"""Sections, authors, topics, the archive and search: what they show, their pages, their empty states."""

from __future__ import annotations

import re

import pytest
from lxml import html

from broadsheet.demo import reading

from . import web
from .browser import Visitors
from .desk_facts import LONG_AGO_PATH, OLD_STORIES
from .words import LANGUAGES, said


def tree(url: str) -> html.HtmlElement:
    """The parsed page at an address that must answer 200."""
    reply = web.fetch(url)
    assert reply.status == 200, (url, reply.status)
    return html.document_fromstring(reply.body, parser=html.HTMLParser(encoding="utf-8"))


def story_paths(page: html.HtmlElement) -> list[str]:
    """The stories on a page, in its order."""
    return list(page.xpath("//main//*[contains(@class, 'card')]//*[contains(@class, 'headline')]//a/@href"))


def repeated(paths: list[str]) -> set[str]:
    """The stories that stand there more than once."""
    return {path for path in paths if paths.count(path) > 1}


def rel(page: html.HtmlElement, name: str, where: str = "head") -> str | None:
    """The address of the page before or after, said in the head or by a link."""
    kind = "link" if where == "head" else "a"
    found = page.xpath(f"//{kind}[contains(concat(' ', @rel, ' '), ' {name} ')]/@href")
    return str(found[0]) if found else None


@pytest.mark.parametrize("language", LANGUAGES)
def test_section_has_label_lead_and_grid(site, paths, language: str) -> None:
    facts = reading.edition()["sections"]["world"][language]
    page = tree(site.url(paths[language]["section"]))
    assert page.xpath("string(//h1)").strip() == facts["name"]
    assert facts["description"] in page.xpath("string(//main)")
    shown = story_paths(page)
    assert len(shown) == len(set(shown)) >= 3
    assert {story["path"] for story in site.desk.stories(language) if story["section"] == facts["slug"]} >= set(shown)
    # The curated lead comes first, whatever is newer.
    lead = next(key for key in reading.stories() if key.facts["section"] == "world" and key.facts.get("slot") == "lead")
    assert lead.texts[language]["headline"] in page.xpath("string((//main//article)[1])")


@pytest.mark.parametrize("language", LANGUAGES)
def test_front_has_its_curated_lead_and_a_block_for_every_section(site, paths, language: str) -> None:
    page = tree(site.url(paths[language]["front"]))
    lead = next(one for one in reading.stories() if one.facts.get("front_slot") == "lead")
    assert lead.texts[language]["headline"] in page.xpath("string((//main//article)[1])")
    shown = story_paths(page)
    assert len(set(shown)) >= 15
    # A headline of "Also today" has no picture: its story may stand in its section's block as well, nothing else may.
    strip = page.xpath("//main//*[contains(@class, 'strip')]//*[contains(@class, 'headline')]//a/@href")
    assert repeated(shown) <= set(strip)
    assert not repeated(strip)
    sections = [one[language]["slug"] for one in reading.edition()["sections"].values() if not one.get("parent")]
    assert all(page.xpath(f"//main//h2//a[@href='/{language}/{slug}/']") for slug in sections)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_pages_of_a_section_hold_every_story_once(site, paths, language: str) -> None:
    section = paths[language]["section"]
    slug = section.strip("/").split("/")[1]
    seen: list[str] = []
    address: str | None = site.url(section)
    addresses = []
    while address:
        page = tree(address)
        assert page.xpath("//link[@rel='canonical']/@href") == [address]
        addresses.append(address)
        seen += story_paths(page)
        following = rel(page, "next")
        assert following == rel(page, "next", "body") or (following or "").endswith(str(rel(page, "next", "body")))
        address = following
    assert len(addresses) >= 3
    wanted = [story["path"] for story in site.desk.stories(language) if story["section"] == slug]
    assert len(wanted) > OLD_STORIES
    assert len(seen) == len(set(seen))
    assert set(seen) == set(wanted)


def test_pages_lead_back_as_they_lead_on(site, paths) -> None:
    section = site.url(paths["en"]["section"])
    forth = [section]
    while following := rel(tree(forth[-1]), "next"):
        forth.append(following)
    back = [forth[-1]]
    while before := rel(tree(back[-1]), "prev"):
        back.append(before)
    assert back == forth[::-1]


def test_older_pages_stay_as_they_are_when_new_stories_arrive(site, paths) -> None:
    section = site.url(paths["en"]["section"])
    first = rel(tree(section), "next")
    assert first is not None
    before = {first: story_paths(tree(first)), f"{section}?page=1": story_paths(tree(f"{section}?page=1"))}
    added = [site.desk.add_story("en", f"A new story {number}", first_published_at=None) for number in range(3)]
    try:
        web.fetch_until(section, lambda reply: added[-1]["path"] in reply.text)
        assert {story["path"] for story in added} <= set(story_paths(tree(section)))
        assert {url: story_paths(tree(url)) for url in before} == before
    finally:
        for story in added:
            site.desk.delete(story["id"])


@pytest.mark.parametrize("number", ["0", "-1", "999", "1e3", "x", "", "٣", "1%00", "99999999999999999999"])
def test_a_page_that_is_not_there(site, paths, number: str) -> None:
    from urllib.parse import quote

    for kind in ("section", "author", "topic"):
        reply = web.fetch(site.url(f"{paths['en'][kind]}?page={quote(number, safe='%')}"))
        assert reply.status == 404, (kind, number, reply.status)


@pytest.mark.parametrize("language", LANGUAGES)
def test_empty_places_say_so(site, paths, language: str) -> None:
    page = tree(site.url(paths[language]["empty section"]))
    assert said(language, "Nothing has been published in this section yet.") in page.xpath("string(//main)")
    assert not story_paths(page)
    page = tree(site.url(paths[language]["search without results"]))
    assert "qqqqzzzz" in page.xpath("string(//main)") + "".join(page.xpath("//main//input/@value"))
    assert page.xpath("//main//*[@role='status' and normalize-space()]")


@pytest.mark.parametrize("kind", ["author without stories", "topic without stories"])
def test_nobody_learns_of_names_without_public_stories(site, paths, kind: str) -> None:
    missing = web.fetch(site.url("/en/author/never-there/"))
    reply = web.fetch(site.url(paths["en"][kind]))
    assert (reply.status, reply.body) == (missing.status, missing.body) == (404, missing.body)


@pytest.mark.parametrize("language", LANGUAGES)
def test_author_page_tells_who_it_is_and_lists_the_stories(site, paths, language: str) -> None:
    page = tree(site.url(paths[language]["author"]))
    facts = reading.edition()["authors"]["leyla-mammadli"][language]
    text = " ".join(page.xpath("string(//main)").split())
    assert page.xpath("string(//h1)").strip() == facts["name"]
    assert facts["role"] in text
    assert " ".join(facts["bio"].split()) in text
    assert page.xpath("//main//img")
    written = [one for one in reading.stories() if "leyla-mammadli" in one.facts["authors"] and language in one.texts]
    assert len(story_paths(page)) >= len(written)


def test_guest_authors_have_a_page_that_says_so(site) -> None:
    page = tree(site.url("/en/author/james-whitfield/"))
    assert "Guest author" in page.xpath("string(//main)")
    assert story_paths(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_topic_page_names_its_topic_and_lists_its_stories(site, paths, language: str) -> None:
    page = tree(site.url(paths[language]["topic"]))
    assert page.xpath("string(//h1)").strip() in {one[language]["name"] for one in reading.edition()["topics"].values()}
    assert story_paths(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_archive_leads_from_the_years_to_every_story(site, paths, language: str) -> None:
    """Every story of 2023 is found by following the archive's own links."""
    found: set[str] = set()
    waiting, done = {f"/{language}/archive/"}, set()
    while waiting:
        path = waiting.pop()
        done.add(path)
        page = tree(site.url(path))
        found |= set(story_paths(page))
        links = {str(one) for one in page.xpath("//main//a/@href")}
        waiting |= {one for one in links if re.match(rf"/{language}/archive/20(19|23)/", one)} - done
    wanted = {one["path"] for one in site.desk.stories(language) if one["path"].endswith(LONG_AGO_PATH)}
    assert wanted and wanted <= found
    if language != "fa":
        assert any("/archive/2023/06/26/" in path for path in done)


@pytest.mark.parametrize(
    "path", ["1850/", "2023/13/", "2023/02/30/", "2023/2/", "0000/", "99999/", "2023/06/25/", "abcd/", "2023/06/26/1/"]
)
def test_days_without_stories_are_not_there(site, path: str) -> None:
    assert web.fetch(site.url(f"/en/archive/{path}")).status == 404


def test_days_are_those_of_the_sites_zone(site) -> None:
    """Published at 15:14 in Baku on 26 June 2023: the archive has it on that day, the page says so with the zone."""
    page = tree(site.url("/en/archive/2023/06/26/"))
    (path,) = story_paths(page)
    story = tree(site.url(path))
    (moment,) = story.xpath("(//main//article//time)[1]/@datetime")
    assert moment == "2023-06-26T15:14:00+04:00"
    assert "15:14" in story.xpath("string((//main//article//time)[1])")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "tea glass"), ("az", "çay"), ("ru", "чая"), ("hy", "թեյ"), ("fa", "چای"), ("az", "ÇAY"), ("ru", "ЧАЙ")],
)
def test_search_finds_in_the_language_of_the_page(visitors: Visitors, language: str, words: str) -> None:
    with visitors.reader() as reader:
        page = reader.open(f"/{language}/")
        field = page.locator("header input[type=search]")
        field.fill(words)
        field.press("Enter")
        page.wait_for_url(f"**/{language}/search/?q=*")
        found = page.locator("main .headline a")
        hrefs = [one.get_attribute("href") or "" for one in found.all()]
        assert hrefs
        assert all(href.startswith(f"/{language}/") for href in hrefs)
        assert page.locator("main input[type=search]").input_value() == words
        found.first.click()
        assert page.locator("main article h1").count() == 1


@pytest.mark.parametrize(
    "query",
    ['"', "'", "a*", "(", "NEAR(", "AND", "col:x", "%", "_", "\\", "-", "\u202e", "<script>", "x" * 5000, "é" * 300],
)
def test_odd_searches_get_an_ordinary_answer(site, query: str) -> None:
    from urllib.parse import quote

    reply = web.fetch(site.url(f"/en/search/?q={quote(query)}"))
    assert reply.status in {200, 400, 414}
    assert "<script>alert" not in reply.text and "<script> " not in reply.text
    if reply.status == 200:
        assert 'name="robots" content="noindex' in reply.text
