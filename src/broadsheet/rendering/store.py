"""The edge's store as this process has it: opened when it is first needed, again after a fork."""

from __future__ import annotations

import os
import time
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from broadsheet.edge.counters import Counters
from broadsheet.edge.store import LmdbStore

# Compressed once, sent many times: 10 takes half as long again as 9 and saves 8 % (docs/performance.md).
BROTLI_QUALITY = 10


# Another process may have given the store up and begun a new one.
LOOK_S = 1.0
_looked_after: dict[int, float] = {}


def directory() -> Path:
    """Where the edge of this site keeps its store, its maps, its locks and its counters."""
    return Path(settings.CONFIG.directory) / "edge"


def pages() -> LmdbStore:
    """The store of pages, open for writing, looked after once a second. Raises StoreUnusable."""
    found = _open(os.getpid(), str(directory()))
    if time.monotonic() - _looked_after.get(os.getpid(), 0.0) > LOOK_S:
        _looked_after[os.getpid()] = time.monotonic()
        found.check()
    return found


@lru_cache(maxsize=1)
def _open(process_id: int, path: str) -> LmdbStore:
    return LmdbStore(path, store_bytes=settings.CONFIG.edge_store_gb << 30, brotli_quality=BROTLI_QUALITY)


def counters() -> Counters:
    """The counters that all processes of the site share. Raises OSError."""
    return _open_counters(os.getpid(), str(directory()))


@lru_cache(maxsize=1)
def _open_counters(process_id: int, path: str) -> Counters:
    return Counters(path)
