"""`broadsheet manage`: Django's and Wagtail's own commands."""

from __future__ import annotations

from pathlib import Path

import click

from .. import options, sites


@click.command(
    short_help="Run one of Django's own commands.",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    add_help_option=False,
)
@options.directory
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(directory: Path, arguments: tuple[str, ...]) -> None:
    """Run one of Django's own commands on the site: `broadsheet manage --dir D shell`."""
    sites.read_config(sites.find_site(directory))
    sites.start_django()
    from django.core.management import ManagementUtility

    ManagementUtility(["broadsheet manage", *arguments]).execute()
