"""Many processes at one store, killed at any moment."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from broadsheet.edge.errors import StoreForked
from broadsheet.edge.flight import FileFlight
from broadsheet.edge.pages import Encoding
from broadsheet.edge.store import LmdbStore
from broadsheet.edge.verify import verify_store
from tests.edge import actors

ROOT = Path(__file__).parents[2]


def start(*arguments: object) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    command = [sys.executable, "-W", "error", "-m", "tests.edge.actors", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT)


def await_ready(*processes: subprocess.Popen[str]) -> None:
    for process in processes:
        assert json.loads(process.stdout.readline()) == {"ready": True}


def answer_of(process: subprocess.Popen[str]) -> dict:
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output
    return json.loads(output.splitlines()[-1])


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.slow
def test_nothing_purged_is_given_out_as_fresh_by_any_process(tmp_path):
    editors = [start("edit", tmp_path, number, 6) for number in (0, 1)]
    renderers = [start("render", tmp_path, 6) for _ in range(2)]
    readers = [start("read", tmp_path, 6) for _ in range(2)]
    await_ready(*editors, *renderers, *readers)
    found = [answer_of(reader) for reader in readers]
    edited, rendered = [answer_of(editor) for editor in editors], [answer_of(renderer) for renderer in renderers]
    assert all((one["late"], one["wrong"], one["damaged"], one["given_up"]) == (0, 0, 0, 0) for one in found), found
    # The others did something meanwhile, or this test would say nothing.
    assert min(one["fresh"] for one in found) > 100
    assert min(one["purges"] for one in edited) > 20
    assert min(one["STORED"] for one in rendered) > 20


@pytest.mark.slow
def test_nothing_purged_is_fresh_although_editors_and_renderers_are_killed(tmp_path):
    readers = [start("read", tmp_path, 12) for _ in range(2)]
    await_ready(*readers)
    chance = random.Random(5)
    until = time.monotonic() + 8
    while time.monotonic() < until:
        victims = [start("edit", tmp_path, 0, 60), start("edit", tmp_path, 1, 60), start("render", tmp_path, 60)]
        await_ready(*victims)
        time.sleep(chance.random() / 2)
        for victim in victims:
            kill(victim)
    found = [answer_of(reader) for reader in readers]
    assert all((one["late"], one["wrong"], one["damaged"], one["given_up"]) == (0, 0, 0, 0) for one in found), found
    assert min(one["fresh"] for one in found) > 100


@pytest.mark.slow
def test_store_is_right_after_thirty_writers_were_killed(tmp_path):
    store = actors.open_small(tmp_path)
    chance = random.Random(7)
    for _ in range(30):
        writer = start("write", tmp_path)
        await_ready(writer)
        time.sleep(chance.random() / 10)
        kill(writer)
        assert store.put(actors.picture(store, 1000, 5))
        for key in range(400):
            reply = store.get(f"/{key}/", Encoding.BR)
            assert reply is None or reply.body == key.to_bytes(4, "big") * (len(reply.body) // 4)
    assert (store.damaged_pages, store.stats().given_up, store.number) == (0, 0, 1)
    store.close()
    # Nobody has it open now: the file is walked from end to end, and it is still the first volume.
    again = actors.open_small(tmp_path)
    assert again.number == 1
    report = verify_store(again, 0)
    assert report.damaged == [] and report.pages > 100
    again.close()


def prepared(folder: Path, count: int) -> list[Path]:
    """Copies of one store."""
    actors.prepare(folder / "0")
    for number in range(1, count):
        subprocess.run(["cp", "-r", folder / "0", folder / str(number)], check=True)
    return [folder / str(number) for number in range(count)]


@pytest.mark.slow
@pytest.mark.parametrize("file", ["pages/data.mdb", "tags/data.mdb", "map"])
@pytest.mark.parametrize("how", ["flip", "cut", "delete", "folder"])
def test_store_harmed_while_closed_gives_out_nothing_wrong(tmp_path, how, file):
    folders = prepared(tmp_path, 6 if how in ("delete", "folder") else 25)
    chance = random.Random(11)
    for folder in folders:
        actors.damage(folder / "store-1" / file, how, chance)
    found = answer_of(start("survey", *folders))
    assert (found["wrong"], found["late"]) == (0, 0), found
    if file == "pages/data.mdb" and how == "flip":
        assert found["right"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("file", ["pages/data.mdb", "tags/data.mdb"])
@pytest.mark.parametrize("how", ["flip", "cut", "delete", "folder"])
def test_store_harmed_while_open_gives_out_nothing_wrong_and_recovers(tmp_path, how, file):
    """A process may die over a flipped pointer, for LMDB trusts its files; the next one must not."""
    for seed, folder in enumerate(prepared(tmp_path, 6)):
        first = start("harm", folder, how, file, seed)
        output, _ = first.communicate(timeout=60)
        if how != "flip":
            assert first.returncode == 0
        if first.returncode == 0:
            found = json.loads(output)
            assert (found["wrong"], found["late"]) == (0, 0), found
            assert found["is_back"] and found["outcome"] == "STORED"
            assert how == "flip" or found["given_up"] == 1
        after = answer_of(start("survey", folder))
        assert (after["wrong"], after["late"]) == (0, 0), after


@pytest.mark.slow
def test_another_process_follows_to_the_new_store(tmp_path):
    actors.prepare(tmp_path)
    store = actors.open_small(tmp_path, writing=False)
    found = answer_of(start("harm", tmp_path, "delete", "pages/data.mdb", 1))
    assert found["given_up"] == 1
    # Not even a check was made: the map of the old volume says that it was given up.
    assert store.get("/1/", Encoding.BR) is not None and store.get("/3/", Encoding.BR) is None
    assert store.number == 2
    store.close()


@pytest.mark.slow
def test_second_takes_over_when_the_holder_of_a_flight_is_killed(tmp_path):
    holder = start("fly", tmp_path, "/en/")
    assert json.loads(holder.stdout.readline()) == {"taken": True}
    flight = FileFlight(tmp_path)
    assert not flight.take("/en/")
    assert flight.take("/fa/")
    kill(holder)
    assert flight.wait("/en/", timeout_s=10)
    flight.close()


@pytest.mark.slow
def test_processes_with_another_idea_of_the_size_follow_the_largest(tmp_path):
    small = LmdbStore(tmp_path, store_bytes=1 << 20, durable=False, writing=False)
    large = start("write", tmp_path)
    await_ready(large)
    time.sleep(2)
    kill(large)
    found = [small.get(f"/{key}/", Encoding.BR) for key in range(400)]
    assert sum(reply is not None for reply in found) > 50
    assert small.stats().given_up == 0 and small.stats().file_bytes > 1 << 20
    small.close()


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_store_is_not_carried_across_a_fork(tmp_path):
    store = actors.open_small(tmp_path)
    flight = FileFlight(tmp_path)
    assert flight.take("/")
    child = os.fork()
    if child == 0:
        try:
            store.get("/", Encoding.BR)
        except StoreForked:
            os._exit(7)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    # The parent's is as it was.
    assert store.put(actors.picture(store, 1, 1)) and store.get("/1/", Encoding.BR) is not None
    assert not flight.take("/")
    store.close()
    flight.close()
