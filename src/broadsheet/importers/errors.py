"""What can keep an import from beginning at all; single stories that fail are named in the report instead."""


class ImportersError(Exception):
    """The base: its message is one sentence for the person at the command line."""


class SourceMissing(ImportersError):
    """There is no such file, or it cannot be read."""


class SourceUnreadable(ImportersError):
    """The file is not an export of the kind that was named, or it was refused as dangerous."""


class LanguageNotConfigured(ImportersError):
    """The archive is in a language that this site has no edition for."""


class TextRefused(ImportersError):
    """A story's text is too long, or so made that reading it would take too long; the story is named in the report."""


class SiteNotReady(ImportersError):
    """The site lacks what every story needs: the front of its language."""
