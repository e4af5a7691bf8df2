"""What we emit, checked by tools and schemas that are not ours: they lie outside the repository."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from tests import arrangements, factories
from tests.shared import shared_folder

from .reading import ask, locations

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(shared_folder() is None, reason="no shared data beside the checkout"),
]

XHTML_AND_SITEMAP = """<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<xsd:import namespace="http://www.sitemaps.org/schemas/sitemap/0.9" schemaLocation="sitemap.xsd"/>
<xsd:import namespace="http://www.w3.org/1999/xhtml" schemaLocation="xhtml1-strict.xsd"/>
</xsd:schema>"""


@pytest.fixture
@arrangements.once
def edition(db):
    """Two languages, a translation group, a story with everything, one without anything, hostile words."""
    key = uuid.uuid4()
    for language in ("en", "hy"):
        section = factories.make_section(factories.make_home(language), f"World {language}")
        factories.make_article(
            section,
            title=f"Ferries run again {language}",
            first_published_at=datetime.now(UTC) - timedelta(hours=3),
            translation_key=key,
            lead="The harbour & the <quay> are open.",
            picture=factories.make_image(size=(1200, 900), credit="N. Photographer") if language == "en" else None,
            authors=[factories.make_author(language)],
            topics=[factories.make_topic(language)],
            body=[("text", "<p>The harbour is open.</p>"), ("embed", {"url": "https://youtu.be/abcdefghijk"})],
        )
        factories.make_article(section, title=f"]]> & <b>bare</b> {language}", slug="bare", lead="")


def write(folder: Path, *paths: str) -> list[Path]:
    """The pages as files."""
    files = []
    for path in paths:
        page = ask(path)
        assert page.status == 200, path
        files.append(folder / (path.strip("/").replace("/", "_") or "root"))
        files[-1].write_bytes(page.body)
    return files


def run(tool: str, *arguments: object) -> str:
    script = shared_folder() / "quality" / "tools" / tool
    done = subprocess.run([sys.executable, str(script), *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def sitemap_files() -> list[str]:
    index = etree.fromstring(ask("/sitemap.xml").body)
    return locations(index)


def test_feeds_and_sitemaps_pass_the_feed_checker(edition, tmp_path):
    feeds = [
        f"/{language}/{below}{file}"
        for language in ("en", "hy")
        for below in ("", f"world-{language}/", "topic/astronomy/", "author/aytan-reed/")
        for file in ("feed.xml", "atom.xml", "feed.json")
    ]
    paths = [*feeds, "/sitemap.xml", *sitemap_files(), "/en/news-sitemap.xml", "/hy/news-sitemap.xml"]
    answers = [json.loads(line) for line in run("feedcheck.py", *write(tmp_path, *paths)).splitlines()]
    assert len(answers) == len(paths)
    assert [answer for answer in answers if answer["errors"] or answer["warnings"]] == []
    assert all(answer["items"] for answer in answers)


def test_article_pages_pass_the_structured_data_checker(edition, tmp_path):
    paths = ["/en/world-en/ferries-run-again-en/", "/hy/world-hy/ferries-run-again-hy/", "/en/world-en/bare/"]
    answers = [json.loads(line) for line in run("jsonld.py", *write(tmp_path, *paths)).splitlines()]
    assert [answer for answer in answers if answer["errors"] or answer["warnings"]] == []
    assert all("NewsArticle" in answer["types"] for answer in answers)


def test_sitemaps_are_valid_by_their_schema(edition, tmp_path):
    schemas = shared_folder() / "data" / "schemas" / "sitemap"
    for name in ("sitemap.xsd", "samdark_xhtml1-strict.xsd", "samdark_xml.xsd"):
        shutil.copy(schemas / name, tmp_path / name.removeprefix("samdark_"))
    combined = tmp_path / "combined.xsd"
    combined.write_text(XHTML_AND_SITEMAP)
    run("xsdcheck.py", combined, *write(tmp_path, *sitemap_files()))
    run("xsdcheck.py", schemas / "samdark_siteindex.xsd", *write(tmp_path, "/sitemap.xml"))


def test_news_sitemap_without_its_own_elements_is_valid_by_the_schema(edition, tmp_path):
    tree = etree.fromstring(ask("/en/news-sitemap.xml").body)
    for element in tree.findall(".//{http://www.google.com/schemas/sitemap-news/0.9}news"):
        element.getparent().remove(element)
    bare = tmp_path / "news.xml"
    bare.write_bytes(etree.tostring(tree))
    run("xsdcheck.py", shared_folder() / "data" / "schemas" / "sitemap" / "sitemap.xsd", bare)
