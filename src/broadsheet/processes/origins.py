"""The renderer and the newsroom as servers: each a process of its own with workers that hold one application."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from broadsheet.config import Config
from broadsheet.edge import sockets

from . import parent
from .bridge import Bridge, Environ, Wsgi

# A client has so long to send its request's head; granian closes the connection then.
HEAD_TIMEOUT_MS = 10_000
# Workers that do not end by themselves after SIGTERM are killed.
STOP_TIMEOUT_S = 3
# A worker that died is missed for so long.
RESPAWN_S = 0.5
# Development only: the settings of the newsroom's workers.
NEWSROOM_SETTINGS = "BROADSHEET_NEWSROOM_SETTINGS"


def serve_renderer(config: Config) -> None:
    """Render for the edge, at a socket that it alone knows, until SIGTERM."""
    path = sockets.renderer_socket(config.directory)
    path.unlink(missing_ok=True)
    where = {"uds": path, "uds_permissions": 0o600}
    _server("make_renderer", config.renderer_workers, Interfaces.ASGINL, None, where).serve()


def serve_newsroom(config: Config) -> None:
    """Serve the newsroom until SIGTERM."""
    where = {"address": config.listen, "port": config.newsroom_port}
    _server("make_newsroom", config.newsroom_workers, Interfaces.WSGI, config.newsroom_threads, where).serve()


def _server(factory: str, workers: int, interface: Interfaces, threads: int | None, where: dict[str, Any]) -> Any:
    return Granian(
        f"{__name__}:{factory}",
        **where,
        interface=interface,
        factory=True,
        workers=workers,
        blocking_threads=threads,
        backpressure=threads and threads * 16,
        websockets=False,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_TIMEOUT_MS),
        log_level=LogLevels.warning,
        # Addresses hold the tokens of preview links: none is ever logged here.
        log_access=False,
        respawn_failed_workers=True,
        respawn_interval=RESPAWN_S,
        workers_kill_timeout=STOP_TIMEOUT_S,
    )


def make_renderer() -> Bridge:
    """The application that renders for the edge; it leaves in the store what the edge must know of the site."""
    application = _make_application("broadsheet.settings.readers")
    from django.conf import settings

    from broadsheet.readers import release

    release.announce()
    return Bridge(application, settings.CONFIG.renderer_threads, lambda: os._exit(1))


def make_newsroom() -> Wsgi:
    """The application of the newsroom, told by the configuration alone under which scheme it is reached."""
    application = _make_application(os.environ.get(NEWSROOM_SETTINGS, "broadsheet.settings.newsroom"))
    from django.conf import settings

    return _under_scheme(application, urlsplit(settings.CONFIG.newsroom_url).scheme)


def _make_application(settings_module: str) -> Wsgi:
    parent.end_with_parent()
    os.environ["DJANGO_SETTINGS_MODULE"] = settings_module
    from django.core.wsgi import get_wsgi_application

    application: Wsgi = get_wsgi_application()
    return application


def _under_scheme(application: Wsgi, scheme: str) -> Wsgi:
    """No header of a request says whether it came over TLS."""

    def answer(environ: Environ, start: Callable[..., Any]) -> Any:
        environ["wsgi.url_scheme"] = scheme
        return application(environ, start)

    return answer
