"""What all tests share: a small edition, a folder of its own, no sockets but those that a test asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_socket
from django.db import connection

from broadsheet.articles import parts
from tests import arrangements, databases, factories


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker) -> Iterator[None]:
    """In place of the one of pytest-django, which migrates for every worker."""
    watched = connection.execute_wrapper(arrangements.note_write)
    with django_db_blocker.unblock(), databases.test_database(), watched:
        yield


@pytest.fixture(autouse=True)
def own_progress() -> None:
    """Each test begins with an empty newsroom."""
    arrangements.begin()


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path: Path) -> Iterator[None]:
    """Each test writes its files into its own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PUBLIC_ROOT = tmp_path / "public"
    yield


@pytest.fixture(autouse=True)
def one_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """The articles' sitemap has one part, whatever ids the database has come to by now."""
    monkeypatch.setattr(parts, "IDS_A_PART", 1_000_000_000)


@pytest.fixture(autouse=True)
def closed_sockets(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test of the fast suite talks to anybody but to processes of this machine through a file."""
    opened = ("slow", "browser", "enable_socket")
    if any(request.node.get_closest_marker(name) for name in opened):
        yield
        return
    pytest_socket.disable_socket(allow_unix_socket=True)
    yield
    pytest_socket.enable_socket()


@pytest.fixture
@arrangements.once
def home(db):
    return factories.make_home()


@pytest.fixture
@arrangements.once
def section(home):
    return factories.make_section(home)
