"""What the connections of one worker share: the replies that are ready to be written, the clock, the counts."""

from __future__ import annotations

import asyncio
import collections
import logging
import time
from email.utils import formatdate
from typing import TYPE_CHECKING

from . import limits
from .access_log import AccessLog, Line
from .addresses import Hosts
from .answers import Answer
from .asked import Asked, choose_encoding
from .counters import Counter, Counters
from .direct import Direct
from .errors import StoreUnusable
from .lookup import Lookup
from .pages import EdgeSettings, Encoding, ReadyReply
from .slots import GENERATION

if TYPE_CHECKING:
    from .protocol import Connection

logger = logging.getLogger(__name__)

_KNOWN_ACCEPTS = 1000
_LONGEST_ACCEPT = 200
_USUAL_ACCEPTS = (b"gzip, deflate, br, zstd", b"gzip, deflate, br", b"gzip, deflate", b"gzip, br", b"br", b"gzip")
_NEVER_SEEN = -1
_COUNTED = {
    "hit": Counter.HITS,
    "store": Counter.STORE_HITS,
    "stale": Counter.STALE,
    "miss": Counter.MISSES,
    "passed": Counter.PASSED,
    "file": Counter.FILES,
}


class Ready:
    """A reply as it goes out in this second, and its 304; how often each was given."""

    __slots__ = ("entity_tag", "given", "not_modified", "not_modified_given", "whole")

    def __init__(self, whole: bytes, not_modified: bytes, entity_tag: bytes | None) -> None:
        self.whole, self.not_modified, self.entity_tag = whole, not_modified, entity_tag
        self.given = self.not_modified_given = 0


ReadyReplies = dict[bytes, Ready]


class Door:
    """The worker's own state. `turn` must be called at the beginning of every second."""

    def __init__(
        self,
        settings: EdgeSettings,
        lookup: Lookup,
        log: AccessLog,
        counters: Counters,
        limit: int = limits.CONNECTIONS,
    ) -> None:
        self.lookup, self.own, self.log, self.counters = lookup, lookup.own, log, counters
        self.hosts = Hosts(settings.site_url)
        self.limit, self.limit_an_address = limit, settings.connections_an_address
        self.proxies = frozenset(settings.proxies)
        self.connections: set[Connection] = set()
        self.clients: collections.Counter[str] = collections.Counter()
        self.is_stopping = False
        self.is_logging = bool(log.path)
        # Spellings of Accept-Encoding that were seen; the usual ones are known before anybody can fill this up.
        self.encodings: dict[bytes, Encoding] = {}
        self.ready_by_accept: dict[bytes, ReadyReplies] = {}
        # By encoding, then by the target as it was sent. Whatever stands there was fresh when `words[0]`, the number of
        # the last purge, was `seen_generation`.
        self.ready: tuple[ReadyReplies, ReadyReplies, ReadyReplies] = ({}, {}, {})
        self.words = lookup.table.words
        self.seen_generation = _NEVER_SEEN
        self._ready_bytes = 0
        for accepted in _USUAL_ACCEPTS:
            self.choose_encoding(accepted)
        self.direct = Direct(self)
        self._told: dict[Counter, int] = {}
        self.second = 0
        self.date = b""
        self.turn()

    def turn(self) -> None:
        """A new second: another Date, so nothing is ready any more, and a look at all connections."""
        self.second += 1
        self.date = b"Date: " + formatdate(time.time(), usegmt=True).encode() + b"\r\n\r\n"
        self._forget_ready()
        self.direct.turn()
        for connection in tuple(self.connections):
            connection.check(self.second)
        self.log.flush()
        self._tell(Counter.RENDERS, self.lookup.renderer.asked)
        self._tell(Counter.RENDER_FAILURES, self.lookup.renderer.failed)
        self._tell(Counter.LOG_LINES_DROPPED, self.log.dropped)

    def follow_generation(self) -> bool:
        """Forget what is ready when something was purged since; False: there is no store to judge by."""
        if self.words[GENERATION] != self.seen_generation:
            self._forget_ready()
        return self.seen_generation != _NEVER_SEEN

    def answer_at_once(self, asked: Asked) -> Answer | None:
        """The answer, when it is at hand. What was found fresh is ready for the next who ask."""
        self.follow_generation()
        answer = self.lookup.at_once(asked)
        if answer is not None and answer.reply is not None:
            self.keep_ready(asked.target, asked.encoding, answer.reply)
        return answer

    def admit(self, connection: Connection, address: str) -> Answer | None:
        """Take the connection in; the refusal when there are too many, in all or from that address."""
        self.connections.add(connection)
        self.clients[address] += 1
        self.counters.row[Counter.CONNECTIONS] += 1
        if len(self.connections) > self.limit:
            return self.own.plain(503, "Too many readers", ("Retry-After", "5"), closes=True)
        if self.limit_an_address and self.clients[address] > self.limit_an_address and address not in self.proxies:
            return self.own.plain(429, "Too many connections", ("Retry-After", "5"), closes=True)
        return None

    def forget(self, connection: Connection, address: str) -> None:
        self.connections.discard(connection)
        self.clients[address] -= 1
        if self.clients[address] <= 0:
            del self.clients[address]

    def log_given(self, target: bytes, whole: bytes, source: str = "hit") -> None:
        """Log a reply that went out as it was ready."""
        self.log.lines.append(Line(b"GET", target, int(whole[9:12]), len(whole), source, 0.0))

    def note(self, asked: Asked, answer: Answer) -> None:
        """Count and log what was answered."""
        row = self.counters.row
        size = len(answer.head) + len(answer.body) + (answer.file.remaining if answer.file else 0)
        row[Counter.BYTES_SENT] += size
        if answer.source in _COUNTED:
            row[_COUNTED[answer.source]] += 1
        if answer.status == 304:
            row[Counter.NOT_MODIFIED] += 1
        elif answer.status == 503:
            row[Counter.UNAVAILABLE] += 1
        elif answer.source == "own" and answer.status >= 400:
            row[Counter.REFUSED_REQUESTS] += 1
        if self.is_logging:
            duration_s = time.monotonic() - asked.begun_at
            self.log.lines.append(Line(asked.method, asked.target, answer.status, size, answer.source, duration_s))

    async def stop(self) -> None:
        """Let what is being written go out, for a few seconds; then end all connections."""
        self.is_stopping = True
        self._forget_ready()
        self.direct.turn()
        for connection in tuple(self.connections):
            connection.finish()
        until = time.monotonic() + limits.STOP_S
        while self.connections and time.monotonic() < until:
            await asyncio.sleep(0.02)
        for connection in tuple(self.connections):
            connection.abort()
        self.lookup.close()
        self.log.close()

    def _forget_ready(self) -> None:
        row = self.counters.row
        for replies in self.ready:
            for target, ready in replies.items():
                self.direct.sightings.add(target, ready.given + ready.not_modified_given)
                row[Counter.HITS] += ready.given + ready.not_modified_given
                row[Counter.NOT_MODIFIED] += ready.not_modified_given
                row[Counter.BYTES_SENT] += ready.given * len(ready.whole) + ready.not_modified_given * len(
                    ready.not_modified
                )
            replies.clear()
        self._ready_bytes = 0
        try:
            # Read before anything that is kept from now on is judged. Another volume of the store has other words.
            self.words = self.lookup.table.current_words()
            self.seen_generation = self.words[GENERATION]
        except StoreUnusable:
            self.seen_generation = _NEVER_SEEN

    def choose_encoding(self, accepted: bytes | None) -> Encoding | None:
        """The encoding to answer in; None: all are refused. What was accepted is known when it comes again."""
        if accepted is None:
            return Encoding.IDENTITY
        encoding = self.encodings.get(accepted)
        if encoding is None:
            encoding = choose_encoding(accepted)
            if encoding is not None and len(self.encodings) < _KNOWN_ACCEPTS and len(accepted) <= _LONGEST_ACCEPT:
                self.encodings[accepted] = encoding
                self.ready_by_accept[accepted] = self.ready[encoding]
        return encoding

    def keep_ready(self, target: bytes, encoding: Encoding | None, reply: ReadyReply) -> Ready | None:
        """Have the reply, which was judged fresh, ready for the next who ask; None where that may not be."""
        size = len(reply.head) + len(reply.body)
        if encoding is None or self.is_stopping or self._ready_bytes + size > limits.READY_BYTES:
            return None
        if reply.fresh_until is not None and reply.fresh_until < time.time() + 1:
            return None
        self._ready_bytes += size
        outer = self.lookup.outer_line(reply.fresh_until)
        whole = b"".join((reply.head, outer, self.date, reply.body))
        not_modified = reply.not_modified and reply.not_modified + outer + self.date
        ready = self.ready[encoding][target] = Ready(whole, not_modified, reply.entity_tag or None)
        return ready

    def _tell(self, counter: Counter, total: int) -> None:
        self.counters.row[counter] += total - self._told.get(counter, 0)
        self._told[counter] = total
