"""Serves Django's WSGI application over ASGI, because ASGI alone shows an address as it was sent.

WSGI decodes the path: `/en/w%6Frld/` and `/en/world/` would be two addresses of one page that nobody can tell apart.
It also folds two `Host` headers into one and hides that a request had both a length and a transfer coding.
"""

from __future__ import annotations

import asyncio
import io
import logging
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from broadsheet.readers.environ import RAW_PATH

logger = logging.getLogger(__name__)

Environ = dict[str, Any]
Reply = tuple[int, list[tuple[bytes, bytes]], bytes]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


# A database that takes a question and never answers it holds a thread for ever: no driver gives up by itself. A process
# with such a thread ends, and the server starts another one in its place.
HUNG_S = 8.0


class Bridge:
    """An ASGI application that answers with a WSGI one, in `threads` threads that live as long as the process.

    `give_up` is called when an answer takes longer than `hung_s` seconds; None: nobody looks.
    """

    def __init__(
        self, application: Wsgi, threads: int, give_up: Callable[[], Any] | None = None, hung_s: float = HUNG_S
    ) -> None:
        self.application = application
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="answer")
        self.begun_at: dict[int, float] = {}
        if give_up is not None:
            threading.Thread(target=self._watch, args=(give_up, hung_s), name="watch", daemon=True).start()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
        if scope["type"] != "http":
            return
        environ = describe(scope)
        if environ is None:
            status, headers, body = 400, [(b"content-type", b"text/plain"), (b"connection", b"close")], b"Bad request\n"
        else:
            status, headers, body = await asyncio.get_running_loop().run_in_executor(self.pool, self.answer, environ)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def answer(self, environ: Environ) -> Reply:
        """What the application says, whole."""
        started: list[Any] = []
        self.begun_at[threading.get_ident()] = time.monotonic()
        try:
            result = self.application(environ, lambda status, headers, exc_info=None: started.extend((status, headers)))
            try:
                body = b"".join(result)
            finally:
                if hasattr(result, "close"):
                    result.close()
        finally:
            del self.begun_at[threading.get_ident()]
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in started[1]]
        return int(started[0].split(" ", 1)[0]), headers, body

    def _watch(self, give_up: Callable[[], Any], hung_s: float) -> None:
        while True:
            time.sleep(min(1.0, hung_s))
            oldest = min(list(self.begun_at.values()), default=None)
            if oldest is not None and time.monotonic() - oldest > hung_s:
                logger.error("an answer takes longer than %g s: this process gives up, another one takes over", hung_s)
                give_up()
                return


def describe(scope: dict[str, Any]) -> Environ | None:
    """The request as WSGI has it, and its address as it was sent. None: nobody should answer it.

    Refused are several `Host` headers and any request with a body: readers only ask (RFC 9112, sections 3.2 and 6.3).
    """
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
        text = value.decode("latin-1")
        if key == "HTTP_HOST" and key in headers:
            return None
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    if "HTTP_TRANSFER_ENCODING" in headers or headers.get("HTTP_CONTENT_LENGTH", "0") != "0":
        return None
    return headers | {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "replace").decode("latin-1"),
        RAW_PATH: scope["raw_path"].decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        # The server listens at a socket of the file system: which host and port readers see, the settings say.
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "0",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": str(scope["client"][0]) if scope.get("client") else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
