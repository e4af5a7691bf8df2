"""`broadsheet demo`: a site with the demo edition, made the first time, then served."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.processes import locks, ports

from .. import databases, founding, options, progress, sites
from . import serve

LANGUAGES = ("en", "az", "ru", "hy", "fa", "tr", "ar")


@click.command(short_help="Build the demo edition and serve it.")
@options.directory
@options.port
@options.newsroom_port
@options.host
@click.option("--build-only", is_flag=True, help="Build the edition and end.")
@click.option("--reload", is_flag=True, help="Start again when the code changes, and show details of errors.")
def demo(
    directory: Path, port: int | None, newsroom_port: int | None, host: str | None, build_only: bool, reload: bool
) -> None:
    """Serve the demo edition of the folder; the first time it is built, which takes a minute or two."""
    settings = {"languages": LANGUAGES, **_addresses(port or 8000, newsroom_port or 8001)}
    config = sites.listen_at(founding.make_folder(directory, settings), port, newsroom_port, host)
    with locks.hold_site(config.directory):
        ports.check_free(config.listen, config.reader_port, "readers")
        ports.check_free(config.listen, config.newsroom_port, "the newsroom")
        _build()
    if not build_only:
        serve.run(config, _log_ins(), reload=reload)


def _addresses(port: int, newsroom_port: int) -> dict[str, object]:
    return {
        "reader_port": port,
        "newsroom_port": newsroom_port,
        "site_url": f"http://localhost:{port}",
        "newsroom_url": f"http://localhost:{newsroom_port}",
    }


def _build() -> None:
    """All of it is repeatable: what an interrupted build left is finished, what is there is kept."""
    sites.start_django()
    from broadsheet.demo.build import build
    from broadsheet.outbox import services as outbox

    with progress.showing() as report:
        databases.migrate(report)
        if build(report):
            outbox.deliver_all()


def _log_ins() -> list[str]:
    from broadsheet.demo import people

    roles = ", ".join(f"{person.username} ({person.role.replace('_', ' ')})" for person in people.PEOPLE)
    return [f"Log-ins:  {roles}", f"Password: {people.PASSWORD} (for all of them)"]
