"""`broadsheet check`: what is wrong with a site, and what to do about it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from .. import options, sites
from ..progress import console, showing

if TYPE_CHECKING:
    from django.core.checks import CheckMessage

LEVELS = {"error": 40, "warning": 30}


_fail_level = click.option(
    "--fail-level",
    type=click.Choice(list(LEVELS)),
    default="error",
    show_default=True,
    help="The least finding for which the exit code is 1.",
)


@click.group(short_help="Check settings, deployment and content.", invoke_without_command=True)
@options.directory
@_fail_level
@click.pass_context
def check(context: click.Context, directory: Path, fail_level: str) -> int:
    """Check settings, deployment and content; every finding has an id and a hint."""
    if context.invoked_subcommand:
        given = context.get_parameter_source("directory") is ParameterSource.COMMANDLINE
        context.obj = directory if given else None
        return 0
    config = sites.open_site(directory)
    from django.core import checks

    from ..checks import content, deployment

    found = [*deployment.find(config), *content.find(config)]
    found += [one for one in checks.run_checks(include_deployment_checks=True) if not one.is_silenced()]
    _show(found)
    console.print(f"{len(found)} findings." if found else "Nothing found.")
    return _exit_code(found, fail_level)


@check.command(short_help="Prove that all language versions name each other.")
@options.directory
@_fail_level
@click.option("--sample", type=click.IntRange(0), default=300, show_default=True, help="Pages that are asked for.")
@click.option("--seed", type=int, help="Chooses the same pages again; it is shown.")
@click.option("--offline", is_flag=True, help="Leave out what needs the running site.")
@click.option("--json", "as_json", is_flag=True, help="Write the findings and figures as JSON.")
@click.pass_obj
def languages(
    site_directory: Path | None,
    directory: Path,
    fail_level: str,
    sample: int,
    seed: int | None,
    offline: bool,
    as_json: bool,
) -> int:
    """Compare database, edge's store, sitemaps and running site: each version must name itself and all others.

    docs/languages.md says what exactly is proved.
    """
    config = sites.open_site(site_directory or directory)
    from broadsheet.rendering import closure

    from ..checks import groups, versions

    begun_at, seed = time.monotonic(), seed if seed is not None else int(time.time())
    with showing(quiet=as_json) as report:
        site = closure.read_site()
        report("the database", len(site.pages), len(site.pages))
        found = list(groups.find(config, site))
        looked = versions.look(config, site, sample, seed, report, offline=offline)
    found += versions.find(looked)
    figures = {
        "pages": len(site.pages),
        "with_versions": sum(bool(pairs) for pairs in site.pages.values()),
        "stored_pages_compared": looked.stored,
        "addresses_in_sitemaps": looked.in_sitemaps,
        "pages_asked_for": looked.asked,
        "seed": seed,
        "seconds": round(time.monotonic() - begun_at, 1),
    }
    if as_json:
        click.echo(json.dumps({**figures, "findings": [_as_json(one) for one in found]}, ensure_ascii=False, indent=2))
    else:
        _show(found)
        console.print("\n".join(f"{name.replace('_', ' '):<24}{value:>12,}" for name, value in figures.items()))
        console.print(f"{len(found)} findings." if found else "Nothing found.")
    return _exit_code(found, fail_level)


def _show(found: Iterable[CheckMessage]) -> None:
    for finding in sorted(found, key=lambda one: -one.level):
        console.print(f"{_kind(finding):<8} {finding.id}  {finding.msg}", markup=False)
        if finding.hint:
            console.print(f"         {finding.hint}", markup=False)


def _kind(finding: CheckMessage) -> str:
    return "error" if finding.level >= LEVELS["error"] else "warning" if finding.level >= LEVELS["warning"] else "note"


def _as_json(finding: CheckMessage) -> dict[str, Any]:
    return {"id": finding.id, "level": _kind(finding), "message": finding.msg, "hint": finding.hint}


def _exit_code(found: Iterable[CheckMessage], fail_level: str) -> int:
    return int(any(finding.level >= LEVELS[fail_level] for finding in found))
