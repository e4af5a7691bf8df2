"""What can go wrong while an event is delivered."""


class OutboxError(Exception):
    """The base of the outbox's errors."""


class DeliveryError(OutboxError):
    """A handler could not do its work; `permanent` says that trying again is useless."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
