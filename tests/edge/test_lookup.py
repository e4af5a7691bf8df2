"""What is stored is given, what is not is rendered once, and whatever fails readers get the best there is."""

from __future__ import annotations

import asyncio

import pytest

from broadsheet.edge.flight import FileFlight
from broadsheet.edge.pages import Rule
from broadsheet.edge.renderer import Rendered, RendererError
from tests.edge.doors import BODY, HOST, FakeRenderer, open_site, with_site

PLAIN = ((b"content-type", b"text/plain"),)


def pushing(site, *, delay_s: float = 0.0, **about):
    """A renderer that stores what it is asked for, as the real one does."""

    async def work(target):
        generation = site.store.tags.generation()
        await asyncio.sleep(delay_s)
        site.push(target, f"page at {target} ".encode() * 40, generation=generation, **about)
        return Rendered(200, (), b"", stored=target)

    return work


async def down(target):
    raise RendererError("down", is_general=True)


@with_site()
async def test_missing_page_is_rendered_and_then_stored(site):
    site.renderer.work = pushing(site)
    for _ in range(3):
        assert (await site.get("/en/new/")).body.startswith(b"page at /en/new/")
    assert site.renderer.targets == ["/en/new/"]
    assert site.renderer.fields == [{}]


@with_site()
async def test_first_reader_of_a_page_gets_it_in_the_best_encoding_too(site):
    site.renderer.work = pushing(site)
    for _ in range(2):
        reply = await site.get("/en/new/", "Accept-Encoding: br, gzip")
        assert reply.headers["content-encoding"] == "br"


@with_site(outer_cache="varnish+xkey://127.0.0.1:6081")
async def test_only_what_is_fresh_at_its_own_address_may_be_kept_in_front(site):
    site.renderer.work = pushing(site)
    for _ in range(3):
        assert (await site.get("/en/new/")).headers["surrogate-control"].startswith("max-age=3600")
    kept = await site.get("/en/new/", f"If-None-Match: {(await site.get('/en/new/')).headers['etag']}")
    assert kept.status == 304 and kept.headers["surrogate-control"].startswith("max-age=3600")
    site.store.tags.purge(["*"], hard=False)
    site.renderer.work = down
    assert (await site.get("/en/new/")).headers["surrogate-control"] == "max-age=0"
    assert "surrogate-control" not in (await site.get("/en/never/")).headers


@with_site()
async def test_two_hundred_who_ask_at_once_cause_one_render(site):
    site.renderer.work = pushing(site, delay_s=0.02)
    clients = [site.ask(f"/en/new/?utm={number}") for number in range(200)]
    await asyncio.gather(*(client.settle() for client in clients))
    assert {client.replies[0].status for client in clients} == {200}
    assert site.renderer.targets == ["/en/new/"]


@with_site()
async def test_page_that_another_process_renders_is_waited_for(site):
    other = FileFlight(site.settings.directory)
    assert other.take("/en/new/")
    client = site.ask("/en/new/")
    await asyncio.sleep(0.02)
    assert not client.transport.sent
    await pushing(site)("/en/new/")
    await client.settle()
    assert client.statuses == [200] and site.renderer.asked == 0
    other.close()


@with_site()
async def test_dead_holder_is_replaced(site):
    site.renderer.work = pushing(site)
    other = FileFlight(site.settings.directory)
    other.take("/en/new/")
    client = site.ask("/en/new/")
    await asyncio.sleep(0.02)
    other.close()
    await client.settle()
    assert client.statuses == [200] and site.renderer.asked == 1


@with_site()
async def test_stale_page_is_given_at_once_and_made_anew_behind(site):
    site.push("/en/list/", b"old " * 100, tags=frozenset({"section:1"}))
    assert (await site.get("/en/list/")).status == 200
    site.store.tags.purge(["section:1"], hard=False)
    gate = asyncio.Event()

    async def work(target):
        generation = site.store.tags.generation()
        await gate.wait()
        site.push(target, b"new " * 100, generation=generation, tags=frozenset({"section:1"}))
        return Rendered(200, (), b"", stored=target)

    site.renderer.work = work
    for _ in range(5):
        assert (await site.get("/en/list/")).body == b"old " * 100
    gate.set()
    while (await site.get("/en/list/")).body != b"new " * 100:
        await asyncio.sleep(0)
    assert site.renderer.asked == 1


@with_site()
async def test_stale_page_stays_while_the_renderer_is_away(site):
    site.push("/en/list/", tags=frozenset({"section:1"}))
    site.store.tags.purge(["section:1"], hard=False)
    site.renderer.work = down
    for _ in range(3):
        assert (await site.get("/en/list/")).status == 200
        await asyncio.sleep(0)


@with_site()
async def test_failure_that_passes_by_at_once_is_not_seen(site):
    async def work(target):
        site.renderer.work = pushing(site)
        raise RendererError("its process was just ended")

    site.renderer.work, site.renderer.rest = work, 0.01
    assert (await site.get("/en/new/")).status == 200
    assert site.renderer.asked == 2


@with_site()
async def test_renderer_that_is_ill_for_long_is_not_waited_for(site):
    site.renderer.work, site.renderer.rest = down, 0.9
    assert (await site.get("/en/new/")).status == 503
    assert site.renderer.asked == 1


@with_site(unavailable={"az": b"<p>Bir azdan</p>", "en": b"<p>Soon</p>"})
async def test_gone_page_is_never_given_even_when_nothing_else_is_there(site):
    site.push("/az/story/", tags=frozenset({"article:1"}))
    assert (await site.get("/az/story/")).status == 200
    site.store.tags.purge(["article:1"], hard=True)
    site.renderer.work = down
    reply = await site.get("/az/story/")
    assert (reply.status, reply.body) == (503, b"<p>Bir azdan</p>")
    assert reply.headers["retry-after"] == "5" and reply.headers["cache-control"] == "no-store"
    assert reply.headers["content-language"] == "az"
    assert (await site.get("/other/")).body == b"<p>Soon</p>"


@with_site()
async def test_page_purged_while_it_was_rendered_is_rendered_again(site):
    times = 0

    async def work(target):
        nonlocal times
        times += 1
        generation = site.store.tags.generation()
        if times == 1:
            site.store.tags.purge(["article:1"], hard=True)
        site.push(target, b"%d " % times * 200, generation=generation, tags=frozenset({"article:1"}))
        return Rendered(200, (), b"", stored=target)

    site.renderer.work = work
    assert (await site.get("/en/story/")).body.startswith(b"2 ")


@with_site()
async def test_answer_that_cannot_be_stored_is_passed_on(site):
    async def work(target):
        return Rendered(302, ((b"location", b"/en/"),), b"")

    site.renderer.work = work
    for _ in range(2):
        reply = await site.get("/en/odd/")
        assert reply.status == 302 and reply.headers["location"] == "/en/"
        assert reply.headers["x-content-type-options"] == "nosniff"
    assert site.renderer.asked == 2


@with_site()
async def test_missing_pages_share_one_answer_until_something_is_published(site):
    async def work(target):
        site.push("404:en", b"not here " * 40, status=404)
        return Rendered(404, (), b"", same_as="404:en")

    site.renderer.work = work
    for _ in range(3):
        reply = await site.get("/en/nothing/")
        assert reply.status == 404 and b"not here" in reply.body and "etag" not in reply.headers
    assert site.renderer.asked == 1
    site.store.tags.purge(["missing:en"], hard=True)
    site.renderer.work = pushing(site)
    assert (await site.get("/en/nothing/")).status == 200
    assert len(list(site.store.addresses())) == 3


@with_site()
async def test_ten_thousand_queries_are_one_page(site):
    site.renderer.work = pushing(site)
    for number in range(3000):
        assert (await site.get(f"/en/world/?utm_source={number}&fbclid=x{number}")).body == BODY
    assert site.renderer.asked == 0
    assert len(site.lookup.table) == 1 and len(site.lookup._addresses) < 10
    assert sum(map(len, site.door.ready)) <= 1


@pytest.mark.parametrize(
    "target",
    ["/en//world/", "/en/world", "/EN/World/", "/en/world;a=1/", "/en/w%6frld/", "//en/world/?utm=1", "/en/./world/.."],
)
@with_site()
async def test_other_spellings_lead_to_the_page(site, target):
    reply = await site.get(target)
    if target.endswith(".."):
        assert reply.status == 503
    else:
        assert (reply.status, reply.headers["location"]) == (301, f"https://{HOST}/en/world/")


@with_site()
async def test_old_address_goes_to_the_renderer_as_it_was_sent(site):
    async def work(target):
        return Rendered(301, ((b"location", b"https://news.example/en/x/"),), b"")

    site.renderer.work = work
    assert (await site.get("/2019/Old_Story?p=7&utm=1")).status == 301
    assert site.renderer.targets == ["/2019/Old_Story?p=7"]


@with_site()
async def test_address_at_which_nothing_can_stand_is_answered_like_any_missing_page(site):
    site.push("404:en", b"not here " * 40, status=404)
    site.push("404:az", b"burada yoxdur " * 40, status=404)
    for target in ("/en/%2e%2e/x", "/en/%00", "/en/%ff", "/en/..;/x", "/EN/%00"):
        reply = await site.get(target)
        assert reply.status == 404 and b"not here" in reply.body
    assert b"yoxdur" in (await site.get("/az/%0d%0aX:y")).body
    assert site.renderer.asked == 0


@with_site()
async def test_choice_of_a_language_is_each_readers_own(site):
    async def work(target):
        location = site.renderer.fields[-1].get("accept-language", "").encode()
        return Rendered(302, ((b"location", location), (b"vary", b"Accept-Language")), b"")

    site.renderer.work = work
    for language in ("az", "en"):
        reply = await site.get("/", f"Accept-Language: {language}", "Cookie: session=x; language=az; other=y")
        assert reply.headers["location"] == language
    assert site.renderer.fields[1] == {"Accept-Encoding": "identity", "accept-language": "en"}
    assert list(site.store.addresses()) == ["/en/world/"]


@with_site(rules=(Rule("/en/live/", dynamic=True),))
async def test_dynamic_answer_that_was_stored_is_read_from_the_store(site):
    site.renderer.work = pushing(site)
    for _ in range(2):
        assert (await site.get("/en/live/")).body.startswith(b"page at /en/live/")
    assert site.renderer.asked == 2
    site.renderer.work = down
    assert (await site.get("/en/live/")).status == 503


@with_site()
async def test_forgotten_push_is_no_endless_loop(site, monkeypatch):
    monkeypatch.setattr("broadsheet.edge.limits.PATIENCE_S", 0.05)

    async def work(target):
        return Rendered(200, (), b"", stored=target)

    site.renderer.work = work
    assert (await site.get("/en/lost/")).status == 503


@with_site()
async def test_slow_render_is_503_in_time_and_there_for_the_next(site, monkeypatch):
    monkeypatch.setattr("broadsheet.edge.limits.PATIENCE_S", 0.03)
    gate = asyncio.Event()

    async def work(target):
        await gate.wait()
        raise AssertionError

    site.renderer.work = work
    assert (await site.get("/en/slow/")).status == 503
    await pushing(site)("/en/slow/")
    assert (await site.get("/en/slow/")).status == 200


def test_store_that_cannot_be_used_is_no_end(tmp_path):
    async def body():
        async def work(target):
            return Rendered(200, PLAIN, b"from the renderer")

        with open_site(tmp_path, FakeRenderer(work)) as site:
            site.push()
            assert (await site.get("/en/world/")).body == BODY
            site.store.close()
            site.door.turn()
            # What is in memory is judged by the map, which others still write to.
            assert (await site.get("/en/world/")).body == BODY
            assert (await site.get("/en/other/")).body == b"from the renderer"

    asyncio.run(body())
