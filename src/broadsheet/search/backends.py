"""Which index the site's database has."""

from __future__ import annotations

from django.db import connection

from .errors import NoIndex
from .index import SearchIndex
from .postgresql import PostgreSQLIndex
from .sqlite import SQLiteIndex

KINDS: dict[str, type[SearchIndex]] = {"sqlite": SQLiteIndex, "postgresql": PostgreSQLIndex}


def current() -> SearchIndex:
    """The index of the database in use. Raises NoIndex for a database that has none."""
    if connection.vendor not in KINDS:
        raise NoIndex(f"search has no index for {connection.vendor}: use SQLite or PostgreSQL")
    return KINDS[connection.vendor]()
