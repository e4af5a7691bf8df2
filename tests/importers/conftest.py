"""Exports for the tests of the importers: written by hand, and the real ones where they are at hand."""

from __future__ import annotations

import os
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from broadsheet.articles.fronts import ensure_fronts
from broadsheet.importers.report import Report
from broadsheet.importers.wxr import Options, run
from tests import arrangements

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>The Old Herald</title><link>https://old.example</link><language>en-US</language>
<pubDate>Mon, 02 Mar 2026 12:00:00 +0000</pubDate><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>https://old.example</wp:base_site_url><wp:base_blog_url>https://old.example</wp:base_blog_url>
"""
FOOT = "</channel></rss>\n"


def item(number: int, title: str = "Ferries run again", **fields: str) -> str:
    """An item; `extra` is put in as it is, every other field is an element of WordPress's namespace."""
    extra = fields.pop("extra", "")
    content, excerpt = fields.pop("content", "<p>The harbour is open.</p>"), fields.pop("excerpt", "")
    link, creator = fields.pop("link", f"https://old.example/2024/05/story-{number}/"), fields.pop("creator", "anna")
    values = {
        "post_id": str(number),
        "post_name": f"story-{number}",
        "post_type": "post",
        "status": "publish",
        "post_date": "2024-05-06 12:00:00",
        "post_date_gmt": "2024-05-06 08:00:00",
    } | fields
    elements = "".join(f"<wp:{name}>{escape(value)}</wp:{name}>" for name, value in values.items())
    return (
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link><dc:creator>{escape(creator)}</dc:creator>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded>"
        f"<excerpt:encoded><![CDATA[{excerpt}]]></excerpt:encoded>{elements}{extra}</item>\n"
    )


def label(taxonomy: str, slug: str, name: str = "") -> str:
    return f'<category domain="{taxonomy}" nicename="{escape(slug)}"><![CDATA[{name or slug.title()}]]></category>'


def meta(key: str, value: str) -> str:
    return (
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
    )


def category(slug: str, name: str, parent: str = "", number: int = 0) -> str:
    return (
        f"<wp:category><wp:term_id>{number}</wp:term_id><wp:category_nicename>{slug}</wp:category_nicename>"
        f"<wp:category_parent>{parent}</wp:category_parent><wp:cat_name><![CDATA[{name}]]></wp:cat_name></wp:category>\n"
    )


@pytest.fixture
@arrangements.once
def site(db):
    """A site with a front in English and one in Russian."""
    return ensure_fronts(["en", "ru"], {"en": "The Lantern", "ru": "Фонарь"})


@pytest.fixture
def take(tmp_path: Path):
    """Import pieces of an export, or a whole text, or a file."""

    def import_(source: str | Path, head: str = HEAD, foot: str = FOOT, **options) -> Report:
        if isinstance(source, Path):
            path = source
        else:
            path = tmp_path / "export.xml"
            path.write_text(head + source + foot, encoding="utf-8", errors="surrogatepass")
        return run(path, Options(**options))

    return import_


@pytest.fixture
def shared() -> Path:
    """The folder of real exports and cases; the test is skipped where there is none."""
    default = Path(__file__).resolve().parents[3] / "shared"
    folder = Path(os.environ.get("BROADSHEET_SHARED", default))
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here: real exports are not read")
    return folder
