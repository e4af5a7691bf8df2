"""Pokes the relay through a datagram socket in the site's folder; a lost poke costs at most one polling interval."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path


def socket_path(directory: Path) -> Path:
    """Where the relay of the site in `directory` listens."""
    return directory / "run" / "relay.sock"


def poke(directory: Path) -> None:
    """Tell the relay that there is work. Never blocks and never fails."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        sender.sendto(b"!", str(socket_path(directory)))
