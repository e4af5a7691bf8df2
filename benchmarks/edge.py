"""How fast the edge answers, what a purge costs and what the store takes, each as a ratio within one run.

`python -m benchmarks.edge`, or `make bench`. Needs nginx and wrk on the path; without them the rows that need them are
left out. Two servers are asked in turns, with 64 connections that are kept open; the edge is `broadsheet edge` with
its production limits, nginx has the same bytes in files and sends the same head. Processor time is user and system
time of the server's processes. Takes four minutes.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

from broadsheet.edge.counters import Counter, Counters
from broadsheet.edge.store import LmdbStore

from . import machine, pages, peers, wrk
from .figures import Figure, show
from .wrk import Contest, Side

PAGE = "/page/"
# More than fits into a worker's table of 64 MB, and sixty times what fits into one of 1 MB.
SET_PAGES = 5_000
PURGED_SET_PAGES = 300
SIZED_PAGES = 150
WORDS = (3400, 5600, 4200, 5000, 3800)
SMALL_PAGE = b"\x89PNG" + bytes(300)
PURGES = 30
PURGE_EVERY_S = 0.1
BARE_HEAD = b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nVary: Accept-Encoding\r\n"
STORE_FILES = ("/pages/data.mdb", "/tags/data.mdb")


@dataclass
class Bench:
    """The folder of the run with its site, and how long everything is measured."""

    folder: Path
    rounds: int
    seconds: float
    tagged_pages: int
    is_bare: bool
    figures: list[Figure] = field(default_factory=list)

    @property
    def site(self) -> Path:
        return self.folder / "site"

    @property
    def store(self) -> Path:
        return self.site / "edge"

    @property
    def root(self) -> Path:
        return self.folder / "files"

    def listed(self, name: str) -> Path:
        """The addresses of the set as `name` has them, one a line."""
        return self.folder / f"{name}.paths"

    def compare(self, ours: Side, theirs: Side) -> Contest:
        """Measure both, and say what they did."""
        contest = wrk.compare(ours, theirs, self.rounds, self.seconds)
        for side, rounds in ((ours, contest.ours), (theirs, contest.theirs)):
            rate = statistics.median(one.rate for one in rounds)
            cpu_us = statistics.median(one.cpu_us for one in rounds)
            machine.say(f"  {side.peer.name:<16} {rate:9,.0f} requests/s {cpu_us:8.1f} µs of processor time each")
        return contest

    def note(
        self, name: str, floor: float | None, aim: float | None, values: tuple[float, ...], **form: object
    ) -> None:
        """Keep a row of the table."""
        self.figures.append(Figure(name, floor, aim, values, **form))  # type: ignore[arg-type]


def main() -> None:
    """Measure everything, print the table."""
    options = _options()
    begun_at, load = time.monotonic(), machine.load()
    missing = peers.missing()
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as name:
        bench = Bench(Path(name), options.rounds, options.seconds, options.tagged, options.bare)
        bench.folder.chmod(0o755)
        if missing:
            machine.say(f"{' and '.join(missing)} cannot be found: the rows that need both are left out")
        for title, needs_peers, measure in MEASUREMENTS:
            if (needs_peers and missing) or (options.only and options.only not in title):
                continue
            _prepare(bench)
            machine.say(title)
            measure(bench)
    machine.say()
    show(bench.figures)
    _tell_conditions(options, load, time.monotonic() - begun_at, missing)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.edge", description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each side")
    parser.add_argument("--seconds", type=float, default=2, help="whole seconds of a round")
    parser.add_argument("--tagged", type=int, default=100_000, help="pages with the tag that is purged")
    parser.add_argument("--bare", action="store_true", help="nginx sends no head but what the coding needs")
    parser.add_argument("--only", default="", help="only the measurements with this in their title")
    return parser.parse_args()


def _prepare(bench: Bench) -> None:
    """The site, its store with one page of 14 KB and the set, and the same bytes in files; made once."""
    if bench.site.exists():
        return
    bench.site.mkdir()
    (bench.site / "broadsheet.toml").write_text('languages = ["en"]\nsecret_key = "for nothing but this bench"\n')
    begun_at = time.monotonic()
    with pages.opened(bench.store, durable=False) as store:
        pages.push(store, PAGE, SET_PAGES, pages.story(SET_PAGES))
        peers.write_file(bench.root, PAGE, pages.stored(store, PAGE).body)
    with pages.opened(bench.store, durable=False, brotli_quality=1) as store:
        addresses = pages.fill(store, SET_PAGES, pages.noise)
        for address in addresses:
            peers.write_file(bench.root, address, pages.stored(store, address).body)
        # From now on G is greater than what the pages carry, so that the slots of their tags are looked at.
        store.tags.purge({"nobody's"}, hard=True)
    bench.listed("edge").write_text("".join(f"{address}\n" for address in addresses))
    bench.listed("few").write_text("".join(f"{address}\n" for address in addresses[:PURGED_SET_PAGES]))
    bench.listed("nginx").write_text("".join(f"{peers.file_path(address)}\n" for address in addresses))
    machine.say(f"{SET_PAGES:,} pages stored in {time.monotonic() - begun_at:.0f} s")


def measure_table(bench: Bench) -> None:
    """One page, always the same, one worker each."""
    with _both(bench) as (edge, nginx):
        contest = bench.compare(Side(edge, PAGE), Side(nginx, peers.file_path(PAGE)))
    bench.note("hit from the table / nginx: requests a second", 0.90, 1.1, contest.rates())
    bench.note("hit from the table / nginx: processor time", 1.15, 1.0, contest.costs(), is_least=True)


def measure_store(bench: Bench) -> None:
    """The set, with a table that holds a sixtieth of it; then with purges, so that slots are looked at."""
    with _both(bench, table_mb=1) as (edge, nginx), pages.opened(bench.store) as store:
        before = _totals(bench)
        ours, theirs = Side(edge, "/", paths=bench.listed("edge")), Side(nginx, "/", paths=bench.listed("nginx"))
        contest = bench.compare(ours, theirs)
        after = _totals(bench)
        purged = bench.compare(replace(ours, during=partial(_purging, store)), theirs)
    read, ready = (after[kind] - before[kind] for kind in (Counter.STORE_HITS, Counter.HITS))
    bench.note("hit from LMDB with tag check / nginx: requests a second", 0.70, 0.9, contest.rates())
    bench.note("hit from LMDB with tag check / nginx: processor time", 1.45, None, contest.costs(), is_least=True)
    bench.note("the same with 10 purges a second: requests a second", None, None, purged.rates())
    bench.note("the same with 10 purges a second: processor time", None, None, purged.costs(), is_least=True)
    machine.say(f"  of these {100 * read / (read + ready):.0f} % were read from LMDB, the rest was in memory")


def measure_two_workers(bench: Bench) -> None:
    """The one page, two workers each."""
    with _both(bench, workers=2) as (edge, nginx):
        contest = bench.compare(Side(edge, PAGE), Side(nginx, peers.file_path(PAGE)))
    bench.note("two workers / nginx with two: requests a second", 0.90, 1.3, contest.rates())
    bench.note("two workers / nginx with two: processor time", None, None, contest.costs(), is_least=True)


def measure_not_modified(bench: Bench) -> None:
    """The one page for somebody who has it; nginx sends the fields that the edge has on a 304."""
    with pages.opened(bench.store) as store:
        reply = pages.stored(store, PAGE)
    path = peers.file_path(PAGE)
    with peers.edge(bench.site) as edge, _nginx(bench, reply.not_modified, 1) as nginx:
        sides = [
            Side(peer, where, (("If-None-Match", peers.ask(peer, where)[1]["etag"]),))
            for peer, where in ((edge, PAGE), (nginx, path))
        ]
        for side in sides:
            _expect(304, peers.ask(side.peer, side.path, side.fields)[0], side.peer.name)
        contest = bench.compare(*sides)
    bench.note("304 / nginx's 304: requests a second", 0.90, 1.2, contest.rates())
    bench.note("304 / nginx's 304: processor time", None, None, contest.costs(), is_least=True)


def measure_django(bench: Bench) -> None:
    """The one page by the edge and by Django's cache in memory."""
    with pages.opened(bench.store) as store:
        head = pages.stored(store, PAGE).head
    file = bench.root / peers.file_path(PAGE).lstrip("/")
    with peers.edge(bench.site) as edge, peers.django(file, head) as django:
        made = [peers.ask(django, PAGE)[1]["x-made"] for _ in range(3)]
        _expect(made[:1] * 3, made, "Django's cache")
        body = peers.ask(django, PAGE)[2]
        _expect(peers.ask(edge, PAGE)[2], body, "Django's cache")
        contest = bench.compare(Side(edge, PAGE), Side(django, PAGE))
    bench.note("edge / Django's cache: requests a second", 8, 12, contest.rates(), form="{:.1f}")
    bench.note("edge / Django's cache: processor time", None, None, contest.costs(), is_least=True, form="{:.3f}")


def measure_purges(bench: Bench) -> None:
    """Some hundred pages in the table, with purges of other pages' tags and without, durable as in production."""
    with pages.opened(bench.store) as store, peers.edge(bench.site) as edge:
        few = bench.listed("few")
        purged = Side(edge, "/", paths=few, during=partial(_purging, store))
        contest = bench.compare(purged, Side(edge, "/", paths=few))
    bench.note("with 10 purges a second / without: requests a second", 0.90, 0.97, contest.rates())
    bench.note("with 10 purges a second / without: processor time", None, None, contest.costs(), is_least=True)


def measure_purge(bench: Bench) -> None:
    """A tag of very many pages and tags of one page each, purged in turns, durable as in production."""
    folder = bench.folder / "tagged"
    with pages.opened(folder, durable=False) as store:
        begun_at = time.monotonic()
        for number in range(bench.tagged_pages):
            page = pages.PushedPage(
                f"/{number}/", 200, "image/png", SMALL_PAGE, store.tags.generation(), frozenset({f"a:{number}", "all"})
            )
            _expect(True, bool(store.put(page)), "the store")
        machine.say(f"  {bench.tagged_pages:,} pages stored in {time.monotonic() - begun_at:.0f} s")
    with pages.opened(folder) as store:
        turns = [(_purge_us(store, "all"), _purge_us(store, f"a:{number}")) for number in range(5 * PURGES)]
        gone = store.tags.freshness(pages.stored(store, f"/{bench.tagged_pages - 1}/"), time.time())
    _expect("GONE", gone.name, "a page with the tag")
    with pages.opened(folder, durable=False) as store:
        unsynced_us = statistics.median(_purge_us(store, "all") for _ in range(PURGES))
    all_us, one_us = (statistics.median(times) for times in zip(*turns, strict=True))
    machine.say(f"  {all_us:,.0f} µs and {one_us:,.0f} µs; without the disk's sync {unsynced_us:,.0f} µs")
    rounds = [turns[at : at + PURGES] for at in range(0, len(turns), PURGES)]
    ratios = tuple(statistics.median(a for a, _ in part) / statistics.median(b for _, b in part) for part in rounds)
    bench.note(f"purge of a {bench.tagged_pages:,}-page tag / of a 1-page tag", 2, 1.1, ratios, is_least=True)


def measure_size(bench: Bench) -> None:
    """Pages of ordinary sizes, stored once, and then each four times more in another length."""
    folder = bench.folder / "sized"
    ratios = []
    with pages.opened(folder, durable=False) as store:
        for turn in range(5):
            addresses = pages.fill(store, SIZED_PAGES, partial(_story_of_turn, turn))
            ratios.append(_size_ratio(store, addresses))
    bench.note("store size / br and gzip bodies, stored once", 1.3, 1.15, (ratios[0],), is_least=True)
    bench.note("store size / br and gzip bodies, after five puts", 1.3, 1.15, (ratios[-1],), is_least=True)


def measure_memory(bench: Bench) -> None:
    """A worker with a full table of 64 MB: its share of all memory (PSS) without the store's files, less the table."""
    with peers.edge(bench.site) as edge:
        for address in bench.listed("edge").read_text().split():
            _expect(200, peers.ask(edge, address)[0], address)
        if not peers.missing():
            wrk.measure(Side(edge, "/", paths=bench.listed("edge")), 2)
        *_, worker = machine.family(edge.process)
        taken = machine.private_bytes(worker, STORE_FILES)
    beyond = taken / 1e6 - 64 * 1024 * 1024 / 1e6
    bench.note("memory of a worker beyond its table, MB (PSS)", 60, 40, (beyond,), is_least=True, form="{:.0f}")


MEASUREMENTS: tuple[tuple[str, bool, Callable[[Bench], None]], ...] = (
    ("table: 14 KB of brotli, one worker each", True, measure_table),
    ("store: a set of pages that the table cannot hold", True, measure_store),
    ("two workers each", True, measure_two_workers),
    ("304", True, measure_not_modified),
    ("django: the same page by Django's cache", True, measure_django),
    ("purges: with ten a second, and without", True, measure_purges),
    ("purge: of many pages, and of one", False, measure_purge),
    ("size of the store", False, measure_size),
    ("memory of a worker", False, measure_memory),
)


@contextmanager
def _both(bench: Bench, *, workers: int = 1, table_mb: int = 64) -> Iterator[tuple[peers.Peer, peers.Peer]]:
    """The edge and nginx with as many workers, after a look that they answer with the same bytes."""
    with pages.opened(bench.store) as store:
        head = pages.stored(store, PAGE).head
    with peers.edge(bench.site, workers=workers, table_mb=table_mb) as edge, _nginx(bench, head, workers) as nginx:
        ours, theirs = peers.ask(edge, PAGE), peers.ask(nginx, peers.file_path(PAGE))
        _expect((200, theirs[2]), (ours[0], ours[2]), edge.name)
        _expect(ours[1]["content-encoding"], theirs[1]["content-encoding"], nginx.name)
        yield edge, nginx


def _nginx(bench: Bench, head: bytes, workers: int) -> AbstractContextManager[peers.Peer]:
    folder = Path(tempfile.mkdtemp(prefix="nginx-", dir=bench.folder)) / "nginx"
    folder.parent.chmod(0o755)
    return peers.nginx(folder, bench.root, BARE_HEAD if bench.is_bare else head, workers=workers)


@contextmanager
def _purging(store: LmdbStore) -> Iterator[None]:
    """Purge ten tags a second that none of the pages carry, by turns hard and soft."""
    done = threading.Event()

    def purge() -> None:
        number = 0
        while not done.wait(PURGE_EVERY_S):
            number += 1
            store.tags.purge({f"article:{2_000_000 + number}"}, hard=number % 2 == 0)

    thread = threading.Thread(target=purge)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _purge_us(store: LmdbStore, tag: str) -> float:
    begun_at = time.perf_counter()
    store.tags.purge({tag}, hard=True)
    return (time.perf_counter() - begun_at) * 1e6


def _story_of_turn(turn: int, number: int) -> bytes:
    return pages.story(number, WORDS[(number + turn) % len(WORDS)])


def _size_ratio(store: LmdbStore, addresses: list[str]) -> float:
    found = [store.describe(address) for address in addresses]
    return store.stats().file_bytes / sum(sum(one.sizes[:2]) for one in found if one)


def _totals(bench: Bench) -> dict[Counter, int]:
    """What was counted; hits are counted at the end of each second."""
    time.sleep(1.2)
    counters = Counters(bench.store)
    try:
        return counters.totals()
    finally:
        counters.close()


def _expect(wanted: object, found: object, who: str) -> None:
    if wanted != found:
        raise RuntimeError(f"{who}: {str(found)[:200]!r} instead of {str(wanted)[:200]!r}")


def _tell_conditions(options: argparse.Namespace, load: str, took_s: float, missing: list[str]) -> None:
    machine.say()
    machine.say(machine.describe())
    names = ("uvloop", "httptools", "lmdb", "brotli", "django", "granian")
    machine.say(", ".join(f"{name} {version(name)}" for name in names))
    if not missing:
        machine.say(f"{peers.nginx_version()}, {wrk.version()}, {wrk.CONNECTIONS} connections")
    machine.say(f"load average {load} at the beginning, {machine.load()} at the end")
    machine.say(f"{options.rounds} rounds of {options.seconds:g} s for each side, {took_s:.0f} s in all")


if __name__ == "__main__":
    main()
