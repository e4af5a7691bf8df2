"""The store in LMDB and the one in memory keep the contract, and agree whatever is done with them."""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Iterator

import brotli
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from broadsheet.edge import replies
from broadsheet.edge.contracts import PutOutcome
from broadsheet.edge.errors import PurgeUnwritten, UnusablePage
from broadsheet.edge.pages import Encoding, Freshness, PushedPage
from broadsheet.edge.replies import pack, unpack
from broadsheet.edge.store import LmdbStore
from tests.edge.contract import HTML, StoreContract
from tests.edge.memory_store import MemoryStore

SMALL = 64 << 20


def open_store(directory, **options) -> LmdbStore:
    return LmdbStore(directory, **({"store_bytes": SMALL, "durable": False} | options))


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def opened(self):
        store = MemoryStore()
        return store, store.tags


class TestLmdbStore(StoreContract):
    @pytest.fixture
    def opened(self, tmp_path) -> Iterator:
        store = open_store(tmp_path)
        yield store, store.tags
        store.close()


header_texts = st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=40)
pages = st.builds(
    PushedPage,
    address=st.text(st.characters(min_codepoint=33, exclude_categories=["Cs"]), min_size=1, max_size=700),
    status=st.sampled_from([200, 301, 404, 410]),
    content_type=st.sampled_from([HTML, "image/png", "application/rss+xml", "text/plain"]),
    body=st.binary(max_size=3000) | st.text(max_size=2000).map(str.encode).map(lambda text: text * 3),
    generation=st.integers(0, 2**64 - 2),
    tags=st.frozensets(st.text("abc:1", min_size=1, max_size=6), max_size=30),
    headers=st.lists(st.tuples(st.sampled_from(["X-A", "Link", "Expires"]), header_texts), max_size=5).map(tuple),
    fresh_until=st.none() | st.floats(0, 2**40),
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(pages)
def test_any_page_comes_back_as_it_was(page):
    try:
        packed = pack(page, brotli_quality=1)
    except UnusablePage:
        return
    for encoding in Encoding:
        reply = unpack(packed.address, memoryview(packed.value), encoding)
        assert (reply.status, reply.generation, reply.fresh_until) == (page.status, page.generation, page.fresh_until)
        assert reply.slots == packed.slots
        lines = reply.head.split(b"\r\n")
        for name, value in page.headers:
            assert f"{name}: {value}".encode("latin-1") in lines
        if encoding == Encoding.IDENTITY:
            assert reply.body == page.body


@settings(max_examples=100, deadline=None, derandomize=True)
@given(pages, st.data())
def test_no_changed_byte_goes_unnoticed(page, data):
    try:
        packed = pack(page, brotli_quality=1)
    except UnusablePage:
        return
    changed = bytearray(packed.value)
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    for encoding in Encoding:
        try:
            found = unpack(packed.address, memoryview(changed), encoding)
        except Exception as error:
            assert type(error).__name__ == "DamagedPage"
        else:
            # The change lies in a body that this encoding does not use.
            assert found == unpack(packed.address, memoryview(packed.value), encoding)


class TwoStores(RuleBasedStateMachine):
    """Everything that can be done, done to both."""

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.real = open_store(self.folder.name, store_bytes=8 << 20)
        self.model = MemoryStore()
        self.begun: list[tuple[int, int]] = []
        self.offset = self.real.tags.generation() - self.model.tags.generation()

    tags = st.frozensets(st.sampled_from(["a", "b", "c", "d", "*"]), max_size=3)

    @rule()
    def begin_render(self) -> None:
        self.begun.append((self.real.tags.generation(), self.model.tags.generation()))

    @precondition(lambda self: self.begun)
    @rule(data=st.data(), address=st.sampled_from(["/a", "/b"]), tags=tags, body=st.binary(max_size=3))
    def put(self, data, address, tags, body) -> None:
        real, model = data.draw(st.sampled_from(self.begun))
        outcomes = [
            store.put(PushedPage(address, 200, HTML, body, generation, tags))
            for store, generation in ((self.real, real), (self.model, model))
        ]
        assert outcomes[0] is outcomes[1]

    @rule(tags=tags, hard=st.booleans(), purge_id=st.sampled_from(["", "", "1", "2", "3"]))
    def purge(self, tags, hard, purge_id) -> None:
        assert (
            self.real.tags.purge(tags, hard=hard, purge_id=purge_id)
            == self.model.tags.purge(tags, hard=hard, purge_id=purge_id) + self.offset
        )

    @rule(address=st.sampled_from(["/a", "/b"]))
    def read(self, address) -> None:
        real, model = (store.get(address, Encoding.BR) for store in (self.real, self.model))
        assert (real is None) == (model is None)
        if real and model:
            assert (real.body, real.slots) == (model.body, model.slots)
            assert self.real.tags.freshness(real, 0) is self.model.tags.freshness(model, 0)

    @rule(address=st.sampled_from(["/a", "/b"]))
    def drop(self, address) -> None:
        self.real.drop(address)
        self.model.drop(address)

    @rule()
    def check(self) -> None:
        self.real.check()
        assert self.real.tags.compare_map() == 0

    @rule()
    def open_again(self) -> None:
        self.real.close()
        self.real = open_store(self.folder.name, store_bytes=8 << 20)

    def teardown(self) -> None:
        if hasattr(self, "real"):
            assert self.real.stats().given_up == 0
            self.real.close()
            self.folder.cleanup()


TestTwoStores = TwoStores.TestCase
TestTwoStores.settings = settings(
    max_examples=15, stateful_step_count=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def fill(store: LmdbStore, count: int, size: int = 2000, **changed) -> None:
    for number in range(count):
        body = number.to_bytes(4, "big") * (size // 4)
        fields = {"content_type": "image/png", "body": body, "generation": store.tags.generation()} | changed
        assert store.put(PushedPage(f"/{number}", 200, **fields))


def test_pages_outlast_the_process(tmp_path):
    store = open_store(tmp_path)
    fill(store, 3)
    generation = store.tags.purge({"a"}, hard=True)
    store.close()
    again = open_store(tmp_path)
    assert again.tags.generation() == generation
    reply = again.get("/2", Encoding.BR)
    assert reply.body[:4] == b"\0\0\0\2" and again.tags.freshness(reply, 0) is Freshness.FRESH
    again.close()


def test_full_store_lets_the_oldest_pages_go(tmp_path):
    store = open_store(tmp_path, store_bytes=2 << 20)
    fill(store, 150, size=40_000)
    stats = store.stats()
    assert stats.given_up == 0 and stats.pages_bytes <= 2 << 20 < 150 * 40_000
    assert store.get("/149", Encoding.BR) is not None
    assert store.get("/0", Encoding.BR) is None
    store.close()


def test_page_that_no_eviction_could_make_room_for_is_refused(tmp_path):
    store = open_store(tmp_path, store_bytes=1 << 20)
    fill(store, 5)
    page = PushedPage("/big", 200, "image/png", bytes(600_000), store.tags.generation())
    assert store.put(page) is PutOutcome.REFUSED
    assert store.get("/4", Encoding.BR) is not None
    store.close()


def test_new_store_begins_higher_than_the_one_that_was_given_up(tmp_path):
    store = open_store(tmp_path)
    generation = store.tags.generation()
    begun = PushedPage("/", 200, HTML, b"", generation)
    (tmp_path / "current").unlink()
    store.check()
    assert store.number == 2 and store.tags.generation() > generation
    assert store.put(begun) is PutOutcome.OVERTAKEN
    assert not (tmp_path / "store-1").exists()
    store.close()


def test_damaged_rules_are_no_rules(tmp_path):
    store = open_store(tmp_path)
    store.write_rules(b"[]")
    (tmp_path / "rules").write_bytes(b"\0\0\0\0[]")
    assert store.read_rules() is None
    store.close()


def test_disk_that_is_full_refuses_and_spoils_nothing(tmp_path):
    """A limit on the length of files does what a full disk does; a reply must be had all the same."""
    store = open_store(tmp_path)
    fill(store, 5)
    before = list(store.addresses())
    hard, soft = resource.getrlimit(resource.RLIMIT_FSIZE)
    length = (tmp_path / "store-1" / "pages" / "data.mdb").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (length + 8192, soft))
    try:
        page = PushedPage("/big", 200, "image/png", bytes(300_000), store.tags.generation())
        assert store.put(page) is PutOutcome.REFUSED
        # Nobody may be able to render now what would have been thrown away.
        assert list(store.addresses()) == before
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, soft))
    assert (store.stats().given_up, store.number) == (0, 1)
    assert store.put(page) is PutOutcome.STORED and store.get("/big", Encoding.BR) is not None
    store.close()


def test_purge_that_finds_no_room_is_said_to_have_failed(tmp_path):
    store = open_store(tmp_path)
    fill(store, 1, tags=frozenset({"a"}))
    hard, soft = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, soft))
    try:
        with pytest.raises(PurgeUnwritten):
            store.tags.purge({"a"}, hard=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, soft))
    store.tags.purge({"a"}, hard=True)
    assert store.tags.freshness(store.get("/0", Encoding.BR), 0) is Freshness.GONE
    assert store.stats().given_up == 0
    store.close()


def test_long_bodies_are_compressed_in_less_time_and_short_ones_in_fewest_bytes():
    """A feed or sitemap is made anew with every story."""
    for size, quality in ((replies.LARGE_BODY_BYTES, 11), (replies.LARGE_BODY_BYTES + 1, replies.LARGE_BROTLI_QUALITY)):
        body = b"".join(b"<url>%d</url>" % (n * n) for n in range(size // 8))[:size]
        packed = pack(PushedPage("/a", 200, "text/xml", body, 0, frozenset()), brotli_quality=11)
        found = unpack(packed.address, memoryview(packed.value), Encoding.BR)
        assert found.body == brotli.compress(body, mode=brotli.MODE_TEXT, quality=quality)
