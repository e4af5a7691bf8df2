"""Pages that say no: missing, withdrawn, broken; each in every language, styled, without a trace of the request."""

from __future__ import annotations

import pytest
from lxml import html

from . import web
from .browser import Visitors
from .words import LANGUAGES, said

NEVER_THERE = [
    "/{language}/never-there/",
    "/{language}/{section}/never-there/",
    "/{language}/author/never-there/",
    "/{language}/topic/never-there/",
    "/{language}/archive/1850/",
    "/{language}/{section}/never-there/print/",
    "/{language}/a/b/c/d/e/f/",
    "/{language}/{section}/?page=999",
    "/{language}/%F0%9F%93%B0/",
]


def tree(reply: web.Reply) -> html.HtmlElement:
    return html.document_fromstring(reply.body, parser=html.HTMLParser(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_missing_pages_answer_all_alike(site, paths, language: str) -> None:
    section = paths[language]["section"].split("/")[2]
    replies = [web.fetch(site.url(path.format(language=language, section=section))) for path in NEVER_THERE]
    assert {reply.status for reply in replies} == {404}
    assert len({reply.body for reply in replies}) == 1
    page = tree(replies[0])
    assert page.get("lang") == language
    assert page.get("dir") == ("rtl" if language == "fa" else "ltr")
    assert page.xpath("string(//h1)") == said(language, "This page does not exist")
    assert page.xpath(f"//main//a[@href='/{language}/']")
    assert "noindex" in page.xpath("string(//meta[@name='robots']/@content)")
    assert not page.xpath("//link[@rel='canonical']")


@pytest.mark.parametrize("language", LANGUAGES)
def test_withdrawn_story_says_so(site, paths, language: str) -> None:
    reply = web.fetch(site.url(paths[language]["withdrawn"]))
    assert reply.status == 410
    page = tree(reply)
    assert page.get("lang") == language
    assert page.xpath("string(//h1)") == said(language, "This story was withdrawn")
    assert "Withdrawn" not in reply.text
    assert "noindex" in page.xpath("string(//meta[@name='robots']/@content)")


@pytest.mark.parametrize("path", ["/xx/", "/xx/world/", "/english/", "/EN/", "/en-gb/", "/wp-login.php"])
def test_unknown_languages_are_missing_pages(site, path: str) -> None:
    reply = web.fetch(site.url(path))
    assert reply.status in {301, 404}
    if reply.status == 301:
        assert web.fetch(reply.headers["location"]).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/login/",
        "/pages/",
        "/media/",
        "/preview/x/",
        "/django-admin/",
        "/cms/",
        "/documents/1/x.pdf",
        "/api/v3/",
    ],
)
def test_nothing_of_the_newsroom_stands_on_the_readers_origin(site, path: str) -> None:
    missing = web.fetch(site.url("/never-there/"))
    reply = web.fetch(site.url(path))
    assert (reply.status, reply.body) == (missing.status, missing.body) == (404, missing.body)
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_readers_only_ask(site, method: str) -> None:
    reply = web.fetch(site.url("/en/"), method=method, body=b"" if method == "POST" else None)
    assert reply.status in {400, 405, 501}
    head = web.fetch(site.url("/en/"), method="HEAD")
    assert (head.status, head.raw) == (200, b"")


@pytest.mark.parametrize("language", ["en", "hy", "fa"])
@pytest.mark.parametrize("kind", ["missing", "withdrawn"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_they_are_styled_like_the_rest(visitors: Visitors, paths, scheme: str, kind: str, language: str) -> None:
    with visitors.reader("phone", scheme=scheme) as reader:
        page = reader.open(paths[language]["front"])
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page = reader.open(paths[language][kind], fine=False)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == paper
        assert page.locator("header a[rel=home]").is_visible()


@pytest.mark.parametrize("accepted", ["br", "gzip", "identity", "gzip;q=0, br;q=0", "zstd", "*"])
def test_missing_pages_keep_the_rules_of_all_pages(site, accepted: str) -> None:
    reply = web.fetch(site.url("/en/never-there/"), headers={"Accept-Encoding": accepted})
    assert reply.status == 404
    assert reply.headers.get("content-encoding", "identity") in {
        "identity",
        *accepted.replace("*", "br, gzip").split(", "),
    }
    assert "content-security-policy" in reply.headers
    assert said("en", "This page does not exist") in reply.text
