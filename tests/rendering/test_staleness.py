"""Nothing that changed is left fresh, and pages whose bytes are the same stay so.

Every change that an editor can make (`edits`) is made to a small site (`whole_edition`), in a transaction that is
rolled back. What became stale, by the events that the change recorded, is compared with what changed in the bytes of
every page there is. All changes together take a minute: the fast suite makes a few of each sort.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
import time_machine
from django.conf import settings as configured
from django.db import transaction
from django.test import override_settings

from broadsheet.articles.blocks import BodyBlock
from broadsheet.rendering import tags
from broadsheet.rendering.finished import FinishedPage
from broadsheet.rendering.purging import Purge
from tests.rendering import edits, whole_edition
from tests.rendering.whole_edition import Site, shown

# For the database to be made; each test's own transaction lies within that of the site.
pytestmark = pytest.mark.django_db

CHANGES = {
    **{f"{model.__name__}.{name}": change for model, fields in edits.FIELDS.items() for name, change in fields.items()},
    **edits.OTHERS,
}
BLOCKS = {f"{kind}.{name}": change for kind, fields in edits.BLOCKS.items() for name, change in fields.items()}
# Pages of each kind, for changes that all reach as far as one another.
SAMPLE = [
    *("/en/", "/ru/", "/en/world/", "/en/world/?page=7", "/en/world/rich/", "/en/world/rich/print/", "/en/topic/sea/"),
    *("/en/world/world-1/", "/ru/mir/mir-1/", "/en/author/aytan-reed/", "/en/archive/2026/03/02/", "/en/feed.xml"),
    *("/en/nothing/", "/en/atom.xml", "/en/feed.json", "/en/news-sitemap.xml", "/sitemap.xml", "/en/about-us/"),
]

# Which kind of tag may make which kinds of page stale although their bytes stay the same, and why that is left so.
REVIEW = [
    (
        "missing",
        "missing",
        "one 404 a language is kept for all addresses: what begins to exist may stand at any of them",
    ),
    ("missing", "moved", "an old address leads on only as long as nothing new stands there"),
    ("address group", "about", "a link to a story that was retracted, or that has a version more, may stay as it is"),
    ("shelf", "numbered", "when a story goes, the last settled page may become an unsettled one; stories rarely go"),
    ("list", "numbered", "the last numbered pages show and link to what moves as the list grows, if not each time"),
    ("list", "list", "below the newest stories of a list nobody counts at which place one stands"),
    ("newest", "story", "the rule reads the newest stories deeper than it shows them"),
    ("names", "list", "an index goes when the newest story of a name does: whether it was the only one nobody counts"),
    ("slots", "front", "what editors choose may be what the rule would have chosen"),
    ("card", "front story", "label, lead and picture are one tag: lists show different ones of them"),
    ("line", "front paper", "short headline, address and time are one tag, also where a menu shows it"),
    ("article", "story", "a short headline stands on the story's own page only where the headline is too long"),
    ("article", "paper", "a story on paper goes with the story, without what only machines and screens need"),
    ("group", "story", "the day of a translation decides only which version came first"),
    ("author-name", "feed paper", "name, address and role are one tag: feeds and paper show a part"),
    ("topic-name", "feed", "name and address are one tag: feeds show the name"),
    ("section front", "feed", "a text is one tag: feeds show the description, not what search engines are told"),
    (
        "sections",
        "feed paper other",
        "which, where, called what, in which order is one tag: feeds and paper need a part",
    ),
    ("sections", "list story about numbered", "the same: a section that moves may stay in its menus"),
    ("about", "feed paper missing other", "the same of pages about us, whose kind is told to machines alone"),
    ("text", "feed", "whether a story has versions is one tag with its text: Atom and JSON tell it, RSS does not"),
    (
        "layout",
        "list story about numbered missing front",
        "which languages' stories may stand in is chosen once: then any list may show others, and nobody looks which",
    ),
    ("editions", "missing moved", "an address is read by the languages there are; they come and go once in years"),
    ("edition", "feed paper sitemap other", "an edition's settings change a few times a year: two tags are enough"),
    ("layout", "paper other", "the same: paper and the picture for shared links need a part"),
    ("editions", "paper", "paper has no menu of languages"),
    ("editions", "sitemap", "a language may come or go that has nothing in this sitemap"),
    ("archive", "list numbered", "the switch leads to the same day of a language only where that has stories on it"),
    ("news", "sitemap", "a section may come without stories"),
    ("sitemap", "sitemap", "a sitemap tells the newest change of many pages: one of an older page goes unnoticed"),
]
# The site has no script variant (`test_variants`), and pictures are no pages (`tests/edge/test_files.py`).
ELSEWHERE = {"script-words", "picture"}
REVIEWED = {(tag, kind): reason for tags_, kinds, reason in REVIEW for tag in tags_.split() for kind in kinds.split()}


# What the tests below have made, and what of the review they needed.
_made: set[str] = set()
_needed: set[tuple[str, str]] = set()


def kind_of(address: str, page: FinishedPage) -> str:
    """The kind of page by which `REVIEWED` knows it."""
    path, _, query = address.partition("?")
    parts = path.strip("/").split("/")
    if page.status != 200:
        return "moved" if page.status == 301 else "missing"
    if query.startswith("page="):
        return "numbered"
    for kind, is_it in (
        ("paper", parts[-1] == "print"),
        ("feed", parts[-1] in whole_edition.FEEDS),
        ("sitemap", "sitemap" in parts[-1]),
        ("about", parts[-1] in {"about-us", "reuse", "o-nas"}),
        ("other", "." in parts[-1] or parts[-1] == "offline"),
        ("front", len(parts) == 1),
        ("story", len(parts) == 3 and parts[1] not in {"author", "topic", "archive"}),
    ):
        if is_it:
            return kind
    return "list"


@pytest.fixture(autouse=True)
def own_folders() -> None:
    """The pictures of the site that all tests of this module share stand in its own folder."""


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Site]:
    """Built once; all that the tests change is rolled back."""
    folder = tmp_path_factory.mktemp("site")
    config = replace(configured.CONFIG, page_size=whole_edition.PAGE_SIZE, feed_size=whole_edition.FEED_SIZE)
    folders = {"MEDIA_ROOT": folder / "media", "PUBLIC_ROOT": folder / "public"}
    with django_db_blocker.unblock(), override_settings(CONFIG=config, **folders), transaction.atomic():
        with time_machine.travel(whole_edition.BUILT_AT, tick=False):
            built = whole_edition.build()
        with time_machine.travel(whole_edition.NOW, tick=False):
            built.pages_before = whole_edition.render_all()
            yield built
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Outcome:
    """What a change did: the pages before and after it, and what its events purge."""

    before: dict[str, FinishedPage]
    after: dict[str, FinishedPage]
    purge: Purge

    @property
    def stale(self) -> set[str]:
        return {one for one, page in self.before.items() if page.tags & (self.purge.hard | self.purge.soft)}

    @property
    def gone(self) -> set[str]:
        return {one for one, page in self.before.items() if page.tags & self.purge.hard}

    @property
    def different(self) -> set[str]:
        return {one for one, page in self.before.items() if shown(page) != shown(self.after[one])}

    @property
    def needlessly_stale(self) -> dict[str, set[tuple[str, str]]]:
        """The pages that are stale with the same bytes, with the kinds of tags by which they are, and of page."""
        purged = self.purge.hard | self.purge.soft
        pages = {address: self.before[address] for address in self.stale - self.different}
        return {
            address: {(tag.partition(":")[0], kind_of(address, page)) for tag in page.tags & purged}
            for address, page in pages.items()
        }


def make(site: Site, change: edits.Change, only: list[str] | None = None) -> Outcome:
    """Make the change, render everything again, take the change back."""
    mark = whole_edition.last_event()
    with transaction.atomic():
        change(site)
        purge = whole_edition.purge_all(whole_edition.collect(mark))
        after = whole_edition.render_all(only)
        transaction.set_rollback(True)
    return Outcome({address: site.pages_before[address] for address in after}, after, purge)


def check(outcome: Outcome) -> None:
    assert outcome.different - outcome.stale == set(), "left fresh"
    needless = outcome.needlessly_stale
    assert {address: kinds - REVIEWED.keys() for address, kinds in needless.items() if kinds - REVIEWED.keys()} == {}
    _needed.update(*needless.values())
    kinds = {tag.partition(":")[0] for tag in outcome.purge.hard | outcome.purge.soft}
    assert kinds <= tags.KINDS.keys()


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGES)
def test_what_changes_is_stale_and_what_does_not_stays_fresh(site, name):
    check(make(site, CHANGES[name]))
    _made.add(name)


@pytest.mark.slow
def test_review_holds_nothing_that_is_not_needed(site):
    for name in sorted(CHANGES.keys() - _made):
        check(make(site, CHANGES[name]))
    assert REVIEWED.keys() - _needed == set()


@pytest.mark.slow
@pytest.mark.parametrize("name", BLOCKS)
def test_block_that_changes_makes_its_story_stale_and_no_list(site, name):
    outcome = make(site, BLOCKS[name], SAMPLE)
    check(outcome)
    assert outcome.different >= {"/en/world/rich/", "/en/world/rich/print/"}


@pytest.mark.slow
def test_all_kinds_of_pages_are_rendered(site):
    found = {kind_of(address, page) for address, page in site.pages_before.items()}
    assert found >= {kind for _, kind in REVIEWED}
    recorded = {tag.partition(":")[0] for page in site.pages_before.values() for tag in page.tags}
    assert recorded == tags.KINDS.keys() - ELSEWHERE
    assert set(SAMPLE) <= site.pages_before.keys()


@pytest.mark.parametrize("model", edits.UNSEEN, ids=lambda model: model.__name__)
def test_every_field_is_declared(model):
    """A new field is edited in `edits`, or told there why no reader sees it."""
    fields = {one.name for one in model._meta.concrete_fields}
    assert fields - edits.FIELDS[model].keys() - edits.UNSEEN[model].keys() == set()
    assert edits.FIELDS[model].keys() <= fields


def test_every_block_is_declared():
    declared = {kind: set(fields) for kind, fields in edits.BLOCKS.items()}
    blocks = BodyBlock().child_blocks
    assert declared == {kind: set(getattr(block, "child_blocks", {"value": None})) for kind, block in blocks.items()}


def test_every_model_that_is_published_is_declared():
    """Whatever hangs on one of our models by a foreign key with a cascade of its own is edited with it."""
    pages = {
        one.related_model for model in edits.PAGES for one in model._meta.related_objects if one.name in edits.ROWS
    }
    assert pages | set(edits.PAGES) <= edits.FIELDS.keys()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("ArticlePage.body", {"/en/world/world-1/", "/en/author/aytan-reed/atom.xml", "/en/topic/astronomy/feed.xml"}),
        ("story is corrected", {"/en/world/world-2/", "/en/world/", "/en/", "/ru/mir/mir-2/"}),
        ("story is retracted", {"/en/world/world-2/", "/en/world/", "/en/", "/ru/mir/mir-2/"}),
        ("story is deleted", {"/en/world/rich/", "/en/world/rich/print/", "/en/feed.xml", "/en/", "/ru/mir/mir-1/"}),
        ("story expires", {"/en/world/world-2/", "/en/world/"}),
        ("ArticlePage.slug", {"/en/world/rich/", "/en/world/renamed/", "/ru/mir/mir-1/"}),
        ("story appears", {"/en/world/new/", "/en/nothing/"}),
        ("section is retracted", {"/en/asia/", "/en/asia/asia-1/", "/en/asia/feed.xml", "/en/", "/en/topic/sea/"}),
        ("SectionPage.slug", {"/en/world/", "/en/planet/"}),
        ("page about us is retracted", {"/en/about-us/"}),
    ],
)
def test_what_may_never_be_answered_again_is_gone(site, name, gone):
    assert gone <= make(site, CHANGES[name], sorted(gone)).gone


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ArticlePage.title", "Author.name", "story appears", "HomeSlot.article"])
def test_lists_are_answered_once_more(site, name):
    lists = ["/en/", "/en/world/", "/en/author/aytan-reed/", "/en/archive/2026/03/02/"]
    outcome = make(site, CHANGES[name], lists)
    assert outcome.stale and not outcome.gone


@pytest.mark.slow
def test_search_results_are_not_stored(site):
    page = whole_edition.render_all(["/en/search/?q=story"])["/en/search/?q=story"]
    assert page.status == 200 and not page.storable
