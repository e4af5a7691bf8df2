"""The options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

PORT = click.IntRange(1, 65535)

directory: Decorator = click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path),
    default="site",
    envvar="BROADSHEET_DIR",
    show_default=True,
    help="Folder of the site.",
)
port: Decorator = click.option("--port", type=PORT, help="Port of the readers' origin.")
newsroom_port: Decorator = click.option("--newsroom-port", type=PORT, help="Port of the newsroom.")
host: Decorator = click.option("--host", help="Network address to listen at, such as 0.0.0.0.")
