"""A story in four languages: translated, changed, compared, settled; at each step every version links to the others."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from lxml import html as lxml_html
from playwright.sync_api import Page, expect

from . import web
from .browser import Reader, Visitors
from .test_newsroom import _NOTE_WATCHING, at_work, submit

OLD, NEW = "Ferries run every hour.", "Ferries run every second hour."
BODY = [
    ["text", f"<p>The harbour is open.</p><p>{OLD}</p>"],
    ["quote", {"text": "We waited long.", "speaker": "A captain", "role": "", "source": "", "source_url": ""}],
]
HEADLINES = {"ru": "Паромы снова ходят", "hy": "Լաստանավերը կրկին գործում են", "fa": "کشتی‌ها دوباره راه افتادند"}


@pytest.fixture
def admin(visitors: Visitors, site) -> Iterator[Reader]:
    with at_work(visitors, site, {}, "admin") as reader:
        reader.context.add_init_script(_NOTE_WATCHING)
        yield reader


@pytest.fixture
def story(site) -> Iterator[int]:
    made = site.desk.add_story("en", "Ferries run again in four languages", lead="After a year.", body=BODY)
    yield made["id"]
    for one in site.desk.versions(made["id"]).values():
        site.desk.delete(one["id"])


def assert_closed(site, story: int) -> set[str]:
    """Every public version announces every public version, itself too, and is its own canonical address."""
    live = {language: one for language, one in site.desk.versions(story).items() if one["live"]}
    wanted = {language: site.url(one["path"]) for language, one in live.items()}

    def announced(reply: web.Reply) -> dict[str, str]:
        links = lxml_html.fromstring(reply.body).xpath("//link[@rel='alternate'][@hreflang]")
        return {one.get("hreflang"): one.get("href") for one in links}

    def is_closed(reply: web.Reply) -> bool:
        found = announced(reply)
        return {code: link for code, link in found.items() if code != "x-default"} in (wanted, {}) and (
            "x-default" in found or len(wanted) == 1
        )

    for language, address in wanted.items():
        reply = web.fetch_until(address, is_closed)
        assert reply.status == 200
        tree = lxml_html.fromstring(reply.body)
        assert tree.get("lang") == language
        assert tree.xpath("string(//link[@rel='canonical']/@href)") == address
        if len(wanted) > 1:
            assert announced(reply)["x-default"] in wanted.values()
    return set(wanted)


def board(reader: Reader, site, story: int) -> Page:
    return reader.open(f"/translations/?story={site.desk.story_key(story)}")


def test_story_is_translated_changed_compared_and_settled(site, admin: Reader, story: int) -> None:
    page = admin.open(f"/pages/{story}/edit/")
    page.get_by_role("button", name="Actions", exact=True).first.click()
    page.get_by_role("link", name="Translate into…").click()
    for language in HEADLINES:
        page.locator(f"input[name=language][value={language}]").check()
    page.get_by_role("button", name="Make drafts in these languages").click()
    page.wait_for_load_state()
    assert "/translations/?story=" in page.url
    expect(page.locator("a.board-state--draft")).to_have_count(3)
    assert assert_closed(site, story) == {"en"}

    for number, (language, headline) in enumerate(HEADLINES.items(), 2):
        translate_in_browser(admin, site, story, language, headline)
        assert len(assert_closed(site, story)) == number

    page = board(admin, site, story)
    expect(page.locator("table.languages .version-more")).to_have_count(0)
    site.desk.reword(story, OLD, NEW)
    assert len(assert_closed(site, story)) == 4
    page = board(admin, site, story)
    expect(page.locator(".version--outdated")).to_have_count(3)
    for language in HEADLINES:
        accept_in_browser(admin, site, story, language)
        assert len(assert_closed(site, story)) == 4
    expect(board(admin, site, story).locator(".version--outdated")).to_have_count(0)
    assert not admin.errors


def translate_in_browser(admin: Reader, site, story: int, language: str, headline: str) -> None:
    """Write the headline beside its source, and publish."""
    version = site.desk.versions(story)[language]
    page = admin.open(f"/pages/{version['id']}/edit/")
    expect(page.locator("html[data-watched]")).to_be_attached()
    source = page.locator("[data-contentpath=title] > .beside-source")
    expect(source.locator(".beside-text")).to_have_text("Ferries run again in four languages")
    expect(source.locator(".beside-text")).to_have_attribute("lang", "en")
    expect(
        page.locator("[data-streamfield-child] > .beside-source, [data-streamfield-child] .beside-source")
    ).to_have_count(2)
    expect(page.locator("#beside-sources .beside-source")).to_have_count(0)
    page.locator("[name=title]").fill(headline)
    submit(page, "[name=action-publish]")
    assert site.desk.versions(story)[language]["live"]


def accept_in_browser(admin: Reader, site, story: int, language: str) -> None:
    """Exactly the one paragraph is shown, in words; one click says that the translation fits."""
    version = site.desk.versions(story)[language]
    page = board(admin, site, story)
    cell = page.locator("td.version").filter(has=page.locator(f"a[href='/translations/{version['id']}/changes/']"))
    cell.locator("summary").click()
    expect(cell.locator("summary")).to_contain_text("1 paragraph out of date")
    expect(cell.locator("q")).to_have_text(NEW)
    cell.get_by_role("link", name="Compare").click()
    page.wait_for_load_state()
    expect(page.locator(".change-passages tbody tr")).to_have_count(1)
    expect(page.locator(".change-passages tbody td").nth(0)).to_have_text(OLD)
    expect(page.locator(".change-passages tbody td").nth(1)).to_have_text(NEW)
    expect(page.locator(".change-passages ins")).to_have_text("second")
    page.get_by_role("button", name="No change needed").click()
    page.wait_for_load_state()
    expect(page.locator("main, #main")).to_contain_text("nothing is out of date")


def test_sources_stand_beside_their_blocks_right_to_left_and_with_the_keyboard(site, admin: Reader, story: int) -> None:
    """The newsroom in Persian, on a wide screen: the source is on the left of what is written."""
    page = admin.open(f"/translations/{story}/into/")
    page.locator("input[name=language][value=fa]").check()
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    field = page.locator("[data-contentpath=title]")
    source = field.locator("> .beside-source")
    box, written = source.bounding_box(), field.locator("[name=title]").bounding_box()
    assert box and written and box["x"] > written["x"] + written["width"]
    page.evaluate("document.documentElement.dir = 'rtl'")

    def is_left() -> bool:
        box, written = source.bounding_box(), field.locator("[name=title]").bounding_box()
        return bool(box and written and box["x"] + box["width"] < written["x"])

    # Wagtail moves its side bar over in steps.
    until = time.monotonic() + 10
    while not is_left():
        assert time.monotonic() < until
        page.wait_for_timeout(100)
    page.locator("[data-beside=next]").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "title"
    source.get_by_role("button", name="Right as it is").focus()
    page.keyboard.press("Enter")
    expect(source.locator(".beside-mark")).to_have_text("✓")
