"""Processes are killed at random moments while stories come and go; `python -m tests.site.soak` does it 100 times."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from . import harness, soak

pytestmark = pytest.mark.slow

ROUNDS = 6


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[harness.RunningSite]:
    """A site of our own: its processes are killed."""
    folder: Path = harness.copy(harness.build(), tmp_path_factory.mktemp("soak"))
    with harness.serve(folder) as running:
        yield running


def test_nothing_is_lost_or_half_done_whatever_is_killed(site) -> None:
    found = soak.run(site, ROUNDS, seed=7)
    assert found.wrong == []
    # Or it would say nothing.
    assert min(found.acts.get(act, 0) for act in ("publish", "correct", "retract", "schedule")) > 0
    assert sum(found.kills.values()) == ROUNDS and found.reads > 50
