"""`broadsheet check`: what is wrong with a site, and what to do about it."""

from __future__ import annotations

from pathlib import Path

import click

from .. import options, sites
from ..progress import console

LEVELS = {"error": 40, "warning": 30}


@click.command(short_help="Check settings, deployment and content.")
@options.directory
@click.option(
    "--fail-level",
    type=click.Choice(list(LEVELS)),
    default="error",
    show_default=True,
    help="The least finding for which the exit code is 1.",
)
def check(directory: Path, fail_level: str) -> int:
    """Check settings, deployment and content; every finding has an id and a hint."""
    config = sites.open_site(directory)
    from django.core import checks

    from ..checks import content, deployment

    found = [*deployment.find(config), *content.find(config)]
    found += [one for one in checks.run_checks(include_deployment_checks=True) if not one.is_silenced()]
    for finding in sorted(found, key=lambda one: -one.level):
        kind = (
            "error" if finding.level >= LEVELS["error"] else "warning" if finding.level >= LEVELS["warning"] else "note"
        )
        console.print(f"{kind:<8} {finding.id}  {finding.msg}", markup=False)
        if finding.hint:
            console.print(f"         {finding.hint}", markup=False)
    console.print(f"{len(found)} findings." if found else "Nothing found.")
    return int(any(finding.level >= LEVELS[fail_level] for finding in found))
