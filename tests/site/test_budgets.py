"""What a page weighs, on the wire and in a browser: the numbers of the project's page budgets."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from . import web
from .browser import Reader, Visitors
from .words import LANGUAGES

HTML_BYTES = 20 * 1024
SCRIPT_BYTES = 20 * 1024
REQUESTS = 12
WALK_BYTES = 300 * 1024
MOVED = 0.002
KINDS = ("front", "section", "article", "author", "topic", "search with results", "policy")


class Wire:
    """Counts what really comes over the wire, by address, as Chromium's network stack reports it."""

    def __init__(self, reader: Reader) -> None:
        self.sizes: dict[str, int] = {}
        self.kinds: dict[str, str] = {}
        self.urls: dict[str, str] = {}
        session = reader.context.new_cdp_session(reader.page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._note)
        session.on("Network.loadingFinished", self._count)

    def _note(self, event: dict) -> None:
        self.urls[event["requestId"]] = event["response"]["url"]
        self.kinds[event["response"]["url"]] = event["type"]

    def _count(self, event: dict) -> None:
        url = self.urls.get(event["requestId"], "")
        self.sizes[url] = self.sizes.get(url, 0) + int(event["encodedDataLength"])

    def bytes_of(self, *kinds: str) -> int:
        return sum(size for url, size in self.sizes.items() if not kinds or self.kinds.get(url) in kinds)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_html_is_small(site, paths, kind: str, language: str) -> None:
    reply = web.fetch(site.url(paths[language][kind]), headers={"Accept-Encoding": "br"})
    assert reply.headers["content-encoding"] == "br"
    assert len(reply.raw) <= HTML_BYTES


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
@pytest.mark.parametrize("kind", ["front", "section", "article"])
def test_few_requests_little_script_no_fonts(visitors: Visitors, paths, kind: str, language: str) -> None:
    with visitors.reader("phone") as reader:
        wire = Wire(reader)
        page = reader.open(paths[language][kind])
        page.wait_for_timeout(300)
        others = [url for url in set(reader.requests) if wire.kinds.get(url) != "Image"]
        assert len(others) <= REQUESTS, others
        assert wire.bytes_of("Script") <= SCRIPT_BYTES
        assert wire.bytes_of("Font") == 0
        assert not [url for url in reader.requests if urlsplit(url).path.endswith((".woff", ".woff2", ".ttf", ".otf"))]
        assert not reader.foreign_requests()


@pytest.mark.parametrize("language", ["en", "fa"])
def test_home_section_article_on_a_phone(visitors: Visitors, paths, language: str) -> None:
    with visitors.reader("phone") as reader:
        wire = Wire(reader)
        for kind in ("front", "section", "article"):
            reader.open(paths[language][kind])
            reader.page.wait_for_timeout(200)
        assert wire.bytes_of() <= WALK_BYTES, sorted(wire.sizes.items(), key=lambda one: -one[1])[:12]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_nothing_moves_while_a_page_loads(visitors: Visitors, paths, device: str, language: str) -> None:
    """Nothing by design: a page that comes in pieces may be arranged in between, so it has three tries."""
    with visitors.reader(device) as reader:
        for kind in ("front", "section", "article", "author", "search with results"):
            assert any(moved(reader, paths[language][kind]) <= MOVED for _ in range(3)), kind


def moved(reader: Reader, path: str) -> float:
    """How much moved while the page was loaded and read to its middle."""
    page = reader.open(path)
    for _ in range(4):
        page.mouse.wheel(0, 1500)
        page.wait_for_timeout(60)
    return float(page.evaluate("window.moved"))


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_pictures_fit_their_places(visitors: Visitors, paths, device: str) -> None:
    """No picture is more than about twice as wide as it is shown, and none is drawn larger than it is."""
    with visitors.reader(device) as reader:
        for kind in ("front", "section", "article"):
            page = reader.open(paths["en"][kind])
            wrong = page.evaluate(
                """() => [...document.querySelectorAll('main img')].filter((one) => one.complete && one.naturalWidth)
                  .map((one) => [one.currentSrc, one.naturalWidth, one.clientWidth * devicePixelRatio])
                  .filter(([, has, needs]) => needs && (has > needs * 2.6 && has > 480))"""
            )
            assert not wrong, wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_rule_of_the_policy_is_broken(visitors: Visitors, paths, language: str) -> None:
    """Every template, with its scripts at work: nothing in the console, nothing against the policy."""
    with visitors.reader() as reader:
        for kind, path in paths[language].items():
            expected = {"missing", "withdrawn", "author without stories", "topic without stories"}
            reader.open(path, fine=kind not in expected)
            assert not reader.violations(), (kind, reader.violations())
            ours = [text for text in reader.errors if "status of 404" not in text and "status of 410" not in text]
            assert not ours, (kind, ours)
            assert not reader.foreign_requests(), kind
