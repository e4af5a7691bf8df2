"""What every store of pages and every ledger of tags must do; a subclass says with `opened` which one is meant."""

from __future__ import annotations

import zlib
from typing import Any

import brotli
import pytest

from broadsheet.edge.contracts import PageStore, PutOutcome, TagLedger
from broadsheet.edge.errors import UnusablePage
from broadsheet.edge.pages import Encoding, Freshness, PushedPage

HTML = "text/html; charset=utf-8"
TEXT = ("<!doctype html><p>" + "The harbour opened again on Monday. " * 200).encode()
FRESH, STALE, GONE = Freshness.FRESH, Freshness.STALE, Freshness.GONE


class StoreContract:
    """Run against a store by naming the class Test… and giving it a fixture `opened`: the store and its tags."""

    @pytest.fixture
    def store(self, opened: tuple[PageStore, TagLedger]) -> PageStore:
        return opened[0]

    @pytest.fixture
    def tags(self, opened: tuple[PageStore, TagLedger]) -> TagLedger:
        return opened[1]

    @pytest.fixture
    def page(self, tags: TagLedger):
        def make(address: str = "/en/world/", **changed: Any) -> PushedPage:
            fields: dict[str, Any] = {"status": 200, "content_type": HTML, "body": TEXT}
            fields["generation"] = tags.generation()
            return PushedPage(address, **(fields | changed))

        return make

    def test_page_comes_back_in_every_encoding(self, store, page):
        assert store.put(page()) is PutOutcome.STORED
        br, gzip, plain = (store.get("/en/world/", encoding) for encoding in Encoding)
        assert brotli.decompress(br.body) == zlib.decompress(gzip.body, 31) == plain.body == TEXT
        assert b"Content-Encoding: br\r\n" in br.head and b"Content-Encoding: gzip\r\n" in gzip.head
        assert b"Content-Encoding" not in plain.head
        assert len({br.entity_tag, gzip.entity_tag, plain.entity_tag}) == 3
        for reply in (br, gzip, plain):
            assert b"Content-Length: %d\r\n" % len(reply.body) in reply.head
            assert b"Vary: Accept-Encoding\r\n" in reply.head and b"Vary: Accept-Encoding\r\n" in reply.not_modified
            assert b"ETag: %b\r\n" % reply.entity_tag in reply.head
            assert b"ETag: %b\r\n" % reply.entity_tag in reply.not_modified
            assert reply.head.startswith(b"HTTP/1.1 200 OK\r\n") and reply.head.endswith(b"\r\n")
            assert reply.not_modified.startswith(b"HTTP/1.1 304 Not Modified\r\n")
            assert b"\r\n\r\n" not in reply.head + reply.not_modified

    def test_same_bytes_with_other_tags_have_another_entity_tag(self, store, page):
        def entity_tag(*tags: str) -> bytes:
            store.put(page(tags=frozenset(tags)))
            return store.get("/en/world/", Encoding.BR).entity_tag

        first = entity_tag("article:1", "front:en")
        # Who is told 304 keeps the tags of old, and would miss the next purge.
        assert entity_tag("article:1", "front:en", "topic:2") != first
        assert entity_tag("front:en", "article:1") == first

    def test_what_was_never_put_is_absent(self, store):
        assert store.get("/en/", Encoding.BR) is None
        assert list(store.addresses()) == []

    def test_picture_is_kept_once_and_never_said_to_be_encoded(self, store, page):
        store.put(page("/static/a.png", content_type="image/png", body=bytes(5000)))
        replies = [store.get("/static/a.png", encoding) for encoding in Encoding]
        assert replies[0] == replies[1] == replies[2]
        assert replies[0].body == bytes(5000)
        assert b"Vary" not in replies[0].head and b"Content-Encoding" not in replies[0].head

    @pytest.mark.parametrize("status", [301, 404, 410, 503])
    def test_only_a_200_can_be_asked_for_conditionally(self, store, page, status):
        store.put(page(status=status, headers=(("Location", "/en/"),)))
        reply = store.get("/en/world/", Encoding.BR)
        assert reply.status == status
        assert (reply.entity_tag, reply.not_modified) == (b"", b"")
        assert b"ETag" not in reply.head

    def test_empty_body_is_a_body(self, store, page):
        store.put(page(status=301, body=b"", headers=(("Location", "/en/new/"),)))
        reply = store.get("/en/world/", Encoding.BR)
        assert reply.body == b"" and b"Content-Length: 0\r\n" in reply.head

    def test_same_bytes_keep_their_entity_tag(self, store, tags, page):
        store.put(page(tags=frozenset({"article:1"})))
        before = store.get("/en/world/", Encoding.BR)
        tags.purge({"article:1"}, hard=True)
        store.put(page(tags=frozenset({"article:1"})))
        after = store.get("/en/world/", Encoding.BR)
        assert after.entity_tag == before.entity_tag and after.generation > before.generation

    def test_304_repeats_what_caches_need(self, store, page):
        store.put(page(headers=(("Cache-Control", "max-age=0"), ("Link", "</a>; rel=preload"))))
        reply = store.get("/en/world/", Encoding.GZIP)
        assert b"Cache-Control: max-age=0\r\n" in reply.not_modified
        assert b"Link" not in reply.not_modified

    def test_tags_stand_in_the_head_for_caches_in_front(self, store, page):
        store.put(page(tags=frozenset({"front:en", "article:7"})))
        head = store.get("/en/world/", Encoding.BR).head
        assert b"Surrogate-Key: article:7 front:en\r\n" in head
        assert b"Cache-Tag: article:7,front:en\r\n" in head

    def test_too_many_tags_are_named_many(self, store, page):
        store.put(page(tags=frozenset(f"article:{number}" for number in range(2000))))
        head = store.get("/en/world/", Encoding.BR).head
        line = next(line for line in head.split(b"\r\n") if line.startswith(b"Surrogate-Key: "))
        assert line.endswith(b" many") and len(line) < 5000

    @pytest.mark.parametrize(
        "header",
        [
            ("Set-Cookie", "a=b"),
            ("cache-control", "Private"),
            ("Cache-Control", "max-age=60,  NO-STORE"),
            ("Vary", "*"),
            ("Vary", " Authorization"),
            ("Content-Length", "5"),
            ("ETag", '"x"'),
            ("Transfer-Encoding", "chunked"),
            ("X-A", "b\r\nSet-Cookie: c"),
            ("X-A\r\n", "b"),
            ("X A", "b"),
            ("", "b"),
            ("X-A", "b\0"),
            ("X-A", "Ժամ"),
        ],
    )
    def test_header_that_would_poison_a_shared_store_is_refused(self, store, page, header):
        with pytest.raises(UnusablePage):
            store.put(page(headers=(header,)))
        assert store.get("/en/world/", Encoding.BR) is None

    @pytest.mark.parametrize("address", ["", "/a b", "/a\n", "/\x7f", "/\ud800", "/" + "x" * 9000])
    def test_address_that_is_none_is_refused(self, store, page, address):
        with pytest.raises(UnusablePage):
            store.put(page(address))

    @pytest.mark.parametrize("changed", [{"status": 304}, {"status": 100}, {"status": 799}, {"content_type": "a\r\nb"}])
    def test_reply_that_cannot_be_stored_is_refused(self, store, page, changed):
        with pytest.raises(UnusablePage):
            store.put(page(**changed))

    def test_long_addresses_do_not_mix(self, store, page):
        long = "/en/" + "x" * 4000
        store.put(page(long + "1", body=b"one"))
        store.put(page(long + "2", body=b"two"))
        assert store.get(long + "1", Encoding.BR).body == b"one"
        assert store.get(long + "2", Encoding.BR).body == b"two"
        assert set(store.addresses()) == {long + "1", long + "2"}

    def test_new_page_is_fresh_until_one_of_its_tags_is_purged(self, store, tags, page):
        store.put(page(tags=frozenset({"article:1", "front:en"})))
        reply = store.get("/en/world/", Encoding.BR)
        assert tags.freshness(reply, 0) is FRESH
        tags.purge({"article:2"}, hard=True)
        assert tags.freshness(reply, 0) is FRESH
        tags.purge({"front:en", "front:fa"}, hard=False)
        assert tags.freshness(reply, 0) is STALE
        tags.purge({"article:1"}, hard=True)
        assert tags.freshness(reply, 0) is GONE
        tags.purge({"article:1"}, hard=False)
        assert tags.freshness(reply, 0) is GONE

    def test_star_purges_every_page(self, store, tags, page):
        store.put(page())
        reply = store.get("/en/world/", Encoding.BR)
        tags.purge({"*"}, hard=False)
        assert tags.freshness(reply, 0) is STALE
        tags.purge({"*"}, hard=True)
        assert tags.freshness(reply, 0) is GONE

    def test_page_becomes_stale_at_its_time(self, store, tags, page):
        store.put(page(fresh_until=1000.5))
        reply = store.get("/en/world/", Encoding.BR)
        assert tags.freshness(reply, 1000.4) is FRESH
        assert tags.freshness(reply, 1000.5) is STALE

    def test_generation_grows_with_each_purge_and_not_without(self, tags):
        before = tags.generation()
        assert tags.generation() == before
        after = tags.purge({"a"}, hard=True)
        assert after == tags.generation() > before
        assert tags.purge((), hard=True) == after == tags.generation()

    def test_purge_is_delivered_once(self, store, tags, page):
        first = tags.purge({"article:1"}, hard=True, purge_id="event-1")
        store.put(page(tags=frozenset({"article:1"})))
        tags.purge({"article:9"}, hard=True)
        assert tags.purge({"article:1"}, hard=True, purge_id="event-1") <= first
        assert tags.freshness(store.get("/en/world/", Encoding.BR), 0) is FRESH
        tags.purge({"article:1"}, hard=True, purge_id="event-2")
        assert tags.freshness(store.get("/en/world/", Encoding.BR), 0) is GONE

    def test_purge_between_render_and_put_is_not_lost(self, store, tags, page):
        begun = page(tags=frozenset({"article:1"}))
        tags.purge({"article:1"}, hard=True)
        outcome = store.put(begun)
        assert outcome is PutOutcome.OVERTAKEN and not outcome
        assert store.get("/en/world/", Encoding.BR) is None

    def test_soft_purge_between_render_and_put_leaves_it_stale(self, store, tags, page):
        begun = page(tags=frozenset({"article:1"}))
        tags.purge({"article:1"}, hard=False)
        assert store.put(begun)
        assert tags.freshness(store.get("/en/world/", Encoding.BR), 0) is STALE

    def test_older_page_never_overwrites_a_newer_one(self, store, tags, page):
        older = page(body=b"older")
        tags.purge({"elsewhere"}, hard=True)
        assert store.put(page(body=b"newer")) is PutOutcome.STORED
        assert store.put(older) is PutOutcome.NEWER_STAYS
        assert store.get("/en/world/", Encoding.BR).body == b"newer"

    def test_page_of_the_same_generation_is_replaced(self, store, page):
        store.put(page(body=b"one"))
        assert store.put(page(body=b"two")) is PutOutcome.STORED
        assert store.get("/en/world/", Encoding.BR).body == b"two"

    def test_page_of_a_generation_to_come_is_not_believed(self, store, tags, page):
        assert store.put(page(generation=tags.generation() + 1)) is PutOutcome.OVERTAKEN

    def test_dropped_page_is_absent(self, store, page):
        store.put(page())
        store.drop("/en/world/")
        store.drop("/en/world/")
        assert store.get("/en/world/", Encoding.BR) is None

    def test_addresses_come_in_order(self, store, page):
        for address in ("/hy/ժամ/", "/en/b/", "/en/", "/en/a/", "404:en"):
            store.put(page(address, body=b""))
        assert list(store.addresses()) == ["/en/", "/en/a/", "/en/b/", "/hy/ժամ/", "404:en"]

    def test_rules_come_back(self, store):
        assert store.read_rules() is None
        store.write_rules(b"[1]")
        store.write_rules(b"[1, 2]")
        assert store.read_rules() == b"[1, 2]"
