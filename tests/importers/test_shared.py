"""The real exports and the hostile files, where they are at hand."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from broadsheet.articles.fronts import ensure_fronts
from broadsheet.articles.models import ArticlePage, PolicyPage, SectionPage
from broadsheet.articles.projection import PublishedArticle, RetiredAddress
from broadsheet.importers.errors import ImportersError
from broadsheet.importers.wxr.body import Surroundings, make_body
from broadsheet.rendering.finished import PageRequest
from broadsheet.rendering.render import render

pytestmark = [pytest.mark.django_db, pytest.mark.shared, pytest.mark.slow]

RUNS = re.compile(
    r"<(?:script|iframe|svg|math|object|embed|style|form|base|meta|link|img)\b|\son\w+\s*=|href=\"?\s*(?:javascript|data|vbscript):",
    re.I,
)


@pytest.fixture
def languages(settings):
    """A site in the languages of the real exports."""

    def configure(*codes: str):
        settings.CONFIG = replace(settings.CONFIG, languages=codes)
        return ensure_fronts(codes, dict.fromkeys(codes, "The Lantern"))

    return configure


@pytest.mark.parametrize(
    ("name", "codes", "posts", "drafts", "pages", "media", "comments"),
    [
        ("real/cc_labs_en.xml.gz", ["en"], 219, 0, 5, 0, 181),
        ("real/bitcoinfrance_fr.xml.gz", ["en", "fr"], 78, 24, 11, 193, 235),
        ("real/mustafatarcan_tr.xml.gz", ["tr"], 126, 0, 1, 239, 0),
        ("themeunittestdata.wordpress.xml", ["en"], 55, 3, 21, 37, 33),
        ("theme-preview.xml", ["en"], 7, 0, 0, 0, 2),
    ],
)
def test_a_whole_site_is_taken_and_every_item_accounted_for(
    languages, shared, take, name, codes, posts, drafts, pages, media, comments
):
    languages(*codes)
    report = take(shared / "data" / "wxr" / name)
    assert ArticlePage.objects.live().count() == PublishedArticle.objects.count() == posts
    assert ArticlePage.objects.filter(live=False).count() == drafts
    assert PolicyPage.objects.count() == pages
    assert report.counts.get("attachment", {}) == {} if not media else report.total("taken", "attachment") == media
    assert sum(one["skipped"] for one in report.counts.get("comment", {}).values()) == comments
    assert not [account for account in report.accounts if account.reason.startswith("it could not be stored")]
    json.dumps(report.to_json()).encode("ascii")
    for row in PublishedArticle.objects.order_by("pk")[:: max(1, posts // 12)]:
        page = render(PageRequest(f"/{row.language}/{row.section.slug}/{row.slug}/"))
        assert page.status == 200
        body = "".join(part["html"] for part in row.body if part["kind"] == "html")
        assert not re.search(r"&lt;/?(?:p|br|div|span|strong|img|figure)\b", body) or name.startswith("theme")
        assert "<!-- wp:" not in body
        assert "[caption" not in body


def test_the_languages_of_polylang_stay_together(languages, shared, take):
    languages("en", "fr")
    take(shared / "data" / "wxr" / "polylang_test-import.xml")
    articles = Counter(page.language for page in ArticlePage.objects.all())
    pages = Counter(page.language for page in PolicyPage.objects.all())
    assert articles + pages == {"en": 3, "fr": 3}
    keys = [page.translation_key for model in (ArticlePage, PolicyPage) for page in model.objects.all()]
    assert sorted(Counter(keys).values()) == [2, 2, 2]


@pytest.mark.parametrize(
    ("name", "stories"),
    [
        ("backslashes", 1), ("blank-lines", 1), ("cdata-edge", 1), ("crazy-cdata", 1), ("large-authors", 0),
        ("malformed-simple", 1), ("missing-version-tag", 0), ("multiple-cdata", 1), ("namespace-edge-cases", 5),
        ("post-content-blank-lines", 1), ("slashes", 1), ("term-formats", 0), ("test-serialized-comment-meta", 1),
        ("test-serialized-postmeta-no-cdata", 1), ("test-utw-post-meta-import", 1), ("valid-wxr-1.0", 6),
        ("valid-wxr-1.1", 2), ("wxr-base-url-rewriting", 1), ("wxr-css-urls", 1),
        ("wxr-flat-attachment-different-site", 1), ("wxr-simple", 1), ("wxr-with-sub-data", 1),
    ],
)  # fmt: skip
def test_edge_cases_are_read_as_far_as_they_can_be(languages, shared, take, name, stories):
    languages("en")
    path = shared / "data" / "wxr" / "wordpress-importer" / f"{name}.xml"
    report = take(path)
    taken = report.total("taken", "post") + report.total("taken", "page")
    assert (taken, ArticlePage.objects.count() + PolicyPage.objects.count()) == (stories, stories)
    assert take(path).total("taken") == 0
    if name == "large-authors":
        assert report.made["authors"] == 300
    if name == "malformed-simple":
        assert not ArticlePage.objects.get().live


@pytest.mark.parametrize(
    "name", ["feature-image-captions", "has-yoast-meta", "sample-no-slug", "sample", "sample-with-alt"]
)
def test_fixtures_of_another_importer_are_taken(languages, shared, take, name):
    languages("en")
    report = take(shared / "data" / "cms-exports" / "tryghost-migrate" / "mg-wp-xml" / f"{name}.xml")
    assert report.total("taken", "post") >= 1
    assert not ArticlePage.objects.filter(slug="").exists()
    if name == "has-yoast-meta":
        assert ArticlePage.objects.exclude(seo_title="").get().seo_title == "My Custom SEO Title for Search Engines"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")

    def make(shared: Path) -> Path:
        if not any(folder.iterdir()):
            maker = shared / "quality" / "tools" / "hostile.py"
            subprocess.run([sys.executable, str(maker), str(folder)], check=True, capture_output=True)
        return folder

    return make


def test_hostile_files_are_refused_or_harmless(languages, shared, take, hostile):
    languages("en")
    secret = Path("/etc/passwd").read_text().splitlines()[0]
    for path in sorted(hostile(shared).glob("*")):
        try:
            report = take(path)
        except ImportersError as refused:
            assert "\n" not in str(refused)
            assert secret not in str(refused)
        else:
            assert path.name == "wxr_ssrf_attachment.xml"
            assert secret not in json.dumps(report.to_json())
            assert report.skipped["its address is not one of the web"] == 2
    assert not ArticlePage.objects.exists()
    assert not SectionPage.objects.exists()


def test_nothing_of_the_lists_of_attacks_runs(shared, hostile):
    folder = shared / "data" / "xss"
    payloads = json.loads((hostile(shared) / "xss_embeds.json").read_text())
    for name in ("dompurify_expect", "payloadbox", "owasp_filter_evasion", "html5lib_sanitizer"):
        payloads += list(_strings(json.loads((folder / f"{name}.json").read_text())))
    assert len(payloads) > 3000
    for number in range(0, len(payloads), 40):
        for block in make_body("\n\n".join(payloads[number : number + 40]), Surroundings()).blocks:
            if block["type"] == "text":
                assert not RUNS.search(re.sub(r">[^<]*<", "><", block["value"])), block["value"]
            for value in _strings(block["value"]) if isinstance(block["value"], dict) else ():
                assert not value.lower().startswith(("javascript:", "data:"))
    for payload in payloads:
        for block in make_body(payload, Surroundings()).blocks:
            if block["type"] == "text":
                assert not RUNS.search(re.sub(r">[^<]*<", "><", block["value"])), block["value"]


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value if isinstance(value, list) else value.values():
            yield from _strings(one)


def test_old_addresses_of_a_real_site_lead_to_its_stories(languages, shared, take):
    languages("en")
    take(shared / "data" / "wxr" / "real" / "cc_labs_en.xml.gz")
    wanted = [one for one in RetiredAddress.objects.all() if "?" not in one.path]
    assert len(wanted) > 400
    for one in wanted[::20]:
        page = render(PageRequest(one.path))
        assert page.status == 301
        target = dict(page.headers)["Location"].removeprefix("http://localhost:8000")
        assert render(PageRequest(target)).status == 200
