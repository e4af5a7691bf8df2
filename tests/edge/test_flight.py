"""Flights within one process; what the kernel does between processes is in test_processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from broadsheet.edge.flight import FileFlight


@pytest.fixture
def flights(tmp_path) -> Iterator[tuple[FileFlight, FileFlight]]:
    """Two, each with the file opened for itself: the kernel takes them for two processes."""
    both = FileFlight(tmp_path), FileFlight(tmp_path)
    yield both
    for flight in both:
        flight.close()


def test_one_at_a_time(flights):
    first, second = flights
    assert first.take("/en/")
    assert not first.take("/en/") and not second.take("/en/")
    first.release("/en/")
    assert second.take("/en/") and not first.take("/en/")


def test_addresses_do_not_stand_in_each_others_way(flights):
    first, second = flights
    assert first.take("/en/") and second.take("/fa/") and second.take("/en/?page=2")


def test_who_does_not_hold_it_cannot_release_it(flights):
    first, second = flights
    first.take("/en/")
    second.release("/en/")
    assert not second.take("/en/")


def test_closing_releases_all(flights):
    first, second = flights
    first.take("/en/")
    first.close()
    assert second.take("/en/")


def test_waiting_ends(flights):
    first, second = flights
    first.take("/en/")
    assert not second.wait("/en/", timeout_s=0.02)
    first.release("/en/")
    assert second.wait("/en/", timeout_s=5)


def test_deleted_file_does_not_part_the_processes(flights, tmp_path):
    first, second = flights
    (tmp_path / "flights").unlink()
    assert first.take("/en/") and not second.take("/en/")
