"""Assets, manifest, service worker."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest

from broadsheet.rendering import assets
from tests import factories
from tests.rendering.pages import get, tree


def test_policy_hashes_are_those_of_what_stands_in_the_page(section):
    found = tree(get("/en/"))
    style, script = found.xpath("//style")[0].text, found.xpath("//script[not(@src) and not(@type)]")[0].text

    def digest(text):
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert assets.csp_sources() == (digest(style), digest(script))


@pytest.mark.parametrize("name", assets.PUBLIC)
def test_asset_is_found_at_its_address(name):
    address = assets.asset(name)
    content, content_type = assets.find_asset(address)
    assert content and re.fullmatch(r"/static/[\w-]+\.[0-9a-f]{10}\.\w+", address)
    assert assets.find_asset(address.removeprefix("/static/")) == (content, content_type)
    assert content_type.split("/")[0] in {"text", "image"}


@pytest.mark.parametrize("path", ["/static/site.js", "/static/css/base.css", "/static/../assets.py", "", "/static/"])
def test_nothing_else_is_served(path):
    assert assets.find_asset(path) is None


def test_manifest_can_be_installed(section):
    page = get("/manifest.webmanifest")
    manifest = json.loads(page.body)
    assert page.content_type.startswith("application/manifest+json")
    assert (manifest["name"], manifest["lang"], manifest["dir"]) == ("The Lantern", "en", "ltr")
    assert manifest["start_url"] == "/en/" and manifest["display"] and manifest["id"]
    sizes = {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= sizes
    assert all(assets.find_asset(icon["src"]) for icon in manifest["icons"])


def test_manifest_speaks_the_language_asked_for(section):
    factories.make_home("fa", "فانوس")
    manifest = json.loads(get("/manifest.webmanifest", lang="fa").body)
    assert (manifest["name"], manifest["dir"], manifest["start_url"]) == ("فانوس", "rtl", "/fa/")
    assert json.loads(get("/manifest.webmanifest", lang="../x").body)["lang"] == "en"


def test_worker_knows_the_languages_and_this_release(section):
    factories.make_home("ru", "Фонарь")
    page = get("/sw.js")
    facts = json.loads(page.body.decode().partition(";")[0].removeprefix("const SITE="))
    assert facts["languages"] == ["en", "ru"] and facts["release"] == assets.asset("site.js")
    assert page.content_type.startswith("text/javascript")
