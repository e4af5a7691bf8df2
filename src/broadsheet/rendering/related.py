"""Which other stories stand beside a story: chosen by hand first, then by rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from broadsheet.articles.models import SectionPage

from . import reading
from .reading import Card

RELATED = 4
IMPORTANT = 5
# How deep the rule looks into each topic and into the section before it gives up.
DEPTH = 8


@dataclass(frozen=True)
class Beside:
    """The stories beside a story. `in_body` are those that the body itself names, by id.

    `important` are the stories in the slots of the section's front, `latest` its newest other ones.
    """

    in_body: dict[int, Card]
    related: tuple[Card, ...]
    important: tuple[Card, ...]
    latest: tuple[Card, ...]


def choose(
    article_id: int, section: SectionPage, topic_ids: list[int], by_hand: Iterable[int], body: list[dict[str, Any]]
) -> Beside:
    """The stories to show beside the article: never the article itself, none twice within a list."""
    in_body = _named(body)
    by_topic = _rank(reading.newest_on_topics(topic_ids, DEPTH))
    newest = reading.newest_in_sections([section.pk], DEPTH).get(section.pk, [])
    slots = reading.slots(section)
    curated = [*slots["lead"], *slots["secondary"], *slots["list"]]
    wanted = [*in_body, *by_hand, *by_topic, *newest, *curated]
    known = reading.cards_by_id([one for one in wanted if one != article_id], section.language)
    important = _pick(known, curated, IMPORTANT)
    return Beside(
        in_body=known,
        related=_pick(known, [*by_hand, *by_topic, *newest], RELATED),
        important=important,
        latest=_pick(known, [one for one in newest if one not in curated], IMPORTANT),
    )


def choose_in_body(article_id: int, language: str, body: list[dict[str, Any]]) -> Beside:
    """Only the stories that the body names, for where no others are shown."""
    named = reading.cards_by_id([one for one in _named(body) if one != article_id], language)
    return Beside(in_body=named, related=(), important=(), latest=())


def _named(body: list[dict[str, Any]]) -> list[int]:
    return [one for part in body if part["kind"] == "related" for one in part["articles"]]


def _rank(newest_by_topic: dict[int, list[int]]) -> list[int]:
    """Stories that share most topics first, among equals the newer ones (their ids stand in that order already)."""
    shared = Counter(one for ids in newest_by_topic.values() for one in ids)
    in_order = [one for place in range(DEPTH) for ids in newest_by_topic.values() for one in ids[place : place + 1]]
    return sorted(dict.fromkeys(in_order), key=lambda one: -shared[one])


def _pick(known: dict[int, Card], wanted: Iterable[int], count: int) -> tuple[Card, ...]:
    return tuple(known[one] for one in dict.fromkeys(wanted) if one in known)[:count]
