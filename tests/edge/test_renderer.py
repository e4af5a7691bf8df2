"""The renderer is asked over its socket; whatever it does, an answer or an error comes in time."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from broadsheet.edge import limits
from broadsheet.edge.renderer import Renderer, RendererError, RendererResting

GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"


class Server:
    """A renderer that does with each request what `behaviour` says, and keeps what it was asked."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.heads: list[bytes] = []
        self.connections = 0
        self.answer = GOOD
        self.closes = False
        self.gate: asyncio.Event | None = None
        self.at_once = self.most_at_once = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(asyncio.IncompleteReadError, OSError, asyncio.CancelledError):
            while True:
                self.heads.append(await reader.readuntil(b"\r\n\r\n"))
                self.at_once += 1
                self.most_at_once = max(self.at_once, self.most_at_once)
                if self.gate is not None:
                    await self.gate.wait()
                self.at_once -= 1
                writer.write(self.answer)
                await writer.drain()
                if self.closes:
                    break
        writer.close()


@contextlib.asynccontextmanager
async def open_renderer(tmp_path):
    server = Server(str(tmp_path / "r.sock"))
    listener = await asyncio.start_unix_server(server.serve, server.path)
    renderer = Renderer(server.path, "news.example")
    try:
        yield server, renderer
    finally:
        renderer.close()
        listener.close()
        if server.gate is not None:
            server.gate.set()
        await asyncio.sleep(0.01)


def run(test):
    def inner(tmp_path):
        async def body():
            async with open_renderer(tmp_path) as (server, renderer):
                await test(server, renderer)

        asyncio.run(body())

    inner.__name__ = test.__name__
    return inner


async def ask(renderer, target="/en/x/", patience_s=1.0, **more):
    return await renderer.ask(target, patience_s=patience_s, **more)


@run
async def test_answer_comes_whole_and_the_line_is_used_again(server, renderer):
    for _ in range(3):
        assert (await ask(renderer, fields=(("Accept-Encoding", "br"),))).body == b"hello"
    assert server.connections == 1
    assert server.heads[0] == (
        b"GET /en/x/ HTTP/1.1\r\nHost: news.example\r\nEdge-Render: 1\r\nAccept-Encoding: br\r\n\r\n"
    )


@run
async def test_headers_of_the_connection_and_cookies_do_not_pass(server, renderer):
    server.answer = (
        b"HTTP/1.1 404 Not Found\r\nEdge-Same-As: 404:en\r\nEdge-Stored: /en/y/\r\nSet-Cookie: a=b\r\nServer: x\r\n"
        b"Date: x\r\nConnection: keep-alive\r\nX-Thing: 1 \r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    )
    rendered = await ask(renderer)
    assert (rendered.status, rendered.body, rendered.stored, rendered.same_as) == (404, b"abc", "/en/y/", "404:en")
    assert rendered.headers == ((b"x-thing", b"1"),)


@run
async def test_line_that_was_closed_meanwhile_is_opened_anew(server, renderer):
    server.closes = True
    for _ in range(3):
        assert (await ask(renderer)).body == b"hello"
    assert renderer.failed == 0


@pytest.mark.parametrize(
    "cut",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        GOOD[:-2],
        b"nonsense\r\n\r\n",
        GOOD[:-5].replace(b"Content-Length: 5\r\n", b""),
    ],
)
def test_cut_answer_is_a_failure(tmp_path, cut):
    async def body():
        async with open_renderer(tmp_path) as (server, renderer):
            server.answer, server.closes = cut, True
            with pytest.raises(RendererError):
                await ask(renderer)
            server.answer, server.closes = GOOD, False
            assert (await ask(renderer, "/en/other/")).body == b"hello"

    asyncio.run(body())


@run
async def test_answer_that_comes_twice_reaches_nobody(server, renderer):
    server.answer = GOOD + GOOD.replace(b"hello", b"other")
    with contextlib.suppress(RendererError):
        assert (await ask(renderer)).body == b"hello"
    server.answer = GOOD
    await asyncio.sleep(0.01)
    assert (await ask(renderer, "/en/other/")).body == b"hello"


@run
async def test_black_hole_ends_in_time_and_only_that_page_rests(server, renderer):
    server.gate = asyncio.Event()
    with pytest.raises(RendererError):
        await ask(renderer, patience_s=0.05)
    with pytest.raises(RendererResting):
        await ask(renderer)
    server.gate.set()
    assert (await ask(renderer, "/en/other/")).body == b"hello"
    assert renderer.problem == ""


@run
async def test_ill_renderer_is_left_alone_for_a_while(server, renderer):
    server.answer = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
    with pytest.raises(RendererError):
        await ask(renderer)
    asked = len(server.heads)
    with pytest.raises(RendererResting):
        await ask(renderer, "/en/other/")
    assert len(server.heads) == asked and renderer.problem == "the renderer answers 503"
    server.answer = GOOD
    await asyncio.sleep(limits.FIRST_REST_S * 1.2)
    assert (await ask(renderer, "/en/other/")).body == b"hello"


@run
async def test_fault_of_one_page_leaves_the_others(server, renderer):
    server.answer = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"
    with pytest.raises(RendererError):
        await ask(renderer)
    server.answer = GOOD
    assert (await ask(renderer, "/en/other/")).body == b"hello"
    assert renderer.is_resting("/en/x/")


def test_nobody_listens(tmp_path):
    async def body():
        renderer = Renderer(str(tmp_path / "none.sock"), "x")
        for number in range(6):
            with pytest.raises(RendererError):
                await ask(renderer, f"/{number}/")
        assert renderer.asked == 1
        assert await renderer.examine() == "the renderer does not answer"
        with pytest.raises(RendererResting):
            await ask(Renderer("", "x"))

    asyncio.run(body())


@run
async def test_not_too_many_at_once(server, renderer):
    server.gate = asyncio.Event()
    waiting = [asyncio.create_task(ask(renderer, f"/{number}/")) for number in range(60)]
    while server.at_once < limits.RENDERS:
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.01)
    server.gate.set()
    await asyncio.gather(*waiting)
    assert server.most_at_once == limits.RENDERS and server.connections == limits.RENDERS


@run
async def test_form_is_sent_once(server, renderer):
    server.closes = True
    server.answer = GOOD[:-2]
    with pytest.raises(RendererError):
        await ask(renderer, method="POST", body=b"")
    assert len(server.heads) == 1
    assert b"POST /en/x/ HTTP/1.1\r\n" in server.heads[0] and b"\r\nContent-Length: 0\r\n" in server.heads[0]


@run
async def test_too_long_an_answer_is_refused(server, renderer):
    server.answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (64 << 20) + b"x" * (33 << 20)
    with pytest.raises(RendererError):
        await ask(renderer, patience_s=10)
