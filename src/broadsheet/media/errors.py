"""What can go wrong with pictures; the messages are for editors, in the language in force."""


class MediaError(Exception):
    """The base of this package's errors."""


class UploadRefused(MediaError):
    """The file is not a picture that we take; the message says why."""


class PictureUnavailable(MediaError):
    """A picture's public files cannot be made: the original is gone or unreadable, or the disk is full."""
