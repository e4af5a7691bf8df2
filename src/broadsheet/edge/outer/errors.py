"""What can go wrong with a cache in front of the edge."""

from __future__ import annotations

from ..errors import EdgeError


class OuterCacheError(EdgeError):
    """The base of the errors of outer caches. No message holds a token or what the other side answered."""


class OuterCacheMisnamed(OuterCacheError, ValueError):
    """The option names no cache that we know, or lacks what is needed to speak to it."""


class OuterPurgeFailed(OuterCacheError):
    """The cache did not purge, or not all; `permanent` says that it will not without a person's help."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent
