"""`broadsheet serve`, and `renderer`, `newsroom` and `relay`, each alone; the edge alone is in `edge`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import click
from rich.text import Text

from broadsheet.config import Config
from broadsheet.processes import parent, ports
from broadsheet.processes.supervisor import SUPERVISOR, supervise

from .. import databases, options, sites
from ..progress import console

COLOURS = {"edge": "cyan", "renderer": "blue", "newsroom": "magenta", "relay": "yellow", "serve": "green"}


@click.command(short_help="Serve a site: edge, renderer, newsroom and relay.")
@options.directory
@options.port
@options.newsroom_port
@options.host
@click.option("--reload", is_flag=True, help="Start again when the code changes, and show details of errors.")
def serve(directory: Path, port: int | None, newsroom_port: int | None, host: str | None, reload: bool) -> None:
    """Serve the site to readers and to its newsroom, until it is stopped."""
    config = sites.listen_at(sites.read_config(sites.find_site(directory)), port, newsroom_port, host)
    sites.start_django()
    is_away = databases.still_away(config.directory)
    if is_away:
        _say("serve", "the database does not answer: readers get what is stored, the rest starts when it is back")
    run(config, (), reload=reload, is_held=partial(databases.still_away, config.directory) if is_away else None)


def run(
    config: Config, notes: Iterable[str], *, reload: bool = False, is_held: Callable[[], bool] | None = None
) -> None:
    """Serve; `notes` are said once the site answers. While `is_held()`, there is no database: the edge alone."""
    environment = dict(os.environ)
    # Ours is for this process; each of the children chooses its own.
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    if reload:
        environment["BROADSHEET_NEWSROOM_SETTINGS"] = "broadsheet.settings.dev"
    supervise(config, _say, lambda: _announce(config, notes), environment, reload=reload, is_held=is_held)
    _say("serve", "stopped")


def _announce(config: Config, notes: Iterable[str]) -> None:
    for line in (f"Readers:  {config.site_url}", f"Newsroom: {config.newsroom_url}", *notes, "Stop with Ctrl-C."):
        console.print(line, markup=False)


def _say(name: str, line: str) -> None:
    console.print(Text.assemble((f"{name:<8} | ", COLOURS.get(name, "")), line))


def _alone(
    directory: Path,
    run_: Callable[[Config], None],
    settings_module: str = "newsroom",
    port_of: str = "",
    what: str = "",
) -> None:
    """Run one process; under the supervisor, which has checked everything, end with it.

    The server's workers are forks of this process: what is checked here is checked with the settings that they have.
    """
    config = sites.read_config(sites.find_site(directory))
    if supervisor := os.environ.get(SUPERVISOR):
        parent.end_with_parent(int(supervisor))
    else:
        sites.start_django(f"broadsheet.settings.{settings_module}")
        databases.check_in_step(config.directory)
        if port_of:
            ports.check_free(config.listen, getattr(config, port_of), what)
    sys.stdout.flush()
    run_(config)


@click.command(short_help="Run the renderer alone.")
@options.directory
def renderer(directory: Path) -> None:
    """Run the renderer alone: it makes pages for the edge, at a socket in the site's folder."""
    from broadsheet.processes.origins import serve_renderer

    _alone(directory, serve_renderer, "readers")


@click.command(short_help="Serve the newsroom alone.")
@options.directory
def newsroom(directory: Path) -> None:
    """Serve the newsroom alone; port and workers come from the settings."""
    from broadsheet.processes.origins import serve_newsroom

    _alone(directory, serve_newsroom, "newsroom", "newsroom_port", "the newsroom")


@click.command(short_help="Run the relay alone.")
@options.directory
def relay(directory: Path) -> None:
    """Run the relay alone: it delivers the outbox and publishes what is scheduled."""
    from broadsheet.processes.relay import run_relay

    _alone(directory, run_relay)
