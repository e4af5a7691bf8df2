"""What SQLite's planner knows of our tables: without it, a story's address is looked for among all of its language."""

from __future__ import annotations

from django.db import connection

# Rows looked at in each index: enough to tell the indexes apart, and the same time however large the archive is.
LIMIT = 1000


def refresh() -> None:
    """Renew the statistics of all tables. PostgreSQL does so by itself.

    Not by `PRAGMA optimize`: before version 3.46 it looks only at what the connection has asked for itself.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={LIMIT}")
        cursor.execute("ANALYZE")
