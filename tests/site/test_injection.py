"""No word that somebody wrote ever runs as a script: in pages, feeds, lists, and what the newsroom shows of it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from . import web
from .browser import Reader, Visitors

# Each calls `hit()` or opens a dialog if it runs.
PAYLOADS = (
    "<script>hit()</script>",
    "<img src=x onerror=hit()>",
    "<svg onload=hit()>",
    "<svg><style><img src=x onerror=hit()></style></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=hit()&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=hit()>">',
    "<details open ontoggle=hit()><summary>x</summary></details>",
    '<iframe srcdoc="<script>parent.hit()</script>"></iframe>',
    '<a href="java\nscript:hit()">x</a>',
    '<blockquote cite="\njavascript:hit()">x</blockquote>',
    '<base href="//evil.example/">',
    '<meta http-equiv=refresh content="0;url=javascript:hit()">',
    "< area href=javascript:hit() >",
    "<form action=javascript:hit()><button autofocus onfocus=hit()>x</button></form>",
    '"><script>hit()</script>',
    "'-hit()-'",
    "</script><script>hit()</script>",
    "</style></title></textarea><script>hit()</script>",
    "{{ 7 * 7 }}{% raw %}${hit()}",
    "]]><script>hit()</script>",
    "--><script>hit()</script>",
)
PLACES = ("headline", "lead", "caption", "author", "topic", "rich text", "table", "embed", "quote", "list")

_WATCH = "window.hits = 0; window.hit = () => { window.hits += 1; };"


def blocks(payload: str, rich: str = "") -> list[list[Any]]:
    """A body with the payload in every place of it; `rich` stands in rich text instead of it."""
    rich = rich or payload
    cell = {"type": "text", "heading": payload}
    return [
        ["text", f"<p>{rich}</p><p>After it.</p>"],
        ["quote", {"text": payload, "speaker": payload, "role": payload, "source": payload, "source_url": ""}],
        ["pull_quote", {"text": payload, "attribution": payload}],
        ["table", {"caption": payload, "columns": [cell], "rows": [{"values": [payload]}]}],
        ["list", {"title": payload, "style": "bullet", "items": [payload]}],
        ["fact_box", {"title": payload, "text": f"<p>{rich}</p>"}],
        ["attribution", {"outlet": payload, "url": "javascript:hit()"}],
        ["embed", {"url": f"https://www.youtube.com/watch?v=abc{payload}", "caption": payload}],
        ["embed", {"url": "javascript:hit()", "caption": payload}],
    ]


@pytest.fixture(scope="module")
def poisoned(site) -> Iterator[list[dict[str, Any]]]:
    """One story for each payload, written past every form, with the payload wherever words may stand."""
    stories = []
    for payload in PAYLOADS:
        line = " ".join(payload.split())
        stories.append(
            site.desk.add_story(
                "en",
                f"Words {line}",
                lead=f"Lead {line}",
                short_headline=f"Short {line}"[:120],
                label=line[:60],
                dateline=line[:120],
                picture_name=f"poisoned-{len(stories)}",
                picture_caption=line[:400],
                picture_alt=line[:300],
                seo_title=line[:255],
                search_description=line,
                author=f"Author {len(stories)} {line}"[:160],
                topic=f"Topic {len(stories)} {line}"[:160],
                body=blocks(payload),
                first_published_at=None,
            )
        )
    for name in ("", "feed.xml", "atom.xml", "feed.json"):
        web.fetch_until(site.url(f"/en/world/{name}"), lambda reply: stories[-1]["path"] in reply.text)
    yield stories
    for story in stories:
        site.desk.delete(story["id"])


def assert_harmless(reader: Reader, what: str) -> None:
    """Nothing ran and nobody else was asked."""
    page = reader.page
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.wait_for_timeout(30)
    assert page.evaluate("window.hits") == 0, what
    assert not reader.dialogs, what
    assert not [url for url in reader.requests if "evil.example" in url], what


def test_readers_pages(visitors: Visitors, site, poisoned) -> None:
    with visitors.reader() as reader:
        reader.context.add_init_script(_WATCH)
        for story, payload in zip(poisoned, PAYLOADS, strict=True):
            for path in (story["path"], f"{story['path']}print/"):
                reader.open(path)
                assert_harmless(reader, f"{path} {payload}")
                odd = reader.page.evaluate(
                    """() => [...document.querySelectorAll('main *')].filter((one) =>
                      [...one.attributes].some((a) => a.name.startsWith('on') || /^\\s*java\\s*script:/i.test(a.value))
                      || ['BASE', 'META', 'OBJECT', 'EMBED', 'FORM', 'MATH'].includes(one.tagName)
                      || (one.tagName === 'IFRAME') || (one.tagName === 'SCRIPT' && one.type !== 'application/ld+json'))
                      .map((one) => one.outerHTML.slice(0, 120))"""
                )
                assert not odd, (payload, odd)
        for path in (
            "/en/",
            "/en/world/",
            "/en/search/?q=words",
            "/en/search/?q=%3Cscript%3Ehit()%3C/script%3E",
            "/en/archive/",
        ):
            reader.open(path)
            assert_harmless(reader, path)


def test_pages_of_authors_and_topics(visitors: Visitors, site, poisoned) -> None:
    with visitors.reader() as reader:
        reader.context.add_init_script(_WATCH)
        for story in poisoned:
            page = reader.open(story["path"])
            links = page.locator("main a[rel=author], main a[rel=tag]").evaluate_all(
                "all => all.map((one) => one.href)"
            )
            assert len(links) == 2
            for link in links:
                reader.open(link)
                assert_harmless(reader, link)


def test_feeds_stay_well_formed_and_their_content_is_harmless(visitors: Visitors, site, poisoned) -> None:
    contents: list[str] = []
    for name in ("feed.xml", "atom.xml"):
        reply = web.fetch(site.url(f"/en/world/{name}"))
        tree = etree.fromstring(reply.body)
        # A summary of Atom is plain text unless it says otherwise (RFC 4287, section 3.1.1), and so is a description
        # of Media RSS that is marked `plain`: no reader of feeds shows either as HTML.
        assert {one.get("type", "text") for one in tree.iter("{http://www.w3.org/2005/Atom}summary")} <= {"text"}
        assert {one.get("type") for one in tree.iter("{http://search.yahoo.com/mrss/}description")} <= {"plain"}
        contents += [one.text or "" for one in tree.iter("{*}encoded", "{*}content", "description")]
    feed = json.loads(web.fetch(site.url("/en/world/feed.json")).body)
    contents += [item.get("content_html", "") for item in feed["items"]]
    sitemaps = re.findall("<loc>([^<]+)</loc>", web.fetch(site.url("/sitemap.xml")).text)
    for url in (*sitemaps, site.url("/en/news-sitemap.xml")):
        etree.fromstring(web.fetch(url).body)
    assert sum("After it." in one for one in contents) >= len(PAYLOADS)
    with visitors.reader(bypass_csp=True) as reader:
        reader.context.add_init_script(_WATCH)
        reader.open("/en/offline/")
        for content in contents:
            reader.page.set_content(f"<body>{content}</body>")
            assert_harmless(reader, content[:300])


def test_machine_readable_words_stay_in_their_place(site, poisoned) -> None:
    """JSON-LD ends where it should, and says what was written."""
    from lxml import html

    for story in poisoned:
        reply = web.fetch(site.url(story["path"]))
        tree = html.document_fromstring(reply.body, parser=html.HTMLParser(encoding="utf-8"))
        texts = tree.xpath("//script[@type='application/ld+json']/text()")
        assert texts
        for text in texts:
            json.loads(text)
        assert len(tree.xpath("//head")) == 1
        assert len(tree.xpath("//h1")) == 1


@pytest.mark.shared
def test_long_lists_of_payloads(visitors: Visitors, site) -> None:
    """The lists of others, a hundred payloads in a story."""
    folder = Path(os.environ.get("BROADSHEET_SHARED", Path(__file__).parents[3].parent / "shared")) / "data" / "xss"
    if not folder.exists():
        pytest.skip(f"no lists of payloads at {folder}")
    found: list[str] = []
    for name in ("dompurify_expect.json", "html5lib_sanitizer.json", "owasp_filter_evasion.json", "payloadbox.json"):
        found += _strings(json.loads((folder / name).read_text(encoding="utf-8")))
    payloads = [one for one in dict.fromkeys(found) if "<" in one and len(one) < 2000][:1500]
    assert len(payloads) > 500
    with visitors.reader() as reader:
        reader.context.add_init_script(
            _WATCH + "window.alert = window.prompt = window.confirm = window.print = () => { window.hits += 1; };"
        )
        for start in range(0, len(payloads), 100):
            body = [["text", f"<p>{one}</p>"] for one in payloads[start : start + 100]]
            clean = [[kind, value.replace("\0", "")] for kind, value in body]
            story = site.desk.add_story("en", f"Payloads from {start}", body=clean)
            try:
                reader.open(story["path"])
                assert_harmless(reader, f"payloads from {start}")
            finally:
                site.desk.delete(story["id"])


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for child in children for text in _strings(child)]
