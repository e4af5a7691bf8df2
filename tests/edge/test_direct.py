"""Pages that the table has no room for are answered from their stored bytes, as right and as fresh as any other."""

from __future__ import annotations

import asyncio
import time

import pytest

from broadsheet.edge.counters import Counter
from broadsheet.edge.pages import Encoding, Rule
from broadsheet.edge.rules import SiteFacts
from broadsheet.edge.sightings import Sightings
from tests.edge.doors import BODY, request, with_site

BR = ("Accept-Encoding: br",)


def fill_table(site) -> None:
    """From now on only what is asked for far more often than the rest gets a place."""
    table, client = site.lookup.table, site.client()
    for number in range(8):
        site.push(f"/en/hot/{number}/", tags=frozenset({"hot"}))
        for encoding in Encoding:
            table.fetch(b"/en/hot/%d/" % number, f"/en/hot/{number}/", encoding, 0)
        client.send(request(f"/en/hot/{number}/") * 60)
    table._limit_bytes = table.size_bytes
    site.door.turn()


def given(site) -> int:
    """How many replies came straight from the store."""
    site.door.direct.turn()
    return site.door.counters.row[Counter.STORE_HITS]


@with_site()
async def test_page_beside_a_full_table_has_the_bytes_it_always_has(site):
    replies = {}
    for fields in ((), BR, ("Accept-Encoding: gzip",)):
        replies[fields] = await site.get("/en/world/", *fields)
    site.lookup.table.clear()
    site.door.turn()
    fill_table(site)
    before = given(site)
    for fields, reply in replies.items():
        again = await site.get("/en/world/", *fields)
        assert (again.status, again.body, again.raw_names) == (200, reply.body, reply.raw_names)
        assert {**again.headers, "date": ""} == {**reply.headers, "date": ""}
    assert given(site) == before + 3
    assert b"/en/world/" not in site.lookup.table.entries[Encoding.BR]


@with_site()
async def test_known_bytes_are_not_sent_again_from_the_store(site):
    tag = (await site.get("/en/world/", *BR)).headers["etag"]
    first = await site.get("/en/world/", *BR, f"If-None-Match: {tag}")
    site.lookup.table.clear()
    site.door.turn()
    fill_table(site)
    before = given(site)
    reply = await site.get("/en/world/", *BR, f"If-None-Match: {tag}")
    assert (reply.status, reply.body, reply.raw_names) == (304, b"", first.raw_names)
    assert given(site) == before + 1
    assert (await site.get("/en/world/", *BR, f'If-None-Match: "x", {tag}')).status == 304
    assert (await site.get("/en/world/", *BR, 'If-None-Match: "x"')).status == 200


@pytest.mark.parametrize("hard", [True, False])
@with_site(outer_cache="varnish+xkey://127.0.0.1:6081")
async def test_purged_page_is_never_given_as_fresh(site, hard):
    fill_table(site)
    site.push("/en/story/", tags=frozenset({"article:1"}))
    client = site.client()
    before = given(site)
    for _ in range(3):
        client.send(request("/en/story/"))
    assert given(site) == before + 3
    assert all(reply.headers["surrogate-control"].startswith("max-age=3600") for reply in client.replies)
    site.store.tags.purge(["article:1"], hard=hard)
    client.send(request("/en/story/"))
    await client.settle()
    last = client.replies[-1]
    assert last.status == (503 if hard else 200)
    assert hard or last.headers["surrogate-control"] == "max-age=0"


@with_site()
async def test_older_version_that_was_judged_says_nothing_of_a_newer_one(site):
    fill_table(site)
    generation = site.store.tags.generation()
    site.push("/en/story/", tags=frozenset({"article:1"}))
    site.store.tags.purge(["article:2"], hard=False)
    assert (await site.get("/en/story/")).status == 200
    # Begun before the purge of a tag that it alone carries, put after it: stale, whatever stood there before.
    site.push("/en/story/", b"later " * 90, generation=generation, tags=frozenset({"article:1", "article:2"}))
    before = given(site)
    assert (await site.get("/en/story/")).body == b"later " * 90
    await asyncio.sleep(0)
    assert given(site) == before and site.renderer.targets == ["/en/story/"]


@with_site()
async def test_purge_of_another_tag_leaves_the_page_fresh(site):
    fill_table(site)
    site.push("/en/story/", tags=frozenset({"article:1"}))
    before = given(site)
    for number in range(5):
        assert (await site.get("/en/story/")).status == 200
        site.store.tags.purge([f"article:{number + 2}"], hard=True)
    assert given(site) == before + 5 and site.renderer.asked == 0


@with_site()
async def test_page_past_its_time_goes_the_general_way(site):
    fill_table(site)
    site.push("/en/old/", fresh_until=time.time() - 1)
    assert (await site.get("/en/old/")).status == 200
    await asyncio.sleep(0)
    assert site.renderer.targets == ["/en/old/"]


@with_site()
async def test_changed_byte_is_never_given(site):
    fill_table(site)
    assert (await site.get("/en/world/")).body == BODY
    read = site.store.read

    def read_damaged(address, take, encoding):
        def damage(address, value, encoding):
            changed = bytearray(value)
            changed[-1] ^= 1
            return take(address, memoryview(changed), encoding)

        return read(address, damage, encoding)

    site.store.read = read_damaged
    assert (await site.get("/en/world/")).status == 503
    assert site.store.damaged_pages > 0
    site.store.read = read
    assert (await site.get("/en/world/")).body == BODY


@with_site(rules=(Rule("/en/live/", dynamic=True),))
async def test_dynamic_address_is_never_read_from_the_store(site):
    fill_table(site)
    site.push("/en/live/")
    assert (await site.get("/en/live/")).status == 503
    assert (await site.get("/en/world/")).status == 200
    facts = SiteFacts((Rule("/en/world/", dynamic=True),), {}, ())
    site.lookup.use_facts(facts)
    assert (await site.get("/en/world/")).status == 503
    assert (await site.get("/en/live/")).status == 200


@pytest.mark.parametrize("target", ["/en/world/?page=1", "/en//world/", "/en/World/", "/healthz", "/pictures/x.jpg"])
@with_site()
async def test_only_an_address_in_its_one_spelling_is_plain(site, target):
    await site.get(target)
    assert target.encode() not in site.lookup.plain


@with_site()
async def test_walk_through_the_archive_pushes_nothing_out(site):
    fill_table(site)
    kept = list(site.lookup.table.entries[Encoding.IDENTITY])
    for number in range(50):
        site.push(f"/en/archive/{number}/")
    for _ in range(2):
        for number in range(50):
            assert (await site.get(f"/en/archive/{number}/")).status == 200
    assert sorted(site.lookup.table.entries[Encoding.IDENTITY]) == kept
    # What is hot now takes the place of what was.
    for _ in range(7):
        site.door.turn()
    for _ in range(60):
        assert (await site.get("/en/archive/7/")).status == 200
    assert b"/en/archive/7/" in site.lookup.table.entries[Encoding.IDENTITY]
    assert site.lookup.table.size_bytes <= site.lookup.table._limit_bytes


@with_site()
async def test_stopping_worker_gives_nothing_directly(site):
    fill_table(site)
    site.door.is_stopping = True
    assert (await site.get("/en/world/")).headers["connection"] == "close"


def test_sightings_fade_and_are_bounded():
    sightings = Sightings()
    assert [sightings.note(b"/a") for _ in range(300)][-1] == 255
    sightings.add(b"/a", 1000)
    assert sightings.count(b"/a") == 255
    for _ in range(8):
        sightings.fade()
    assert sightings.count(b"/a") == 0


@with_site()
async def test_page_in_the_table_is_ready_again_after_a_purge_of_another(site):
    page, other = "/en/story/", "/en/other/"
    site.push(page, tags=frozenset({"article:1"}))
    site.push(other, tags=frozenset({"article:2"}))
    client = site.client()
    for path in (page, page, other):
        client.send(request(path))
    assert b"/en/story/" in site.lookup.table.entries[Encoding.IDENTITY]
    site.store.tags.purge(["article:2"], hard=True)
    client.send(request(page))
    assert site.door.ready[Encoding.IDENTITY].keys() == {page.encode()}
    assert [reply.status for reply in client.replies] == [200] * 4
    assert client.replies[3].body == client.replies[0].body


@with_site()
async def test_remembered_head_is_not_given_with_another_version_of_the_page(site):
    fill_table(site)
    site.push("/en/story/", tags=frozenset({"article:1"}))
    client = site.client()
    for number in range(3):
        client.send(request("/en/story/", *BR) * 2)
        site.push("/en/story/", body=BODY + b"<p>%d</p>" % number, tags=frozenset({"article:1", f"topic:{number}"}))
    client.send(request("/en/story/", *BR))
    bodies = [reply.body for reply in client.replies]
    assert len({reply.headers["etag"] for reply in client.replies}) == 4
    assert bodies == [bodies[0]] * 2 + [bodies[2]] * 2 + [bodies[4]] * 2 + [bodies[6]]
    assert len(set(bodies)) == 4


@pytest.mark.parametrize("value", ["", '""'])
@with_site()
async def test_page_without_an_entity_tag_is_given_whole_to_who_knows_an_empty_one(site, value):
    site.push("/en/old/", status=301, headers=(("Location", "/en/new/"),), body=b"")
    for _ in range(3):
        reply = await site.get("/en/old/", f"If-None-Match: {value}")
        assert reply.status == 301
