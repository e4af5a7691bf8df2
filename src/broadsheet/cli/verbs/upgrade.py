"""`broadsheet upgrade`: the database of a site becomes that of this version."""

from __future__ import annotations

from pathlib import Path

import click

from .. import databases, founding, options, progress, sites
from ..progress import console


@click.command(short_help="Bring a site's database up to date.")
@options.directory
def upgrade(directory: Path) -> None:
    """Bring the site's database up to date with this version, and make fronts
    that its languages lack. A SQLite database is copied to backups/ first."""
    config = sites.read_config(sites.find_site(directory))
    sites.start_django()
    databases.check_not_newer()
    missing = databases.missing_migrations()
    if missing and (copy := databases.keep_copy(config.directory)):
        console.print(f"The database as it was: {copy}", markup=False)
    with progress.showing() as report:
        founding.found(config, {}, report)
    console.print(f"{len(missing)} changes to the database." if missing else "The database is up to date.")
