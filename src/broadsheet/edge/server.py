"""One worker: opens the store, listens, answers until SIGTERM."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import uvloop

from . import limits
from .access_log import AccessLog
from .answers import OwnAnswers
from .counters import Counters
from .door import Door
from .errors import EdgeError
from .files import Pictures
from .flight import FileFlight
from .lookup import Lookup
from .pages import EdgeSettings
from .protocol import Connection
from .renderer import Renderer
from .rules import RulesUnreadable, unpack_facts
from .store import LmdbStore
from .table import Table

logger = logging.getLogger(__name__)

_BACKLOG = 1024


def serve(settings: EdgeSettings, parent: int) -> None:
    """Answer readers until SIGTERM, or until the process `parent` is gone. Raises StoreUnusable, OSError."""
    uvloop.run(_Worker(settings, parent).run())


def listen(settings: EdgeSettings, *, shared: bool = True) -> socket.socket:
    """A socket at the settings' address; with `shared` others may listen there too, and share what comes in."""
    family = socket.AF_INET6 if ":" in settings.listen else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, int(shared))
        listener.bind((settings.listen, settings.port))
    except OSError:
        listener.close()
        raise
    return listener


class _Worker:
    def __init__(self, settings: EdgeSettings, parent: int) -> None:
        self.settings = settings
        self.parent = parent

    async def run(self) -> None:
        settings = self.settings
        limit = raise_file_limit()
        self.log = AccessLog(settings.access_log)
        self.store = LmdbStore(settings.directory, store_bytes=settings.store_gb << 30, writing=False)
        flight, counters = FileFlight(settings.directory), Counters(settings.directory)
        own = OwnAnswers(settings)
        self.packed_rules: bytes | None = None
        self.lookup = Lookup(
            Table(self.store, settings.table_mb << 20),
            self.store.tags,
            flight,
            Renderer(settings.renderer_socket, urlsplit(settings.site_url).netloc),
            Pictures(settings.public_directory, own),
            own,
            settings.rules,
            settings.outer_cache,
        )
        self._follow_rules()
        self.door = Door(settings, self.lookup, self.log, counters, limit)
        self.stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stopping.set)
        loop.add_signal_handler(signal.SIGHUP, self.log.reopen)
        server = await loop.create_server(lambda: Connection(self.door), sock=listen(settings), backlog=_BACKLOG)
        turning = loop.create_task(self._turn())
        await self.stopping.wait()
        server.close()
        await self.door.stop()
        turning.cancel()
        self.store.close()
        flight.close()
        counters.close()

    async def _turn(self) -> None:
        """At the beginning of every second: the clock of the replies, and a look at what may have changed."""
        while True:
            await asyncio.sleep(1.0 - time.time() % 1.0)
            self.door.turn()
            if os.getppid() != self.parent:
                self.stopping.set()
            try:
                self.store.check()
                self._follow_rules()
            except EdgeError as error:
                # Pages that are in memory are given, the others are asked of the renderer.
                logger.error("the store: %s", error)

    def _follow_rules(self) -> None:
        """Take over the rules that the renderer's process has left, when they have changed."""
        packed = self.store.read_rules()
        if packed is None or packed == self.packed_rules:
            return
        self.packed_rules = packed
        try:
            self.lookup.use_facts(unpack_facts(packed))
        except RulesUnreadable as error:
            logger.error("what the site says of itself cannot be read: %s", error)


def raise_file_limit() -> int:
    """Have as many descriptors as we may, and return for how many connections they suffice."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = limits.CONNECTIONS + 1000
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    in_use = len(list(Path("/proc/self/fd").iterdir()))
    return max(10, min(limits.CONNECTIONS, soft - in_use - 100))
