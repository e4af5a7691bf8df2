"""Ends a process whose parent is gone, so that a supervisor killed with -9 leaves nobody behind."""

from __future__ import annotations

import os
import signal
import threading
import time

# How often a process looks, and how long it then has to finish its answers.
LOOK_S = 0.5
GRACE_S = 2.0


def end_with_parent(expected: int | None = None) -> None:
    """From now on this process ends soon after its parent; `expected` is the parent's process id."""
    parent = os.getppid() if expected is None else expected
    threading.Thread(target=_watch, args=(parent,), name="parent watch", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_S)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_S)
    os._exit(1)
