"""What SQLite's planner knows of our tables: without it, a story's address is looked for among all of its language."""

from __future__ import annotations

from django.db import connection

# Rows looked at in each index: enough to tell the indexes apart, and the same time however large the archive is.
LIMIT = 1000
# Also tables that were never analysed, however little they have changed (https://sqlite.org/pragma.html#pragma_optimize).
ALL_TABLES = 0x10002


def refresh() -> None:
    """Renew the statistics where they are missing or old. PostgreSQL does so by itself."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={LIMIT}")
        cursor.execute(f"PRAGMA optimize={ALL_TABLES}")
