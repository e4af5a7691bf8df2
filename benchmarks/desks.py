"""What an archive is spread over: sections, topics and authors of each language, and one real story of each."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from broadsheet.articles.models import ArticlePage, Author, SectionPage, Topic

SECTIONS = 8
# The last two stand inside the first one.
NESTED = 2
TOPICS = 40
AUTHORS = 60
PARAGRAPHS = 600
HEADLINES = 2_000
# Letters of which each language's words are made up, so that lengths in bytes are those of its script.
LETTERS = {
    "en": "etaoinshrdlucmfwypvbgk",
    "ru": "оеаинтсрвлкмдпуяызбгчй",
    "fa": "اردینمهوتبسشکگلپخعقفجح",
}
_VOCABULARY = 20_000
_WORDS_A_PARAGRAPH = 50
_FREQUENCIES = list(accumulate(1 / (rank + 2.7) for rank in range(_VOCABULARY)))


@dataclass(frozen=True)
class Desk:
    """A language with all that its stories may belong to; the story is published and has a byline and two topics."""

    language: str
    sections: tuple[SectionPage, ...]
    topics: tuple[Topic, ...]
    authors: tuple[Author, ...]
    story: ArticlePage
    paragraphs: tuple[str, ...]
    headlines: tuple[str, ...]


def make(language: str) -> Desk:
    """Make them in a site that has the language's front."""
    from broadsheet.articles.models import ArticlePage, Author, Topic

    chance = random.Random(language)  # noqa: S311  # the same archive each time
    words = _vocabulary(language, chance)
    sections = _make_sections(language)
    locale = sections[0].locale
    topics = tuple(Topic.objects.create(name=f"Topic {n}", slug=f"topic-{n}", locale=locale) for n in range(TOPICS))
    authors = tuple(
        Author.objects.create(name=f"Author {n}", slug=f"author-{n}", locale=locale) for n in range(AUTHORS)
    )
    paragraphs = tuple(_write(words, _WORDS_A_PARAGRAPH, chance) for _ in range(PARAGRAPHS))
    headlines = tuple(_write(words, 8, chance) for _ in range(HEADLINES))
    story = ArticlePage(title=headlines[0], lead=headlines[1], live=False, locale=locale)
    fill(story, paragraphs[:2], topics[:2], authors[:1])
    sections[0].add_child(instance=story)
    story.save_revision().publish()
    return Desk(language, sections, topics, authors, story, paragraphs, headlines)


def find(language: str) -> Desk:
    """What `make` made, as it is now."""
    from broadsheet.articles.models import ArticlePage, Author, SectionPage, Topic

    spoken = {"locale__language_code": language}
    sections = SectionPage.objects.filter(**spoken).order_by("slug").select_related("locale")
    topics, authors = Topic.objects.filter(**spoken).order_by("pk"), Author.objects.filter(**spoken).order_by("pk")
    story = ArticlePage.objects.child_of(sections[0]).order_by("path").first()
    assert story is not None, "the site was not made by this benchmark"
    return Desk(language, tuple(sections), tuple(topics), tuple(authors), story, (), ())


def fill(
    story: ArticlePage, paragraphs: tuple[str, ...], topics: tuple[Topic, ...], authors: tuple[Author, ...]
) -> None:
    """Give an unsaved story a body, topics and bylines."""
    from broadsheet.articles.models import ArticleByline, ArticleTopic

    story.body = [{"type": "text", "value": "".join(f"<p>{one}</p>" for one in paragraphs)}]
    story.topic_links = [ArticleTopic(topic=one, sort_order=n) for n, one in enumerate(topics)]
    story.bylines = [ArticleByline(author=one, sort_order=n) for n, one in enumerate(authors)]


def _make_sections(language: str) -> tuple[SectionPage, ...]:
    from wagtail.models import Page

    from broadsheet.articles.models import HomePage, SectionPage

    home = HomePage.objects.get(locale__language_code=language)
    made: list[SectionPage] = []
    for number in range(SECTIONS):
        above = made[0] if number >= SECTIONS - NESTED else home
        section = SectionPage(title=f"Section {number}", slug=f"section-{number}", locale=home.locale)
        # Read anew: the tree keeps the count of a page's children in its row.
        Page.objects.get(pk=above.pk).add_child(instance=section)
        section.save_revision().publish()
        made.append(section)
    return tuple(SectionPage.objects.get(pk=one.pk) for one in made)


def _vocabulary(language: str, chance: random.Random) -> list[str]:
    letters = LETTERS[language]
    return ["".join(chance.choices(letters, k=chance.randint(2, 10))) for _ in range(_VOCABULARY)]


def _write(words: list[str], count: int, chance: random.Random) -> str:
    """A text in which few words are frequent and most are rare, as in any language (Zipf's law)."""
    return " ".join(chance.choices(words, cum_weights=_FREQUENCIES, k=count))
