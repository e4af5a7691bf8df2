"""No page and no publish reads more of the database in a larger archive: how each query finds its rows, by its plan.

SQLite is told that its tables hold a million stories. A query may find rows of a large table by what only a few have
(a story's id, its address, its group of translations), or walk along an index from one end of a list and stop: then it
says LIMIT. Anything else reads a whole list, and each year a longer one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.articles import published
from broadsheet.articles.models import ArticlePage, SectionPage
from broadsheet.articles.projection import PublishedArticle
from broadsheet.newsroom import schedule
from broadsheet.outbox import services as outbox
from broadsheet.rendering import warming

from . import whole_edition

pytestmark = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="an empty PostgreSQL table is read as a whole")

LARGE = {
    *("articles_published", "articles_published_section", "articles_published_topic", "articles_published_author"),
    *("articles_articlepage", "articles_articlebyline", "articles_articletopic", "wagtailcore_page"),
    *("wagtailcore_revision", "wagtailcore_referenceindex", "wagtailcore_pagelogentry", "search_article"),
}
# What only a few rows of a large table have.
RARE = re.compile(
    r"\b(rowid|id|article_id|page_ptr_id|page_id|translation_key|slug|path|url_path|object_id|to_object_id|expire_at|"
    r"alias_of_id|story_id|revision_id|latest_revision_id|live_revision_id|approved_go_live_at)=\?"
    r"|\b(path|rowid|expire_at|approved_go_live_at)[<>]\?|INTEGER PRIMARY KEY|broadsheet_page_expire"
    r"|published_at>\? AND|VIRTUAL TABLE INDEX \d+:="
)
# Few pages among many: fronts, sections and pages about the newsroom are found by their kind, and there are few.
FEW = re.compile(r"content_type_id=\?")


@pytest.fixture
def site(db, settings) -> Iterator[whole_edition.Site]:
    built = whole_edition.build()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("UPDATE sqlite_stat1 SET stat = '1000000' || substr(stat, instr(stat || ' ', ' '))")
        cursor.execute("ANALYZE sqlite_schema")
    yield built


def find_long_ways(queries: CaptureQueriesContext) -> list[str]:
    """The queries that read a whole list, each with the line of its plan that says so."""
    found = []
    for sql in {query["sql"] for query in queries if query["sql"].startswith(("SELECT", "UPDATE", "DELETE"))}:
        plan = _plan(sql)
        # Where only the right part of an order is sorted, the index gives the rest: few stories have the same moment.
        sorted_levels = {level for level, line in plan if "TEMP B-TREE" in line and "RIGHT PART" not in line}
        for level, line in plan:
            if _reads_a_list(line, sql) and ("LIMIT" not in sql or level in sorted_levels):
                found.append(f"{line}: {sql[:1000]}")
    return found


def _plan(sql: str) -> list[tuple[int, str]]:
    """The lines of the plan, each with the number of what it is a part of."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"), [])
        return [(row[1], row[3]) for row in cursor.fetchall()]


def _reads_a_list(line: str, sql: str) -> bool:
    table = re.match(r"(?:SCAN|SEARCH) (\w+)", line)
    if table is None or _table_of(table[1], sql) not in LARGE:
        return False
    return not (RARE.search(line) or FEW.search(line))


def _table_of(name: str, sql: str) -> str:
    """Plans call a table by its alias."""
    aliased = re.search(rf'"(\w+)"\s+(?:AS\s+)?"?{name}"?\b', sql)
    return aliased[1] if aliased and name not in LARGE else name


@contextmanager
def watching() -> Iterator[list[str]]:
    """What is done in the block; afterwards the list holds the long ways that it took."""
    long_ways: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield long_ways
    long_ways.extend(find_long_ways(queries))


def test_no_page_reads_a_whole_list(site):
    found: dict[str, str] = {}
    for address in whole_edition.addresses():
        with watching() as long_ways:
            whole_edition.render_all([address])
        found |= dict.fromkeys(long_ways, address)
    assert not found, "\n".join(f"{address} {way}" for way, address in found.items())


def test_no_change_of_a_story_reads_a_whole_list(site):
    story, sport = site.story("rich"), SectionPage.objects.get(pk=site.sections["sport"].pk)
    draft = site.story("draft")
    with watching() as long_ways:
        draft.save_revision().publish()
        story.title = "Put right"
        story.save_revision().publish()
        ArticlePage.objects.get(pk=site.stories["world 3"].pk).unpublish()
        ArticlePage.objects.get(pk=site.stories["world 4"].pk).move(sport, pos="last-child")
        outbox.deliver_all()
    assert not long_ways, "\n".join(long_ways)


def test_looking_for_what_is_due_reads_no_whole_list(site):
    with watching() as long_ways:
        schedule.publish_due()
    assert not long_ways, "\n".join(long_ways)


def test_looking_for_what_is_read_most_reads_no_whole_list(site):
    with watching() as long_ways:
        assert len(list(warming.most_read_paths())) > 20
    assert not long_ways, "\n".join(long_ways)


def test_a_query_that_reads_a_whole_list_is_found(site):
    with watching() as long_ways:
        PublishedArticle.objects.filter(language="en").count()
        list(published.in_language("en").only("slug"))
        list(published.in_language("en")[:3])
    assert len(long_ways) == 2
