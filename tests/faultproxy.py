"""Stands between a program and the server that it speaks to over TCP, and does to them what networks do.

    with FaultProxy("127.0.0.1", 5432) as proxy:
        proxy.be("blackhole")       takes everything and gives nothing, on old connections and new ones
        proxy.be("refuse")          resets whoever comes, and everybody who was there
        proxy.be("forget")          never again gives anything to those who are there; new ones are served
        proxy.be("cut")             ends each connection in the middle of the next answer
        proxy.be("ok")              what was held back goes on

It runs in a thread of the test, listens at 127.0.0.1 alone, at a port of its own, and ends with the block.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from types import TracebackType

MOODS = ("ok", "blackhole", "forget", "refuse", "cut")
# Of an answer that is cut so much comes through: enough to begin it, too little for any row.
CUT_AFTER_BYTES = 7
_RESET = struct.pack("ii", 1, 0)


class FaultProxy:
    """A proxy to one server. `port` is where it listens; `accepted` counts who came."""

    def __init__(self, host: str, port: int) -> None:
        self.target = host, port
        self.port = 0
        self.accepted = 0
        self.mood = "ok"
        # The numbers of the connections that are forgotten for good end here.
        self._forgotten = 0
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._ready, self._stop = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="fault proxy", daemon=True)

    def __enter__(self) -> FaultProxy:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def be(self, mood: str) -> None:
        """Treat everybody so from now on."""
        assert mood in MOODS
        self.mood = mood
        if mood == "forget":
            self._forgotten = self.accepted
        if mood == "refuse":
            self._loop.call_soon_threadsafe(self._reset_all)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        self._reset_all()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        number = self.accepted
        self._open.add(writer)
        try:
            if self.mood == "refuse":
                return
            await self._while_held(number)
            far_reader, far_writer = await asyncio.open_connection(*self.target)
            self._open.add(far_writer)
            try:
                ways = self._pump(number, reader, far_writer), self._pump(number, far_reader, writer, answers=True)
                tasks = [asyncio.ensure_future(way) for way in ways]
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in tasks:
                    task.cancel()
            finally:
                self._reset(far_writer)
        except OSError:
            pass
        finally:
            self._reset(writer)

    async def _pump(
        self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool = False
    ) -> None:
        with contextlib.suppress(OSError):
            while piece := await reader.read(65536):
                await self._while_held(number)
                if self.mood == "cut" and answers:
                    writer.write(piece[:CUT_AFTER_BYTES])
                    await writer.drain()
                    return
                writer.write(piece)
                await writer.drain()

    async def _while_held(self, number: int) -> None:
        while self.mood == "blackhole" or number <= self._forgotten:
            await asyncio.sleep(0.02)

    def _reset_all(self) -> None:
        for writer in tuple(self._open):
            self._reset(writer)

    def _reset(self, writer: asyncio.StreamWriter) -> None:
        """End the connection without a word (RST), as a machine does that knows nothing of it."""
        self._open.discard(writer)
        with contextlib.suppress(OSError):
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        writer.transport.abort()
