"""What pictures do when published things change."""

from broadsheet.events import Event

from . import publishing


def withdraw_unused(event: Event) -> None:
    """After a retraction: delete the public files that nobody shows any more."""
    publishing.withdraw_unused()
