"""Whatever stands in a headline or a name stays text, in its own place."""

from __future__ import annotations

import pytest

from broadsheet.articles.models import Author, Topic
from broadsheet.articles.projection import PublishedArticle
from tests import factories
from tests.rendering.pages import get, tree

TORTURE = {
    "script": "<script>alert(1)</script>",
    "attribute": '" onmouseover="alert(1)',
    "override": "abc \u202egnp.exe",
    "marks": "Z" + "\u0301" * 500,
    "cdata": "]]> &amp; <!-- {{ 7 * 7 }} {% raw %}",
    "zero width": "a\u200b\u200d\ufeffb",
    "long": "W" * 255,
    "placeholder": "100% %(name)s %s {site}",
}


@pytest.mark.parametrize("words", TORTURE.values(), ids=TORTURE.keys())
def test_headline_is_text_everywhere(section, words):
    """Past the newsroom's own checks, as an import might bring it."""
    words = words[:255]
    author, topic = factories.make_author(slug="author"), factories.make_topic(slug="topic")
    story = factories.make_article(section, authors=[author], topics=[topic], picture=factories.make_image())
    picture = {**PublishedArticle.objects.get().picture, "alt": words, "caption": words, "credit": words}
    PublishedArticle.objects.update(
        headline=words, short_headline=words, lead=words, label=words[:60], dateline=words[:120], picture=picture
    )
    Author.objects.update(name=words[:160], role=words[:160], biography=words)
    Topic.objects.update(name=words[:160], description=words)
    usual = factories.make_article(section, "Usual")
    scripts = len(tree(get(usual.public_path)).xpath("//script"))
    for path in (story.public_path, "/en/", "/en/world/", "/en/author/author/", "/en/topic/topic/"):
        page = get(path)
        found = tree(page)
        assert page.status == 200 and len(found.xpath("//script")) <= scripts
        assert found.xpath("//*[@onmouseover]") == []
    assert tree(get(story.public_path)).xpath("//main//h1")[0].text == words


def test_reuse_rule_is_text_but_for_its_link(section):
    from broadsheet.articles.models import Edition

    edition = Edition.objects.get()
    edition.reuse_rule, edition.publication_name = "<b>Link</b> to {site}!", "A & B"
    edition.save()
    rule = tree(get("/en/")).xpath("//p[@class='reuse']")[0]
    assert rule.text_content() == "<b>Link</b> to A & B!"
    assert rule.xpath(".//a/@href") == ["http://localhost:8000/en/"]
