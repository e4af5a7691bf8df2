"""`broadsheet edge`: the readers' door alone; and what is in its store: `stats`, `inspect`, `purge`, `verify`."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadsheet.config import Config
from broadsheet.processes.supervisor import SUPERVISOR

from .. import databases, options, progress, sites
from ..errors import CommandError
from ..progress import console

if TYPE_CHECKING:
    from broadsheet.edge.store import LmdbStore

_FRESHNESS = ("fresh", "stale", "gone")


@click.group(short_help="Answer readers alone; look into the store of ready pages.", invoke_without_command=True)
@options.directory
@click.pass_context
def edge(context: click.Context, directory: Path) -> None:
    """Answer readers from the store of ready pages, without database or newsroom, until it is stopped."""
    context.obj = directory
    if context.invoked_subcommand is None:
        from broadsheet.processes.edge import serve_edge

        config = sites.read_config(sites.find_site(directory))
        sys.stdout.flush()
        serve_edge(config, ends_with_parent=SUPERVISOR in os.environ)


@edge.command(short_help="Counts, and how full the store is.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def stats(directory: Path, as_json: bool) -> None:
    """Show what the edge has answered since it was first started, and how full its store is."""
    from broadsheet.edge.counters import Counters

    config = _config(directory)
    store = _open(config)
    counters = Counters(_folder(config))
    found = store.stats()
    told = {counter.name.lower(): count for counter, count in counters.totals().items()} | {
        "pages": found.pages,
        "pages_bytes": found.pages_bytes,
        "file_bytes": found.file_bytes,
        "limit_bytes": found.limit_bytes,
        "generation": found.generation,
        "store_number": found.number,
    }
    answered = sum(told[name] for name in ("hits", "store_hits", "misses", "stale"))
    if as_json:
        console.print(json.dumps(told), markup=False)
        return
    for name, value in told.items():
        console.print(f"{name:<20} {value:>18,}", markup=False)
    console.print(f"{'hit ratio':<20} {100 * (1 - told['misses'] / answered) if answered else 0:>17.2f}%", markup=False)


@edge.command(short_help="What is stored at an address.")
@click.argument("address")
@click.pass_obj
def inspect(directory: Path, address: str) -> int:
    """Show what is stored at ADDRESS, such as /en/: its state, sizes and tags. Exit code 1: nothing is."""
    from broadsheet.edge.pages import Encoding

    store = _open(_config(directory))
    stored, reply = store.describe(address), store.get(address, Encoding.BR)
    if stored is None or reply is None:
        console.print(f"nothing is stored at {address}", markup=False)
        return 1
    console.print(f"{address}: {stored.status}, {_FRESHNESS[store.tags.freshness(reply, time.time())]}", markup=False)
    console.print(f"generation {stored.generation}, now {store.tags.generation()}", markup=False)
    for name, size in zip(("br", "gzip", "identity"), stored.sizes, strict=True):
        console.print(f"{name:<9} {size:>9,} bytes", markup=False)
    console.print(reply.head.decode("latin-1").replace("\r\n", "\n"), markup=False)
    return 0


@edge.command(short_help="Make all pages with a tag gone or stale.")
@click.argument("tags", nargs=-1, required=True)
@click.option("--soft", is_flag=True, help="Give the old pages once more while they are made anew.")
@click.pass_obj
def purge(directory: Path, tags: tuple[str, ...], soft: bool) -> None:
    """Make all pages with one of the TAGS gone, such as article:12, front:en, or * for everything."""
    store = _open(_config(directory))
    console.print(f"purged, generation {store.tags.purge(tags, hard=not soft)}", markup=False)


@edge.command(short_help="Compare every stored page with a fresh render.")
@click.pass_obj
def verify(directory: Path) -> int:
    """Compare every stored page with its checksums, and every fresh one with a fresh render. Exit code 1: one differs.

    Damaged pages and pages that differ are dropped, so that they are made anew.
    """
    config = _config(directory)
    sites.start_django("broadsheet.settings.readers")
    databases.check_in_step(config.directory)
    from broadsheet.readers.comparing import compare_all

    store = _open(config)
    with progress.showing() as report:
        found = compare_all(store, report)
    for address in found.damaged:
        console.print(f"damaged   {address}", markup=False)
    for address in found.different:
        console.print(f"different {address}", markup=False)
    console.print(
        f"{found.pages} pages: {found.same} the same as a fresh render, {found.stale} to be made anew, "
        f"{len(found.damaged)} damaged, {len(found.different)} different",
        markup=False,
    )
    return int(bool(found.damaged or found.different))


def _config(directory: Path) -> Config:
    return sites.read_config(sites.find_site(directory))


def _folder(config: Config) -> Path:
    folder = config.directory / "edge"
    if not folder.exists():
        raise CommandError(f"there is no store in {folder} yet; it is made when the site is served")
    return folder


def _open(config: Config) -> LmdbStore:
    from broadsheet.edge.store import LmdbStore

    return LmdbStore(_folder(config), store_bytes=config.edge_store_gb << 30)
