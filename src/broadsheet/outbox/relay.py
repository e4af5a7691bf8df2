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
# So long at most events are delivered before it is looked whether a duty is due.
DELIVERING_S = 1.0

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
            if not work_once(duties):
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


def work_once(duties: Sequence[Duty]) -> bool:
    """One turn: the events and the duties that are due. True: more events may be due already.

    A failure is logged, the next turn tries again. Events wait for one duty at most, and duties no longer than
    `DELIVERING_S`, however many events there are.
    """
    close_old_connections()
    is_busy = _attempt("deliver events", _deliver)
    for duty in duties:
        if time.monotonic() >= duty.due_at:
            _attempt(duty.name, duty.run)
            duty.due_at = time.monotonic() + duty.every_s
            is_busy = _attempt("deliver events", _deliver)
    return bool(is_busy)


def _deliver() -> bool:
    """Whether the time has run out."""
    begun_at = time.monotonic()
    services.deliver_all(DELIVERING_S)
    return time.monotonic() - begun_at >= DELIVERING_S


def _attempt(name: str, work: Callable[[], object]) -> object:
    """What the work returns. If it fails in the same way again and again, it is told of once, and when it succeeds."""
    try:
        result = work()
    except Exception as error:
        if _failing.get(name) != repr(error):
            logger.exception("%s failed; it is tried again", name)
        _failing[name] = repr(error)
        return None
    if _failing.pop(name, None):
        logger.info("%s works again", name)
    return result
