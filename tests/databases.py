"""A test database that is copied, not migrated: the migrations run once, whatever the number of workers and runs."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".pytest_cache" / "databases"


@contextlib.contextmanager
def test_database() -> Iterator[None]:
    """The database of this process, with everything that the migrations make; it is gone afterwards."""
    before = connection.settings_dict["NAME"]
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{connection.vendor}.lock").open("w") as lock:
        # Held while copying too: PostgreSQL copies no database that somebody is connected to.
        fcntl.flock(lock, fcntl.LOCK_EX)
        {"sqlite": _make_sqlite, "postgresql": _make_postgresql}[connection.vendor](_key())
    yield
    connection.creation.destroy_test_db(before, verbosity=0)


def _key() -> str:
    """Changes with our code and with the libraries."""
    digest = hashlib.blake2b((ROOT / "requirements/dev.txt").read_bytes(), digest_size=10)
    for path in sorted((ROOT / "src").rglob("*.py")):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def _make_sqlite(key: str) -> None:
    template = CACHE / f"{key}.sqlite3"
    if template.exists():
        _make_empty()
        with contextlib.closing(sqlite3.connect(template)) as source:
            source.backup(connection.connection)
        return
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    part = template.with_suffix(".part")
    part.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(part)) as target:
        connection.connection.backup(target)
    for old in CACHE.glob("*.sqlite3"):
        old.unlink()
    part.rename(template)


def _make_postgresql(key: str) -> None:
    creation: Any = connection.creation
    own = connection.settings_dict["TEST"]
    name, template = own.get("NAME"), f"test_broadsheet_template_{key}"
    with creation._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_broadsheet\\_template\\_%'")
        known = {row[0] for row in cursor.fetchall()}
        for old in known - {template}:
            cursor.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
    if template not in known:
        before = connection.settings_dict["NAME"]
        own["NAME"] = f"{template}_part"
        creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()
        with creation._nodb_cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{template}_part" RENAME TO "{template}"')
        own["NAME"] = name
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = before
    own["TEMPLATE"] = template
    _make_empty()


def _make_empty() -> None:
    """What Django does before it would migrate; on PostgreSQL the copy of the template."""
    name = connection.creation._create_test_db(0, autoclobber=True, keepdb=False)  # type: ignore[attr-defined]
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()
