"""What can go wrong with translations; the messages are for editors, in the language in force."""


class TranslatingError(Exception):
    """The base of this package's errors."""


class LinkRefused(TranslatingError):
    """Two articles cannot be made translations of each other; the message says why."""


class ForeignJob(TranslatingError):
    """A file or draft does not belong to this story, or to this pair of languages."""


class TranslationLocked(TranslatingError):
    """Somebody else holds the translation, or it waits for approval; the message says who or why."""
