"""What clients send, and what they get: HTTP/1.1 on one connection, without sockets."""

from __future__ import annotations

import asyncio
import gzip

import brotli
import pytest

from broadsheet.edge import limits, protocol
from broadsheet.edge.pages import Rule
from broadsheet.edge.renderer import Rendered
from tests.edge.doors import BODY, HOST, is_llhttp_strict, request, with_site


@with_site()
async def test_page_comes_with_date_length_and_tag(site):
    for _ in range(2):
        reply = await site.get("/en/world/")
        assert (reply.status, reply.body) == (200, BODY)
        assert reply.headers["date"].endswith(" GMT") and reply.headers["vary"] == "Accept-Encoding"
        assert reply.headers["content-length"] == str(len(BODY))
        assert len(reply.raw_names) == len(set(reply.raw_names))


@pytest.mark.parametrize(
    ("accepted", "label"),
    [
        ((), None),
        (("Accept-Encoding: gzip;q=0",), None),
        (("Accept-Encoding: *",), "br"),
        (("Accept-Encoding: br;q=0.1,gzip;q=0.9",), "gzip"),
        (("Accept-Encoding: zstd",), None),
        (("Accept-Encoding: identity;q=0",), "gzip"),
        (("accept-encoding: gzip, deflate, br, zstd",), "br"),
        (("Accept-Encoding: gzip", "Accept-Encoding: br"), "br"),
        (("Accept-Encoding:",), None),
    ],
)
@with_site()
async def test_bytes_are_what_the_label_says(site, accepted, label):
    tags = set()
    for _ in range(2):
        reply = await site.get("/en/world/", *accepted)
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[label]
        assert reply.headers.get("content-encoding") == label
        assert unpack(reply.body) == BODY
        assert reply.headers["vary"] == "Accept-Encoding"
        tags.add(reply.headers["etag"])
    assert len(tags) == 1


@with_site()
async def test_each_encoding_has_its_own_tag_and_one_entry(site):
    tags = {(await site.get("/en/world/", f"Accept-Encoding: {name}")).headers["etag"] for name in ("br", "gzip", "x")}
    assert len(tags) == 3
    for number in range(1200):
        await site.get("/en/world/", f"Accept-Encoding: br, x{number}")
    assert len(site.lookup.table) == 3
    assert len(site.door.ready_by_accept) <= 1000


@with_site()
async def test_all_encodings_refused(site):
    reply = await site.get("/en/world/", "Accept-Encoding: *;q=0")
    assert reply.status == 406 and reply.headers["x-content-type-options"] == "nosniff"


@with_site()
async def test_known_bytes_are_not_sent_again(site):
    tag = (await site.get("/en/world/", "Accept-Encoding: br")).headers["etag"]
    other = (await site.get("/en/world/")).headers["etag"]
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*", f'"a,b",W/"c" ,{tag}', f" {tag} "):
        for _ in range(2):
            reply = await site.get("/en/world/", "Accept-Encoding: br", f"If-None-Match: {known}")
            assert (reply.status, reply.body) == (304, b"")
            assert reply.headers["etag"] == tag and "content-length" not in reply.headers
            assert reply.headers["vary"] == "Accept-Encoding" and "date" in reply.headers
    for unknown in (other, '"x"', "", tag.strip('"'), "W/*"):
        reply = await site.get("/en/world/", "Accept-Encoding: br", f"If-None-Match: {unknown}")
        assert reply.status == 200
    reply = await site.get("/en/world/", "Accept-Encoding: br", 'If-None-Match: "x"', f"If-None-Match: {tag}")
    assert reply.status == 304


@with_site()
async def test_head_has_everything_but_the_body(site):
    whole = await site.get("/en/world/")
    for _ in range(2):
        client = site.ask("/en/world/", method="HEAD")
        sent = bytes(client.transport.sent)
        assert sent.endswith(b"\r\n\r\n")
        names = [line.split(b":")[0].decode().lower() for line in sent.split(b"\r\n")[1:-2]]
        assert names == whole.raw_names


@with_site()
async def test_requests_in_one_piece_are_answered_in_order(site):
    site.push("/en/a/", b"a" * 300)
    site.push("/en/b/", b"b" * 300)
    targets = ["/en/a/", "/en/b/", "/en/world/", "//en/a", "/en/b/", "/en/none/", "/en/a/"]
    data = b"".join(map(request, targets))
    for piece in (0, 1, 7, 100):
        client = await site.client().send(data, piece).settle()
        assert client.statuses == [200, 200, 200, 301, 200, 503, 200]
        assert [reply.body[:1] for reply in client.replies if reply.status == 200] == [b"a", b"b", b"<", b"b", b"a"]
        assert not client.is_ended


@with_site()
async def test_page_that_takes_long_does_not_let_later_ones_pass(site):
    gate = asyncio.Event()

    async def render(target):
        await gate.wait()
        return Rendered(200, ((b"content-type", b"text/plain"),), target.encode())

    site.renderer.work = render
    client = site.client().send(request("/en/slow/") + request("/en/world/"))
    client.send(request("/en/slow2/"))
    await asyncio.sleep(0.01)
    assert not client.transport.sent
    gate.set()
    while len(client.replies) < 3:
        await asyncio.sleep(0)
    assert [reply.body for reply in client.replies] == [b"/en/slow/", BODY, b"/en/slow2/"]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET /en/world/ HTTP/1.1\r\nHost: news.example\r\nConnection: close\r\n\r\n", 200),
        (b"GET /en/world/ HTTP/1.1\r\nHost: news.example\r\nConnection: Keep-Alive, close\r\n\r\n", 200),
        (b"GET /en/world/ HTTP/1.0\r\nHost: news.example\r\n\r\n", 200),
        (b"GET /en/world/ HTTP/1.0\r\nHost: news.example\r\nConnection: keep-alive\r\n\r\n", 200),
        (b"GET /en/world/ HTTP/1.1\r\nHost: news.example\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", 200),
        (b"GET /en/world/ HTTP/1.0\r\n\r\n", 400),
        (b"GET /en/world/ HTTP/1.1\r\n\r\n", 400),
        (b"GET /en/world/ HTTP/0.9\r\nHost: news.example\r\n\r\n", 505),
        (b"GET /en/world/\r\n\r\n", 505),
        (b"GET /en/world/ HTTP/2.0\r\nHost: news.example\r\n\r\n", 505),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"CONNECT news.example:80 HTTP/1.1\r\nHost: news.example\r\n\r\n", 405),
        (b"OPTIONS * HTTP/1.1\r\nHost: news.example\r\n\r\n", 405),
    ],
)
@with_site()
async def test_connection_ends_where_it_must(site, data, status):
    client = site.client().send(data + request("/en/world/"))
    assert client.statuses == [status]
    assert client.replies[0].headers["connection"] == "close"
    assert client.is_ended
    client.send(request("/en/world/"))
    assert client.statuses == [status]


@pytest.mark.parametrize(
    "head",
    [
        b"GET /en/world/ HTTP/1.1\r\nHost: news.example\r\nHost: news.example\r\n\r\n",
        b"GET /en/world/ HTTP/1.1\r\nHost: news.example\r\nhost: evil.example\r\n\r\n",
        b"GET /en/world/ HTTP/1.1\r\nHost: evil.example\r\nHost: news.example\r\n\r\n",
        b"GET /en/world/ HTTP/1.1\r\nHost:\r\n\r\n",
        b"GET /en/world/ HTTP/1.1\r\nHost: news.example, evil.example\r\n\r\n",
        b"GET /en/world/ HTTP/1.1\r\nHost: news.example/x\r\n\r\n",
        b"GET /en/world/ HTTP/1.1\r\nHost: a@news.example\r\n\r\n",
        b"GET /en/world/ HTTP/1.1\r\nHost: news\rexample\r\n\r\n",
        b"GET /en/world/ HTTP/1.1\r\nHost: " + b"x" * 8192 + b"\r\n\r\n",
        b"GET http://evil.example/en/world/ HTTP/1.1\r\nHost: news.example\r\n\r\n",
        b"GET ftp://news.example/en/world/ HTTP/1.1\r\nHost: news.example\r\n\r\n",
        b"GET http://a@news.example/en/world/ HTTP/1.1\r\nHost: news.example\r\n\r\n",
        b"GET /en/world/#x HTTP/1.1\r\nHost: news.example\r\n\r\n",
        b"GET /en/\x01world/ HTTP/1.1\r\nHost: news.example\r\n\r\n",
        b"GET /en/w\xc3\xb6rld/ HTTP/1.1\r\nHost: news.example\r\n\r\n",
        b"GET /en/world/ x HTTP/1.1\r\nHost: news.example\r\n\r\n",
        b"GET en/world/ HTTP/1.1\r\nHost: news.example\r\n\r\n",
        b"GET /en/world/ HTTP/1.1\nHost: news.example\n\n",
        b"GET /en/world/ HTTP/1.1\r\nHost: news.example\n\r\n",
        b"GET /en/world/ HTTP/1.1\r\nHost: news.example\r\nX: a\rb\r\n\r\n",
        b"GET /en/world/ HTTP/1.1\r\nHost: news.example\r\nX: a\x00b\r\n\r\n",
        b"GET /en/world/ HTTP/1.1\r\nHost: news.example\r\nX: a\r\n b\r\n\r\n",
        b"GET /en/world/ HTTP/1.1\r\nHost : news.example\r\n\r\n",
        b"GET /en/world/ HTTP/1.1\r\n Host: news.example\r\n\r\n",
        b"GET /en/world/ HTTP/1.1\r\nHost: news.example\r\n: x\r\n\r\n",
        b"GET /en/world/ HTTP/1.1\r\nHost: news.example\r\nX y: x\r\n\r\n",
        b"GET /en/world/ HTTP/1.1\r\nHost: news.example\r\nContent-Length: 5\r\n\r\nhello",
        b"GET /en/world/ HTTP/1.1\r\nHost: news.example\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /en/world/ HTTP/1.1\r\nHost: news.example\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /en/world/ HTTP/1.1\r\nHost: news.example\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
        b"POST /en/world/ HTTP/1.1\r\nHost: news.example\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        b"POST /en/world/ HTTP/1.1\r\nHost: news.example\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"POST /en/world/ HTTP/1.1\r\nHost: news.example\r\nContent-Length: +3\r\n\r\nabc",
        b"POST /en/world/ HTTP/1.1\r\nHost: news.example\r\nContent-Length: -3\r\n\r\nabc",
        b"POST /en/world/ HTTP/1.1\r\nHost: news.example\r\nContent-Length: 3, 3\r\n\r\nabc",
        b"POST /en/world/ HTTP/1.1\r\nHost: news.example\r\nContent-Length: 0x3\r\n\r\nabc",
        b"POST /en/world/ HTTP/1.1\r\nHost: news.example\r\nContent-Length:\r\n\r\nabc",
        b"POST /en/world/ HTTP/1.1\r\nHost: news.example\r\nContent-Length: 99999999999999999999999\r\n\r\nabc",
        b"POST /en/world/ HTTP/1.1\r\nHost: news.example\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"POST /en/world/ HTTP/1.1\r\nHost: news.example\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"POST /en/world/ HTTP/1.1\r\nHost: news.example\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"POST /en/world/ HTTP/1.1\r\nHost: news.example\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
        b"POST /en/world/ HTTP/1.0\r\nHost: news.example\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
@with_site()
async def test_what_can_be_read_in_two_ways_is_refused_and_the_connection_ends(site, head):
    for piece in (0, 3):
        client = site.client().send(request("/en/world/") + head + request("/en/world/"), piece)
        assert client.statuses == [200, 400]
        assert client.is_ended
        assert client.replies[1].headers["connection"] == "close"
        assert client.replies[1].headers["x-content-type-options"] == "nosniff"
        assert b"evil" not in client.transport.sent
    assert (await site.get("/en/world/")).body == BODY


def test_parser_is_strict():
    assert is_llhttp_strict()


@with_site()
async def test_other_hosts_are_not_served(site):
    for host in ("evil.example", "news.example.evil.example", "127.0.0.1"):
        client = site.client().send(request("/en/world/", host=host))
        assert client.statuses == [421]
        assert b"evil" not in client.transport.sent
    for host in ("news.example", "NEWS.example:443", "news.example.", "news.example:8000"):
        assert site.client().send(request("/en/world/", host=host)).statuses == [200]
    assert site.client().send(request(f"http://{HOST}/en/world/")).statuses == [200]
    assert site.client().send(request(f"https://{HOST}:443/en/world/?utm_source=x")).replies[0].body == BODY


@with_site()
async def test_headers_of_proxies_change_nothing(site):
    names = ("X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Proto")
    more = [f"{name}: canary.example" for name in names]
    client = site.ask("//en/World", *more)
    assert client.replies[0].headers["location"] == f"https://{HOST}/en/world/"
    assert b"canary" not in site.ask("/en/world/", *more).transport.sent
    await site.ask("/en/cold/", *more).settle()
    assert "canary" not in str(site.renderer.fields)


@with_site()
async def test_health_is_told_to_everybody(site):
    for head in (b"GET /healthz HTTP/1.0\r\n\r\n", b"GET /healthz HTTP/1.1\r\nHost: 10.0.0.7:8000\r\n\r\n"):
        client = await site.client().send(head).settle()
        assert client.replies[0].body == b'{"status": "ok", "problems": []}'
    site.renderer.problem = "the database is away"
    site.lookup._health = (-1.0, [])
    reply = await site.get("/healthz")
    assert reply.status == 200 and b'"degraded"' in reply.body


@pytest.mark.parametrize(
    ("method", "status", "ends"),
    [("POST", 405, False), ("PUT", 405, False), ("DELETE", 405, False), ("TRACE", 405, False), ("OPTIONS", 405, False),
     ("PROPFIND", 501, False), ("FOO", 501, True), ("get", 501, True)],
)  # fmt: skip
@with_site()
async def test_methods_that_are_not_served(site, method, status, ends):
    client = site.ask("/en/world/", method=method)
    assert client.statuses == [status]
    assert client.is_ended is ends
    if status == 405:
        assert client.replies[0].headers["allow"] == "GET, HEAD"


@with_site()
async def test_body_where_none_is_taken_is_refused_before_it_comes(site):
    client = site.ask("/en/world/", "Content-Length: 10", "Expect: 100-continue", method="POST")
    assert client.statuses == [405]
    assert client.is_ended


FORMS = (Rule("/[^/]+/search/", ("q",), dynamic=True, methods=("GET", "HEAD", "POST"), forwards=("origin",)),)


@with_site(rules=FORMS)
async def test_form_is_passed_on_whole(site):
    async def take(target):
        return Rendered(200, ((b"content-type", b"text/plain"), (b"cache-control", b"no-store")), b"found")

    site.renderer.work = take
    head = request(
        "/en/search/?q=x&y=1", "Content-Length: 10", "Expect: 100-continue", "Origin: https://x", method="POST"
    )
    for piece in (0, 1, 50):
        client = site.client().send(head, piece)
        assert client.statuses == [100]
        client.send(b"text=harbo" + request("/en/world/"), piece)
        await client.settle()
        assert client.statuses == [100, 200, 200]
        assert client.replies[1].body == b"found" and client.replies[2].body == BODY
    assert site.renderer.bodies == [b"text=harbo"] * 3
    assert site.renderer.targets == ["/en/search/?q=x"] * 3
    assert site.renderer.fields[0] == {"Accept-Encoding": "identity", "origin": "https://x"}
    client = site.ask("/en/search/", f"Content-Length: {1 << 20}", method="POST")
    assert client.statuses == [413] and client.is_ended
    client = site.ask("/en/search/", "Content-Length: 3", "Expect: the-unexpected", method="POST")
    assert client.statuses == [417] and client.is_ended


@with_site()
async def test_heads_are_bounded(site):
    for piece in (0, 1000):
        client = site.client().send(b"GET /en/world/ HTTP/1.1\r\nHost: news.example\r\nX: " + b"a" * 20_000, piece)
        assert client.statuses == [431] and client.is_ended
        client = site.client().send(b"GET /" + b"a" * 60_000, piece)
        assert client.statuses == [431] and client.is_ended
    assert site.ask("/en/world/", "X: " + "a" * 12_000).statuses == [200]
    assert site.ask("/en/world/", "Accept-Encoding: " + "a" * 60_000).statuses == [431]
    assert site.ask("/" + "a" * 5000).statuses == [414]
    many = request("/en/world/", "X: " + "a" * 10_000) * 5
    assert site.client().send(many, 5000).statuses == [200] * 5


@with_site()
async def test_made_up_header_names_and_hosts_fill_nothing(site):
    for number in range(500):
        site.ask("/en/world/", *(f"X-{number}-{other}: y" for other in range(10)))
    assert len(protocol._kinds) <= 4096
    for number in range(300):
        site.client().send(request("/en/world/", host=f"news.example:{number}"))
    assert len(site.door.hosts.known) <= 100


@with_site()
async def test_reader_who_takes_nothing_is_asked_nothing_more(site):
    site.push("/en/big/", bytes(range(256)) * 400, content_type="image/png")
    client = site.client(takes=0)
    client.send(request("/en/big/") * 20)
    assert client.transport.waiting < 400_000
    client.send(request("/en/big/") * 100)
    assert not client.transport.reads
    assert client.transport.waiting < 400_000
    while client.transport.waiting:
        client.transport.drain()
    assert client.statuses == [200] * 120
    assert client.transport.reads


@with_site()
async def test_slow_reader_is_cut(site):
    site.push("/en/big/", bytes(range(256)) * 400, content_type="image/png")
    fair, slow = site.client(takes=0), site.client(takes=0)
    for client in (fair, slow):
        client.send(request("/en/big/") * 4)
    for _ in range(45):
        fair.transport.waiting = max(1, fair.transport.waiting - 2000)
        site.door.turn()
    assert slow.transport.is_aborted and not fair.transport.is_closed


@with_site()
async def test_last_answer_goes_out_however_slowly_it_is_taken(site):
    site.push("/en/big/", bytes(range(256)) * 400, content_type="image/png")
    client = site.client(takes=0).send(request("/en/big/", "Connection: close"))
    for _ in range(90):
        client.transport.waiting = max(0, client.transport.waiting - 1500)
        site.door.turn()
        if client.transport.waiting:
            assert not client.transport.is_aborted
    assert client.transport.is_aborted and client.statuses == [200]


@with_site()
async def test_idle_reader_who_leaves_the_answer_lying_is_cut(site):
    site.push("/en/big/", bytes(range(256)) * 400, content_type="image/png")
    client = site.client(takes=0).send(request("/en/big/"))
    assert client.transport.reads and not client.connection._is_paused
    for _ in range(limits.SLOW_READER_S + 2):
        site.door.turn()
    assert client.transport.is_aborted


@with_site()
async def test_slow_senders_and_idle_connections_end(site):
    silent, slow, idle, lasting = (site.client() for _ in range(4))
    slow.send(b"GET /en/w")
    idle.send(request("/en/world/"))
    for second in range(70):
        if second < 15:
            slow.send(b"x")
        if second % 30 == 0:
            lasting.send(request("/en/world/"))
        site.door.turn()
        if second == 12:
            assert silent.is_ended and not silent.transport.sent
            assert slow.is_ended and slow.statuses == [408]
            assert not idle.is_ended
    assert idle.is_ended and not lasting.is_ended
    assert slow.transport.is_aborted


@with_site(connections_an_address=3)
async def test_connections_of_one_address_are_counted(site):
    clients = [site.client() for _ in range(3)]
    refused = site.client()
    assert refused.statuses == [429] and refused.is_ended
    assert site.ask("/en/world/", address="192.0.2.2").statuses == [200]
    refused.lose()
    clients[0].lose()
    assert site.ask("/en/world/").statuses == [200]
    for client in clients[1:]:
        client.lose()
    assert site.door.clients["192.0.2.1"] == 1


@with_site(connections_an_address=1, proxies=("192.0.2.1",))
async def test_connections_of_a_proxy_are_not(site):
    assert [site.ask("/en/world/").statuses for _ in range(5)] == [[200]] * 5


@with_site()
async def test_client_that_closes_its_side_is_still_answered(site):
    async def render(target):
        await asyncio.sleep(0.01)
        return Rendered(200, ((b"content-type", b"text/plain"),), b"late")

    site.renderer.work = render
    client = site.client().send(request("/en/late/") + request("/en/world/"))
    assert client.connection.eof_received() is True
    await client.settle()
    assert [reply.body for reply in client.replies] == [b"late", BODY]
    assert client.transport.is_closed
    assert site.ask("/en/world/").connection.eof_received() is False


@with_site()
async def test_client_that_goes_while_it_waits_harms_nobody(site):
    gate = asyncio.Event()

    async def render(target):
        await gate.wait()
        return Rendered(200, ((b"content-type", b"text/plain"),), b"late")

    site.renderer.work = render
    gone, patient = site.client().send(request("/en/late/")), site.client().send(request("/en/late/"))
    await asyncio.sleep(0.01)
    gone.lose()
    gate.set()
    await patient.settle()
    assert patient.replies[0].body == b"late" and not gone.transport.sent
    assert site.renderer.targets == ["/en/late/"]


@with_site()
async def test_fault_of_ours_costs_one_connection(site, caplog):
    site.lookup.at_once = lambda asked: 1 / 0
    broken = site.ask("/en/fault/")
    assert broken.statuses == [500] and broken.is_ended
    del site.lookup.at_once

    async def fail(asked):
        raise ZeroDivisionError

    site.lookup.later = fail
    broken = await site.ask("/en/fault/").settle()
    assert broken.statuses == [500] and broken.is_ended
    assert site.ask("/en/world/").statuses == [200]
    assert len(caplog.records) == 2


@with_site()
async def test_stopping_worker_finishes_what_it_has_begun(site):
    async def render(target):
        await asyncio.sleep(0.05)
        return Rendered(200, ((b"content-type", b"text/plain"),), b"late")

    site.renderer.work = render
    waiting, idle = site.client().send(request("/en/late/")), site.ask("/en/world/")
    await asyncio.sleep(0)
    stopping = asyncio.create_task(site.door.stop())
    await asyncio.sleep(0)
    assert idle.transport.is_closed
    idle.lose()
    await waiting.settle()
    assert waiting.replies[0].headers["connection"] == "close" and waiting.replies[0].body == b"late"
    waiting.lose()
    await stopping


@with_site()
async def test_purged_page_is_not_given_from_what_is_ready(site):
    site.push("/en/story/", tags=frozenset({"article:1"}))
    client = site.client()
    for _ in range(3):
        client.send(request("/en/story/"))
    site.store.tags.purge(["article:1"], hard=True)
    client.send(request("/en/story/"))
    await client.settle()
    assert client.statuses == [200, 200, 200, 503]
