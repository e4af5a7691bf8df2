"""Stories that lack a language, and stand in its lists all the same, where the edition wants it.

A story stands in for a language in the first language of the site's settings in which it is public. It stands in the
stream of the front, in the sections, topics and authors that are versions of its own; never in feeds, sitemaps, the
archive or search. Main path: a version comes or goes -> `settle`. What reaches further (an edition's setting, a section
that comes or goes) is done in small steps by the relay: `begin` -> `take_step`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model

from broadsheet import events
from broadsheet.outbox import services as outbox

from . import changes, kinds, totals
from .models import Author, Edition, SectionPage, Topic
from .projection import PublishedArticle, PublishedAuthor, PublishedSection, PublishedStandIn, PublishedTopic

STEP = 300
# By the kind of list: its links, what it is of, whether the links are in an order.
_LINKS: tuple[tuple[str, type[Model], type[Any], bool], ...] = (
    ("section", PublishedSection, SectionPage, False),
    ("topic", PublishedTopic, Topic, True),
    ("author", PublishedAuthor, Author, True),
)
# What of a section or edition decides which stories stand where.
_REACHING = frozenset({"live", "path", "locale_id"})
# From the id of a section, topic or author to its versions: ids by language.
Versions = Mapping[int, Mapping[str, int]]


def languages() -> list[str]:
    """The site's languages whose lists show stories that lack them."""
    wanted = Edition.objects.filter(shows_stand_ins=True).values_list("locale__language_code", flat=True)
    return [language for language in settings.CONFIG.languages if language in set(wanted)]


def settle(keys: Collection[Any]) -> None:
    """Let the stories of these groups stand where they should; in the transaction of what happened to them."""
    wanted = languages()
    if not wanted:
        return
    rows = list(PublishedArticle.objects.filter(translation_key__in=list(keys)))
    should = _should_stand(rows, wanted)
    stands = _stand_now(rows)
    for row in rows:
        if should[row.pk] != stands[row.pk]:
            with transaction.atomic():
                before = changes.look_at_story(row.pk)
                _write([row], should)
                after = changes.look_at_story(row.pk)
                totals.move(before.lists if before else (), after.lists if after else ())
            _tell(row, changes.compare_stories(before, after))


def _tell(row: PublishedArticle, difference: changes.Difference) -> None:
    key = str(row.translation_key)
    event = events.ArticlePublished(row.pk, row.language, row.section_id, False, key, **vars(difference))
    outbox.record(event)


def begin(event: events.Event) -> None:
    """Something changed that many stories may stand in for: look through all of them, step by step."""
    changed = set(getattr(event, "changed", ()))
    reaches = "shows_stand_ins" in changed or changed & _REACHING or _is_new_version(event)
    # Where none are wanted, those that still stand must go.
    if reaches and (languages() or PublishedStandIn.objects.exists()):
        outbox.record(events.StandInsDue(0))


def _is_new_version(event: events.Event) -> bool:
    """An author or topic was given a version in another language: stories may stand in its list."""
    if not isinstance(event, events.AuthorChanged | events.TopicChanged) or event.changed:
        return False
    model: type[Author] | type[Topic] = Author if isinstance(event, events.AuthorChanged) else Topic
    return bool(model._default_manager.filter(translation_key=event.translation_key).count() > 1)


def take_step(event: events.StandInsDue) -> None:
    """Some hundred stories from the one after `event.after`; then the next, and at the end the lists are made anew."""
    if event.after < 0:
        return
    rows = list(PublishedArticle.objects.filter(pk__gt=event.after).order_by("pk").defer("body", "body_text")[:STEP])
    with transaction.atomic():
        if rows:
            group = PublishedArticle.objects.filter(translation_key__in={row.translation_key for row in rows})
            should = _should_stand(group.defer("body", "body_text"), languages())
            stands = _stand_now(rows)
            changed = [row for row in rows if should[row.pk] or stands[row.pk]]
            stood = {row.pk: changes.elsewhere(row) for row in changed}
            _write(changed, should)
            for row in changed:
                totals.move(stood[row.pk], changes.elsewhere(row))
        outbox.record(events.StandInsDue(rows[-1].pk if rows else -1))


def _should_stand(rows: Iterable[PublishedArticle], wanted: Sequence[str]) -> dict[int, frozenset[str]]:
    """By article: the languages for which it stands in. One article of a group does, the others for none."""
    groups: dict[Any, dict[str, PublishedArticle]] = defaultdict(dict)
    should: dict[int, frozenset[str]] = {}
    # Without the pages themselves, which take twenty times as long to make.
    live = set(kinds.pages_of(SectionPage).filter(live=True).values_list("pk", flat=True))
    for row in rows:
        should[row.pk] = frozenset()
        if row.section_id in live:
            groups[row.translation_key][row.language] = row
    for members in groups.values():
        chosen = next((members[language] for language in settings.CONFIG.languages if language in members), None)
        if chosen is not None:
            should[chosen.pk] = frozenset(wanted) - members.keys()
    return should


def _stand_now(rows: Iterable[PublishedArticle]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {row.pk: set() for row in rows}
    for pk, language in PublishedStandIn.objects.filter(article_id__in=found).values_list("article_id", "language"):
        found[pk].add(language)
    return {pk: frozenset(stands) for pk, stands in found.items()}


def _write(rows: Sequence[PublishedArticle], should: Mapping[int, frozenset[str]]) -> None:
    """The links of these articles to the lists of other languages, written anew."""
    ids, at = [row.pk for row in rows], {row.pk: row.published_at for row in rows}
    PublishedStandIn.objects.filter(article_id__in=ids).delete()
    PublishedStandIn.objects.bulk_create(
        PublishedStandIn(article_id=pk, language=language, published_at=at[pk])
        for pk in ids
        for language in sorted(should[pk])
    )
    for kind, link, model, ordered in _LINKS:
        links = link._default_manager.filter(article_id__in=ids)
        links.filter(is_stand_in=True).delete()
        fields = ("article_id", f"{kind}_id", "position") if ordered else ("article_id", f"{kind}_id")
        own = list(links.filter(is_stand_in=False).values_list(*fields))
        versions = _versions(model, {one for _, one, *_ in own})
        link._default_manager.bulk_create(
            link(
                **{"article_id": pk, f"{kind}_id": versions[one][language], "published_at": at[pk]},
                **({"position": rest[0]} if ordered else {}),
                is_stand_in=True,
            )
            for pk, one, *rest in own
            for language in sorted(should[pk])
            if language in versions.get(one, {})
        )


def _versions(model: type[Any], ids: Collection[int]) -> Versions:
    keys = dict(model._default_manager.filter(pk__in=ids).values_list("pk", "translation_key"))
    by_key: dict[Any, dict[str, int]] = defaultdict(dict)
    rows = model._default_manager.filter(translation_key__in=set(keys.values()))
    for key, language, pk in rows.values_list("translation_key", "locale__language_code", "pk"):
        by_key[key][language] = pk
    return {pk: by_key[key] for pk, key in keys.items()}
