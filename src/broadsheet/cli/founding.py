"""Makes a site: its folder, its settings file, its database, its fronts, its first administrator. Every step may be
repeated: a site whose making was interrupted is finished by making it again.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from broadsheet import config
from broadsheet.config import Config

from . import databases, sites
from .errors import CommandError
from .progress import Report

# What `broadsheet.toml` shows; the rest of the options are documented in docs/configuration.md.
_HEAD = """# The settings of this site. Every option: docs/configuration.md. The environment wins over this file:
# site_url is BROADSHEET_SITE_URL there. After a change start the site again.

"""


def make_folder(directory: Path, settings: Mapping[str, Any]) -> Config:
    """Make the folder and its settings file, unless it is a site's already; the settings.

    Raises CommandError for a file or a folder with something else in it.
    """
    directory = directory.absolute()
    if directory.exists() and not directory.is_dir():
        raise CommandError(f"{directory} is a file; choose another folder")
    # Drafts, accounts and the key are in it: others on the machine have no business there.
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = directory / config.SETTINGS_FILE
    if not path.exists():
        strange = sorted(one.name for one in directory.iterdir() if one.name not in {"log", "run"})
        if strange:
            raise CommandError(f"{directory} holds other things ({', '.join(strange[:3])}); choose an empty folder")
        _write_settings(path, settings)
    return sites.read_config(directory)


def _write_settings(path: Path, settings: Mapping[str, Any]) -> None:
    """Every option with its help; those that are not set stand there as comments with their defaults."""
    written = {"secret_key": secrets.token_urlsafe(48), **settings}
    unknown = written.keys() - {option.name for option in config.OPTIONS}
    assert not unknown, unknown
    lines = [_HEAD]
    for option in config.OPTIONS:
        value = written.get(option.name, option.default)
        mark = "" if option.name in written else "# "
        lines.append(f"# {option.help}\n{mark}{option.name} = {_toml(value)}\n\n")
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    # The key in it signs log-ins: nobody else may read the file, not even for a moment.
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("".join(lines))
    part.replace(path)


def _toml(value: Any) -> str:
    """A value as TOML writes it; JSON writes text, numbers, truth and lists of text in the same way."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def found(settings: Config, names: Mapping[str, str], report: Report) -> None:
    """The database, the roles, and a front and an edition for every language. Call it with Django started."""
    databases.migrate(report)
    from django.conf import settings as django_settings
    from django.utils.module_loading import import_string

    from broadsheet.articles.fronts import ensure_fronts

    ensure_fronts(settings.languages, {language: names.get(language, "Broadsheet") for language in settings.languages})
    for path in django_settings.FOUNDERS:
        import_string(path)()


def has_administrator() -> bool:
    """Whether somebody can administer the site already."""
    from django.contrib.auth import get_user_model

    return get_user_model().objects.filter(is_superuser=True, is_active=True).exists()


def check_password(name: str, email: str, password: str) -> None:
    """Raises CommandError for a password that is too easy to guess."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    try:
        validate_password(password, get_user_model()(username=name, email=email))
    except ValidationError as error:
        raise CommandError(f"the administrator cannot be made: {' '.join(error.messages)}") from error


def add_administrator(name: str, email: str, password: str) -> None:
    """The first account. Raises CommandError when the name cannot be used."""
    from django.contrib.auth import get_user_model
    from django.core.exceptions import ValidationError

    user = get_user_model()(username=name, email=email, is_superuser=True, is_staff=True)
    user.set_password(password)
    try:
        user.full_clean()
    except ValidationError as error:
        raise CommandError(f"the administrator cannot be made: {' '.join(error.messages)}") from error
    user.save()
