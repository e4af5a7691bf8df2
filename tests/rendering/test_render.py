"""From an address to a finished page and its tags."""

from broadsheet.rendering.finished import PageRequest
from broadsheet.rendering.render import render
from tests import factories


def test_article_page_is_rendered_with_its_tag(section):
    article = factories.make_article(section)
    page = render(PageRequest("/en/world/ferries-run-again/"))
    assert page.status == 200 and b"The harbour is open." in page.body
    assert f"article:{article.pk}" in page.tags


def test_changed_slug_answers_301(section):
    article = factories.make_article(section)
    article.slug = "ferries-again"
    article.save_revision().publish()
    page = render(PageRequest("/en/world/ferries-run-again/"))
    assert page.status == 301 and dict(page.headers)["Location"].endswith("/en/world/ferries-again/")


def test_retracted_article_answers_410(section):
    factories.make_article(section).unpublish()
    assert render(PageRequest("/en/world/ferries-run-again/")).status == 410
