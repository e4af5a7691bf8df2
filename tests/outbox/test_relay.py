"""The relay's loop: it is woken or it looks, does what is due, and goes on after failures."""

import logging
import threading
import time
from pathlib import Path

import pytest

from broadsheet.outbox import relay, services, wake
from broadsheet.outbox.relay import Duty


@pytest.fixture(autouse=True)
def no_database(monkeypatch):
    """The loop alone: nothing is delivered, no connection is looked after."""
    monkeypatch.setattr(services, "deliver_all", lambda at_most_s: 0)
    monkeypatch.setattr(relay, "close_old_connections", lambda: None)
    monkeypatch.setattr(relay, "_failing", {})


def run_in_thread(directory: Path, duties: list[Duty], stop: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=relay.run, args=(directory, duties, stop.is_set))
    thread.start()
    return thread


def wait_for(claim, seconds: float = 5.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if claim():
            return True
        time.sleep(0.01)
    return False


def test_poke_wakes_the_relay_before_its_next_look(tmp_path, monkeypatch):
    monkeypatch.setattr(relay, "POLL_S", 60.0)
    turns: list[float] = []
    monkeypatch.setattr(services, "deliver_all", lambda at_most_s: turns.append(time.monotonic()))
    stop = threading.Event()
    thread = run_in_thread(tmp_path, [], stop)
    assert wait_for(lambda: len(turns) == 1 and wake.socket_path(tmp_path).exists())
    wake.poke(tmp_path)
    assert wait_for(lambda: len(turns) == 2)
    stop.set()
    wake.poke(tmp_path)
    thread.join(5)
    assert not thread.is_alive() and not wake.socket_path(tmp_path).exists()


def test_too_long_a_path_for_a_socket_means_looking_instead(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(relay, "POLL_S", 0.01)
    deep = tmp_path / ("d" * 90) / ("e" * 90)
    turns: list[int] = []
    relay.run(deep, [Duty("count", 0.0, lambda: turns.append(1))], lambda: len(turns) == 3)
    assert len(turns) == 3 and "looking for events" in caplog.text
    wake.poke(deep)


def test_socket_left_by_a_killed_relay_is_taken_over(tmp_path, monkeypatch):
    monkeypatch.setattr(relay, "POLL_S", 0.01)
    path = wake.socket_path(tmp_path)
    path.parent.mkdir()
    path.write_text("left behind")
    turns: list[int] = []
    relay.run(tmp_path, [Duty("count", 0.0, lambda: turns.append(1))], lambda: len(turns) == 2)
    assert len(turns) == 2


def test_duty_runs_when_it_is_due_and_not_before():
    done: list[str] = []
    duties = [Duty("often", 0.0, lambda: done.append("often")), Duty("rarely", 3600.0, lambda: done.append("rarely"))]
    relay.work_once(duties)
    relay.work_once(duties)
    assert done == ["often", "rarely", "often"]


def test_failing_duty_is_told_of_once_and_stops_nobody(caplog):
    caplog.set_level(logging.INFO)
    works: list[bool] = [False]
    done: list[str] = []

    def fail() -> None:
        if not works[0]:
            raise RuntimeError("the disk is full")

    duties = [Duty("first", 0.0, fail), Duty("second", 0.0, lambda: done.append("second"))]
    relay.work_once(duties)
    relay.work_once(duties)
    assert done == ["second", "second"]
    assert caplog.text.count("first failed") == 1
    works[0] = True
    relay.work_once(duties)
    assert "first works again" in caplog.text


def test_duties_do_not_wait_for_the_end_of_all_events(monkeypatch, tmp_path):
    """However many events there are, what is scheduled is published in its time."""
    done = []

    def deliver_some(at_most_s):
        done.append("events")
        time.sleep(at_most_s)

    monkeypatch.setattr(relay, "DELIVERING_S", 0.01)
    monkeypatch.setattr(services, "deliver_all", deliver_some)
    duties = [Duty("publish what is due", 0.0, lambda: done.append("duty"))]
    assert relay.work_once(duties) is True
    assert done == ["events", "duty", "events"]
