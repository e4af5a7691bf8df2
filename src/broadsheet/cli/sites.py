"""A site's folder: found, checked, and made known to Django."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import click

from broadsheet import config
from broadsheet.config import Config
from broadsheet.translations import site_catalogues

from .errors import NoSite

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def find_site(directory: Path) -> Path:
    """The folder, absolute. Raises NoSite with what is wrong with it."""
    directory = directory.absolute()
    if not directory.exists():
        raise NoSite(f"there is no folder {directory}; make a site in it with: broadsheet init {directory}")
    if not directory.is_dir():
        raise NoSite(f"{directory} is not a folder")
    if not (directory / config.SETTINGS_FILE).exists():
        raise NoSite(
            f"{directory} is not a site's folder, it holds no {config.SETTINGS_FILE}; "
            f"make a site with: broadsheet init {directory}"
        )
    return directory


def read_config(directory: Path) -> Config:
    """The settings of the site in `directory`, for this process and those it starts."""
    os.environ["BROADSHEET_DIR"] = str(directory)
    return config.load(directory)


def listen_at(found: Config, port: int | None, newsroom_port: int | None, host: str | None) -> Config:
    """Listen elsewhere in this run and in the processes it starts.

    The site's own addresses follow a port only where they are this machine's: a real site stands behind a proxy.
    """
    for name, value in (("reader_port", port), ("newsroom_port", newsroom_port), ("listen", host)):
        if value is not None:
            os.environ[_variable(name)] = str(value)
    for name, origin, its_port in (
        ("site_url", found.site_url, port),
        ("newsroom_url", found.newsroom_url, newsroom_port),
    ):
        machine = urlsplit(origin).hostname
        if its_port is not None and machine in LOOPBACK and _variable(name) not in os.environ:
            os.environ[_variable(name)] = f"http://{machine}:{its_port}"
    return config.load(found.directory)


def start_django(settings_module: str = "broadsheet.settings.newsroom") -> None:
    """Bring the site's own words into their readable form, load the settings and the models.

    Call `read_config` first.
    """
    found = config.load(Path(os.environ["BROADSHEET_DIR"]))
    for complaint in site_catalogues.compile_all(found.directory, found.languages):
        click.echo(f"broadsheet: {complaint}", err=True)
    # Whatever stands in the environment belongs to another project.
    os.environ["DJANGO_SETTINGS_MODULE"] = settings_module
    import django

    django.setup()


def open_site(directory: Path) -> Config:
    """Find the site, read its settings, start Django, and make sure that its database is this version's."""
    from . import databases

    found = read_config(find_site(directory))
    start_django()
    databases.check_in_step(found.directory)
    return found


def _variable(name: str) -> str:
    return config.ENVIRONMENT_PREFIX + name.upper()
