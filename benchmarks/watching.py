"""Readers of every kind of page that a publish changes, at every worker of the edge."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import machine

if TYPE_CHECKING:
    from broadsheet.articles.models import ArticlePage
    from broadsheet.config import Config

LOOK_S = 0.005
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a body."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Watch:
    """An address, and whether an answer shows the change; the second argument is the answer before it."""

    path: str
    shows: Callable[[Answer, Answer], bool]


class Readers:
    """Connections that are kept open, one to each worker of the edge."""

    def __init__(self, config: Config, served_by: int) -> None:
        self.host = config.site_url.partition("://")[2]
        self.connections = _connect_to_all(config, served_by)

    def ask(self, path: str) -> list[Answer]:
        """The answers, one from each worker, whatever their status."""
        return [self._ask_one(connection, path) for connection in self.connections]

    def await_all(self, watched: Mapping[str, Watch], before: Mapping[str, list[Answer]]) -> dict[str, float]:
        """When each page had come changed from the last worker, on the monotonic clock.

        One reader asks for all that has not come, again and again. Raises RuntimeError when something does not come.
        """
        missing = [(kind, number) for kind in watched for number in range(len(self.connections))]
        seen: dict[str, float] = {}
        until = time.monotonic() + PATIENCE_S
        while missing:
            missing = [one for one in missing if not self._has_come(*one, watched, before, seen)]
            if missing and time.monotonic() > until:
                paths = {watched[kind].path for kind, _ in missing}
                raise RuntimeError(f"{', '.join(sorted(paths))}: not the new page after {PATIENCE_S:g} s")
            time.sleep(LOOK_S if missing else 0)
        return seen

    def count_stale(
        self, watched: Mapping[str, Watch], before: Mapping[str, list[Answer]], rounds: int
    ) -> dict[str, int]:
        """Ask everything of every worker so many times on end: how many of the answers did not show the change."""
        stale = dict.fromkeys(watched, 0)
        for _ in range(rounds):
            for kind, watch in watched.items():
                answers = zip(self.ask(watch.path), before[kind], strict=True)
                stale[kind] += sum(not watch.shows(now, then) for now, then in answers)
        return stale

    def close(self) -> None:
        for connection in self.connections:
            connection.close()

    def _has_come(
        self,
        kind: str,
        number: int,
        watched: Mapping[str, Watch],
        before: Mapping[str, list[Answer]],
        seen: dict[str, float],
    ) -> bool:
        answer = self._ask_one(self.connections[number], watched[kind].path)
        if watched[kind].shows(answer, before[kind][number]):
            seen[kind] = time.monotonic()
            return True
        return False

    def _ask_one(self, connection: http.client.HTTPConnection, path: str) -> Answer:
        connection.request("GET", path, headers={"Host": self.host})
        answer = connection.getresponse()
        return Answer(answer.status, answer.read())


def of_story(article: ArticlePage, beside: ArticlePage) -> dict[str, Watch]:
    """All kinds of pages on which a story of today appears; `beside` is a story of its section and topics."""
    from broadsheet.articles import addresses, parts

    front, section = addresses.front_path(article.language), article.section.public_path
    topic, author = article.topic_links.first().topic.public_path, article.bylines.first().author.public_path
    day, part = _day_path(article), parts.part_of(article.pk)
    title, path = article.title.encode(), article.public_path.encode()
    feed = {f"feed of {name}": f"{place}feed.xml" for name, place in (("the language", front), ("the topic", topic))}
    watched = {
        "article": article.public_path,
        "section": section,
        "front": front,
        **feed,
        "topic": topic,
        "author": author,
        "related block": beside.public_path,
        "archive: day": day,
        "news sitemap": addresses.news_sitemap_path(article.language),
    }
    found = {name: Watch(where, lambda now, _: title in now.body) for name, where in watched.items()}
    found["sitemap: part"] = Watch(f"/sitemap-articles-{part}.xml", lambda now, _: path in now.body)
    found["sitemap: index"] = Watch("/sitemap.xml", _is_other)
    found["archive: years"] = Watch(addresses.archive_path(article.language), _is_other)
    return found


def that_lack(watched: Mapping[str, Watch], words: bytes) -> dict[str, Watch]:
    """The same addresses, where the change is that these words are gone."""
    return {kind: Watch(one.path, lambda now, _: words not in now.body) for kind, one in watched.items()}


def choose(watched: Mapping[str, Watch], kinds: Sequence[str]) -> dict[str, Watch]:
    return {kind: watched[kind] for kind in kinds}


def _is_other(now: Answer, before: Answer) -> bool:
    return now.status == before.status and now.body != before.body


def _day_path(article: ArticlePage) -> str:
    from django.conf import settings
    from django.utils import timezone

    from broadsheet.articles import addresses

    today = (article.first_published_at or timezone.now()).astimezone(settings.CONFIG.zone)
    return addresses.archive_path(article.language, today.year, today.month, today.day)


def _connect_to_all(config: Config, served_by: int) -> list[http.client.HTTPConnection]:
    """Open connections until each worker holds one; the kernel deals them out as it likes."""
    found: dict[int, http.client.HTTPConnection] = {}
    for _ in range(200):
        connection = http.client.HTTPConnection("127.0.0.1", config.reader_port, timeout=PATIENCE_S)
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        own_port = connection.sock.getsockname()[1]
        worker = machine.holder_of(config.reader_port, own_port, machine.family(served_by))
        if worker is None or worker in found:
            connection.close()
        else:
            found[worker] = connection
        if len(found) == config.edge_workers:
            return list(found.values())
    raise RuntimeError(f"{len(found)} of {config.edge_workers} workers could be reached")
