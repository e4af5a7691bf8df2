"""The table gives out what the store would, without asking it, and never more than its bytes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from broadsheet.edge.pages import Encoding, Freshness, PushedPage
from broadsheet.edge.store import LmdbStore
from broadsheet.edge.table import Table

BR = Encoding.BR


@pytest.fixture
def store(tmp_path) -> Iterator[LmdbStore]:
    opened = LmdbStore(tmp_path, store_bytes=64 << 20, durable=False)
    yield opened
    opened.close()


@pytest.fixture
def table(store) -> Table:
    return Table(store, limit_bytes=1 << 20)


def put(store: LmdbStore, address: str, size: int = 100, **changed) -> None:
    fields = {"tags": frozenset({"all"}), "generation": store.tags.generation()} | changed
    assert store.put(PushedPage(address, 200, "image/png", bytes(size), **fields))


def test_page_is_read_once_and_then_found(store, table):
    put(store, "/")
    assert table.find(b"/", BR, 0) is None
    fetched = table.fetch(b"/", "/", BR, 0)
    assert fetched.freshness is Freshness.FRESH
    assert table.find(b"/", BR, 0) is fetched.reply
    assert table.find(b"/", Encoding.GZIP, 0) is None


def test_page_that_is_nowhere_is_none(table):
    assert table.fetch(b"/", "/", BR, 0) is None


def test_purge_of_another_tag_needs_no_reading(store, table):
    put(store, "/")
    reply = table.fetch(b"/", "/", BR, 0).reply
    store.tags.purge({"elsewhere"}, hard=True)
    assert table.find(b"/", BR, 0) is None
    assert table.fetch(b"/", "/", BR, 0).reply is reply
    assert table.find(b"/", BR, 0) is reply


def test_soft_purge_gives_the_stale_page_until_the_store_has_a_new_one(store, table):
    put(store, "/")
    table.fetch(b"/", "/", BR, 0)
    store.tags.purge({"all"}, hard=False)
    assert table.find(b"/", BR, 0) is None
    assert table.fetch(b"/", "/", BR, 0).freshness is Freshness.STALE
    put(store, "/")
    found = table.fetch(b"/", "/", BR, 0)
    assert found.freshness is Freshness.FRESH and table.find(b"/", BR, 0) is found.reply


def test_hard_purge_gives_nothing(store, table):
    put(store, "/")
    table.fetch(b"/", "/", BR, 0)
    store.tags.purge({"all"}, hard=True)
    assert table.find(b"/", BR, 0) is None and table.fetch(b"/", "/", BR, 0) is None
    assert len(table) == 0 and table.size_bytes == 0


def test_page_past_its_time_is_stale(store, table):
    put(store, "/", fresh_until=50.0)
    assert table.fetch(b"/", "/", BR, 49).freshness is Freshness.FRESH
    assert table.find(b"/", BR, 49.9) is not None and table.find(b"/", BR, 50) is None
    assert table.fetch(b"/", "/", BR, 50).freshness is Freshness.STALE


def test_table_is_bounded_and_what_is_asked_for_stays(store, table):
    put(store, "/front/", 10_000)
    table.fetch(b"/front/", "/front/", BR, 0)
    for number in range(300):
        put(store, f"/{number}/", 10_000)
        table.fetch(b"/%d/" % number, f"/{number}/", BR, 0)
        assert table.find(b"/front/", BR, 0) is not None
        assert table.size_bytes <= 1 << 20
    assert table.find(b"/299/", BR, 0) is not None and table.find(b"/0/", BR, 0) is None
    assert len(table) > 80


def test_reply_too_large_for_the_table_is_given_but_not_kept(store, table):
    put(store, "/", 600_000)
    assert len(table.fetch(b"/", "/", BR, 0).reply.body) == 600_000
    assert len(table) == 0


def test_nothing_of_a_store_that_was_given_up_stays(store, table, tmp_path):
    put(store, "/")
    table.fetch(b"/", "/", BR, 0)
    (tmp_path / "current").unlink()
    store.check()
    assert table.find(b"/", BR, 0) is None and table.fetch(b"/", "/", BR, 0) is None
    put(store, "/")
    table.fetch(b"/", "/", BR, 0)
    assert table.find(b"/", BR, 0) is not None
