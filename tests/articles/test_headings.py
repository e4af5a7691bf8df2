"""A reader who goes from heading to heading meets no gap."""

import pytest

from broadsheet.articles.body import order_headings
from broadsheet.articles.projection import PublishedArticle
from tests import factories


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<h3>A</h3><p>b</p><h3>C</h3><h4>D</h4>", "<h2>A</h2><p>b</p><h2>C</h2><h3>D</h3>"),
        ("<h2>A</h2><h4>B</h4><h4>C</h4><h2>D</h2>", "<h2>A</h2><h3>B</h3><h3>C</h3><h2>D</h2>"),
        ('<h4 lang="ru">A</h4>', '<h2 lang="ru">A</h2>'),
        ("<p>no heading</p><hr>", "<p>no heading</p><hr>"),
    ],
)
def test_headings_go_down_one_level_at_a_time(written, read):
    assert order_headings(written, []) == read


def test_headings_are_ordered_over_the_whole_body(section):
    box = {"title": "Facts", "text": "<p>x</p>"}
    factories.make_article(section, body=[("text", "<h4>A</h4>"), ("fact_box", box), ("text", "<h4>B</h4>")])
    html = PublishedArticle.objects.get().body[0]["html"]
    assert "<h2>A</h2>" in html and "<h3>B</h3>" in html
