"""What the command line can refuse."""


class CommandError(Exception):
    """What was asked cannot be done; the message is one line that says what to do about it."""


class NoSite(CommandError):
    """The folder is not a site's."""


class DatabaseOlder(CommandError):
    """The database lacks migrations that this version of Broadsheet has."""


class DatabaseNewer(CommandError):
    """The database has migrations that this version of Broadsheet does not know."""
