"""An application of its own: the manifest, the service worker, the offline page, the stories read last."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import expect

from broadsheet.demo import reading

from . import web
from .browser import Reader, Visitors
from .words import LANGUAGES, said

KEPT = "caches.open('read').then((kept) => kept.keys()).then((keys) => keys.map((key) => new URL(key.url).pathname))"
KEPT_AT_MOST_S = 15.0


@pytest.fixture
def subscriber(visitors: Visitors, paths) -> Iterator[Reader]:
    """A reader whose service worker has taken its place."""
    with visitors.reader("phone", service_workers="allow") as reader:
        page = reader.open(paths["en"]["front"])
        page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        yield reader


def wait_for_kept(reader: Reader, is_right: Callable[[list[str]], bool]) -> list[str]:
    """The paths that the worker keeps once they are right. `wait_for_function` would take a promise itself for true."""
    until = time.monotonic() + KEPT_AT_MOST_S
    while not is_right(kept := reader.page.evaluate(KEPT)):
        assert time.monotonic() < until, kept
        reader.page.wait_for_timeout(50)
    return kept


def read(reader: Reader, path: str) -> None:
    """Open a story and wait until it is kept."""
    reader.open(path)
    wait_for_kept(reader, lambda kept: path in kept)


def test_stories_read_are_read_again_offline(subscriber: Reader, paths) -> None:
    own = [paths["en"]["article"], paths["fa"]["article"]]
    for path in own:
        read(subscriber, path)
    subscriber.context.set_offline(True)
    page = subscriber.page
    for path in own:
        page.goto(subscriber.origin + path)
        expect(page.locator("main article h1")).to_be_visible()
        assert page.evaluate("getComputedStyle(document.body).fontFamily") != '"Times New Roman"'
        picture = page.locator("main figure img").first
        assert picture.evaluate("e => e.decode().then(() => e.naturalWidth > 0, () => false)")
    assert page.locator("html").get_attribute("dir") == "rtl"


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_else_is_the_offline_page_of_the_language(subscriber: Reader, paths, language: str) -> None:
    read(subscriber, paths["en"]["article"])
    subscriber.context.set_offline(True)
    page = subscriber.page
    page.goto(subscriber.origin + paths[language]["section"])
    expect(page.locator("h1")).to_have_text(said(language, "You are offline"))
    expect(page.locator("html")).to_have_attribute("lang", language)
    kept = page.locator("[data-offline-list] a")
    expect(kept).to_have_count(1)
    expect(kept).to_have_attribute("href", paths["en"]["article"])
    expect(kept).to_have_attribute("lang", "en")
    kept.click()
    expect(page.locator("main article h1")).to_be_visible()


def test_online_readers_never_get_an_old_copy(subscriber: Reader, site) -> None:
    story = site.desk.add_story("en", "An old headline")
    try:
        read(subscriber, story["path"])
        site.desk.revise(story["id"], publish=True, title="A new headline")
        subscriber.page.wait_for_timeout(1500)
        subscriber.open(story["path"])
        expect(subscriber.page.locator("h1")).to_have_text("A new headline")
    finally:
        site.desk.delete(story["id"])


def test_withdrawn_story_is_forgotten(subscriber: Reader, site) -> None:
    story = site.desk.add_story("en", "A story to be withdrawn")
    read(subscriber, story["path"])
    site.desk.retract(story["id"])
    subscriber.page.wait_for_timeout(1500)
    subscriber.open(story["path"], fine=False)
    wait_for_kept(subscriber, lambda kept: story["path"] not in kept)
    subscriber.context.set_offline(True)
    subscriber.page.goto(subscriber.origin + story["path"])
    expect(subscriber.page.locator("h1")).to_have_text("You are offline")


def test_worker_keeps_no_more_than_the_last_stories(subscriber: Reader, site) -> None:
    stories = [one["path"] for one in site.desk.stories("en")][:24]
    for path in stories:
        read(subscriber, path)
    kept = wait_for_kept(subscriber, lambda kept: len(kept) <= 20)
    assert len(kept) >= 10
    assert set(stories[-10:]) <= set(kept)
    assert stories[0] not in kept


@pytest.mark.parametrize("language", LANGUAGES)
def test_manifest_makes_the_site_installable(site, paths, language: str) -> None:
    page = web.fetch(site.url(paths[language]["front"])).text
    address = page.split('rel="manifest" href="')[1].split('"')[0].replace("&amp;", "&")
    reply = web.fetch(site.url(address))
    assert reply.kind == "application/manifest+json"
    manifest = json.loads(reply.body)
    texts = reading.edition()["settings"][language]
    assert manifest["name"] == texts["publication_name"]
    assert manifest["short_name"]
    assert manifest["id"]
    assert manifest["start_url"].startswith(f"/{language}/")
    assert manifest["start_url"].startswith(manifest["scope"])
    assert manifest["display"] in {"standalone", "minimal-ui", "fullscreen"}
    assert manifest["lang"] == language
    assert manifest["dir"] == ("rtl" if language == "fa" else "ltr")
    assert manifest["theme_color"].startswith("#") and manifest["background_color"].startswith("#")
    sizes = {}
    for icon in manifest["icons"]:
        file = web.fetch(site.url(icon["src"]))
        assert (file.status, file.kind) == (200, icon["type"])
        if icon["type"] == "image/png":
            width, height = Image.open(io.BytesIO(file.body)).size
            assert icon["sizes"] == f"{width}x{height}"
        sizes.setdefault(icon.get("purpose", "any"), set()).add(icon["sizes"])
    assert {"192x192", "512x512"} <= sizes["any"]
    assert "512x512" in sizes["maskable"]


def test_browser_finds_nothing_that_hinders_installing(visitors: Visitors, paths) -> None:
    with visitors.reader("phone", service_workers="allow") as reader:
        page = reader.open(paths["en"]["front"])
        session = reader.context.new_cdp_session(page)
        answer = session.send("Page.getAppManifest")
        assert answer["errors"] == []
        found = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
        # A private window, in which every test runs, can never install.
        assert [one["errorId"] for one in found if one["errorId"] != "in-incognito"] == []


def test_worker_may_rule_the_whole_site_and_is_looked_for_anew(site) -> None:
    reply = web.fetch(site.url("/sw.js"))
    assert reply.kind in {"text/javascript", "application/javascript"}
    assert "immutable" not in reply.headers.get("cache-control", "")
