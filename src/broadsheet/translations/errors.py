"""What can be wrong with a translation that comes from outside: an agency's file, a machine's answer.

What concerns a whole file or service is raised. What concerns one unit stands in `TranslationJob.problems`, with the
unit's `key`, and the other units are kept. A message is one sentence for the person at the desk, and never tells a key
or a password.
"""

from __future__ import annotations


class TranslationsError(Exception):
    """The base. `key` is the key of the unit that is concerned, empty where it is the whole."""

    def __init__(self, message: str, key: str = "") -> None:
        super().__init__(message)
        self.key = key


class FileRefused(TranslationsError):
    """An agency's file cannot be read at all; nothing of it was taken."""


class FileTooLarge(FileRefused):
    """The file has more bytes, units or levels than any story's translation has."""


class NotXML(FileRefused):
    """The file is no well-formed XML in UTF-8 or UTF-16."""


class DocumentTypeRefused(FileRefused):
    """The file declares a document type: entities, bombs made of them and files from elsewhere come that way."""


class InclusionRefused(FileRefused):
    """The file asks for another file to be included (XInclude)."""


class VersionRefused(FileRefused):
    """The file is XML, and no XLIFF 2.0 or 2.1."""


class NotXLIFF(FileRefused):
    """The file calls itself XLIFF 2 and lacks what XLIFF demands."""


class NotPO(FileRefused):
    """The file is no PO file in UTF-8."""


class StoryUnnamed(FileRefused):
    """The file does not say of which story it is the translation: it was not made by `write`, or was stripped."""


class OtherStory(FileRefused):
    """The file translates another story."""


class OtherLanguages(FileRefused):
    """The file translates from or into another language."""


class JobUnwritable(TranslationsError):
    """A job has something that no file can carry: a wrong key, the same key twice, a wrong language, a NUL."""


class UnitProblem(TranslationsError):
    """One unit could not be taken as it came, or only with a reservation; the rest was."""


class ForeignUnit(UnitProblem):
    """The file has a unit that the story has not; it was left out."""


class UnitRepeated(UnitProblem):
    """The file has the same unit twice; the first was taken."""


class UnitMissing(UnitProblem):
    """The story has a unit that the file has not; it stays as it was."""


class TargetMissing(UnitProblem):
    """The file has the unit without a translation; it stays as it was."""


class CodesBroken(UnitProblem):
    """The translation's tags are not those of the source; it was left out, because links and layout would be lost."""


class TargetRefused(UnitProblem):
    """The translation has characters that are no text, or is longer than any translation of that source can be."""


class SourceOutdated(UnitProblem):
    """The translation was taken, and was made from another text than the source has now."""


class RevisionOutdated(UnitProblem):
    """The whole file was made from another revision of the story than the present one; it was taken."""


class MachineTranslationError(TranslationsError):
    """The base of what goes wrong with a service. `permanent` says that the same request would fail again."""

    permanent = True


class ServiceMisconfigured(MachineTranslationError):
    """The options of machine translation contradict each other or lack something."""


class ServiceUnreachable(MachineTranslationError):
    """No connection, or it broke."""

    permanent = False


class ServiceTooSlow(ServiceUnreachable):
    """The service did not answer within the time that the options give it."""


class ServiceFailed(MachineTranslationError):
    """The service answered with an error of its own (5xx)."""

    permanent = False


class KeyRefused(MachineTranslationError):
    """The service does not know the key, or the key may not translate."""


class QuotaUsedUp(MachineTranslationError):
    """What was paid for is used up."""


class TooManyRequests(MachineTranslationError):
    """The service wants to be asked less often."""

    permanent = False


class RequestRefused(MachineTranslationError):
    """The service refuses these texts: too long, or a language that it does not know."""


class LanguageNotOffered(RequestRefused):
    """The service translates the language, but not in the script that the edition is written in."""


class AnswerUnusable(MachineTranslationError):
    """The service answered, but not as its documentation says: no JSON, too long, another number of texts."""


class MachineTextRefused(UnitProblem):
    """A machine's text is not fit to be shown: empty, far too long, or with markup in plain text."""


class BadCatalogue(TranslationsError):
    """A site's catalogue of interface words cannot be read or begun; the message names the file and the reason."""
