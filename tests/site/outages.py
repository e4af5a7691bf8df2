"""A small site on PostgreSQL behind a proxy that fails, and readers who must not notice.

`python -m tests.site.outages --seconds 60` does each of the faults for so long and tells what readers felt;
`test_outages` does them for a moment.
"""

from __future__ import annotations

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.faultproxy import FaultProxy

from . import harness, web

SERVER = os.environ.get("DATABASE_URL_TEST", "postgres://postgres@127.0.0.1:5432/broadsheet").rpartition("/")[0]
PASSWORD = "a-long-and-harmless-word"
MOODS = ("refuse", "blackhole", "forget", "cut")
STORIES = 12
PAGES = 20
READS_A_SECOND = 20
WELL_AGAIN_WITHIN_S = 10.0


@dataclass
class Outage:
    """The site, the proxy before its database, and the pages that its readers read."""

    site: harness.RunningSite
    proxy: FaultProxy
    paths: list[str]
    section: int


@dataclass
class Felt:
    """What one client felt: how long each answer took, in seconds, and all that was no 200."""

    took_s: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def p99_s(self) -> float:
        return statistics.quantiles(self.took_s, n=100)[98] if len(self.took_s) > 1 else 0.0


class ReaderLoop(threading.Thread):
    """One client that asks for the pages in turn, twenty times a second, over one connection."""

    def __init__(self, origin: str, paths: list[str]) -> None:
        super().__init__(name="reader loop")
        self.host, self.paths, self.felt = urlsplit(origin).netloc, paths, Felt()
        self._is_over = threading.Event()

    def __enter__(self) -> Felt:
        self.start()
        return self.felt

    def __exit__(self, *error: object) -> None:
        self._is_over.set()
        self.join()

    def run(self) -> None:
        connection = http.client.HTTPConnection(self.host, timeout=10)
        number = 0
        while not self._is_over.wait(1 / READS_A_SECOND):
            path = self.paths[number % len(self.paths)]
            number += 1
            begun_at = time.perf_counter()
            try:
                connection.request("GET", path, headers={"Accept-Encoding": "br"})
                reply = connection.getresponse()
                reply.read()
                if reply.status != 200:
                    self.felt.wrong.append(f"{path} answers {reply.status}")
            except (OSError, http.client.HTTPException) as error:
                self.felt.wrong.append(f"{path}: {error!r}")
                connection.close()
            self.felt.took_s.append(time.perf_counter() - begun_at)
        connection.close()


def server_answers() -> bool:
    """Whether there is a PostgreSQL server for us."""
    try:
        psycopg.connect(f"{SERVER}/postgres", connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


@contextmanager
def served() -> Iterator[Outage]:
    """A new site with a dozen stories, all its pages stored, served over the proxy."""
    place = urlsplit(SERVER)
    with (
        tempfile.TemporaryDirectory(prefix="broadsheet-outage-") as name,
        own_database() as database,
        FaultProxy(place.hostname or "127.0.0.1", place.port or 5432) as proxy,
    ):
        folder = Path(name) / "site"
        person = f"{place.username or 'postgres'}" + (f":{place.password}" if place.password else "")
        url = f"postgres://{person}@127.0.0.1:{proxy.port}/{database}"
        found(folder, url)
        with harness.serve(folder, database_url=url) as site:
            section = site.desk.add_section("en", "World")
            yield Outage(site, proxy, fill(site, section), section)


@contextmanager
def own_database() -> Iterator[str]:
    """A database that is gone afterwards, whoever still has it open."""
    name = f"test_broadsheet_outage_{os.getpid()}"
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield name
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def found(folder: Path, url: str) -> None:
    """`broadsheet init` on the database."""
    environment = harness._environment(folder) | {"BROADSHEET_DATABASE_URL": url}
    command = [sys.executable, "-m", "broadsheet", "init", str(folder), "--no-input", "--languages", "en,az"]
    command += ["--admin-name", "admin", "--admin-password", PASSWORD]
    done = subprocess.run(command, env=environment, cwd=harness.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def fill(site: harness.RunningSite, section: int) -> list[str]:
    """Stories in the section; the addresses of twenty pages, each asked for once by now."""
    section = site.desk.add_section("en", "World")
    stories = [
        site.desk.add_story("en", f"A lamp is lit, number {number}", section=section) for number in range(STORIES)
    ]
    paths = ["/en/", "/en/world/", "/en/feed.xml", "/en/atom.xml", "/en/feed.json", "/sitemap.xml", "/en/archive/"]
    paths = [*paths, "/robots.txt", *(story["path"] for story in stories)][:PAGES]
    for path in paths:
        web.fetch_until(site.url(path), lambda reply: reply.status == 200, 60)
    return paths


def is_well(site: harness.RunningSite) -> bool:
    """Whether both origins say so."""
    try:
        return all('"ok"' in web.fetch(f"{origin}/healthz").text for origin in (site.readers, site.newsroom))
    except (OSError, http.client.HTTPException):
        return False


def seconds_until(claim: Callable[[], bool], at_most_s: float) -> float:
    """How long it takes until it is so. Raises AssertionError when it is not in time."""
    begun_at = time.monotonic()
    while not claim():
        assert time.monotonic() - begun_at < at_most_s, f"not so after {at_most_s:g} s"
        time.sleep(0.1)
    return time.monotonic() - begun_at


def main() -> None:
    """Each fault for a while; what readers felt before, during and after it."""
    parser = argparse.ArgumentParser(prog="python -m tests.site.outages", description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60, help="how long each fault lasts")
    options = parser.parse_args()
    is_right = True
    with served() as outage:
        for mood in ("ok", *MOODS):
            outage.proxy.be(mood)
            with ReaderLoop(outage.site.readers, outage.paths) as felt:
                time.sleep(options.seconds)
                begun_at = time.monotonic()
                status = web.fetch(outage.site.url(f"/az/never-{mood}/")).status
                said_s = time.monotonic() - begun_at
            outage.proxy.be("ok")
            again_s = seconds_until(lambda: is_well(outage.site), 60)
            median_ms, p99_ms = 1000 * statistics.median(felt.took_s), 1000 * felt.p99_s
            print(  # noqa: T201
                f"{mood:<10} {len(felt.took_s)} reads, {len(felt.wrong)} not 200, median {median_ms:.2f} ms, p99 "
                f"{p99_ms:.2f} ms; never stored: {status} after {said_s:.2f} s; well again after {again_s:.1f} s",
                flush=True,
            )
            is_right = is_right and not felt.wrong and again_s < WELL_AGAIN_WITHIN_S
    sys.exit(int(not is_right))


if __name__ == "__main__":
    main()
