"""A change reaches the edge's store before it is acknowledged, and the cache in front soon after, twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from broadsheet import events
from broadsheet.edge.errors import StoreUnusable
from broadsheet.edge.outer.errors import OuterPurgeFailed
from broadsheet.edge.pages import Encoding, Freshness, PushedPage
from broadsheet.edge.store import LmdbStore
from broadsheet.outbox import services as outbox
from broadsheet.outbox.models import OutboxEvent
from broadsheet.rendering import handlers, store, warming
from tests import factories


@pytest.fixture
def pages(monkeypatch, tmp_path):
    own = LmdbStore(tmp_path / "edge", store_bytes=64 << 20, durable=False, brotli_quality=1)
    monkeypatch.setattr(store, "pages", lambda: own)
    monkeypatch.setattr(store, "directory", lambda: tmp_path / "edge")
    yield own
    own.close()


@pytest.fixture
def warmed(monkeypatch) -> list[str]:
    asked: list[str] = []
    monkeypatch.setattr(warming, "warm", lambda paths: asked.extend(paths))
    return asked


class FakeCache:
    def __init__(self) -> None:
        self.purged: list[tuple[frozenset[str], bool]] = []
        self.is_down = False

    def purge(self, tags, *, hard: bool) -> None:
        if self.is_down:
            raise OuterPurgeFailed("Varnish does not answer", permanent=False)
        self.purged.append((frozenset(tags), hard))


@pytest.fixture
def outer(monkeypatch, settings) -> FakeCache:
    from dataclasses import replace

    cache = FakeCache()
    settings.CONFIG = replace(settings.CONFIG, outer_cache="varnish+ban://127.0.0.1:6081")
    monkeypatch.setattr(handlers, "outer_cache", lambda *place: cache)
    return cache


def put(pages, path: str, *tags: str) -> None:
    pages.put(PushedPage(path, 200, "text/html", b"page " * 100, pages.tags.generation(), frozenset(tags)))


def freshness(pages, path: str) -> Freshness:
    return pages.tags.freshness(pages.get(path, Encoding.BR), 0.0)


def test_correction_is_gone_before_the_change_is_acknowledged(
    pages, warmed, section, django_capture_on_commit_callbacks
):
    article = factories.make_article(section, "Ferries run again")
    outbox.deliver_all()
    put(pages, article.public_path, f"article:{article.pk}", f"text:{article.pk}")
    put(pages, "/en/other/", "article:999999")
    with django_capture_on_commit_callbacks(execute=True):
        article.title = "Ferries run on Mondays"
        article.save_revision().publish()
    assert freshness(pages, article.public_path) is Freshness.GONE
    assert freshness(pages, "/en/other/") is Freshness.FRESH
    generation = pages.tags.generation()
    outbox.deliver_all()
    assert pages.tags.generation() == generation, "the relay's purge is the same one"
    assert article.public_path in warmed and "/en/" in warmed


def test_relay_purges_what_could_not_be_purged_at_once(
    pages, warmed, section, monkeypatch, django_capture_on_commit_callbacks
):
    article = factories.make_article(section, "Ferries run again")
    outbox.deliver_all()
    put(pages, article.public_path, f"text:{article.pk}")

    def broken():
        raise StoreUnusable("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(store, "pages", broken)
        with django_capture_on_commit_callbacks(execute=True):
            article.title = "Ferries run on Mondays"
            article.save_revision().publish()
    assert freshness(pages, article.public_path) is Freshness.FRESH
    outbox.deliver_all()
    assert freshness(pages, article.public_path) is Freshness.GONE


def test_cache_in_front_is_purged_twice(pages, warmed, outer, section):
    OutboxEvent.objects.all().delete()
    article = factories.make_article(section, "Ferries run again")
    outbox.deliver_all()
    first = list(outer.purged)
    assert any(f"article:{article.pk}" in tags and hard for tags, hard in first)
    waiting = OutboxEvent.objects.filter(kind="OuterPurgeDue", delivered_at=None)
    assert waiting and all(one.next_attempt_at > timezone.now() + timedelta(seconds=5) for one in waiting)
    waiting.update(next_attempt_at=timezone.now())
    outer.purged.clear()
    outbox.deliver_all()
    assert set(first) >= set(outer.purged) and outer.purged


def test_cache_in_front_loses_a_withdrawn_picture(pages, outer, db):
    outbox.record(events.PicturesWithdrawn(("0f3a9c", "77aa01")))
    outbox.deliver_all()
    assert outer.purged == [(frozenset({"picture:0f3a9c", "picture:77aa01"}), True)]
    again = OutboxEvent.objects.get(kind="OuterPurgeDue")
    assert sorted(again.payload["hard"]) == ["picture:0f3a9c", "picture:77aa01"]


def test_cache_in_front_that_is_down_holds_nothing_up(pages, warmed, outer, section):
    outer.is_down = True
    article = factories.make_article(section, "Ferries run again")
    outbox.deliver_all()
    assert article.public_path in warmed
    row = OutboxEvent.objects.filter(kind="ArticlePublished").latest("id")
    assert row.delivered_at is None and "does not answer" in row.last_error
    outer.is_down = False
    OutboxEvent.objects.filter(delivered_at=None).update(next_attempt_at=timezone.now())
    outbox.deliver_all()
    row.refresh_from_db()
    assert row.delivered_at is not None


def test_warming_without_a_renderer_is_no_error(pages, section):
    assert warming.warm(["/en/", "/en/world/"]) == 0


def test_after_a_release_the_most_read_pages_are_made_once(pages, section, monkeypatch):
    article = factories.make_article(section, "Ferries run again")
    asked: list[str] = []
    monkeypatch.setattr(warming, "warm", lambda paths: asked.extend(paths))
    warming.warm_after_release()
    assert not asked, "no release was announced"
    (store.directory() / "release").write_text("one")
    for _ in range(4):
        warming.warm_after_release()
    assert asked == ["/en/", "/en/world/", article.public_path]
    (store.directory() / "release").write_text("two")
    warming.warm_after_release()
    assert len(asked) == 6
