"""The front door: which language `/` chooses, and one spelling for every address."""

from __future__ import annotations

import pytest

from . import web


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("*", "en"),
        ("de", "en"),
        ("fa", "fa"),
        ("fa-IR,fa;q=0.9,en;q=0.5", "fa"),
        ("de,ru;q=0.8,en;q=0.9", "en"),
        ("de;q=1, hy;q=0.3, az;q=0.2", "hy"),
        ("ru;q=0", "en"),
        ("x" * 5000, "en"),
        ("ru;q=abc,,;;", "en"),
    ],
)
def test_front_door_asks_the_browser(site, accepted: str, language: str) -> None:
    reply = web.fetch(site.url("/"), headers={"Accept-Language": accepted} if accepted else {})
    assert reply.status in {302, 303, 307}
    assert reply.headers["location"].removeprefix(site.readers) == f"/{language}/"
    assert "no-store" in reply.headers["cache-control"]
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize(
    ("odd", "right"),
    [
        ("/en", "/en/"),
        ("/en/world", "/en/world/"),
        ("/en//world/", "/en/world/"),
        ("/en/w%6Frld/", "/en/world/"),
        ("/en/world/?utm_source=x", None),
    ],
)
def test_one_spelling_for_every_address(site, odd: str, right: str | None) -> None:
    reply = web.fetch(site.url(odd))
    if right is None:
        assert reply.status == 200
        assert "utm_source" not in reply.text
        return
    assert reply.status in {301, 404}
    if reply.status == 301:
        assert reply.headers["location"].removeprefix(site.readers) == right


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/\\evil.example/", "/en//evil.example", "/%0d%0aX-Evil:1", "/en/%2F%2Fevil.example/"]
)
def test_no_address_leads_away(site, path: str) -> None:
    reply = web.fetch(site.readers + path)
    location = reply.headers.get("location", "")
    assert not location or (location.startswith((f"{site.readers}/", "/en/", "/")) and not location.startswith("//"))
    assert "x-evil" not in reply.headers


@pytest.mark.parametrize(
    "name",
    [
        "X-Forwarded-Host",
        "X-Host",
        "Forwarded",
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-Forwarded-Proto",
        "X-Forwarded-Prefix",
    ],
)
def test_headers_of_a_request_change_no_page(site, name: str) -> None:
    plain = web.fetch(site.url("/en/world/"))
    changed = web.fetch(site.url("/en/world/"), headers={name: "canary.example"})
    assert changed.body == plain.body
    assert "canary.example" not in changed.text


def test_foreign_host_is_not_answered(site) -> None:
    reply = web.fetch(site.url("/en/"), headers={"Host": "canary.example"})
    assert reply.status in {400, 421}
    assert "canary.example" not in reply.text + reply.headers.get("location", "")
