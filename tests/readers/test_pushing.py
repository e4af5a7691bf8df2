"""What the edge asks for goes into its store, under one address, and never what is one reader's own."""

from __future__ import annotations

import pytest
from django.test import Client

from broadsheet.edge.pages import Encoding, Freshness
from broadsheet.edge.rules import pack_facts, unpack_facts
from broadsheet.readers import release, rules
from broadsheet.readers.comparing import compare_all
from broadsheet.rendering import store
from tests import factories


@pytest.fixture(autouse=True)
def readers_origin(settings) -> None:
    settings.ROOT_URLCONF = "broadsheet.readers.urls"
    settings.MIDDLEWARE = ["broadsheet.readers.middleware.OriginMiddleware"]
    settings.ALLOWED_HOSTS = ["*"]


@pytest.fixture
def pages(monkeypatch, tmp_path):
    """A store of this test's own."""
    from broadsheet.edge.store import LmdbStore

    own = LmdbStore(tmp_path / "edge", store_bytes=64 << 20, durable=False, brotli_quality=1)
    monkeypatch.setattr(store, "pages", lambda: own)
    monkeypatch.setattr(store, "directory", lambda: tmp_path / "edge")
    yield own
    own.close()


def ask(address: str):
    return Client(HTTP_HOST="localhost:8000", HTTP_EDGE_RENDER="1").get(address)


def body_of(pages, key: str) -> str:
    return pages.get(key, Encoding.IDENTITY).body.decode()


def test_page_is_pushed_and_its_address_told(pages, section):
    article = factories.make_article(section, "Ferries run again")
    reply = ask(article.public_path)
    assert reply["Edge-Stored"] == article.public_path and not reply.content
    kept = pages.get(article.public_path, Encoding.IDENTITY)
    assert "Ferries run again" in kept.body.decode()
    assert b"Content-Security-Policy: default-src 'none'" in kept.head and b"Set-Cookie" not in kept.head
    keys = kept.head.decode().partition("Surrogate-Key: ")[2].partition("\r\n")[0]
    assert f"article:{article.pk}" in keys.split()


def test_address_that_never_existed_shares_the_page_of_its_language(pages, section):
    for path in ("/en/world/never/", "/en/never/", "/en/archive/2019/13/"):
        assert ask(path)["Edge-Same-As"] == "404:en"
    assert pages.get("404:en", Encoding.IDENTITY).status == 404
    assert list(pages.addresses()) == ["404:en"]


@pytest.mark.parametrize("path", ["/EN/World/", "/en//world/", "/en/world/;a=1"])
def test_other_spelling_is_never_stored(pages, section, path):
    reply = ask(path)
    assert "Edge-Stored" not in reply and "Edge-Same-As" not in reply
    assert not list(pages.addresses())


@pytest.mark.parametrize("path", ["/", "/en/search/?q=ferries", "/healthz"])
def test_what_depends_on_the_reader_is_never_stored(pages, section, path):
    reply = ask(path)
    assert "Edge-Stored" not in reply and reply.status_code in {200, 302}
    assert not list(pages.addresses())


def test_nothing_is_stored_unless_the_edge_asks(pages, section):
    assert Client(HTTP_HOST="localhost:8000").get("/en/world/").status_code == 200
    assert not list(pages.addresses())


def test_page_that_is_purged_while_it_is_made_is_made_anew(pages, section, monkeypatch):
    from broadsheet.readers import views

    article = factories.make_article(section, "Ferries run again")
    find, purges = views.find_page, iter(range(2))

    def find_and_purge(*asked):
        page = find(*asked)
        if next(purges, None) is not None:
            pages.tags.purge([f"article:{article.pk}"], hard=True)
        return page

    monkeypatch.setattr(views, "find_page", find_and_purge)
    assert ask(article.public_path)["Edge-Stored"] == article.public_path


def test_full_or_missing_store_still_answers(section, monkeypatch):
    from broadsheet.edge.errors import StoreUnusable

    def broken():
        raise StoreUnusable("the disk is full")

    monkeypatch.setattr(store, "pages", broken)
    reply = ask("/en/world/")
    assert reply.status_code == 200 and "Edge-Stored" not in reply and b"World" in reply.content


def test_list_page_is_stored_with_its_number_alone(pages, section, settings):
    assert ask("/en/world/?page=1")["Edge-Stored"] == "/en/world/?page=1"
    assert ask("/en/world/?page=77")["Edge-Same-As"] == "404:en"


def test_files_of_a_release_are_stored_for_ever(pages, db):
    from broadsheet.rendering import assets

    address = assets.asset("site.js")
    assert ask(address)["Edge-Stored"] == address
    assert b"immutable" in pages.get(address, Encoding.BR).head
    assert ask("/static/no.js")["Edge-Same-As"] == "404:file"


def test_page_that_reads_nothing_is_stored_until_the_next_release(pages, db):
    assert ask("/robots.txt")["Edge-Stored"] == "/robots.txt"
    reply = pages.get("/robots.txt", Encoding.BR)
    assert b"Surrogate-Key: assets" in reply.head
    pages.tags.purge([release.EVERYTHING], hard=False)
    assert pages.tags.freshness(reply, 0) is Freshness.STALE


def test_rules_name_every_query_that_a_page_reads(pages, home):
    known = {name for rule in rules.site_rules() for name in rule.query_names}
    assert known == {"p", "page_id", "attachment_id", "page", "lang", "q", "letter"}
    facts = rules.site_facts()
    assert unpack_facts(pack_facts(facts)) == facts
    assert set(facts.unavailable) == {"en", "az", "ru", "hy", "fa"}
    assert 'lang="fa"' in facts.unavailable["fa"].decode()


def test_new_release_makes_every_page_stale_once(pages, section):
    release.announce()
    ask("/en/world/")
    before = pages.tags.generation()
    release.announce()
    assert pages.tags.generation() == before
    (store.directory() / "release").write_text("an older one")
    release.announce()
    assert pages.tags.generation() > before
    assert pages.read_rules() == pack_facts(rules.site_facts())


def test_comparison_finds_a_page_that_is_not_what_it_would_be_now(pages, section):
    article = factories.make_article(section, "Ferries run again")
    for path in ("/en/", article.public_path, "/en/never/"):
        ask(path)
    assert compare_all(pages).same == 3
    type(article).objects.filter(pk=article.pk).update(title="Changed past all events")
    from broadsheet.articles.projection import PublishedArticle

    PublishedArticle.objects.filter(pk=article.pk).update(headline="Changed past all events")
    found = compare_all(pages)
    assert article.public_path in found.different
    assert pages.describe(article.public_path) is None
