"""The walk finds every page that is not what was put."""

from __future__ import annotations

from broadsheet.edge.pages import Encoding, PushedPage
from broadsheet.edge.store import LmdbStore
from broadsheet.edge.verify import verify_store

TEXT = b"<p>The harbour opened again on Monday.</p>" * 300


def test_damaged_pages_are_found_dropped_and_named(tmp_path):
    store = LmdbStore(tmp_path, store_bytes=64 << 20, durable=False)
    for number in range(20):
        body = TEXT + number.to_bytes(4, "big")
        store.put(
            PushedPage(f"/{number}/", 200, "text/html", body, store.tags.generation(), frozenset({f"a:{number}"}))
        )
    store.tags.purge({"a:1"}, hard=True)
    store.tags.purge({"a:2"}, hard=False)
    value = store.raw("/7/")
    data = tmp_path / "store-1" / "pages" / "data.mdb"
    whole = data.read_bytes()
    at = whole.index(value) + len(value) - 3
    with open(data, "r+b") as file:
        file.seek(at)
        file.write(bytes([whole[at] ^ 1]))
    # br is whole yet, and the walk looks at gzip too.
    assert store.get("/7/", Encoding.BR) is not None and store.get("/7/", Encoding.GZIP) is None
    report = verify_store(store, 0)
    assert report.damaged == ["/7/"] and report.map_differs == 0
    assert (report.pages, report.fresh, report.stale, report.gone) == (19, 17, 1, 1)
    assert verify_store(store, 0).damaged == []
    store.close()


def test_map_that_lost_a_purge_is_found_and_mended(tmp_path):
    store = LmdbStore(tmp_path, store_bytes=64 << 20, durable=False)
    store.tags.purge({"a", "b"}, hard=True)
    words = store._shelf.volume().slot_map
    slot = next(number for number, newest in enumerate(words.newest) if newest)
    words.newest[slot] = 0
    assert verify_store(store, 0).map_differs == 1
    assert verify_store(store, 0).map_differs == 0
    store.close()
