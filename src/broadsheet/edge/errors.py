"""What can go wrong at the readers' door."""


class EdgeError(Exception):
    """The base of the edge's errors."""


class UnusablePage(EdgeError):
    """The page may not be stored as it is (a forbidden header, a broken address); the message says what is wrong."""


class DamagedPage(EdgeError):
    """The bytes of a stored page are not those that were put; it counts as absent."""


class DamagedVolume(EdgeError):
    """The files of the store cannot be trusted any more; a new volume is begun."""


class NoRoom(EdgeError):
    """The store or (`is_disk`) its disk is full: nothing was written, and what stands in it is as it was."""

    def __init__(self, message: str, *, is_disk: bool = False) -> None:
        super().__init__(message)
        self.is_disk = is_disk


class StoreUnusable(EdgeError):
    """The store cannot be opened here (no room, no rights, open already); the message says what to do about it."""


class StoreForked(StoreUnusable):
    """The store was opened before a fork: LMDB's files and locks may not be carried into the child."""


class PurgeUnwritten(EdgeError):
    """The purge could not be made durable and had no effect; it must be delivered again."""


class PortBusy(EdgeError):
    """Another program listens at the port, or we may not; the message says which."""
