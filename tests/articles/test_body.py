"""Bodies: every block becomes HTML, words and facts; nothing active survives."""

import pytest

from broadsheet.articles.body import plain_text
from broadsheet.articles.projection import PublishedArticle
from tests import factories


def body_of(section, *blocks):
    factories.make_article(section, body=list(blocks))
    row = PublishedArticle.objects.get()
    return row, "".join(part.get("html", "") for part in row.body)


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script><p>left</p>",
        "<p onclick='alert(1)'>left</p>",
        "<p><a href='javascript:alert(1)'>left</a></p>",
        "<p><a href=' java\nscript:alert(1)'>left</a></p>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe><p>left</p>",
        "<p style='position:fixed'>left</p>",
        "<svg><style><img src=x onerror=alert(1)></style></svg><p>left</p>",
        "<form action=javascript:alert(1)><input></form><p>left</p>",
        "<base href=//evil.example/><p>left</p>",
    ],
)
def test_nothing_active_survives_in_a_text_block(section, html):
    _, rendered = body_of(section, ("text", html))
    assert "left" in rendered
    for poison in ("<script", "onclick", "onerror", "javascript:", "<iframe", "style=", "<form", "<base", "<svg"):
        assert poison not in rendered


def test_plain_fields_are_escaped(section):
    attack = '"><img src=x onerror=alert(1)>'
    _, rendered = body_of(
        section,
        ("quote", {"text": attack, "speaker": attack, "role": attack, "source": attack, "source_url": ""}),
        ("fact_box", {"title": attack, "text": "<p>a</p>"}),
        ("list", {"title": attack, "style": "bullet", "items": [attack]}),
    )
    assert "<img" not in rendered and "&lt;img" in rendered


@pytest.mark.parametrize("url", ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "//evil.example/"])
def test_addresses_that_no_form_has_seen_are_no_links(section, url):
    row, rendered = body_of(
        section,
        ("quote", {"text": "a", "speaker": "b", "role": "", "source": "The Ledger", "source_url": url}),
        ("attribution", {"outlet": "The Courier", "url": url}),
    )
    assert "The Ledger" in rendered and "The Courier" in rendered
    assert "href" not in rendered and "cite=" not in rendered
    assert row.sources == [{"outlet": "The Courier", "url": ""}]


def test_sources_corrections_and_words_are_kept_for_the_page(section):
    row, rendered = body_of(
        section,
        ("text", "<p>Three plain words &amp; more</p>"),
        ("attribution", {"outlet": "Caliber.Az", "url": "https://caliber.az/"}),
        ("correction", {"date": "2026-03-02T10:00:00Z", "text": "The year was wrong."}),
    )
    assert row.sources == [{"outlet": "Caliber.Az", "url": "https://caliber.az/"}]
    assert row.corrections[0]["text"] == "The year was wrong."
    assert "Three plain words & more" in row.body_text
    assert '<a href="https://caliber.az/"' in rendered


def test_unknown_embed_is_left_out_and_a_known_one_loads_nothing(section):
    _, rendered = body_of(
        section,
        ("embed", {"url": "https://evil.example/v", "caption": ""}),
        ("embed", {"url": "https://youtu.be/21X5lGlDOfg", "caption": "Live"}),
    )
    assert "evil.example" not in rendered and "<iframe" not in rendered and "<script" not in rendered
    assert "youtube-nocookie.com/embed/21X5lGlDOfg" in rendered


def test_table_keeps_headings_and_cells(section):
    table = {
        "caption": "Stops",
        "columns": [{"type": "text", "heading": "Village"}, {"type": "number", "heading": "Readers"}],
        "rows": [{"values": ["Lahij", "12"]}],
    }
    row, rendered = body_of(section, ("table", table))
    assert '<th scope="col">Village</th>' in rendered and "Lahij" in row.body_text


def test_related_block_is_left_for_the_page_to_fill(section):
    other = factories.make_article(section, "Another story")
    factories.make_article(section, body=[("related", {"title": "More", "articles": [other.pk]})])
    row = PublishedArticle.objects.get(headline="Ferries run again")
    assert row.body == [{"kind": "related", "title": "More", "articles": [other.pk]}]


def test_plain_text_keeps_words_of_neighbouring_lines_apart():
    html = "<h2>One</h2><p>two<br>three</p><ul><li>four</li><li>five</li></ul><blockquote>six</blockquote><b>se</b>ven"
    assert plain_text(html) == "One two three four five six seven"


@pytest.mark.parametrize(
    ("text", "language", "html"),
    [
        ("We sail.", "", "<blockquote><p><q>We sail.</q></p></blockquote>"),
        ("“We sail.”", "en", "<blockquote><p><q>We sail.</q></p></blockquote>"),
        ("“Sail,” he said.", "", "<blockquote><p>“Sail,” he said.</p></blockquote>"),
        ("Мы плывём", "ru", '<blockquote lang="ru" dir="ltr"><p><q>Мы плывём</q></p></blockquote>'),
        ("می‌رویم", "fa", '<blockquote lang="fa" dir="rtl"><p><q>می‌رویم</q></p></blockquote>'),
        ("We sail.", 'x"y', "<blockquote><p><q>We sail.</q></p></blockquote>"),
    ],
)
@pytest.mark.parametrize("kind", ["quote", "pull_quote"])
def test_quotation_has_its_language_and_the_marks_of_the_page(section, kind, text, language, html):
    assert html in body_of(section, (kind, {"text": text, "language": language}))[1]


def test_quotation_written_before_there_were_languages_stands(section):
    assert "<q>We sail.</q>" in body_of(section, ("quote", {"text": "We sail."}))[1]
