"""The edge as a process: what it must know of the site, taken from the settings. It needs no Django and no database."""

from __future__ import annotations

from broadsheet.config import Config
from broadsheet.edge import sockets, workers
from broadsheet.edge.pages import EdgeSettings


def edge_settings(config: Config) -> EdgeSettings:
    """The settings of the edge of this site."""
    return EdgeSettings(
        directory=str(config.directory / "edge"),
        site_url=config.site_url,
        public_directory=str(config.directory / "public"),
        listen=config.listen,
        port=config.reader_port,
        workers=config.edge_workers,
        renderer_socket=str(sockets.renderer_socket(config.directory)),
        table_mb=config.edge_table_mb,
        store_gb=config.edge_store_gb,
        connections_an_address=config.edge_connections,
        access_log=config.access_log,
        default_language=config.default_language,
        languages=(*config.languages, *(code.lower() for code in config.script_variants)),
        outer_cache=config.outer_cache,
        proxies=config.trusted_proxies,
    )


def serve_edge(config: Config, *, ends_with_parent: bool) -> None:
    """Answer readers until SIGTERM. Raises PortBusy."""
    workers.run(edge_settings(config), ends_with_parent=ends_with_parent)
