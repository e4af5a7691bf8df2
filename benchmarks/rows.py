"""Fills a site's database with copies of a few real stories: whole tables at a time, within SQLite itself.

Each copy has rows of its own wherever a story has rows: page, revision, projection, links, bylines; the newest also in
the log, the references and the search index. Headline, two paragraphs, section, topics, author and translation group
are dealt out by number, the same for each archive; a story is ten minutes younger than the one before it. Indexes are
taken away and made anew at the end.
"""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from . import machine

if TYPE_CHECKING:
    from .desks import Desk

_MINUTES_APART = 10
# One group of four has a version in each language.
_ALONE = 4
_CACHE_KIB = 1_000_000
# So many stories, the newest ones, have rows in the search index, the reference index and the log, and a revision with
# content. The others' revisions are empty: nobody can open them in the editor.
_WHOLE = 50_000
_IS_WHOLE = f"p.n > (SELECT max(n) FROM bench_plan) - {_WHOLE}"  # noqa: S608

# The story's number picks at random, and always the same.
_CHANCE = "((n * 2654435761 + {salt} * 40503) % 4294967296 >> 7)"
_DIGITS = "'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'"
_STEP = " || ".join(f"substr({_DIGITS}, (child / {36**power}) % 36 + 1, 1)" for power in (3, 2, 1, 0))

_PLAN = f"""
    INSERT INTO bench_plan
    WITH RECURSIVE
    numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count),
    dealt AS (
        SELECT n, n % :desks AS desk, n / :desks AS team, {_CHANCE.format(salt=1)} % :sections AS section_place,
            {_CHANCE.format(salt=2)} % :topics * ({_CHANCE.format(salt=3)} % :topics) / :topics AS topic_place,
            {_CHANCE.format(salt=4)} % (:topics - 1) + 1 AS topic_step,
            {_CHANCE.format(salt=5)} % :authors * ({_CHANCE.format(salt=6)} % :authors) / :authors AS author_place,
            {_CHANCE.format(salt=7)} % :paragraphs AS first_place, {_CHANCE.format(salt=8)} % :paragraphs AS last_place,
            {_CHANCE.format(salt=9)} % :headlines AS headline_place
        FROM numbers
    )
    SELECT n, dealt.desk, :first_id + n AS id, section_place, headline_place, first_place, last_place,
        s.id AS section_id, s.above_id, t.id AS topic_id, u.id AS other_topic_id, w.id AS author_id,
        :first_revision + n AS revision_id, :first_link + n AS link_id, 'story-' || n AS slug,
        CASE team % {_ALONE} WHEN 0
            THEN printf('%08x%024x', (team * 2654435761) % 4294967296, team)
            ELSE printf('%08x%024x', (n * 2654435761) % 4294967296, 1000000000 + n) END AS translation_key,
        datetime(:newest - (:count - n + 1) * {60 * _MINUTES_APART}, 'unixepoch') AS at,
        s.children + row_number() OVER (PARTITION BY s.id ORDER BY n) AS child, s.path AS above, s.url_path AS above_url
    FROM dealt
    JOIN bench_section s ON s.desk = dealt.desk AND s.place = section_place
    JOIN bench_topic t ON t.desk = dealt.desk AND t.place = topic_place
    JOIN bench_topic u ON u.desk = dealt.desk AND u.place = (topic_place + topic_step) % :topics
    JOIN bench_author w ON w.desk = dealt.desk AND w.place = author_place
    ORDER BY n
"""  # noqa: S608

_PLANNED = (
    "n INTEGER PRIMARY KEY, desk INTEGER, id, section_place, headline_place, first_place, last_place, section_id, "
    "above_id, topic_id, other_topic_id, author_id, revision_id, link_id, slug, translation_key, at, child, above, "
    "above_url"
)
# SQLite keeps the order of CROSS JOIN: the stories come in the order of their numbers, and nothing is sorted.
_STORIES = """
    bench_plan p CROSS JOIN bench_desk d CROSS JOIN bench_template o
    CROSS JOIN bench_paragraph a CROSS JOIN bench_paragraph b CROSS JOIN bench_headline h
    WHERE d.desk = p.desk AND o.bench_desk = p.desk AND a.desk = p.desk AND a.place = p.first_place
    AND b.desk = p.desk AND b.place = p.last_place AND h.desk = p.desk AND h.place = p.headline_place
"""
_TITLE = "h.words || ' ' || p.n"
_HTML = "'<p>' || a.words || '</p><p>' || b.words || '</p>'"
_BLOCKS = f"""'[{{"type":"text","value":"' || {_HTML} || '","id":"' || lower(hex(randomblob(16))) || '"}}]'"""
_PATH = f"p.above || {_STEP}"
_URL = "p.above_url || p.slug || '/'"
_TEXT = "a.words || ' ' || b.words"
_CONTENT = f"""
    CASE WHEN NOT ({_IS_WHOLE}) THEN '{{}}' ELSE json_set(o.content, '$.pk', p.id,
        '$.path', {_PATH}, '$.url_path', {_URL}, '$.slug', p.slug, '$.title', {_TITLE},
        '$.draft_title', {_TITLE}, '$.translation_key', p.translation_key, '$.body', {_BLOCKS},
        '$.bylines[0].pk', p.link_id, '$.bylines[0].article', p.id, '$.bylines[0].author', p.author_id,
        '$.topic_links[0].pk', 2 * p.link_id, '$.topic_links[0].article', p.id, '$.topic_links[0].topic', p.topic_id,
        '$.topic_links[1].pk', 2 * p.link_id + 1, '$.topic_links[1].article', p.id,
        '$.topic_links[1].topic', p.other_topic_id) END
"""

Changed = Mapping[str, str]
_TITLES = dict.fromkeys(("title", "draft_title", "headline", "short_headline", "label", "object_str"), _TITLE)
_MOMENTS = dict.fromkeys(
    (
        *("published_at", "modified_at", "first_published_at", "last_published_at", "latest_revision_created_at"),
        *("created_at", "timestamp"),
    ),
    "p.at",
)


def multiply(database: Path, desks: Sequence[Desk], count: int, newest: int) -> None:
    """Add so many stories to those of the desks, the last of them just before `newest`, in seconds since 1970.

    Call `finish` afterwards, which does most of the work.
    """
    with closing(_connect(database)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        _write_desks(connection, desks)
        _write_plan(connection, desks, count, newest)
        _take_indexes_away(connection)
        connection.execute("COMMIT")


def finish(database: Path, limit_s: float = math.inf) -> bool:
    """Go on with what `multiply` began, for so many seconds; False: it must be called again."""
    until = time.monotonic() + limit_s
    with closing(_connect(database)) as connection:
        if not _is_begun(connection):
            return True
        done = {row[0] for row in connection.execute("SELECT step FROM bench_done")}
        for number, (name, step) in enumerate(_steps(connection)):
            if number in done:
                continue
            if time.monotonic() > until:
                return False
            machine.say(name)
            connection.execute("BEGIN IMMEDIATE")
            step()
            connection.execute("INSERT INTO bench_done VALUES (?)", [number])
            connection.execute("COMMIT")
        for table in ("desk", "section", "topic", "author", "paragraph", "headline", "plan", "index", "done"):
            connection.execute(f"DROP TABLE bench_{table}")
        connection.execute("PRAGMA journal_mode=WAL")
    return True


def _connect(database: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(database, isolation_level=None)
    pragmas = ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{_CACHE_KIB}", "ignore_check_constraints=ON")
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _is_begun(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'bench_done'").fetchone()[0])


def _steps(connection: sqlite3.Connection) -> Iterator[tuple[str, Callable[[], object]]]:
    """What is done in a transaction each, by name; always the same, in the same order."""
    for table, template, changed in _copies():
        yield table, partial(_copy, connection, table, template, changed)
    yield "search_article", partial(_index_words, connection)
    children = "(SELECT count(*) FROM bench_plan WHERE section_id = wagtailcore_page.id)"
    counted = f"UPDATE wagtailcore_page SET numchild = numchild + {children} WHERE id IN (SELECT id FROM bench_section)"  # noqa: S608
    yield "numbers of children", partial(connection.execute, counted)
    for name, sql in connection.execute("SELECT name, sql FROM bench_index ORDER BY rowid").fetchall():
        yield f"index {name}", partial(connection.execute, sql)


def _write_desks(connection: sqlite3.Connection, desks: Sequence[Desk]) -> None:
    connection.execute("CREATE TABLE bench_desk (desk INTEGER PRIMARY KEY, language, token, story_id)")
    connection.execute(
        "CREATE TABLE bench_section (desk, place, id, above_id, path, url_path, children, PRIMARY KEY (desk, place))"
    )
    for kind in ("topic", "author"):
        connection.execute(f"CREATE TABLE bench_{kind} (desk, place, id, PRIMARY KEY (desk, place)) WITHOUT ROWID")
    for kind in ("paragraph", "headline"):
        connection.execute(f"CREATE TABLE bench_{kind} (desk, place, words, folded, PRIMARY KEY (desk, place))")
    for number, desk in enumerate(desks):
        _write_desk(connection, number, desk)


def _write_desk(connection: sqlite3.Connection, number: int, desk: Desk) -> None:
    from broadsheet.search import words

    connection.execute(
        "INSERT INTO bench_desk VALUES (?, ?, ?, ?)", [number, desk.language, desk.language, desk.story.pk]
    )
    paths = {section.path: section.pk for section in desk.sections}
    connection.executemany(
        "INSERT INTO bench_section VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (number, place, one.pk, paths.get(one.path[:-4]), one.path, one.url_path, one.numchild)
            for place, one in enumerate(desk.sections)
        ],
    )
    for kind, named in (("topic", desk.topics), ("author", desk.authors)):
        rows = [(number, place, one.pk) for place, one in enumerate(named)]
        connection.executemany(f"INSERT INTO bench_{kind} VALUES (?, ?, ?)", rows)  # noqa: S608
    for kind, texts in (("paragraph", desk.paragraphs), ("headline", desk.headlines)):
        texts_folded = [
            (number, place, one, " ".join(words.split(one, desk.language))) for place, one in enumerate(texts)
        ]
        connection.executemany(f"INSERT INTO bench_{kind} VALUES (?, ?, ?, ?)", texts_folded)  # noqa: S608


def _write_plan(connection: sqlite3.Connection, desks: Sequence[Desk], count: int, newest: int) -> None:
    """Which number has which id, section, topics, author, text and moment."""
    connection.execute(f"CREATE TABLE bench_plan ({_PLANNED})")

    def highest(table: str) -> int:
        return int(connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])  # noqa: S608

    first = desks[0]
    sizes = {"sections": first.sections, "topics": first.topics, "authors": first.authors}
    texts = {"paragraphs": first.paragraphs, "headlines": first.headlines}
    connection.execute(
        _PLAN,
        {
            **{name: len(several) for name, several in {**sizes, **texts}.items()},
            "count": count,
            "newest": newest,
            "desks": len(desks),
            "first_id": highest("wagtailcore_page"),
            "first_revision": highest("wagtailcore_revision"),
            "first_link": max(highest("articles_articlebyline"), highest("articles_articletopic")),
        },
    )


def _copies() -> Iterator[tuple[str, str, Changed]]:
    """Each table, what its template is called by and the columns that differ. `o` is the template's row."""
    page = {"path": _PATH, "url_path": _URL, "slug": "p.slug", "translation_key": "p.translation_key"}
    revisions = dict.fromkeys(("latest_revision_id", "live_revision_id"), "p.revision_id")
    yield "wagtailcore_page", "o.id = d.story_id", {**page, **_TITLES, **_MOMENTS, **revisions, "id": "p.id"}
    yield (
        "articles_articlepage",
        "o.page_ptr_id = d.story_id",
        {"page_ptr_id": "p.id", "short_headline": "''", "lead": "h.words", "body": _BLOCKS},
    )
    body = f"""'[{{"kind": "html", "html": "<div class=\\"text\\">' || {_HTML} || '</div>"}}]'"""
    yield (
        "articles_published",
        "o.article_id = d.story_id",
        {
            "article_id": "p.id",
            "translation_key": "p.translation_key",
            "slug": "p.slug",
            **_TITLES,
            **_MOMENTS,
            "label": "''",
            "lead": "h.words",
            "description": "h.words",
            "section_id": "p.section_id",
            "body": body,
            "body_text": _TEXT,
            "views": "(p.n * 2654435761) % 997",
        },
    )
    yield (
        "wagtailcore_revision",
        "o.id = (SELECT live_revision_id FROM wagtailcore_page WHERE id = d.story_id)",
        {"id": "p.revision_id", "object_id": "p.id", "content": _CONTENT, "created_at": "p.at", "object_str": _TITLE},
    )
    log = {"id": "NULL", "page_id": "p.id", "label": _TITLE, "timestamp": "p.at"}
    yield "wagtailcore_pagelogentry", f"o.page_id = d.story_id AND {_IS_WHOLE}", log
    yield from _links()


def _links() -> Iterator[tuple[str, str, Changed]]:
    of_story = {"article_id": "p.id", **_MOMENTS}
    author = {**of_story, "author_id": "p.author_id"}
    topic = {**of_story, "topic_id": "CASE o.{order} WHEN 0 THEN p.topic_id ELSE p.other_topic_id END"}
    yield "articles_articlebyline", "o.article_id = d.story_id", {**author, "id": "p.link_id"}
    placed = {name: value.format(order="sort_order") for name, value in topic.items()}
    link = {"id": "2 * p.link_id + o.sort_order"}
    yield "articles_articletopic", "o.article_id = d.story_id", {**placed, **link}
    yield "articles_published_author", "o.article_id = d.story_id", {**author, "id": "NULL"}
    placed = {name: value.format(order="position") for name, value in topic.items()}
    yield "articles_published_topic", "o.article_id = d.story_id", {**placed, "id": "NULL"}
    section = {**of_story, "id": "NULL", "section_id": "p.section_id"}
    yield "articles_published_section", "o.article_id = d.story_id", section
    above = {**section, "section_id": "p.above_id"}
    yield "articles_published_section", "o.article_id = d.story_id AND p.above_id IS NOT NULL", above
    # Authors and topics of the template have other ids: which of a story's each reference means, its path says.
    target = """
        CASE WHEN o.model_path LIKE 'bylines%author' THEN p.author_id
        WHEN o.model_path LIKE 'topic_links%topic' AND o.id % 2 THEN p.topic_id
        WHEN o.model_path LIKE 'topic_links%topic' THEN p.other_topic_id ELSE o.to_object_id END
    """
    pages = "SELECT base_content_type_id FROM wagtailcore_revision WHERE object_id = CAST(d.story_id AS TEXT) LIMIT 1"
    about = f"o.object_id = CAST(d.story_id AS TEXT) AND o.base_content_type_id = ({pages}) AND {_IS_WHOLE}"
    yield "wagtailcore_referenceindex", about, {"id": "NULL", "object_id": "p.id", "to_object_id": target}


def _copy(connection: sqlite3.Connection, table: str, template: str, changed: Changed) -> None:
    """The template's rows are set aside first, by desk: the table grows while it is read."""
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(changed.get(name, f"o.{name}") for name in names)
    own, _, of_plan = template.partition(" AND p.")
    connection.execute("DROP TABLE IF EXISTS temp.bench_template")
    rows = f"SELECT d.desk AS bench_desk, o.* FROM bench_desk d JOIN {table} o ON {own}"  # noqa: S608
    connection.execute(f"CREATE TEMP TABLE bench_template AS {rows}")
    connection.execute("CREATE INDEX temp.bench_template_desk ON bench_template (bench_desk)")
    condition = f" AND p.{of_plan}" if of_plan else ""
    connection.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {_STORIES}{condition}")  # noqa: S608


def _index_words(connection: sqlite3.Connection) -> None:
    """The search index, folded as the product folds it; of a large archive its newest part, or it takes an hour."""
    connection.execute("DROP TABLE IF EXISTS temp.bench_template")
    connection.execute("CREATE TEMP TABLE bench_template AS SELECT desk AS bench_desk FROM bench_desk")
    connection.execute(
        "INSERT INTO search_article (rowid, language, headline, lead, body) "  # noqa: S608
        "SELECT p.id, d.token, h.folded || ' ' || p.n, h.folded, a.folded || ' ' || b.folded "
        f"FROM {_STORIES} AND {_IS_WHOLE}"
    )


def _take_indexes_away(connection: sqlite3.Connection) -> None:
    """Drops the indexes of the tables to be filled, and keeps the statements that make them anew."""
    connection.execute("CREATE TABLE bench_index (name, sql)")
    connection.execute("CREATE TABLE bench_done (step INTEGER PRIMARY KEY)")
    tables = {table for table, _, _ in _copies()}
    found = connection.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    for name, table, sql in found.fetchall():
        if table in tables:
            connection.execute("INSERT INTO bench_index VALUES (?, ?)", [name, sql])
            connection.execute(f'DROP INDEX "{name}"')
