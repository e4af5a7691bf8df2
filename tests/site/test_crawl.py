"""Every public address, followed link by link: statuses, languages, headers, cookies, no third parties."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from .crawl import Walk
from .words import EDITIONS, LANGUAGES

# Paths of the newsroom that no page of the readers' origin may name.
NEWSROOM = re.compile(r"/(admin|login|pages/\d+|snippets|documents|django-admin|media|preview)(/|$)")
LONG_ENOUGH_S = 24 * 60 * 60


def test_every_address_answers(walk: Walk, site) -> None:
    wrong = {
        url: (reply.status, sorted(walk.found_on.get(url, []))[:2])
        for url, reply in walk.replies.items()
        if reply.status not in {200, 301, 302}
    }
    said = (site.directory / "log-serve.txt").read_text(errors="replace")[-2000:] if wrong else ""
    assert not wrong, f"{len(wrong)}: {dict(list(wrong.items())[:15])}\n{said}"


def test_no_page_links_to_an_address_that_has_moved(walk: Walk) -> None:
    moved = {
        url: sorted(walk.found_on.get(url, []))[:2]
        for url, reply in walk.replies.items()
        if reply.status in {301, 302} and urlsplit(url).path != "/"
    }
    assert not moved, dict(list(moved.items())[:15])


def test_the_walk_saw_the_whole_site(walk: Walk, site, paths) -> None:
    """A crawl that stopped early would prove nothing."""
    kinds = (
        "front",
        "section",
        "nested section",
        "article",
        "author",
        "topic",
        "archive",
        "year",
        "month",
        "day",
        "policy",
    )
    wanted = {site.url(paths[language][kind]) for language in LANGUAGES for kind in kinds}
    wanted |= {site.url(story["path"]) for language in LANGUAGES for story in site.desk.stories(language)}
    wanted |= {
        site.url(f"/{language}/{name}") for language in LANGUAGES for name in ("feed.xml", "atom.xml", "feed.json")
    }
    wanted |= {site.url(f"/{language}/news-sitemap.xml") for language in LANGUAGES}
    wanted |= {site.url(f"/{language}/world/feed.xml") for language in ("en",)}
    missed = sorted(wanted - set(walk.replies))
    assert not missed, f"{len(missed)} never linked: {missed[:10]}"


def test_no_third_party_is_asked_for_anything(walk: Walk) -> None:
    assert not walk.foreign_resources, dict(list(walk.foreign_resources.items())[:5])


def test_no_cookie_is_ever_set(walk: Walk) -> None:
    assert not [url for url, reply in walk.replies.items() if "set-cookie" in reply.headers]


def test_no_way_into_the_newsroom(walk: Walk, site) -> None:
    newsroom = urlsplit(site.newsroom).netloc.encode()
    found = {url for url in walk.replies if NEWSROOM.match(urlsplit(url).path)}
    naming = {url for url, reply in walk.replies.items() if newsroom in reply.body}
    assert not found
    assert not naming, sorted(naming)[:5]


def test_every_page_has_the_strict_policy(walk: Walk) -> None:
    for url, reply in walk.pages().items():
        policy = {
            part.split()[0]: part.split()[1:]
            for part in reply.headers["content-security-policy"].split(";")
            if part.strip()
        }
        assert policy["default-src"] == ["'none'"], url
        assert policy["base-uri"] == ["'none'"], url
        assert policy["frame-ancestors"] == ["'none'"], url
        assert policy["form-action"] == ["'self'"], url
        everything = {source for sources in policy.values() for source in sources}
        assert not everything & {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "data:", "blob:"}, url
        assert all(one == "'self'" or one.startswith("'sha256-") for one in policy["script-src"]), url
        assert reply.headers["x-content-type-options"] == "nosniff", url
        assert "referrer-policy" in reply.headers, url
        assert "permissions-policy" in reply.headers, url


def test_every_page_is_its_own_canonical_page_or_none(walk: Walk) -> None:
    for url in walk.pages():
        tree = walk.tree(url)
        canonical = tree.xpath("//link[@rel='canonical']/@href")
        is_indexed = "noindex" not in " ".join(tree.xpath("//meta[@name='robots']/@content"))
        if is_indexed:
            assert canonical == [url], url
        else:
            assert not canonical or walk.replies[canonical[0]].status == 200, url


def test_languages_of_a_page_name_one_another(walk: Walk) -> None:
    """hreflang: reflexive, symmetric, the same set on every version, x-default, targets 200 and self-canonical."""
    said: dict[str, dict[str, str]] = {}
    for url in walk.pages():
        tree = walk.tree(url)
        links = tree.xpath("//link[@rel='alternate'][@hreflang]")
        if links:
            assert len({one.get("hreflang") for one in links}) == len(links), url
            said[url] = {one.get("hreflang"): one.get("href") for one in links}
            assert tree.get("lang") in said[url], url
            assert said[url][tree.get("lang")] == url, url
    assert len(said) > 250
    for url, versions in said.items():
        assert set(versions) - {"x-default"} <= set(EDITIONS)
        assert "x-default" in versions, url
        for language, target in versions.items():
            assert walk.replies[target].status == 200, (url, target)
            assert said.get(target) == versions, (url, language, target)
            if language != "x-default":
                assert walk.tree(target).get("lang") == language


def test_every_translation_is_announced(walk: Walk, site) -> None:
    for language in LANGUAGES:
        for story in site.desk.stories(language):
            tree = walk.tree(site.url(story["path"]))
            links = tree.xpath("//link[@rel='alternate'][@hreflang!='x-default']")
            announced = {one.get("hreflang"): one.get("href") for one in links}
            wanted = {code: site.url(path) for code, path in story["translations"].items()}
            assert announced in (wanted, {}) if len(wanted) == 1 else announced == wanted, story["path"]


def test_sitemaps_hold_exactly_the_indexed_pages(walk: Walk) -> None:
    listed: list[str] = []
    for url, reply in walk.replies.items():
        if reply.kind.endswith("xml") and b"<urlset" in reply.body and "news-sitemap" not in url:
            listed += re.findall(r"<loc>([^<]+)</loc>", reply.text)
    assert len(listed) == len(set(listed)) > 300
    indexed = set()
    for url in walk.pages():
        tree = walk.tree(url)
        if "noindex" not in " ".join(tree.xpath("//meta[@name='robots']/@content")) and "?" not in url:
            indexed.add(url)
    assert set(listed) <= indexed, sorted(set(listed) - indexed)[:5]
    forgotten = {url for url in indexed - set(listed) if "/archive/" not in url}
    assert not forgotten, sorted(forgotten)[:5]


def test_every_feed_is_announced_by_its_page(walk: Walk, site, paths) -> None:
    for language in LANGUAGES:
        for kind in ("front", "section", "topic", "author"):
            path = paths[language][kind]
            links = walk.tree(site.url(path)).xpath("//link[@rel='alternate'][@type]")
            feeds = {(one.get("type"), one.get("href").removeprefix(site.readers)) for one in links}
            assert feeds >= {
                ("application/rss+xml", f"{path}feed.xml"),
                ("application/atom+xml", f"{path}atom.xml"),
                ("application/feed+json", f"{path}feed.json"),
            }, (path, feeds)


def test_every_page_has_a_title_and_one_heading(walk: Walk) -> None:
    for url in walk.pages():
        tree = walk.tree(url)
        assert tree.xpath("string(//title)").strip(), url
        assert len(tree.xpath("//h1")) == 1, url


def test_files_with_a_hash_in_their_name_are_kept_for_ever(walk: Walk) -> None:
    static = {url: reply for url, reply in walk.replies.items() if urlsplit(url).path.startswith("/static/")}
    assert static
    for url, reply in static.items():
        assert re.search(r"\.[0-9a-f]{8,}\.", url), url
        assert "immutable" in reply.headers.get("cache-control", ""), url
    for url, reply in walk.pages().items():
        assert "immutable" not in reply.headers.get("cache-control", ""), url
