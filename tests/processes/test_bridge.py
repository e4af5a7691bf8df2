"""The bridge shows Django the request as it was sent, and refuses what readers never send."""

import asyncio
import threading

import pytest

from broadsheet.processes.bridge import Bridge, describe
from broadsheet.readers.environ import RAW_PATH


def scope(**changes):
    return {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/en/wörld/",
        "raw_path": b"/en/w%C3%B6rld/",
        "query_string": b"q=%20x",
        "headers": [(b"host", b"localhost"), (b"accept-encoding", b"br"), (b"accept-encoding", b"gzip")],
        "server": ("127.0.0.1", "8000"),
        "client": ("127.0.0.1", "50000"),
        **changes,
    }


def test_address_stands_as_it_was_sent():
    environ = describe(scope())
    assert environ[RAW_PATH] == "/en/w%C3%B6rld/"
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/en/wörld/"
    assert environ["HTTP_ACCEPT_ENCODING"] == "br, gzip" and environ["QUERY_STRING"] == "q=%20x"


@pytest.mark.parametrize(
    "headers",
    [
        [(b"host", b"a"), (b"host", b"b")],
        [(b"host", b"a"), (b"content-length", b"3")],
        [(b"host", b"a"), (b"content-length", b"0"), (b"content-length", b"0")],
        [(b"host", b"a"), (b"transfer-encoding", b"chunked")],
    ],
)
def test_request_with_two_hosts_or_a_body_is_refused(headers):
    assert describe(scope(headers=headers)) is None
    sent = answer(lambda environ, start: pytest.fail("it must not be asked"), scope(headers=headers))
    assert sent[0]["status"] == 400


def test_answer_is_passed_on_and_head_has_no_body():
    closed = []

    class Body:
        def __iter__(self):
            return iter([b"half ", b"and half"])

        def close(self):
            closed.append(True)

    def application(environ, start):
        start("200 OK", [("Content-Type", "text/plain"), ("X-Header", "é")])
        return Body()

    start, body = answer(application, scope())
    assert start["status"] == 200 and (b"x-header", b"\xe9") in start["headers"]
    assert body["body"] == b"half and half" and closed
    assert answer(application, scope(method="HEAD"))[1]["body"] == b""


def answer(application, asked):
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(Bridge(application, 1)(asked, None, send))
    return sent


def test_process_with_an_answer_that_never_ends_gives_up():
    """What a database that takes questions and answers none does to a thread."""
    has_given_up, is_over = threading.Event(), threading.Event()

    def application(environ, start):
        is_over.wait(20)
        start("200 OK", [])
        return [b""]

    bridge = Bridge(application, 1, has_given_up.set, hung_s=0.05)
    answering = threading.Thread(target=bridge.answer, args=({},))
    answering.start()
    assert has_given_up.wait(10)
    is_over.set()
    answering.join()
    assert not bridge.begun_at
