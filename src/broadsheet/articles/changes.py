"""What a change did to published things: which facts are not what they were, in which lists, at which place.

Main path: `look_at_story` before and after the projection is written -> `compare_stories` -> the fields of an event.
All other things (pages, authors, topics, editions, images) are looked at with `look` before and after they are saved.
Nothing here costs more in a larger archive: a place in a list is counted no further than `deepest`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet
from django.utils import timezone
from wagtail.models import Page

from broadsheet.media.models import NewsImage

from . import kinds, totals
from .models import Author, Edition, HomePage, PolicyPage, SectionPage, Topic
from .projection import PublishedArticle, PublishedAuthor, PublishedSection, PublishedStandIn, PublishedTopic

Facts = Mapping[str, Any]

# No page of a list shows more of its newest stories by rule than this; `rendering.reading` keeps to it.
NEWEST = 15
# How long a story is news, for the sitemaps of search engines.
NEWS_FOR = timedelta(hours=48)

_PAGE = ("title", "slug", "live", "seo_title", "search_description", "path")
# What readers can see of each kind of thing. `slots` are the stories in a page's curated places.
SHOWN: dict[type[Model], tuple[str, ...]] = {
    HomePage: (*_PAGE, "description", "slots"),
    SectionPage: (*_PAGE, "label", "description", "slots"),
    PolicyPage: (*_PAGE, "kind", "body"),
    Author: ("name", "slug", "kind", "role", "biography", "portrait_id", "public_email", "profile_url"),
    Topic: ("name", "slug", "description"),
    Edition: tuple(one.attname for one in Edition._meta.concrete_fields if one.name != "id"),
    NewsImage: (
        *("title", "file", "file_hash", "width", "height"),
        *("alt_text", "credit", "licence", "licence_url", "source_url"),
        *("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"),
    ),
}
_COLUMNS = tuple(one.name for one in PublishedArticle._meta.concrete_fields if one.name not in {"article", "views"})
_LINKS = ("sections", "topics", "authors")
_DERIVED = ("summary", "html", "crops", "news")
# All that a story's event can call changed: its columns in the projection, what it is linked to, and what only some
# places make of a column: the text below a feed's headline, the body without its lists of stories, the picture without
# its words, the line of a news sitemap.
STORY_FACTS = (*_COLUMNS, *_LINKS, *_DERIVED)


@dataclass(frozen=True)
class Story:
    """A published story as it stands now: its facts by name, and the lists in which it stands."""

    article_id: int
    published_at: datetime
    facts: Facts
    lists: frozenset[str]


@dataclass(frozen=True)
class Difference:
    """How a story differs from what it was; the fields are those of `events.ArticlePublished`."""

    changed: tuple[str, ...] = ()
    entered: Mapping[str, int] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    versions: tuple[int, ...] = ()


def look_at_story(article_id: int) -> Story | None:
    """The story as it is published now; None: it is not. In a transaction: nobody else writes it meanwhile."""
    # What is kept of lists is moved by what is seen here, so it must still be true when the story is written.
    row = PublishedArticle.objects.select_for_update().filter(article_id=article_id).first()
    if row is None:
        return None
    sections = PublishedSection.objects.filter(article=row, is_stand_in=False)
    links = {
        "sections": list(sections.values_list("section_id", flat=True)),
        "topics": _linked(PublishedTopic, row, "topic_id"),
        "authors": _linked(PublishedAuthor, row, "author_id"),
    }
    return describe_story(row, links, elsewhere(row))


def elsewhere(row: PublishedArticle) -> list[str]:
    """The lists of other languages in which the story stands, because it lacks them."""
    languages = list(PublishedStandIn.objects.filter(article=row).values_list("language", flat=True))
    if not languages:
        return []
    links = {
        f"{kind}s": link._default_manager.filter(article=row, is_stand_in=True).values_list(f"{kind}_id", flat=True)
        for kind, link in totals.LINKS.items()
    }
    return [*(f"language:{language}" for language in languages), *totals.listings(links)]


def describe_story(row: PublishedArticle, links: Mapping[str, list[int]], elsewhere: Iterable[str] = ()) -> Story:
    """The story of a row that was read or just written; `links` are the ids of its sections, topics and authors.

    `elsewhere` names the lists of other languages in which it stands.
    """
    facts = {name: getattr(row, _attribute(name)) for name in _COLUMNS}
    # A correction counts from no later than the publish that brought it: with the next one, its moment moves.
    latest = row.modified_at.astimezone(UTC).isoformat()
    facts["corrections"] = [
        {**one, "at": min(one["at"], latest, key=datetime.fromisoformat)} for one in row.corrections
    ]
    plain = _plain({**facts, **_derive(row)})
    ids = {**links, "sections": sorted(links["sections"])}
    return Story(row.pk, row.published_at, {**plain, **ids}, frozenset([*_lists(row, links), *elsewhere]))


def compare_stories(before: Story | None, after: Story | None) -> Difference:
    """What is different after a story was written or withdrawn; None stands for one that is not published."""
    story = after or before
    if story is None:
        return Difference()
    changed = tuple(name for name in STORY_FACTS if _differs(name, before, after))
    entered, left = _moves(before, after)
    return Difference(
        changed=changed,
        entered={name: place for name, (place, _) in entered.items()},
        left={name: place for name, (place, _) in left.items()},
        groups=tuple(sorted({*_groups({**entered, **left}), *_former_group(before, after)})),
        versions=_versions(story.article_id, {one.facts["translation_key"] for one in (before, after) if one}),
    )


def _derive(row: PublishedArticle) -> dict[str, Any]:
    is_news = row.published_at > timezone.now() - NEWS_FOR
    return {
        "summary": row.lead or row.description,
        "html": [part for part in row.body if part["kind"] == "html"],
        "crops": row.picture and row.picture["crops"],
        "news": [row.section_id, row.slug, row.headline, row.published_at] if is_news else None,
    }


def _differs(name: str, before: Story | None, after: Story | None) -> bool:
    """All of a story that came or went differs, but for the news that it was not."""
    if before is None or after is None:
        story = before or after
        return name != "news" or bool(story and story.facts[name])
    return bool(before.facts[name] != after.facts[name])


def look(model: type[Model], pk: Any) -> Facts | None:
    """What readers can see of the thing as it is stored now; None: it does not exist, or is not public."""
    found = model._default_manager.filter(pk=pk).first() if pk else None
    if found is None or (isinstance(found, Page) and not (found.live and found.last_published_at)):
        return None
    return _plain({name: _slots(found) if name == "slots" else getattr(found, name) for name in SHOWN[model]})


def compare(model: type[Model], before: Facts | None, after: Facts | None) -> tuple[str, ...]:
    """The names of what readers see otherwise now; all of them where the thing came or went."""
    if before is None or after is None:
        return () if before is after else SHOWN[model]
    return tuple(name for name in SHOWN[model] if before[name] != after[name])


def deepest() -> int:
    """How far a place in a list is counted: as far as any page or feed shows the newest stories."""
    return max(2 * settings.CONFIG.page_size, settings.CONFIG.feed_size, NEWEST)


def _linked(link: type[PublishedTopic] | type[PublishedAuthor], row: PublishedArticle, field_name: str) -> list[int]:
    own = link._default_manager.filter(article=row, is_stand_in=False)
    return list(own.order_by("position").values_list(field_name, flat=True))


def _attribute(name: str) -> str:
    return "section_id" if name == "section" else name


def _slots(page: Any) -> list[tuple[str, int]]:
    return [(one.slot, one.article_id) for one in page.slots.all()]


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as JSON gives them back, so that what was written can be compared with what is about to be."""
    plain: dict[str, Any] = json.loads(json.dumps(facts, cls=_Encoder))
    return plain


class _Encoder(DjangoJSONEncoder):
    """Files by their name, blocks as they are stored, moments in one zone whichever they come in."""

    def default(self, o: Any) -> Any:
        if isinstance(o, datetime):
            return o.astimezone(UTC).isoformat()
        if hasattr(o, "get_prep_value"):
            return o.get_prep_value()
        return o.name if hasattr(o, "name") else super().default(o)


def _lists(row: PublishedArticle, links: Mapping[str, list[int]]) -> Iterable[str]:
    yield from (f"language:{row.language}", totals.day_of(row.language, row.published_at))
    yield from totals.listings(links)


def _moves(before: Story | None, after: Story | None) -> tuple[dict[str, _Place], dict[str, _Place]]:
    """The lists that the story came into and went out of; both where it stands at another place than it did."""
    stood = before.lists if before else frozenset()
    stands = after.lists if after else frozenset()
    hidden = _retracted_sections()
    entered = {name: _place(name, after, hidden) for name in stands - stood if after}
    left = {name: _place(name, before, hidden) for name in stood - stands if before}
    if before and after and before.published_at != after.published_at:
        for name in stood & stands:
            old, new = _place(name, before, hidden), _place(name, after, hidden)
            if old != new or old[0] == deepest():
                left[name], entered[name] = old, new
    return entered, left


# How many newer stories stand in a list, and whether others stand there at all.
_Place = tuple[int, bool]


def _retracted_sections() -> list[int]:
    return list(kinds.pages_of(SectionPage).filter(live=False).values_list("pk", flat=True))


def _place(name: str, story: Story, hidden: list[int]) -> _Place:
    """Where the story stands, or would stand, among the others of the list that readers see."""
    kind, _, rest = name.partition(":")
    rows, section = _ROWS[kind](rest)
    others = _without(rows, section, hidden).order_by("-published_at", "-article_id")
    found = list(others.values_list("published_at", "article_id")[: deepest() + 1])
    keys = [key for key in found if key[1] != story.article_id][: deepest()]
    return sum(key > (story.published_at, story.article_id) for key in keys), bool(keys)


def _without(rows: QuerySet[Any], section: str, hidden: list[int]) -> QuerySet[Any]:
    return rows.exclude(**{f"{section}__in": hidden}) if hidden else rows


def _of_day(rest: str) -> tuple[QuerySet[Any], str]:
    language, _, written = rest.partition(":")
    start = _midnight(date.fromisoformat(written))
    end = _midnight(date.fromisoformat(written) + timedelta(days=1))
    rows = PublishedArticle.objects.filter(language=language, published_at__gte=start, published_at__lt=end)
    return rows, "section_id"


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=settings.CONFIG.zone)


# The rows of each kind of list, and how the section of a row's story is called.
_ROWS: dict[str, Callable[[str], tuple[QuerySet[Any], str]]] = {
    "language": lambda rest: (PublishedArticle.objects.filter(language=rest), "section_id"),
    "day": _of_day,
    "section": lambda rest: (PublishedSection.objects.filter(section_id=int(rest)), "article__section_id"),
    "topic": lambda rest: (PublishedTopic.objects.filter(topic_id=int(rest)), "article__section_id"),
    "author": lambda rest: (PublishedAuthor.objects.filter(author_id=int(rest)), "article__section_id"),
}


def _groups(moves: Mapping[str, _Place]) -> list[str]:
    """The translation keys of authors and topics whose only story came or went: their page came or went with it."""
    keys: list[str] = []
    models: tuple[tuple[str, type[Author] | type[Topic]], ...] = (("author", Author), ("topic", Topic))
    for kind, model in models:
        alone = [name for name, (_, others) in moves.items() if name.startswith(f"{kind}:") and not others]
        if ids := [int(name.partition(":")[2]) for name in alone]:
            keys += map(str, model._default_manager.filter(pk__in=ids).values_list("translation_key", flat=True))
    return keys


def _former_group(before: Story | None, after: Story | None) -> list[str]:
    if before and after and before.facts["translation_key"] != after.facts["translation_key"]:
        return [str(before.facts["translation_key"])]
    return []


def _versions(article_id: int, keys: Iterable[str]) -> tuple[int, ...]:
    """The published translations, also those of the set that the story was taken out of."""
    rows = PublishedArticle.objects.filter(translation_key__in=list(keys))
    return tuple(sorted(rows.exclude(pk=article_id).values_list("pk", flat=True)))
