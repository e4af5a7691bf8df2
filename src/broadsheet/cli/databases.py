"""Whether the database is as old as the code, and what brings it up to date."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from .errors import DatabaseNewer, DatabaseOlder
from .progress import Report


def check_in_step(directory: Path) -> None:
    """Raises DatabaseOlder or DatabaseNewer with the command to run."""
    check_not_newer()
    if missing_migrations():
        raise DatabaseOlder(
            f"the database is older than this version of Broadsheet; run: broadsheet upgrade --dir {directory}"
        )


def is_away(error: BaseException) -> bool:
    """Whether a server cannot be reached now, which may pass; not that it refuses us or lacks what we want."""
    from django.db import connection
    from django.db.utils import OperationalError

    text = str(error)
    passes = any(word in text for word in ("starting up", "shutting down", "recovery mode", "too many clients"))
    return connection.vendor == "postgresql" and isinstance(error, OperationalError) and ("FATAL" not in text or passes)


def still_away(directory: Path) -> bool:
    """Look again; False once the database is there and in step. Raises what `check_in_step` raises."""
    from django.db import connection

    try:
        check_in_step(directory)
    except Exception as error:
        if not is_away(error):
            raise
        return True
    finally:
        connection.close()
    return False


def check_not_newer() -> None:
    """Raises DatabaseNewer."""
    unknown = unknown_migrations()
    if unknown:
        raise DatabaseNewer(
            f"the database is newer than this version of Broadsheet (it has {', '.join(unknown[:3])}); "
            "install the version that made it"
        )


def missing_migrations() -> list[str]:
    """The migrations that the code has and the database has not."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def unknown_migrations() -> list[str]:
    """The migrations of our applications that the database has and the code does not know."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    replaced = {old for migration in loader.disk_migrations.values() for old in migration.replaces}
    known = set(loader.disk_migrations) | replaced
    applied = {key for key in loader.applied_migrations if key[0] in loader.migrated_apps}
    return sorted(f"{label}.{name}" for label, name in applied - known)


def migrate(report: Report) -> None:
    """Bring the database up to date. Raises DatabaseNewer."""
    from django.core.management import call_command
    from django.core.management.commands.migrate import Command

    check_not_newer()
    total, done = len(missing_migrations()), 0

    class Migrate(Command):
        """Django's own command, which tells us of each step."""

        def migration_progress_callback(self, action: str, migration: object = None, fake: bool = False) -> None:
            nonlocal done
            if action == "apply_success":
                done += 1
                report("Database", done, total)

    call_command(Migrate(), verbosity=0, interactive=False)


def keep_copy(directory: Path) -> Path | None:
    """Copy a SQLite database before it is changed, whole and while others use it; None: it is on a server."""
    from django.db import connection

    if connection.vendor != "sqlite":
        return None
    original = Path(str(connection.settings_dict["NAME"]))
    folder = directory / "backups"
    folder.mkdir(exist_ok=True)
    copy = folder / f"{original.stem}-{datetime.now(UTC):%Y%m%d-%H%M%S}.sqlite3"
    with closing(sqlite3.connect(original)) as source:
        source.execute("VACUUM INTO ?", (str(copy),))
    copy.chmod(0o600)
    return copy
