"""The edge's processes: one parent that answers nobody, and workers that share its port; a dead one is replaced."""

from __future__ import annotations

import errno
import logging
import os
import signal
import sys
import time
from dataclasses import dataclass

from . import limits, server
from .errors import PortBusy
from .pages import EdgeSettings

logger = logging.getLogger(__name__)

_LOOK_S = 0.1
# A worker that dies young is started again after so long, twice as long each time.
_FIRST_WAIT_S = 0.1
_LONGEST_WAIT_S = 5.0
_YOUNG_S = 10.0


@dataclass(slots=True)
class _Place:
    """One worker, and when it may be started again."""

    process: int = 0
    started_at: float = 0.0
    start_at: float = 0.0
    wait_s: float = _FIRST_WAIT_S


def run(settings: EdgeSettings, *, ends_with_parent: bool = False) -> None:
    """Serve readers with `settings.workers` processes until SIGTERM or SIGINT; SIGHUP reopens the access log.

    With `ends_with_parent` also until the process that started this one is gone. Raises PortBusy. The caller may have
    no threads and no store open: the workers are forks of this process.
    """
    _check_port(settings)
    _Parent(settings, os.getppid() if ends_with_parent else 0).run()


class _Parent:
    def __init__(self, settings: EdgeSettings, own_parent: int) -> None:
        self.settings = settings
        self.own_parent = own_parent
        self.places = [_Place() for _ in range(max(1, settings.workers))]
        self.is_stopping = False

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note_stop)
        signal.signal(signal.SIGHUP, lambda *_: self._tell(signal.SIGHUP))
        try:
            while not self.is_stopping:
                for place in self.places:
                    self._look_after(place)
                if self.own_parent and os.getppid() != self.own_parent:
                    break
                time.sleep(_LOOK_S)
        finally:
            self._stop()

    def _note_stop(self, *_: object) -> None:
        self.is_stopping = True

    def _look_after(self, place: _Place) -> None:
        now = time.monotonic()
        if place.process and (status := _ended(place.process)) is not None:
            is_young = now - place.started_at < _YOUNG_S
            place.wait_s = min(place.wait_s * 2, _LONGEST_WAIT_S) if is_young else _FIRST_WAIT_S
            place.process, place.start_at = 0, now + place.wait_s
            logger.error("a worker ended with %s; it is started again", status)
        if not place.process and now >= place.start_at:
            place.started_at = now
            place.process = self._start()

    def _start(self) -> int:
        parent = os.getpid()
        process = os.fork()
        if process:
            return process
        status = 1
        try:
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)
            server.serve(self.settings, parent)
            status = 0
        except Exception:
            logger.exception("a worker cannot go on")
        finally:
            sys.stderr.flush()
            # Never back into the parent's code, whatever happened.
            os._exit(status)

    def _stop(self) -> None:
        """Let the workers finish; kill those that do not end."""
        self._tell(signal.SIGTERM)
        until = time.monotonic() + limits.STOP_S + 1
        while (living := [place for place in self.places if place.process]) and time.monotonic() < until:
            for place in living:
                if _ended(place.process) is not None:
                    place.process = 0
            time.sleep(_LOOK_S / 5)
        self._tell(signal.SIGKILL)
        for place in self.places:
            if place.process:
                os.waitpid(place.process, 0)

    def _tell(self, number: signal.Signals) -> None:
        for place in self.places:
            if place.process:
                os.kill(place.process, number)


def _ended(process: int) -> int | None:
    """The exit code of a worker, negative for a signal; None while it lives."""
    found, status = os.waitpid(process, os.WNOHANG)
    return None if found == 0 else os.waitstatus_to_exitcode(status)


def _check_port(settings: EdgeSettings) -> None:
    """Others of the same user could share the port unnoticed: so it is taken for itself once, for a moment."""
    try:
        server.listen(settings, shared=False).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortBusy(f"port {settings.port} is busy: stop what listens there or choose another port") from error
        raise PortBusy(f"cannot listen at {settings.listen}:{settings.port}: {error.strerror}") from error
