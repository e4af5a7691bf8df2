"""A question to a server that has stopped answering ends; one that takes long does not."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest

from broadsheet.settings.postgresql import base


@pytest.fixture
def clock(monkeypatch) -> Iterator[list[float]]:
    now = [0.0]
    monkeypatch.setattr(base.time, "monotonic", lambda: now[0])
    yield now


def question(answers_after: int) -> Generator[str, int, str]:
    """Waits so many steps for its answer."""
    for _ in range(answers_after):
        yield "waiting"
    return "answer"


def ask(clock: list[float], steps: int, is_lost, ready: int = 0) -> tuple[str, float]:
    """The answer, when nothing (or with `ready` something) comes in each second."""
    asking = base.watched(question(steps), is_lost)
    sent: int | None = None
    while True:
        try:
            asking.send(sent)
        except StopIteration as done:
            return done.value, clock[0]
        clock[0] += 1.0
        sent = ready


def test_answer_that_is_there_is_given_at_once(clock):
    assert ask(clock, 0, pytest.fail) == ("answer", 0.0)


def test_slow_question_is_waited_for_as_long_as_the_server_works_on_it(clock):
    looks: list[float] = []

    def is_lost() -> bool:
        looks.append(clock[0])
        return False

    assert ask(clock, 100, is_lost) == ("answer", 100.0)
    assert 15 < len(looks) < 25


def test_answer_that_keeps_coming_is_never_doubted(clock):
    assert ask(clock, 100, pytest.fail, ready=1) == ("answer", 100.0)


def test_question_that_the_server_knows_nothing_of_ends(clock):
    with pytest.raises(base.Lost):
        ask(clock, 100, lambda: True)
    assert clock[0] < 10


def test_answer_that_was_on_its_way_while_we_looked_is_taken(clock):
    assert ask(clock, 6, lambda: True) == ("answer", 6.0)


def test_server_that_answers_nobody_ends_the_question(clock):
    def is_lost() -> bool:
        raise base.psycopg.OperationalError("the database has stopped answering")

    with pytest.raises(base.psycopg.OperationalError):
        ask(clock, 100, is_lost)
    assert clock[0] < 6
