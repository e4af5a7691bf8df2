"""From an event to the tags that it purges: which pages may not be answered any more, which once more at most.

Hard is what must never be answered again: a story's own page and its text in feeds once they are not what they were,
whatever is retracted, an address that moved, an address that begins to exist. Soft is what shows or lists it. How many
tags a purge has depends on how many lists a story stands in, never on how many pages carry them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import singledispatch

from django.conf import settings

from broadsheet import events
from broadsheet.articles import parts
from broadsheet.articles.changes import NEWEST, STORY_FACTS
from broadsheet.translations import variants

from . import tags

Changed = Iterable[str]


@dataclass(frozen=True)
class Purge:
    """Tags whose pages are gone at once (`hard`) and tags whose pages are stale (`soft`); none is in both."""

    hard: frozenset[str] = frozenset()
    soft: frozenset[str] = frozenset()


# Which facts of a story each of its tags stands for.
ADDRESS = frozenset({"section", "slug"})
LINE = ADDRESS | {"short_headline", "published_at"}
HEADLINE = frozenset({"headline"})
CARD = frozenset({"label", "lead", "crops"})
VERSION = ADDRESS | {"headline", "published_at", "translation_key"}
# What makes a story another member of its set of versions.
MEMBER = ADDRESS | {"translation_key"}
TEXT = VERSION | {"lead", "summary", "updated_at", "picture", "html", "corrections", "topics", "authors"}
UNSEEN = frozenset({"language", "modified_at", "body_text", "sections", "summary", "html", "crops", "news"})
ARTICLE = frozenset(STORY_FACTS) - UNSEEN

# Which lists are shown on pages of their own, in feeds, and by their newest stories on other pages.
PAGED = frozenset({"section", "topic", "author", "day"})
FED = frozenset({"language", "section", "topic", "author"})
SHOWN_ELSEWHERE = frozenset({"language", "section", "topic"})

# Which facts of a page, author, topic or edition each of their tags stands for.
PUBLIC = frozenset({"slug", "live"})
OWN_TEXT = frozenset({"description", "seo_title", "search_description"})
MENU = PUBLIC | {"title", "path"}
POLICY_MENU = MENU | {"kind"}
POLICY_TEXT = PUBLIC | {"title", "kind", "body", "seo_title", "search_description"}
BYLINE = frozenset({"name", "slug", "role", "profile_url"})
AUTHOR_TEXT = frozenset({"kind", "biography", "portrait_id", "public_email", "slug"})
INDEXED = frozenset({"name", "slug"})
TOPIC_NAME = frozenset({"name", "slug"})
TOPIC_TEXT = frozenset({"description", "slug"})
IDENTITY = frozenset({"publication_name", "tagline", "reuse_rule", "copyright_holder", "locale_id"})


@singledispatch
def tags_of(event: events.Event) -> Purge:
    """What the event makes stale; nothing where readers see nothing of it."""
    return Purge()


@tags_of.register
def _published(event: events.ArticlePublished) -> Purge:
    changed, story = set(event.changed), event.article_id
    hard = {
        *_if(changed & ARTICLE, tags.article(story)),
        *_if(changed & TEXT, tags.text(story)),
        *_if(changed & ADDRESS, tags.address(story)),
        *_if(changed & VERSION, tags.group(event.translation_key)),
        *_if(changed & ADDRESS or event.entered, *_missing(event.language)),
        # A story that stands in for another language may be the first one of a topic there.
        *(tags.missing(name.partition(":")[2]) for name in event.entered if _kind(name) == "language"),
        *_sets(event.groups),
        *_if(changed & MEMBER, *_versions_parts(story, event.versions)),
    }
    shown = {
        *_if(changed & LINE, tags.line(story)),
        *_if(changed & HEADLINE, tags.headline(story)),
        *_if(changed & CARD, tags.card(story)),
    }
    # Words that were corrected are not shown once more. A story that is new has none that anybody has seen.
    if "corrections" in changed and not event.first:
        hard |= shown
    soft = {
        *shown,
        *_if("news" in changed, tags.news(event.language)),
        *_lists(event.entered, event.left),
        # A section's list changes with what comes into it, too.
        *_if(changed & {"modified_at", "section"}, tags.sitemap("index"), tags.sitemap("pages")),
        *_if(changed & (ADDRESS | {"modified_at"}), *_parts(story, ())),
        *_names_sitemaps(event.entered, event.left, moved="published_at" in changed and not event.first),
        *_indexes(event.language, event.entered, event.left),
    }
    return _purge(hard, soft)


@tags_of.register
def _retracted(event: events.ArticleRetracted) -> Purge:
    story = event.article_id
    ways = (tags.article, tags.text, tags.line, tags.headline, tags.card, tags.address)
    hard = {
        *(way(story) for way in ways),
        *(tags.group(event.translation_key), *_sets(event.groups)),
        # The sitemaps that name it.
        *_if("news" in event.changed, tags.news(event.language)),
        *_parts(story, event.versions),
    }
    soft = {
        *_lists({}, event.left),
        *(tags.sitemap("index"), tags.sitemap("pages")),
        *_names_sitemaps({}, event.left, moved=False),
        *_indexes(event.language, {}, event.left),
    }
    return _purge(hard, soft)


@tags_of.register
def _moved(event: events.AddressChanged) -> Purge:
    """What else changes with the address is told by the event of the page itself."""
    own = {"article": tags.article, "section": tags.section, "page": tags.page}[event.kind]
    # All stories of a section stand below it, and their versions in other languages name the addresses.
    return _purge({own(event.page_id), tags.address(event.page_id), *_missing(event.language)})


@tags_of.register
def _addresses_retired(event: events.AddressesRetired) -> Purge:
    return _purge(tag for language in settings.CONFIG.languages for tag in _missing(language))


@tags_of.register
def _front(event: events.FrontChanged) -> Purge:
    changed, language = set(event.changed), event.language
    soft = {
        tags.sitemap("pages"),
        *_if(changed & OWN_TEXT, tags.front(language)),
        *_if("slots" in changed, tags.slots(event.page_id)),
        *_if("title" in changed, tags.layout(language)),
    }
    # All fronts are versions of each other.
    hard = (tags.address(event.page_id), tags.sitemap("pages"), *_language(language)) if "live" in changed else ()
    return _purge(hard, soft)


@tags_of.register
def _section(event: events.SectionChanged) -> Purge:
    changed, section, language = set(event.changed), event.section_id, event.language
    moved = changed & PUBLIC
    hard = {
        *_if(moved, tags.section(section), tags.group(event.translation_key), *_missing(language)),
        # Their sets of versions name the section's address and, below it, those of its stories.
        *_if(moved, tags.address(section), tags.sitemap("pages"), tags.sitemap("articles")),
        # Retracted with its stories, whatever shows one of them; or public again, with all of them.
        *_if("live" in changed, tags.section_name(section)),
    }
    soft = {
        tags.sitemap("pages"),
        *_if(changed & OWN_TEXT, tags.section(section)),
        *_if("label" in changed, tags.section_name(section)),
        *_if("slots" in changed, tags.slots(section)),
        *_if(changed & MENU, tags.sections(language)),
        *_if(moved, tags.news(language)),
        *_if("live" in changed, tags.sitemap("index")),
        *_lists(event.entered, event.left),
    }
    return _purge(hard, soft)


@tags_of.register
def _policy_page(event: events.PolicyPageChanged) -> Purge:
    changed, page, language = set(event.changed), event.page_id, event.language
    moved = changed & PUBLIC
    hard = _if(
        moved,
        *(tags.page(page), tags.address(page), tags.group(event.translation_key), tags.sitemap("pages")),
        *_missing(language),
    )
    soft = {
        tags.sitemap("pages"),
        *_if(changed & POLICY_TEXT, tags.page(page)),
        *_if(changed & POLICY_MENU, tags.about(language)),
    }
    return _purge(hard, soft)


@tags_of.register
def _author(event: events.AuthorChanged) -> Purge:
    changed, author = set(event.changed), event.author_id
    moved = "slug" in changed
    hard = _if(
        moved,
        *(tags.author(author), tags.group(event.translation_key), tags.sitemap("authors")),
        *_missing(event.language),
    )
    soft = {
        *_if(changed & BYLINE, tags.author_name(author)),
        *_if(changed & AUTHOR_TEXT, tags.author(author)),
        *_if(changed & INDEXED, tags.names("author", event.language)),
        *_if(moved, tags.sitemap("index")),
    }
    return _purge(hard, soft)


@tags_of.register
def _pictures(event: events.PicturesWithdrawn) -> Purge:
    return _purge(map(tags.picture, event.stems))


@tags_of.register
def _topic(event: events.TopicChanged) -> Purge:
    changed, topic = set(event.changed), event.topic_id
    moved = "slug" in changed
    hard = _if(
        moved,
        *(tags.topic(topic), tags.group(event.translation_key), tags.sitemap("topics")),
        *_missing(event.language),
    )
    soft = {
        *_if(changed & TOPIC_NAME, tags.topic_name(topic)),
        *_if(changed & TOPIC_TEXT, tags.topic(topic)),
        *_if(changed & INDEXED, tags.names("topic", event.language)),
        *_if(moved, tags.sitemap("index")),
    }
    return _purge(hard, soft)


@tags_of.register
def _group(event: events.GroupChanged) -> Purge:
    return _purge(_if(event.changed, tags.group(event.translation_key)))


@tags_of.register
def _stand_ins(event: events.StandInsDue) -> Purge:
    """Any list may show other stories than it did, in any language."""
    return _purge((), map(tags.layout, settings.CONFIG.languages) if event.after < 0 else ())


@tags_of.register
def _edition(event: events.EditionChanged) -> Purge:
    changed, language = set(event.changed), event.language
    if "locale_id" in changed:
        return _purge(_language(language), [tags.sitemap("pages")])
    return _purge((), [*_if(changed, tags.layout(language)), *_if(changed & IDENTITY, tags.edition(language))])


@tags_of.register
def _script_words(event: events.ScriptWordsChanged) -> Purge:
    return _purge((), [tags.script_words(event.variant)])


def _purge(hard: Iterable[str], soft: Iterable[str] = ()) -> Purge:
    hard = frozenset(hard)
    return Purge(hard, frozenset(soft) - hard)


def _if(condition: object, *chosen: str) -> tuple[str, ...]:
    return chosen if condition else ()


def _missing(language: str) -> tuple[str, ...]:
    """Something may begin to stand where nothing stood: in the language, or at an address that names none.

    What stands in the language stands in its script variants as well.
    """
    own = (tags.missing(language), tags.missing(settings.CONFIG.default_language))
    return own + tuple(tags.missing(variant.place) for variant in variants.of(language))


def _language(language: str) -> tuple[str, ...]:
    """A whole language came or went."""
    return tags.editions(), tags.edition(language), tags.layout(language), *_missing(language)


def _lists(entered: events.Places, left: events.Places) -> Iterator[str]:
    """The tags of what shows the lists that a story came into and went out of."""
    for name, place in (*entered.items(), *left.items()):
        yield from _windows(name, place)
    # What comes in above the settled pages leaves them as they are; what goes may take the last of them with it.
    settled = 2 * settings.CONFIG.page_size
    for name in (*left, *(name for name, place in entered.items() if place >= settled)):
        yield from _if(_kind(name) in PAGED, tags.shelf(name))
    yield from {tag for tag, _ in {*_counts(entered)} ^ {*_counts(left)}}


def _windows(name: str, place: int) -> Iterator[str]:
    yield from _if(_kind(name) in SHOWN_ELSEWHERE and place < NEWEST, tags.newest(name))
    yield from _if(_kind(name) in FED and place < settings.CONFIG.feed_size, tags.feed(name))
    yield from _if(_kind(name) in PAGED, tags.listing(name))


def _counts(places: events.Places) -> Iterator[tuple[str, str]]:
    """What is counted in the archive: the year among the years, the month in its year, the day in its month."""
    for name in places:
        if _kind(name) == "day":
            _, language, day = name.split(":")
            for above, span in (("", day[:4]), (day[:4], day[:7]), (day[:7], day)):
                yield tags.archive(language, above), span


def _kind(name: str) -> str:
    return name.partition(":")[0]


def _names_sitemaps(entered: events.Places, left: events.Places, *, moved: bool) -> Iterator[str]:
    """An author's or topic's page counts as changed when its newest story is another one, or is dated otherwise."""
    first = {_kind(name) for name, place in (*entered.items(), *left.items()) if place == 0}
    yield from (tags.sitemap(f"{kind}s") for kind in ("author", "topic") if moved or kind in first)


def _sets(groups: Iterable[str]) -> Iterator[str]:
    """The versions of authors and topics whose page came or went, or of the set that a story was taken out of."""
    for one in groups:
        yield from (tags.group(one), tags.sitemap("authors"), tags.sitemap("topics"))


def _versions_parts(article_id: int, versions: Iterable[int]) -> set[str]:
    """Where the sitemap names the set; a story without versions is in none."""
    return _parts(article_id, versions) if versions else set()


def _indexes(language: str, entered: events.Places, left: events.Places) -> Iterator[str]:
    """An index gains a name with its first story, and loses it with its last: both stand at the top of their list."""
    first = {name for name, place in entered.items() if place == 0} ^ {
        name for name, place in left.items() if place == 0
    }
    yield from (tags.names(kind, language) for kind in {_kind(name) for name in first} & {"author", "topic"})


def _parts(article_id: int, versions: Iterable[int]) -> set[str]:
    """The parts of the sitemap in which the story stands, and its versions, which name it."""
    return {tags.sitemap("articles", parts.part_of(one)) for one in (article_id, *versions)}
