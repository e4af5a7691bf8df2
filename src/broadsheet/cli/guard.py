"""The way into the command line, and out of it: one clear line on standard error, never a traceback."""

from __future__ import annotations

import errno
import logging
import os
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from broadsheet.config import ConfigError

USAGE_EXIT = 2
FAILURE_EXIT = 1
INTERRUPTED_EXIT = 130


def main() -> None:
    """The program `broadsheet`."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say; the exit code."""
    from .verbs import broadsheet

    try:
        result = broadsheet.main(list(arguments), prog_name="broadsheet", standalone_mode=False)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "broadsheet"
        return _refuse(f"{error.format_message().rstrip('.')} (see: {command} --help)", USAGE_EXIT)
    except click.ClickException as error:
        return _refuse(error.format_message(), FAILURE_EXIT)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _refuse("stopped", INTERRUPTED_EXIT)
    except SystemExit as exit_:
        return _exit_code(exit_)
    except Exception as error:
        return _refuse(explain(error) or _unexpected(error), FAILURE_EXIT)
    return result if isinstance(result, int) else 0


def explain(error: BaseException) -> str | None:
    """One line for an error that is the world's, not ours: settings, files, disk, database. None: it is a fault."""
    if isinstance(error, ConfigError) or _is_ours(error):
        return str(error)
    if isinstance(error, OSError):
        return _explain_file(error)
    name = type(error).__module__ + "." + type(error).__name__
    if name == "django.core.exceptions.ImproperlyConfigured":
        return str(error)
    if name in {"django.db.utils.OperationalError", "django.db.utils.DatabaseError", "django.db.utils.InterfaceError"}:
        return _explain_database(str(error))
    return None


def _is_ours(error: BaseException) -> bool:
    """Errors that stand in an `errors` module of ours are written for people."""
    modules = {parent.__module__ for parent in type(error).__mro__}
    return any(module.startswith("broadsheet.") and module.endswith(".errors") for module in modules)


def _explain_file(error: OSError) -> str | None:
    place = f": {error.filename}" if error.filename else ""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"the disk is full{place}; make room and run the command again"
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"no permission{place}; check who owns it and who runs the command"
    return f"{(error.strerror or str(error)).lower()}{place}" if error.filename else None


def _explain_database(text: str) -> str:
    known = {
        "database is locked": "the database is locked by another program; let it finish, then run the command again",
        "disk is full": "the disk is full; make room and run the command again",
        "readonly database": "no permission to write to the database; check who owns it and who runs the command",
        "unable to open database file": "the database file cannot be opened; check the folder and its permissions",
        "file is not a database": "the database file is damaged or no SQLite database; restore it from a backup",
        "malformed": "the database file is damaged; restore it from a backup",
        "no such table": "the database is not set up; run: broadsheet upgrade",
    }
    for sign, line in known.items():
        if sign in text:
            return line
    lines = text.strip().splitlines()
    return f"the database cannot be used: {lines[0] if lines else 'no reason given'}"


def _unexpected(error: BaseException) -> str:
    """Keep the traceback for whoever repairs this, and say where."""
    text = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {' '.join(sys.argv[1:2])}\n{traceback.format_exc()}\n"
    summary = (
        f"something unexpected happened ({type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''})"
    )
    directory = os.environ.get("BROADSHEET_DIR", "")
    path = Path(directory or ".") / "log" / "broadsheet.log"
    try:
        if not directory:
            raise FileNotFoundError
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        return f"{summary}; set BROADSHEET_DIR to a folder that can be written to for a full record"
    return f"{summary}; the details are in {path}"


def _exit_code(exit_: SystemExit) -> int:
    """What Django's own commands ended with; a text of theirs is printed."""
    if exit_.code is None or isinstance(exit_.code, int):
        return exit_.code or 0
    return _refuse(str(exit_.code), FAILURE_EXIT)


def _refuse(line: str, code: int) -> int:
    logging.shutdown()
    click.echo(f"broadsheet: {' '.join(line.split())}", err=True)
    return code
