"""The relay's loop: delivers events as they are recorded, and runs the regular duties between them."""

from __future__ import annotations

import contextlib
import logging
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import close_old_connections

from . import services, wake

logger = logging.getLogger(__name__)

POLL_S = 1.0

# What failed last, by name.
_failing: dict[str, str] = {}


@dataclass
class Duty:
    """Work that is due every `every_s` seconds, such as publishing what is scheduled."""

    name: str
    every_s: float
    run: Callable[[], object]
    due_at: float = 0.0


def run(directory: Path, duties: Sequence[Duty], stopping: Callable[[], bool]) -> None:
    """Deliver events and run the duties until `stopping()` is true."""
    with _listen(wake.socket_path(directory)) as wait:
        while not stopping():
            work_once(duties)
            wait()


@contextlib.contextmanager
def _listen(path: Path) -> Iterator[Callable[[], None]]:
    """A function that waits until somebody pokes, at most POLL_S. Where no socket can be made it only waits."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            listener.bind(str(path))
        except OSError as error:
            # The system allows about 100 letters for the path; some file systems allow no sockets at all.
            logger.warning("no socket at %s (%s): looking for events every %s s instead", path, error, POLL_S)
            yield lambda: time.sleep(POLL_S)
            return
        listener.settimeout(POLL_S)
        try:
            yield lambda: _wait(listener)
        finally:
            path.unlink(missing_ok=True)


def _wait(listener: socket.socket) -> None:
    with contextlib.suppress(TimeoutError, InterruptedError):
        listener.recv(16)


def work_once(duties: Sequence[Duty]) -> None:
    """One turn: the duties that are due, then every due event. A failure is logged, the next turn tries again."""
    close_old_connections()
    for duty in duties:
        if time.monotonic() >= duty.due_at:
            _attempt(duty.name, duty.run)
            duty.due_at = time.monotonic() + duty.every_s
    _attempt("deliver events", services.deliver_all)


def _attempt(name: str, work: Callable[[], object]) -> None:
    """Work that fails in the same way again and again is told of once, and once more when it succeeds."""
    try:
        work()
    except Exception as error:
        if _failing.get(name) != repr(error):
            logger.exception("%s failed; it is tried again", name)
        _failing[name] = repr(error)
    else:
        if _failing.pop(name, None):
            logger.info("%s works again", name)
