"""Kills the processes of a site at random moments while its newsroom works, and finds out whether anything was lost.

`python -m tests.site.soak --rounds 100`; `test_soak` runs a few rounds of it. What is promised: every act that the
newsroom acknowledged is what readers see, on every page and never half; what was taken back or corrected is never
given out again, not even while processes die; the store converges by itself; a second delivery changes nothing.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import signal
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

from . import harness, web
from .newsroom import Newsroom

VERBS = ("edge", "renderer", "newsroom", "relay", "supervisor")
# The lists in which the newest stories stand, as the tests' own edition has them.
LISTS = ("/en/world/", "/en/", "/en/feed.xml", "/en/atom.xml", "/en/feed.json", "/en/world/feed.xml")
WORD = "Crane"
# Every list shows at least so many of its newest stories.
NEWEST = 3
WELL_AGAIN_AT_MOST_S = 120.0
# A list may be given once more while it is made anew, and the relay may have a lease of a dead one to wait for.
SEEN_AT_MOST_S = 150.0
LEFT_IN_PEACE = 0.7


@dataclass(slots=True)
class Story:
    """What the newsroom was told of one story: `version` is what readers must see, 0 nothing.

    `tried` is what was asked for last without an acknowledgement: then readers see the one or the other.
    """

    number: int
    version: int = 0
    tried: int | None = None
    page_id: int = 0
    slug: str = ""
    path: str = ""

    @property
    def is_sure(self) -> bool:
        return self.tried is None

    def headline(self, version: int) -> str:
        return f"{WORD} {self.number:04} turns for the {version:03}rd time"


@dataclass(slots=True)
class Found:
    """What a run has seen. `wrong` must stay empty."""

    acts: dict[str, int] = field(default_factory=dict)
    unacknowledged: int = 0
    kills: dict[str, int] = field(default_factory=dict)
    well_again_s: dict[str, list[float]] = field(default_factory=dict)
    reads: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)


class Desk(threading.Thread):
    """Publishes, corrects and retracts through the newsroom until told to stop, and remembers what was acknowledged."""

    def __init__(self, site: harness.RunningSite, found: Found, chance: random.Random) -> None:
        super().__init__(name="desk")
        self.site, self.found, self.chance = site, found, chance
        self.section_id = site.desk.section_id("en", "world")
        self.newsroom = Newsroom(site.newsroom)
        self.newsroom.log_in()
        self.stories: list[Story] = []
        self.is_over = threading.Event()
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.is_over.is_set():
                self._act()
        except BaseException as error:
            self.failure = error

    def end(self) -> None:
        self.is_over.set()
        self.join()
        if self.failure:
            raise self.failure

    def _act(self) -> None:
        known = [story for story in self.stories[-12:] if story.is_sure and story.version and story.page_id]
        act = self.chance.choice(["publish", "publish", "schedule", "correct", "correct", "retract"])
        if act in {"correct", "retract"} and known:
            self._change(self.chance.choice(known), act)
        elif act == "schedule":
            self._schedule()
        else:
            self._publish()

    def _publish(self) -> None:
        story = Story(len(self.stories) + 1, tried=1)
        self.stories.append(story)
        headline = story.headline(1)
        self._note(story, "publish", self.newsroom.publish(self.section_id, headline, f"Whole text of {headline}."), 1)
        if story.is_sure:
            self._find(story)

    def _schedule(self) -> None:
        """The relay publishes it; nobody acknowledges that, so it is looked for at the end."""
        story = Story(len(self.stories) + 1, tried=1)
        self.stories.append(story)
        self.site.desk.schedule("en", story.headline(1), 1.0)
        # It must come, whoever is killed meanwhile.
        story.version, story.tried = 1, None
        self._count("schedule")

    def _change(self, story: Story, act: str) -> None:
        wanted = story.version + 1 if act == "correct" else 0
        story.tried = wanted
        headline = story.headline(wanted)
        if act == "correct":
            done = self.newsroom.correct(story.page_id, story.slug, headline, f"Whole text of {headline}.")
        else:
            done = self.newsroom.retract(story.page_id)
        self._note(story, act, done, wanted)

    def _note(self, story: Story, act: str, is_acknowledged: bool, version: int) -> None:
        if is_acknowledged:
            story.version, story.tried = version, None
            self._count(act)
        else:
            self.found.unacknowledged += 1
            time.sleep(0.3)

    def _count(self, act: str) -> None:
        self.found.acts[act] = self.found.acts.get(act, 0) + 1

    def _find(self, story: Story) -> None:
        for row in self.site.desk.stories_named(story.headline(1)):
            story.page_id, story.slug, story.path = row["id"], row["slug"], row["path"]


class Reader(threading.Thread):
    """Reads the newest stories and lists over and over: what comes must be whole, and no older than was promised."""

    def __init__(self, site: harness.RunningSite, desk: Desk, found: Found) -> None:
        super().__init__(name="reader")
        self.site, self.desk, self.found = site, desk, found
        self.is_over = threading.Event()

    def run(self) -> None:
        while not self.is_over.is_set():
            for story in [story for story in self.desk.stories[-8:] if story.path]:
                self._read_story(story)
            for path in LISTS[:3]:
                self._read(path)
            time.sleep(0.02)

    def end(self) -> None:
        self.is_over.set()
        self.join()

    def _read_story(self, story: Story) -> None:
        # Read before it is asked for: what is acknowledged later is no promise for this answer.
        least, is_sure = story.version, story.is_sure
        reply = self._read(story.path)
        if reply is None or reply.status != 200:
            return
        shown = re.search(rf"{WORD} {story.number:04} turns for the (\d+)rd time", reply.text)
        if shown is None:
            self.found.wrong.append(f"{story.path} shows something else: {reply.text[:200]!r}")
        elif is_sure and (least == 0 or int(shown[1]) < least):
            self.found.wrong.append(f"{story.path} shows version {shown[1]} after {least} was acknowledged")

    def _read(self, path: str) -> web.Reply | None:
        try:
            reply = web.fetch(self.site.url(path))
        except (OSError, http.client.HTTPException):
            self.found.refused += 1
            return None
        self.found.reads += 1
        if reply.status not in {200, 404, 410, 503}:
            self.found.wrong.append(f"{path} answers {reply.status}")
        elif reply.status == 200 and not reply.text.rstrip().endswith((">", "}")):
            self.found.wrong.append(f"{path} is not whole: …{reply.text[-80:]!r}")
        return reply


def run(site: harness.RunningSite, rounds: int, seed: int, say: Callable[[str], None] = print) -> Found:
    """Kill `rounds` times while stories come and go, then compare everything."""
    chance, found = random.Random(seed), Found()
    desk = Desk(site, found, random.Random(seed + 1))
    reader = Reader(site, desk, found)
    desk.start()
    reader.start()
    try:
        for number in range(1, rounds + 1):
            time.sleep(chance.random() * 2)
            victim = chance.choice(VERBS)
            took_s = kill(site, victim, chance, waits=chance.random() < LEFT_IN_PEACE)
            found.kills[victim] = found.kills.get(victim, 0) + 1
            if took_s is not None:
                found.well_again_s.setdefault(victim, []).append(took_s)
            well = f"well again after {took_s:.1f} s" if took_s is not None else "not waited for"
            say(f"{number:>4}  {victim:<10} {well}; {len(desk.stories)} stories, {len(found.wrong)} wrong")
            if found.wrong:
                break
    finally:
        desk.end()
        reader.end()
    wait_for(lambda: is_well(site), WELL_AGAIN_AT_MOST_S, "the site is not well again")
    found.wrong += compare(site, desk.stories)
    found.wrong += deliver_twice(site, desk.stories)
    return found


def kill(site: harness.RunningSite, verb: str, chance: random.Random, *, waits: bool) -> float | None:
    """Kill a process of the verb, any of them; after how many seconds all is well, where that is waited for."""
    if verb == "supervisor":
        site.server.kill()
        begun_at = time.monotonic()
        site.server.start()
    else:
        victims = processes(site.directory, verb)
        begun_at = time.monotonic()
        if victims:
            with_luck = chance.choice(victims)
            try:
                os.kill(with_luck, signal.SIGKILL)
            except ProcessLookupError:
                return None
    if not waits:
        return None
    # What was killed is missed only after a moment.
    time.sleep(0.3)
    wait_for(lambda: is_well(site), WELL_AGAIN_AT_MOST_S, f"the site is not well after {verb} was killed")
    return time.monotonic() - begun_at


def compare(site: harness.RunningSite, stories: list[Story]) -> list[str]:
    """What is not as it was promised, once everything is at rest."""
    rows = await_truth(site, stories)
    wrong = list(compare_truth(stories, rows))
    live = [row for row in rows.values() if row["headline"]]
    for path in LISTS:
        wrong += compare_list(site, path, rows)
    for row in rows.values():
        reply = web.fetch(site.url(row["path"]))
        if row["headline"] and row["headline"] not in reply.text:
            wrong.append(f"{row['path']} answers {reply.status} and does not show {row['headline']!r}")
        if not row["headline"] and reply.status not in {404, 410}:
            wrong.append(f"{row['path']} is not public and answers {reply.status}")
    if not live:
        wrong.append("nothing was published at all")
    told = broadsheet(site, "edge", "verify")
    if "0 damaged, 0 different" not in told:
        wrong.append(f"edge verify: {told[-2000:]}")
    return wrong


def await_truth(site: harness.RunningSite, stories: list[Story]) -> dict[int, dict]:
    """The newsroom's own rows by the story's number, once nothing is under way any more."""
    wait_for(lambda: site.desk.waiting_events() == 0, SEEN_AT_MOST_S, "events are not delivered")
    scheduled = {story.number for story in stories if story.is_sure and story.version}

    def rows() -> dict[int, dict]:
        return {int(row["title"].split()[1]): row for row in site.desk.stories_named(WORD)}

    def is_all_there() -> bool:
        found = rows()
        return all(number in found and found[number]["headline"] for number in scheduled)

    wait_for(
        is_all_there,
        60,
        "a story that was acknowledged or scheduled is not published",
    )
    wait_for(lambda: site.desk.waiting_events() == 0, SEEN_AT_MOST_S, "events are not delivered")
    return rows()


def compare_truth(stories: list[Story], rows: dict[int, dict]) -> Iterator[str]:
    """Nothing that was acknowledged is lost, nothing came out twice, and the row is whole or not there."""
    for story in stories:
        row = rows.get(story.number)
        possible = {story.version} if story.tried is None else {story.version, story.tried}
        allowed = {story.headline(version) if version else "" for version in possible}
        headline = row["headline"] if row else ""
        if headline not in allowed:
            yield f"story {story.number} is {headline!r} and should be one of {allowed}"
        if row and row["live"] != bool(headline):
            yield f"story {story.number} is half published: live {row['live']}, headline {headline!r}"
        if row and row["firsts"] > 1:
            yield f"story {story.number} went out {row['firsts']} times"


def compare_list(site: harness.RunningSite, path: str, rows: dict[int, dict]) -> list[str]:
    """The newest stories stand in the list as they are, none that is withdrawn does, and each leads to its page."""
    live = [row for row in rows.values() if row["headline"]]
    newest = [row["headline"] for row in sorted(live, key=lambda row: -row["id"])][:NEWEST]
    headlines = {row["headline"] for row in live}

    def problems() -> list[str]:
        reply = web.fetch(site.url(path))
        shown = set(re.findall(rf"{WORD} \d+ turns for the \d+rd time", reply.text))
        missing = [f"{path} lacks {headline!r}" for headline in newest if headline not in shown]
        return missing + [f"{path} shows {headline!r}" for headline in shown - headlines]

    until = time.monotonic() + 15
    while (found := problems()) and time.monotonic() < until:
        time.sleep(0.2)
    return found


def deliver_twice(site: harness.RunningSite, stories: list[Story]) -> list[str]:
    """Publishing what is due twice, and delivering every event once more, changes no byte of any page."""
    paths = [*LISTS, *(story.path for story in stories[-20:] if story.path)]
    before = {path: settled(site, path) for path in paths}
    events = site.desk.deliver_again(200)
    for _ in range(2):
        broadsheet(site, "manage", "publish_due")
    wait_for(lambda: site.desk.waiting_events() == 0, SEEN_AT_MOST_S, f"{events} events are not delivered again")
    after = {path: settled(site, path) for path in paths}
    return [
        f"{path} is not what it was before everything was done twice" for path in paths if before[path] != after[path]
    ]


def settled(site: harness.RunningSite, path: str) -> bytes:
    """The page once it is no stale copy any more."""
    web.fetch(site.url(path))
    time.sleep(0.3)
    return web.fetch(site.url(path)).body


def processes(directory: Path, verb: str) -> list[int]:
    """The processes of one verb of the site, workers included."""
    found = []
    for path in Path("/proc").iterdir():
        try:
            words = (path / "cmdline").read_text().split("\0") if path.name.isdigit() else []
        except OSError:
            continue
        if verb in words and str(directory) in words:
            found.append(int(path.name))
    return sorted(found)


def broadsheet(site: harness.RunningSite, *arguments: str) -> str:
    """What a command of the site says, whatever its exit code."""
    verb, *rest = arguments
    command = [sys.executable, "-m", "broadsheet", verb, "--dir", str(site.directory), *rest]
    done = subprocess.run(command, env=site.server.environment, capture_output=True, text=True, timeout=600)
    return done.stdout + done.stderr


def is_well(site: harness.RunningSite) -> bool:
    """Whether both origins say so."""
    try:
        return all('"ok"' in web.fetch(f"{origin}/healthz").text for origin in (site.readers, site.newsroom))
    except (OSError, http.client.HTTPException):
        return False


def wait_for(claim: Callable[[], bool], seconds: float, otherwise: str) -> None:
    """Wait until it is so; AssertionError when it is not so in time."""
    until = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < until, f"{otherwise} after {seconds:g} s"
        time.sleep(0.05)


@contextmanager
def own_site() -> Iterator[harness.RunningSite]:
    """A copy of the tests' edition, served."""
    with tempfile.TemporaryDirectory(prefix="broadsheet-soak-") as name:
        folder = harness.copy(harness.build(), Path(name) / "site")
        with harness.serve(folder) as site:
            try:
                yield site
            except BaseException:
                sys.stderr.write(site.server.said())
                raise


def main() -> None:
    """Run, tell, and end with 1 when anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.site.soak", description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=100, help="how often a process is killed")
    parser.add_argument("--seed", type=int, default=20261129, help="which processes, and when")
    options = parser.parse_args()
    begun_at = time.monotonic()
    with own_site() as site:
        found = run(site, options.rounds, options.seed, lambda line: print(line, flush=True))  # noqa: T201
    report(found, time.monotonic() - begun_at)
    sys.exit(int(bool(found.wrong)))


def report(found: Found, seconds: float) -> None:
    """The figures, and what was wrong."""
    lines = []
    for verb, times in sorted(found.well_again_s.items()):
        middle, longest = statistics.median(times), max(times)
        killed = f"{verb:<10} killed {found.kills[verb]:>3} times"
        lines.append(f"{killed}, well again after {middle:.1f} s, at most {longest:.1f} s")
    lines.append(json.dumps({"acts": found.acts, "not acknowledged": found.unacknowledged, "reads": found.reads}))
    lines.append(f"{found.refused} connections refused, {len(found.wrong)} wrong, {seconds:.0f} s")
    print("\n".join([*lines, *found.wrong]))  # noqa: T201


if __name__ == "__main__":
    main()
