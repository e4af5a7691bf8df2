"""Finds the answer to a request: in the store, in a picture's file, or by asking the renderer.

Main path: `at_once` (what needs no waiting: a stored page, fresh or stale, a redirect, a refusal), else `later` (a
picture, a dynamic address, a page that must be rendered: one render for all who ask, in all workers).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from . import addresses, files, limits
from .addresses import Address
from .answers import Answer, OwnAnswers, make_head
from .asked import HEALTH, Asked
from .contracts import Flight, TagLedger
from .errors import StoreUnusable
from .files import Pictures, has_tag
from .outer.headers import outer_headers
from .pages import Encoding, Freshness, ReadyReply, Rule
from .renderer import Fields, Rendered, Renderer, RendererError
from .replies import slots_of
from .rules import SiteFacts
from .table import Table

_ACCEPT = ("br", "gzip", "identity")
_HEALTH_LASTS_S = 1.0


@dataclass(slots=True)
class Found:
    """A stored reply that may be given out; `source` says where it was found: `hit`, `store` or `stale`.

    `is_shared` says that it stands there for other addresses as well, so it has not this one's tags.
    """

    reply: ReadyReply
    source: str
    is_shared: bool = False

    @property
    def is_fresh(self) -> bool:
        return self.source != "stale"


class Lookup:
    """All that one worker knows of a site: its stored pages, its pictures, and whom to ask for the rest."""

    def __init__(
        self,
        table: Table,
        tags: TagLedger,
        flight: Flight,
        renderer: Renderer,
        pictures: Pictures,
        own: OwnAnswers,
        rules: Sequence[Rule],
        outer_cache: str = "",
    ) -> None:
        self.table, self.tags, self.flight = table, tags, flight
        self.renderer, self.pictures, self.own, self.rules = renderer, pictures, own, rules
        self.outer = outer_headers(outer_cache)
        self._flights: dict[str, asyncio.Task[Rendered | None]] = {}
        self._aliases: dict[str, tuple[str, ReadyReply]] = {}
        self._addresses: dict[bytes, Address] = {}
        self._passing = asyncio.Semaphore(limits.PASSES)
        self._health: tuple[float, list[str]] = (-_HEALTH_LASTS_S, [])

    def at_once(self, asked: Asked) -> Answer | None:
        """The answer, when it is at hand; None: `later` must be awaited."""
        address = self.read(asked.target)
        path = asked.target.split(b"?", 1)[0]
        if asked.method != b"GET" and asked.method.decode("ascii") not in address.rule.methods:
            allowed = ", ".join(address.rule.methods)
            return self.own.plain(405, f"Only {allowed}", ("Allow", allowed), closes=asked.body_size > 0)
        if path == HEALTH or path.startswith(files.PREFIX.encode()) or address.rule.dynamic:
            return None
        encoding = asked.encoding
        if encoding is None:
            return self.own.plain(406, "Not acceptable", ("Vary", "Accept-Encoding"))
        if address.key is not None and not address.is_usual and self._is_live(address.key, encoding):
            return self.own.moved(address.key)
        key = self._key(address)
        found = self.find(key, encoding)
        if found is None:
            return None
        if not found.is_fresh:
            self._refresh(key, address.as_sent)
        answer = self._give(asked, found, found.source)
        if found.is_fresh and not found.is_shared and address.is_usual and target_of(address) == asked.target:
            answer.reply = found.reply
        return answer

    async def later(self, asked: Asked) -> Answer:
        """The answer, within two seconds."""
        address = self.read(asked.target)
        raw_path = asked.target.split(b"?", 1)[0].decode("latin-1")
        if raw_path == HEALTH.decode():
            return self.own.health(await self._examine())
        if raw_path.startswith(files.PREFIX):
            return await self.pictures.answer(
                raw_path,
                known_tags=asked.text(b"if-none-match"),
                wanted=asked.text(b"range"),
                if_range=asked.text(b"if-range"),
            )
        if address.rule.dynamic:
            return await self._pass_on(asked, address)
        return await self._fetch(asked, address, _encoding_of(asked))

    def read(self, target: bytes) -> Address:
        """What the target asks for; what its path asks for is remembered."""
        path, _, query = target.partition(b"?")
        address = self._addresses.get(path)
        if address is None:
            address = addresses.read_path(path.decode("latin-1"), self.rules)
            if len(path) <= limits.LONGEST_ALIAS:
                if len(self._addresses) >= limits.ALIASES:
                    self._addresses.clear()
                self._addresses[path] = address
        return addresses.add_query(address, query.decode("latin-1")) if query else address

    def find(self, key: str, encoding: Encoding) -> Found | None:
        """The stored reply of the address, or of the one that answers for it; None: it must be rendered."""
        now = time.time()
        found = self._look(key, encoding, now)
        if found is None and key in self._aliases:
            other, promise = self._aliases[key]
            if self._holds(promise, now):
                found = self._look(other, encoding, now)
                if found is not None:
                    found.is_shared = True
            else:
                del self._aliases[key]
        return found

    def use_facts(self, facts: SiteFacts) -> None:
        """From now on this is what the site says of itself."""
        self.rules = facts.rules
        self.own.use(facts.unavailable, facts.security_headers)
        self._addresses.clear()

    def close(self) -> None:
        for task in self._flights.values():
            task.cancel()
        self.renderer.close()
        self.pictures.close()

    def _look(self, key: str, encoding: Encoding, now: float) -> Found | None:
        target = key.encode("latin-1")
        try:
            reply = self.table.find(target, encoding, now)
            if reply is not None:
                return Found(reply, "hit")
            found = self.table.fetch(target, key, encoding, now)
        except StoreUnusable:
            # The renderer can still answer.
            return None
        return None if found is None else Found(found.reply, "store" if found.freshness is Freshness.FRESH else "stale")

    def _holds(self, promise: ReadyReply, now: float) -> bool:
        try:
            return self.tags.freshness(promise, now) is Freshness.FRESH
        except StoreUnusable:
            return False

    def _is_live(self, key: str, encoding: Encoding) -> bool:
        found = self._look(key, encoding, time.time())
        return found is not None and found.reply.status == 200

    def _key(self, address: Address) -> str:
        """Where the answer is kept. An address at which no page can stand is answered like any that has none."""
        if address.key is None:
            return f"404:{self.own.language_of(address.as_sent)}"
        return address.key if address.is_usual else address.as_sent

    async def _fetch(self, asked: Asked, address: Address, encoding: Encoding) -> Answer:
        """A page that is not stored, or may not be given out any more."""
        key = self._key(address)
        try:
            async with asyncio.timeout(limits.PATIENCE_S):
                while True:
                    rendered = await asyncio.shield(self._fly(key, address.as_sent, limits.PATIENCE_S))
                    if rendered is not None:
                        return self._passed(rendered)
                    found = self.find(key, encoding)
                    if found is not None:
                        return self._give(asked, found, "miss")
                    # It was purged while it was rendered.
                    await asyncio.sleep(limits.LOOK_S)
        except (TimeoutError, RendererError):
            found = self.find(key, encoding)
            return self.own.unavailable(address.as_sent) if found is None else self._give(asked, found, "stale")

    def outer_line(self, reply: ReadyReply) -> bytes:
        """What the cache in front that we purge is told of a fresh reply at its own address."""
        if self.outer is None:
            return b""
        return self.outer.fresh(None if reply.fresh_until is None else reply.fresh_until - time.time())

    def _give(self, asked: Asked, found: Found, source: str) -> Answer:
        """The stored reply, or the 304 when the request has its bytes already."""
        reply = found.reply
        outer = b""
        if self.outer is not None:
            outer = self.outer_line(reply) if found.is_fresh and not found.is_shared else self.outer.stale()
        known = asked.text(b"if-none-match")
        if known is not None and reply.not_modified and has_tag(known, reply.entity_tag.decode("latin-1")):
            return Answer(304, reply.not_modified, source=source, outer=outer)
        return Answer(reply.status, reply.head, reply.body, source, outer=outer)

    def _refresh(self, key: str, target: str) -> None:
        """Have the page made anew while its old copy is given."""
        if key in self._flights or self.renderer.is_resting(target) or len(self._flights) >= limits.REFRESHES:
            return
        self._fly(key, target, limits.LONG_PATIENCE_S)

    def _fly(self, key: str, target: str, patience_s: float) -> asyncio.Task[Rendered | None]:
        """The one task of this worker that renders the address; all who wait for it share its result."""
        task = self._flights.get(key)
        if task is None:
            task = asyncio.create_task(self._render(key, target, patience_s))
            self._flights[key] = task
            task.add_done_callback(lambda done: self._land(key, done))
        return task

    def _land(self, key: str, task: asyncio.Task[Rendered | None]) -> None:
        self._flights.pop(key, None)
        if not task.cancelled():
            # Looked at, so that a failure for which nobody waits is not reported as forgotten.
            task.exception()

    async def _render(self, key: str, target: str, patience_s: float) -> Rendered | None:
        """Render the address, unless another process does: then wait for it, or for its death.

        None: the store has it now. Raises RendererError.
        """
        until = time.monotonic() + patience_s
        while not self.flight.take(key):
            await asyncio.sleep(limits.LOOK_S)
            if self._is_fresh(key):
                return None
            if time.monotonic() > until:
                raise RendererError("another process renders it and does not end")
        try:
            if self._is_fresh(key):
                return None
            generation = self._generation()
            return self._note(key, await self._ask(target, until), generation)
        finally:
            self.flight.release(key)

    async def _ask(self, target: str, until: float) -> Rendered:
        """The renderer's answer; a failure that has just begun is tried once more. Raises RendererError."""
        try:
            return await self.renderer.ask(target, patience_s=_rest_of(until))
        except RendererError:
            rest_s = self.renderer.rest_s(target)
            if rest_s > min(limits.SHORT_REST_S, until - time.monotonic()):
                raise
            await asyncio.sleep(max(0.0, rest_s))
        return await self.renderer.ask(target, patience_s=_rest_of(until))

    def _generation(self) -> int:
        try:
            return self.tags.generation()
        except StoreUnusable:
            return 0

    def _is_fresh(self, key: str) -> bool:
        found = self.find(key, Encoding.BR)
        return found is not None and found.is_fresh

    def _note(self, key: str, rendered: Rendered, generation: int) -> Rendered | None:
        """Remember where the answer is kept; the answer itself when it is not kept."""
        other = rendered.stored or rendered.same_as
        if not other:
            return rendered
        if rendered.same_as and other != key and len(key) <= limits.LONGEST_ALIAS:
            if len(self._aliases) >= limits.ALIASES:
                del self._aliases[next(iter(self._aliases))]
            _, named, language = other.partition("404:")
            tag = f"missing:{language if named else self.own.language_of(key)}"
            # It holds until something is published in that language: then a page may stand here.
            self._aliases[key] = (
                other,
                ReadyReply(0, b"", b"", b"", b"", generation, slots_of(frozenset({tag})), None),
            )
        return None

    async def _pass_on(self, asked: Asked, address: Address) -> Answer:
        """A dynamic address: each request is the renderer's, with the headers of the rule and no others."""
        is_form = asked.method == b"POST"
        fields = forwarded(asked, address.rule)
        patience_s = limits.LONG_PATIENCE_S if is_form else limits.PATIENCE_S
        try:
            async with asyncio.timeout(patience_s), self._passing:
                rendered = await self.renderer.ask(
                    address.as_sent,
                    method="POST" if is_form else "GET",
                    fields=fields,
                    body=bytes(asked.body),
                    patience_s=patience_s,
                )
        except (TimeoutError, RendererError):
            return self.own.unavailable(address.as_sent)
        if key := rendered.stored or rendered.same_as:
            found = self.find(key, _encoding_of(asked))
            return self.own.unavailable(address.as_sent) if found is None else self._give(asked, found, "passed")
        return self._passed(rendered)

    def _passed(self, rendered: Rendered) -> Answer:
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in rendered.headers]
        present = {name for name, _ in headers}
        headers += [(name, value) for name, value in self.own.security if name.lower() not in present]
        body = rendered.body
        if rendered.status in (204, 304):
            body = b""
        else:
            headers.append(("Content-Length", str(len(body))))
        return Answer(rendered.status, make_head(rendered.status, headers), body, source="passed")

    async def _examine(self) -> list[str]:
        """What is wrong behind the store; looked at once a second at most, whoever asks."""
        seen_at, problems = self._health
        now = time.monotonic()
        if now - seen_at >= _HEALTH_LASTS_S:
            self._health = (now, problems)
            problem = await self.renderer.examine()
            problems = [problem] if problem else []
            self._health = (now, problems)
        return problems


def _rest_of(until: float) -> float:
    """What is left of somebody's patience, in seconds; never nothing, so that a question is at least asked."""
    return max(0.05, until - time.monotonic())


def target_of(address: Address) -> bytes:
    """The target under which the address is asked for when nothing is in it that means nothing."""
    return (address.key or "").encode("latin-1")


def forwarded(asked: Asked, rule: Rule) -> Fields:
    """The header fields of the request that the rule lets through, and the encoding that was chosen from it."""
    fields = [("Accept-Encoding", _ACCEPT[_encoding_of(asked)])]
    if asked.method == b"POST" and (content_type := asked.text(b"content-type")) is not None:
        fields.append(("Content-Type", content_type))
    for name in rule.forwards:
        value = asked.text(name.encode())
        if value is not None and name != "accept-encoding":
            fields.append((name, value))
    return fields


def _encoding_of(asked: Asked) -> Encoding:
    """What to answer in; the best encoding has the number 0, so it must not be asked whether it is true."""
    return Encoding.IDENTITY if asked.encoding is None else asked.encoding
