"""Django's backend for PostgreSQL with a connection that notices when the server has stopped answering.

A server behind a broken network, or one that hangs, takes a question and never answers it; no driver gives up by
itself, and every thread that asks is lost. A slow question must not be taken for that: so who has waited long without
a byte asks, over a connection of its own, whether the server lives and is at work on the question.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.conninfo import make_conninfo

# Without a byte of an answer for so long, the server is asked whether it lives.
PATIENCE_S = 4.0
# It has so long to let somebody in; the least that libpq knows is two seconds.
ALIVE_WITHIN_S = 2
SUSPECT_S = 1.0
_STATE = "SELECT state FROM pg_stat_activity WHERE pid = %s"


class Lost(Exception):
    """The server is not at work on what it was asked, and no answer came."""


class PatientConnection(psycopg.Connection[Any]):
    """A connection whose questions end with OperationalError when no answer can come any more."""

    def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        """Wait for what the driver wants to know. Raises OperationalError."""
        try:
            return super().wait(watched(gen, self._is_lost), *args, **kwargs)
        except Lost:
            raise self._given_up("the database has lost the question or the answer") from None

    def _is_lost(self) -> bool:
        """Whether the server knows nothing of a question of ours. Raises OperationalError when it is away."""
        own: dict[str, Any] = {
            **self.info.get_parameters(),
            "password": self.info.password,
            "connect_timeout": ALIVE_WITHIN_S,
        }
        # Its own look may be black-holed after it was let in: `tcp_user_timeout` and the server's limit end it.
        own["options"] = f"-c statement_timeout={ALIVE_WITHIN_S * 1000}"
        try:
            with psycopg.connect(make_conninfo("", **own)) as second:
                row = second.execute(_STATE, [self.info.backend_pid], prepare=False).fetchone()
        except psycopg.Error:
            raise self._given_up("the database has stopped answering") from None
        # Behind a pooler our number is nobody's: then only the server's silence counts.
        return row is not None and row[0] is not None and row[0].startswith("idle")

    def _given_up(self, reason: str) -> psycopg.OperationalError:
        # What was asked may be answered yet: nobody may take that for the answer to the next question.
        self.close()
        return psycopg.OperationalError(reason)


def watched(gen: Generator[Any, Any, Any], is_lost: Callable[[], bool]) -> Generator[Any, Any, Any]:
    """The same steps. When nothing has come for `PATIENCE_S`, `is_lost` is asked; it may raise.

    What is lost is looked for a second time a moment later: the answer may just have been on its way. Raises Lost.
    """
    heard_at, patience_s, is_suspect = time.monotonic(), PATIENCE_S, False
    ready = None
    while True:
        try:
            state = gen.send(ready)
        except StopIteration as done:
            return done.value
        ready = yield state
        if ready:
            heard_at, patience_s, is_suspect = time.monotonic(), PATIENCE_S, False
        elif time.monotonic() - heard_at > patience_s:
            if is_lost():
                if is_suspect:
                    raise Lost
                is_suspect, patience_s = True, SUSPECT_S
            else:
                is_suspect, patience_s = False, PATIENCE_S
            heard_at = time.monotonic()


class _Driver:
    """psycopg as Django's backend sees it: only what connects is ours."""

    connect = staticmethod(PatientConnection.connect)

    def __getattr__(self, name: str) -> Any:
        return getattr(psycopg, name)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, with patient connections."""

    Database: Any = _Driver()
