"""What can go wrong with articles."""


class ArticlesError(Exception):
    """The base of this package's errors."""


class UnknownEmbed(ArticlesError):
    """The address belongs to no provider whose players we show; the message names those we know."""


class UnusableText(ArticlesError):
    """The text holds something that no output can carry; the message says what."""
