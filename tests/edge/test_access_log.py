"""The log has a line a request, nobody's address and no query, and harms no reader."""

from __future__ import annotations

import asyncio
import json
import os

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.edge.access_log import AccessLog, Line, _format
from tests.edge.doors import open_site

LINE = Line(b"GET", b"/en/?q=secret", 200, 10, "hit", 0.0)


def write(log: AccessLog, count: int = 1) -> None:
    log.lines += [LINE] * count
    log.flush()


def test_every_answer_has_its_line(tmp_path):
    path = tmp_path / "access.log"

    async def body():
        with open_site(tmp_path, access_log=str(path)) as site:
            site.push()
            for _ in range(3):
                await site.get("/en/world/?q=canary", "X-Forwarded-For: 198.51.100.7")
            await site.get("/en/none/")
            await site.get("//en/world")
            await site.get("/en/world/", "Host: second.example")

    asyncio.run(body())
    text = path.read_text()
    assert "canary" not in text and "192.0.2" not in text and "198.51" not in text
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["status"] for line in lines] == [200, 200, 200, 503, 301, 400]
    assert [line["source"] for line in lines[:2]] == ["store", "hit"]
    assert lines[0]["path"] == "/en/world/" and lines[0]["method"] == "GET" and lines[0]["bytes"] > 1000
    assert lines[0]["time"].endswith("Z")


@given(st.binary(max_size=40))
def test_every_line_is_json(target):
    about = json.loads(_format(0.0, [LINE._replace(target=target)]))
    assert about["path"] == target.split(b"?")[0].decode("latin-1")
    assert about["time"] == "1970-01-01T00:00:00Z"


def test_no_log_is_kept_without_a_path():
    log = AccessLog("")
    log.close()
    assert not log._thread.is_alive()


def test_lines_of_several_workers_stay_whole(tmp_path):
    path = tmp_path / "access.log"
    logs = [AccessLog(str(path)) for _ in range(4)]
    for _ in range(20):
        for log in logs:
            write(log, 50)
    for log in logs:
        log.close()
    assert len([json.loads(line) for line in path.read_text().splitlines()]) == 4000


def test_file_is_opened_anew_when_asked(tmp_path):
    path = tmp_path / "access.log"
    log = AccessLog(str(path))
    write(log)
    while log._waiting:
        os.sched_yield()
    path.rename(tmp_path / "old.log")
    log.reopen()
    write(log, 2)
    log.close()
    assert len((tmp_path / "old.log").read_text().splitlines()) == 1
    assert len(path.read_text().splitlines()) == 2


def test_full_disk_costs_lines_and_nothing_else(tmp_path):
    log = AccessLog("/dev/full")
    write(log, 3)
    log.close()
    assert log.dropped == 3
    log = AccessLog(str(tmp_path / "none" / "access.log"))
    write(log)
    log.close()
    assert log.dropped == 1


def test_slow_disk_costs_lines_and_no_memory(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    log = AccessLog(str(path))
    for _ in range(12):
        write(log, 10_000)
    assert log.dropped == 10_000 and log._waiting <= 110_000
    # The thread finds a file in the pipe's place and goes on.
    path.unlink()
    os.close(reader)
    log.close()
