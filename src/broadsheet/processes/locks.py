"""One supervisor a folder: a lock that the kernel frees when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import AlreadyServed


@contextmanager
def hold_site(directory: Path) -> Iterator[None]:
    """Hold the site in `directory` for this process. Raises AlreadyServed when another one has it."""
    path = directory / "run" / "serve.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    # Opened without truncation: the number in it belongs to the holder until we are the holder.
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = file.read().strip() or "unknown"
            raise AlreadyServed(f"{directory} is being served already, by process {holder}") from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
