"""What a page may cost: queries of the database, bytes on the wire."""

from __future__ import annotations

import brotli
import pytest

from broadsheet.articles.models import HomePage, PolicyPage, SectionPage
from broadsheet.rendering import assets
from tests import arrangements, factories
from tests.rendering.pages import get
from tests.rendering.test_pages import FULL_BODY


@pytest.fixture
@arrangements.once
def busy(home, section):
    """Several sections, topics, authors, slots and languages."""
    author, topics = factories.make_author(), [factories.make_topic(name=name) for name in ("Sea", "Tea")]
    others = [factories.make_section(home, title) for title in ("Sport", "Science", "Culture")]
    about = PolicyPage(title="About us", body="<p>We.</p>")
    home.add_child(instance=about)
    about.save_revision().publish()
    stories = [
        factories.make_article(one, f"{one.title} {n}", authors=[author], topics=topics, body=FULL_BODY)
        for one in (section, *others)
        for n in range(3)
    ]
    russian = factories.make_home("ru", "Фонарь")
    factories.make_article(factories.make_section(russian, "Мир"), "Паромы", translation_key=stories[0].translation_key)
    front, world = HomePage.objects.get(pk=home.pk), SectionPage.objects.get(pk=section.pk)
    for slot, story in zip(("lead", "secondary", "list"), stories, strict=False):
        front.slots.create(slot=slot, article=story)
        world.slots.create(slot=slot, article=story)
    front.save_revision().publish()
    world.save_revision().publish()
    return stories[0]


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/en/", 12),
        ("/en/world/", 10),
        ("/en/world/world-0/", 14),
        ("/en/world/world-0/print/", 14),
        ("/en/author/aytan-reed/", 10),
        ("/en/topic/sea/", 10),
        ("/en/archive/2026/03/", 6),
        ("/en/archive/2026/03/02/", 8),
        ("/en/about-us/", 6),
        ("/en/nothing/", 6),
    ],
)
def test_page_asks_the_database_no_more_than_it_may(busy, path, most, django_assert_max_num_queries):
    with django_assert_max_num_queries(most):
        get(path)


def test_number_of_queries_does_not_grow_with_the_number_of_stories(busy, section, django_assert_max_num_queries):
    for n in range(8):
        factories.make_article(section, f"More {n}", authors=[factories.make_author(name=f"Author {n}")])
    for path, most in (("/en/", 12), ("/en/world/", 10), ("/en/world/world-0/", 14)):
        with django_assert_max_num_queries(most):
            get(path)


def test_article_with_its_stylesheet_fits_into_few_packets(busy):
    assert len(brotli.compress(get("/en/world/world-0/").body, quality=9)) < 14 * 1024


def test_script_is_small():
    content, _ = assets.find_asset(assets.asset("site.js"))
    assert len(brotli.compress(content, quality=9)) < 5 * 1024
