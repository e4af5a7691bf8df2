"""Finds out that a port is taken before anything is started on it."""

from __future__ import annotations

import errno
import socket
import time

from .errors import PortBusy, ProcessError


def check_free(host: str, port: int, what: str, *, patience_s: float = 3.0) -> None:
    """Raises PortBusy when something listens there, ProcessError when we may not.

    Waits a little for a port that is just being given up by a site that is ending.
    """
    until = time.monotonic() + patience_s
    while True:
        problem = _try(host, port)
        if problem is None:
            return
        if problem.errno != errno.EADDRINUSE:
            raise ProcessError(f"cannot listen at {host}:{port} for {what}: {problem.strerror}") from problem
        if time.monotonic() >= until:
            raise PortBusy(f"port {port} for {what} is busy: stop what listens there or choose another port")
        time.sleep(0.2)


def _try(host: str, port: int) -> OSError | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # Without this a port whose last connections are still closing would count as busy.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            return error
    return None
