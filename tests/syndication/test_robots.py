"""robots.txt: what crawlers may read, and where the sitemaps stand."""

from urllib.robotparser import RobotFileParser

import pytest

from .reading import BASE, ask


@pytest.fixture
def lines(db):
    page = ask("/robots.txt")
    assert page.status == 200 and page.content_type == "text/plain; charset=utf-8"
    return page.body.decode().splitlines()


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/en/", True),
        ("/en/world/story/", True),
        ("/en/world/story/print/", True),
        ("/en/feed.xml", True),
        ("/pictures/a.jpg", True),
        ("/en/search/", False),
        ("/fa/search/?q=comet", False),
        ("/en/searching-for-comets/", True),
    ],
)
def test_everything_is_open_but_the_endless_search(lines, path, allowed):
    rules = RobotFileParser()
    rules.parse(lines)
    assert rules.can_fetch("Examplebot", BASE + path) is allowed


def test_sitemaps_of_the_site_and_of_news_are_announced(lines):
    maps = [line.removeprefix("Sitemap: ") for line in lines if line.startswith("Sitemap: ")]
    assert maps == [
        f"{BASE}/sitemap.xml",
        *(f"{BASE}/{language}/news-sitemap.xml" for language in ("en", "az", "ru", "hy", "fa")),
    ]


def test_only_known_directives_are_used(lines):
    assert {line.split(":")[0] for line in lines if line} == {"User-agent", "Disallow", "Allow", "Sitemap"}
