"""What can go wrong with articles."""


class ArticlesError(Exception):
    """The base of this package's errors."""


class UnknownEmbed(ArticlesError):
    """The address belongs to no provider whose players we show; the message names those we know."""


class UnusableText(ArticlesError):
    """The text holds something that no output can carry; the message says what."""


class PublishRefused(ArticlesError):
    """The story may not go public as things stand; the message says why and what to do, for an editor."""


class GroupRefused(ArticlesError):
    """What was asked of a set of language versions cannot be done; the message says why, for an editor."""
