"""Processes that the tests start to write, read, purge and die: `python -m tests.edge.actors WHAT FOLDER …`.

The truth of a key is a version that only its editor raises; what the editor has purged after raising is acknowledged.
A page that is given out as fresh must show at least the version that was acknowledged before it was asked for.
"""

from __future__ import annotations

import json
import mmap
import os
import random
import shutil
import sys
import time
from pathlib import Path

from broadsheet.edge.contracts import PutOutcome
from broadsheet.edge.flight import FileFlight
from broadsheet.edge.pages import Encoding, Freshness, PushedPage
from broadsheet.edge.store import LmdbStore

KEYS = 16
SMALL = 64 << 20


class Versions:
    """The truth and what is acknowledged of it, in memory that all actors share."""

    def __init__(self, folder: Path) -> None:
        file = os.open(folder / "versions", os.O_RDWR | os.O_CREAT, 0o644)
        os.ftruncate(file, 16 * KEYS)
        words = memoryview(mmap.mmap(file, 16 * KEYS)).cast("Q")
        self.truth, self.acknowledged = words[:KEYS], words[KEYS:]


def body_of(key: int, version: int) -> bytes:
    """A body that says its version all over, of a length that differs from version to version."""
    return f"{key}:{version};".encode() * (50 + (key * 7 + version * 13) % 600)


def edit(folder: Path, number: str, seconds: str) -> None:
    """Change every second key and purge it; the purges that a dead predecessor left out come first."""
    store, versions, chance = open_small(folder), Versions(folder), random.Random(os.getpid())
    own = list(range(int(number), KEYS, 2))
    for key in own:
        change(store, versions, key, versions.truth[key])
    say(ready=True)
    until, purges = time.monotonic() + float(seconds), 0
    while time.monotonic() < until:
        change(store, versions, key := chance.choice(own), versions.truth[key] + 1)
        purges += 1
    say(purges=purges)


def change(store: LmdbStore, versions: Versions, key: int, version: int) -> None:
    versions.truth[key] = version
    store.tags.purge({f"key:{key}"}, hard=True, purge_id="")
    versions.acknowledged[key] = version


def render(folder: Path, seconds: str) -> None:
    """Render keys at random and put them, at times after a long pause."""
    store, versions, chance = open_small(folder), Versions(folder), random.Random(os.getpid())
    say(ready=True)
    until = time.monotonic() + float(seconds)
    outcomes = dict.fromkeys(PutOutcome, 0)
    while time.monotonic() < until:
        key = chance.randrange(KEYS)
        generation = store.tags.generation()
        body = body_of(key, versions.truth[key])
        time.sleep(chance.choice([0, 0, 0.001, 0.01]))
        page = PushedPage(f"/{key}/", 200, "text/html", body, generation, frozenset({f"key:{key}", "all"}))
        outcomes[store.put(page)] += 1
    say(**{outcome.name: count for outcome, count in outcomes.items()})


def read(folder: Path, seconds: str) -> None:
    """Read keys at random as workers do, and count what is wrong."""
    store, versions, chance = open_small(folder, writing=False), Versions(folder), random.Random(os.getpid())
    say(ready=True)
    until = time.monotonic() + float(seconds)
    counts = {"fresh": 0, "gone": 0, "absent": 0, "late": 0, "wrong": 0}
    while time.monotonic() < until:
        key = chance.randrange(KEYS)
        acknowledged = versions.acknowledged[key]
        reply = store.get(f"/{key}/", Encoding.IDENTITY)
        if reply is None:
            counts["absent"] += 1
            continue
        version = int(reply.body.split(b";")[0].split(b":")[1])
        counts["wrong"] += reply.body != body_of(key, version)
        is_fresh = store.tags.freshness(reply, 0) is Freshness.FRESH
        counts["fresh" if is_fresh else "gone"] += 1
        counts["late"] += is_fresh and version < acknowledged
    say(**counts, damaged=store.damaged_pages, given_up=store.stats().given_up)


def write(folder: Path) -> None:
    """Put pages of all lengths until killed."""
    store, chance = open_small(folder), random.Random(os.getpid())
    say(ready=True)
    while True:
        key = chance.randrange(400)
        store.put(picture(store, key, chance.randrange(40)))


def picture(store: LmdbStore, key: int, kib: int) -> PushedPage:
    body = key.to_bytes(4, "big") * 256 * kib
    return PushedPage(f"/{key}/", 200, "image/png", body, store.tags.generation(), frozenset({f"key:{key}"}))


def survey(*folders: Path) -> None:
    """Open each store and count right, wrong and wrongly fresh pages: even keys were purged hard."""
    counts = {"right": 0, "absent": 0, "wrong": 0, "late": 0, "given_up": 0}
    for folder in folders:
        store = open_small(folder)
        survey_pages(store, counts)
        counts["given_up"] += store.stats().given_up
        store.close()
    say(**counts)


def survey_pages(store: LmdbStore, counts: dict[str, int]) -> None:
    for key in range(100):
        reply = store.get(f"/{key}/", Encoding.BR)
        if reply is None:
            counts["absent"] += 1
            continue
        is_right = reply.body == key.to_bytes(4, "big") * (len(reply.body) // 4)
        counts["right" if is_right else "wrong"] += 1
        counts["late"] += key % 2 == 0 and store.tags.freshness(reply, 0) is Freshness.FRESH


def prepare(folder: Path) -> None:
    """A store of 100 pages of which every second one was purged."""
    store = open_small(folder)
    for key in range(100):
        store.put(picture(store, key, key % 20))
    for key in range(0, 100, 2):
        store.tags.purge({f"key:{key}"}, hard=True)
    store.close()


def harm(folder: Path, how: str, file: str, seed: str) -> None:
    """Harm a file of the store while it is open, and survey the pages, through reading, putting and purging."""
    store, chance = open_small(folder), random.Random(int(seed))
    counts = {"right": 0, "absent": 0, "wrong": 0, "late": 0}
    survey_pages(store, counts)
    damage(next(folder.glob("store-*")) / file, how, chance)
    survey_pages(store, counts)
    store.check()
    survey_pages(store, counts)
    store.tags.purge({"key:1"}, hard=True)
    outcome = store.put(picture(store, 1, 3))
    reply = store.get("/1/", Encoding.BR)
    is_back = reply is not None and store.tags.freshness(reply, 0) is Freshness.FRESH
    say(**counts, given_up=store.stats().given_up, outcome=outcome.name, is_back=is_back)


def damage(path: Path, how: str, chance: random.Random) -> None:
    """Flip bits, cut, delete or replace the file."""
    if how == "flip":
        with open(path, "r+b") as file:
            for _ in range(chance.randint(1, 12)):
                at = chance.randrange(path.stat().st_size)
                file.seek(at)
                byte = file.read(1)[0]
                file.seek(at)
                file.write(bytes([byte ^ 1 << chance.randrange(8)]))
    elif how == "cut":
        os.truncate(path, chance.randrange(path.stat().st_size))
    elif how == "delete":
        path.unlink()
    elif how == "folder":
        shutil.rmtree(path.parent)


def fly(folder: Path, address: str) -> None:
    """Take the flight and hold it until killed."""
    say(taken=FileFlight(folder).take(address))
    time.sleep(3600)


def open_small(folder: Path, *, writing: bool = True) -> LmdbStore:
    return LmdbStore(folder, store_bytes=SMALL, durable=False, writing=writing, brotli_quality=1)


def say(**facts: object) -> None:
    print(json.dumps(facts), flush=True)  # noqa: T201  # this is how an actor answers


def main() -> None:
    what, *arguments = sys.argv[1:]
    if what == "survey":
        survey(*map(Path, arguments))
    else:
        folder, *rest = arguments
        actors = {"edit": edit, "render": render, "read": read, "write": write, "harm": harm, "fly": fly}
        actors[what](Path(folder), *rest)


if __name__ == "__main__":
    main()
