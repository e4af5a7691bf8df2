"""Arbitrary bytes, split at arbitrary places: no fault of ours, and nobody gets what was another's."""

from __future__ import annotations

import asyncio
import logging
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as running
from hypothesis import strategies as st

from broadsheet.edge.renderer import Rendered
from tests.edge.doors import Client, FakeRenderer, open_site, read_replies, request

PIECES = [
    b"GET ", b"HEAD ", b"POST ", b"/en/world/", b"/", b"//en/World;a=1", b"/pictures/x.jpg", b"/en/search/?q=",
    b"?page=2", b"/healthz", b" HTTP/1.1\r\n", b" HTTP/1.0\r\n", b"\r\n", b"\n", b"\r", b"Host: news.example\r\n",
    b"Host: evil\r\n", b"Accept-Encoding: br\r\n", b"Accept-Encoding: ", b"If-None-Match: *\r\n", b"\r\n\r\n",
    b"Range: bytes=0-1\r\n", b"Connection: close\r\n", b"Connection: keep-alive\r\n", b"Content-Length: 3\r\n",
    b"Connection: Upgrade\r\nUpgrade: x\r\n", b"Transfer-Encoding: chunked\r\n", b"Expect: 100-continue\r\n", b"abc",
    b"0\r\n\r\n", b"\x00", b"\xff\xfe", b": ", b"%2e", b"http://news.example", b"Cookie: language=en\r\n",
    request("/en/world/"), request("/en/own/1/"), request("//en/world"),
]  # fmt: skip
garbage = st.lists(st.sampled_from(PIECES) | st.binary(max_size=20), max_size=25).map(b"".join)


async def echo(target: str) -> Rendered:
    await asyncio.sleep(0)
    return Rendered(200, ((b"content-type", b"text/plain"),), b"<" + target.encode("latin-1") + b">")


def cut(data: bytes, places: list[int]) -> list[bytes]:
    bounds = sorted({place % (len(data) + 1) for place in places} | {0, len(data)})
    return [data[start:end] for start, end in pairwise(bounds)]


async def talk(site, data: bytes, places: list[int]) -> list[Client]:
    """One client sends the bytes, another its own requests in between; both until nothing is under way."""
    wild, tame = site.client(), site.client()
    for number, piece in enumerate(cut(data, places)):
        wild.connection.data_received(piece)
        tame.send(request(f"/en/own/{number}/"))
        if number % 3 == 0:
            await asyncio.sleep(0)
    for client in (wild, tame):
        while client.connection._task is not None:
            await asyncio.wait([client.connection._task])
            await asyncio.sleep(0)
    return [wild, tame]


def check(site, clients: list[Client], data: bytes, count: int) -> None:
    wild, tame = clients
    assert [reply.body for reply in tame.replies] == [b"<" + f"/en/own/{n}/".encode() + b">" for n in range(count)]
    sent = bytes(wild.transport.sent)
    if b"HEAD " not in data:
        for reply in read_replies(sent):
            assert reply.status in {
                100,
                200,
                206,
                301,
                304,
                400,
                404,
                405,
                406,
                408,
                413,
                414,
                416,
                417,
                421,
                431,
                501,
                505,
            }
            assert reply.status == 100 or "date" in reply.headers
    for client in clients:
        client.lose()
    assert not site.door.connections and not site.door.clients


def run_with_site(tmp_path, caplog, data: bytes, places: list[int]) -> None:
    async def body() -> None:
        with open_site(tmp_path, FakeRenderer(echo), connections_an_address=0) as site:
            site.push()
            clients = await talk(site, data, places)
            check(site, clients, data, len(cut(data, places)))

    with caplog.at_level(logging.ERROR):
        asyncio.run(body())
    assert not caplog.records


@running(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage, st.lists(st.integers(0, 2000), max_size=12))
def test_any_bytes_are_answered_or_refused(tmp_path, caplog, data, places):
    run_with_site(tmp_path, caplog, data, places)


@pytest.mark.slow
@running(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage, st.lists(st.integers(0, 2000), max_size=12))
def test_many_more_bytes_are_answered_or_refused(tmp_path, caplog, data, places):
    run_with_site(tmp_path, caplog, data, places)


@running(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.lists(st.integers(0, 3000), max_size=20))
def test_requests_split_anywhere_get_the_same_answers(tmp_path, kinds, places):
    targets = ["/en/world/", "/en/own/1/", "//en/world", "/en/own/2/", "/en/%00", "/en/world/?utm=1"]
    data = b"".join(request(targets[kind]) for kind in kinds)

    async def body() -> None:
        with open_site(tmp_path, FakeRenderer(echo)) as site:
            site.push()
            whole, split = site.client().send(data), site.client()
            for piece in cut(data, places):
                split.connection.data_received(piece)
            for client in (whole, split):
                while client.connection._task is not None:
                    await asyncio.wait([client.connection._task])
                    await asyncio.sleep(0)
            assert [r.body for r in whole.replies] == [r.body for r in split.replies]
            assert len(whole.replies) == len(kinds)

    asyncio.run(body())
