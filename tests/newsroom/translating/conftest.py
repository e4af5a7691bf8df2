"""One newsroom in three languages, whose sections are counterparts, and a story with every kind of text."""

from __future__ import annotations

import pytest
from wagtail.models import Page

from tests import arrangements, factories
from tests.newsroom import people

BODY = [
    ("text", "<p>The harbour is <b>open</b>.</p><p>Ferries run every hour.</p>"),
    ("quote", {"text": "We waited long.", "speaker": "A captain", "role": "", "source": "", "source_url": ""}),
    ("list", {"title": "When", "style": "bullet", "items": ["At six", "At nine"]}),
    (
        "table",
        {
            "caption": "Fares",
            "columns": [{"type": "text", "heading": "Who"}, {"type": "number", "heading": "Coins"}],
            "rows": [{"values": ["Children", "1"]}],
        },
    ),
]


def twin(page: Page, home: Page, title: str) -> Page:
    """The section's counterpart on another language's front."""
    return factories.make_section(home, title, translation_key=page.translation_key)


@pytest.fixture
@arrangements.once
def russian(home):
    front = factories.make_home("ru", "Фонарь")
    front.translation_key = home.translation_key
    front.save()
    return front


@pytest.fixture
@arrangements.once
def armenian(home):
    front = factories.make_home("hy", "Լապտեր")
    front.translation_key = home.translation_key
    front.save()
    return front


@pytest.fixture
@arrangements.once
def мир(section, russian):
    return twin(section, russian, "Мир")


@pytest.fixture
@arrangements.once
def աշխարհ(section, armenian):
    return twin(section, armenian, "Աշխարհ")


@pytest.fixture
@arrangements.once
def story(section):
    author, topic = factories.make_author(), factories.make_topic()
    return factories.make_article(
        section, "Ferries run again", lead="After a year.", body=BODY, authors=[author], topics=[topic]
    )


@pytest.fixture
@arrangements.once
def polyglot(home, russian, armenian):
    """A translator of both languages."""
    return people.make_person("polyglot", ("translator", russian), ("translator", armenian))
