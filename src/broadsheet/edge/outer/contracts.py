"""What every cache in front of the edge must do; tests/edge/outer/contract.py checks it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol


class OuterCache(Protocol):
    """A shared cache in front of the edge that keeps pages until it is told that one of their tags has changed."""

    def purge(self, tags: Collection[str], *, hard: bool) -> None:
        """Give out no page with one of the tags any more (hard), or only while it is fetched anew (soft).

        What knows no soft purge purges hard. The tag `*` stands on every page. Pages with more tags than fit into the
        header are purged each time. May be repeated. Raises OuterPurgeFailed, some of the tags may be purged then.
        """
        ...
