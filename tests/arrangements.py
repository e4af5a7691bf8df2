"""What many tests begin with is made once a process; after that its rows and files are put back as they were made.

An arrangement is put back only onto the very same rows: onto the database as the migrations leave it, or onto other
arrangements in the same order. Where a test wrote anything else before, it is made anew.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Model

# The rows of one table by primary key.
Rows = dict[Any, tuple[Any, ...]]
HARMLESS = ("SELECT", "SAVEPOINT", "RELEASE", "BEGIN", "PRAGMA")


@dataclass
class Arrangement:
    """What was made: what the maker gave, the rows that came and went by model, the files by path."""

    made: Any
    came: dict[type[Model], Rows]
    went: dict[type[Model], list[Any]]
    files: dict[tuple[str, Path], bytes]


@dataclass
class Progress:
    """What the running test has made so far, and whether it wrote anything else."""

    names: tuple[str, ...] = ()
    is_foreign: bool = False


_known: dict[tuple[str, ...], Arrangement] = {}
_progress = Progress()


def begin() -> None:
    """A test begins, with nothing but what the migrations made."""
    _progress.names, _progress.is_foreign = (), False


def note_write(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Wraps every statement of the connection."""
    if not sql.startswith(HARMLESS):
        _progress.is_foreign = True
    return execute(sql, params, many, context)


def once(fixture: Callable[..., Any]) -> Callable[..., Any]:
    """The same fixture as an arrangement: what it gives is read from the database, and depends on rows alone.

    It may give a model's instance, a list or a dictionary of them, or nothing.
    """

    @functools.wraps(fixture)
    def arrange(**others: Any) -> Any:
        make = functools.partial(fixture, **others)
        if _progress.is_foreign or not connection.in_atomic_block:
            return _read_again(make())
        names = (*_progress.names, f"{fixture.__module__}.{fixture.__qualname__}")
        if names in _known:
            _put_back(_known[names])
        else:
            _known[names] = _record(make)
        _progress.names, _progress.is_foreign = names, False
        return _read_again(_known[names].made)

    return arrange


def _record(make: Callable[[], Any]) -> Arrangement:
    before = {model: _read_rows(model) for model in _models()}
    made = make()
    came, went = {}, {}
    for model, old in before.items():
        new = _read_rows(model)
        came[model] = {pk: row for pk, row in new.items() if old.get(pk) != row}
        went[model] = [pk for pk, row in old.items() if new.get(pk) != row]
    files = {
        (root, path.relative_to(folder)): path.read_bytes()
        for root, folder in _folders()
        for path in folder.rglob("*")
        if path.is_file()
    }
    return Arrangement(made, came, went, files)


def _put_back(arrangement: Arrangement) -> None:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for model, keys in arrangement.went.items():
            if keys:
                table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
                cursor.executemany(f"DELETE FROM {table} WHERE {key} = %s", [(pk,) for pk in keys])
        for model, rows in arrangement.came.items():
            if rows:
                table, columns = quote(model._meta.db_table), [quote(one) for one in _columns(model)]
                places = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", list(rows.values()))
    folders = dict(_folders())
    for (root, path), content in arrangement.files.items():
        (folders[root] / path).parent.mkdir(parents=True, exist_ok=True)
        (folders[root] / path).write_bytes(content)
    # No signal told Wagtail that its sites and locales are others.
    cache.clear()


def _models() -> list[type[Model]]:
    return [one for one in apps.get_models(include_auto_created=True) if one._meta.managed and not one._meta.proxy]


def _columns(model: type[Model]) -> list[str]:
    return [field.column for field in model._meta.local_concrete_fields]


def _read_rows(model: type[Model]) -> Rows:
    columns = _columns(model)
    place = columns.index(model._meta.pk.column)
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(map(quote, columns))} FROM {quote(model._meta.db_table)}")
        return {row[place]: tuple(map(_plain, row)) for row in cursor.fetchall()}


def _plain(value: Any) -> Any:
    """SQLite's driver is to write moments as Django does."""
    return str(value) if isinstance(value, date) else value


def _folders() -> list[tuple[str, Path]]:
    return [(root, Path(getattr(settings, root))) for root in ("MEDIA_ROOT", "PUBLIC_ROOT")]


def _read_again(made: Any) -> Any:
    if isinstance(made, dict):
        return {key: _read_again(one) for key, one in made.items()}
    if isinstance(made, list):
        return [_read_again(one) for one in made]
    return type(made)._default_manager.get(pk=made.pk) if isinstance(made, Model) else made
