"""`broadsheet init`: a new, empty site."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import Any

import click

from broadsheet import config as configuration

from .. import founding, options, progress, sites
from ..errors import CommandError
from ..progress import console


@click.command(short_help="Make a new, empty site.")
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--no-input", is_flag=True, help="Ask nothing: take options, the environment, or defaults.")
@click.option("--name", envvar="BROADSHEET_NAME", help="Name of the publication.")
@click.option("--languages", help="Language codes, the first is the default: en,az,ru.")
@click.option("--time-zone", help="Zone of the newsroom, such as Asia/Baku.")
@click.option("--site-url", help="Origin of the readers' site, such as https://news.example.")
@click.option("--newsroom-url", help="Origin of the newsroom, such as https://desk.news.example.")
@options.port
@options.newsroom_port
@click.option("--admin-name", envvar="BROADSHEET_ADMIN_NAME", help="User name of the first administrator.")
@click.option("--admin-email", envvar="BROADSHEET_ADMIN_EMAIL", help="The administrator's e-mail address.")
@click.option(
    "--admin-password",
    envvar="BROADSHEET_ADMIN_PASSWORD",
    help="The administrator's password; better from the environment. Without: asked for, or made and shown once.",
)
def init(directory: Path, no_input: bool, name: str | None, **given: Any) -> None:
    """Make a new, empty site in the folder DIRECTORY: settings, key, database, fronts, first administrator."""
    if not no_input and not sys.stdin.isatty():
        raise CommandError("init asks questions and there is nobody to answer; give --no-input")
    admin = {key: given.pop(f"admin_{key}") for key in ("name", "email", "password")}
    ask = _nobody if no_input else click.prompt
    name = name or ask("Name of the publication", default="Broadsheet")
    settings = _settings(given, ask)
    config = founding.make_folder(directory, settings)
    sites.start_django()
    user, password, is_made = _administrator(admin, ask)
    email = admin["email"] or f"{user}@localhost.localdomain"
    founding.check_password(user, email, password)
    with progress.showing() as report:
        founding.found(config, dict.fromkeys(config.languages, name), report)
    if founding.has_administrator():
        raise CommandError(f"{config.directory} is a site already; nothing was changed")
    founding.add_administrator(user, email, password)
    _tell(config.directory, user, password if is_made else "")


def _nobody(text: str, default: str = "", **more: Any) -> str:
    return default


def _settings(given: dict[str, Any], ask: Any) -> dict[str, Any]:
    """What goes into the settings file: each value checked before anything is made."""
    port, newsroom_port = given.pop("port") or 8000, given.pop("newsroom_port") or 8001
    given["languages"] = given["languages"] or ask("Languages (codes, the first is the default)", default="en")
    given["time_zone"] = given["time_zone"] or ask("Time zone", default="Asia/Baku")
    given["site_url"] = given["site_url"] or ask("Address for readers", default=f"http://localhost:{port}")
    given["newsroom_url"] = given["newsroom_url"] or ask(
        "Address of the newsroom", default=f"http://localhost:{newsroom_port}"
    )
    given |= {"reader_port": port, "newsroom_port": newsroom_port}
    environment = {configuration.ENVIRONMENT_PREFIX + key.upper(): str(value) for key, value in given.items()}
    checked = configuration.load(Path("/nonexistent"), environment)
    from broadsheet.translations.languages import UnknownLanguage, own_name

    try:
        for language in checked.languages:
            own_name(language)
    except UnknownLanguage as error:
        raise CommandError(str(error)) from error
    return {key: getattr(checked, key) for key in given}


def _administrator(admin: dict[str, str | None], ask: Any) -> tuple[str, str, bool]:
    """User name, password, and whether we made the password up."""
    user = admin["name"] or ask("User name of the first administrator", default="admin")
    if admin["password"]:
        return user, admin["password"], False
    password = ask("Password (empty: one is made)", default="", hide_input=True, show_default=False)
    return (user, password, False) if password else (user, secrets.token_urlsafe(15), True)


def _tell(directory: Path, user: str, made_password: str) -> None:
    console.print(f"The site stands in {directory}", markup=False)
    console.print(
        f"Administrator: {user}" + (f", password {made_password} (shown only now)" if made_password else ""),
        markup=False,
    )
    console.print(f"Serve it with: broadsheet serve --dir {directory}", markup=False)
