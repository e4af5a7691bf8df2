"""What the three services have in common in their answers: statuses, messages, lists of texts, codes of scripts."""

from __future__ import annotations

from typing import Any

from babel.core import get_global

from ..errors import (
    AnswerUnusable,
    KeyRefused,
    LanguageNotOffered,
    MachineTranslationError,
    QuotaUsedUp,
    RequestRefused,
    ServiceFailed,
    TooManyRequests,
)

_MEANINGS: dict[int, tuple[type[MachineTranslationError], str]] = {
    400: (RequestRefused, "refuses the texts or the languages"),
    401: (KeyRefused, "does not accept the key"),
    403: (KeyRefused, "does not accept the key"),
    404: (RequestRefused, "has no such address: is machine_translation_url right?"),
    413: (RequestRefused, "finds the texts too long"),
    429: (TooManyRequests, "wants to be asked less often"),
    456: (QuotaUsedUp, "has used up what was paid for"),
    529: (TooManyRequests, "wants to be asked less often"),
}


def failure(name: str, status: int, reason: str, key: str) -> MachineTranslationError:
    """The error for a status that is no success; `reason` is the service's own, and is shown without the key."""
    kind, meaning = _MEANINGS.get(status, (RequestRefused, "refuses the request"))
    if status >= 500 and status != 529:
        kind, meaning = ServiceFailed, "has failed"
    elif not 400 <= status < 600:
        kind, meaning = AnswerUnusable, "does not answer as a translation service does"
    shown = " ".join("".join(letter for letter in reason if letter.isprintable()).split())[:200]
    shown = shown.replace(key, "…") if key else shown
    return kind(f"{name} {meaning} (status {status})" + (f": {shown}" if shown else ""))


def all_texts(found: Any, name: str) -> list[str]:
    """The list of texts that an answer must hold. Raises AnswerUnusable."""
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise AnswerUnusable(f"{name} answers without the texts that its documentation promises")
    return found


def plain_code(language: str, name: str) -> str:
    """The language without a script that goes without saying. Raises LanguageNotOffered for any other script."""
    parts = language.split("-")
    script = next((part.title() for part in parts[1:] if len(part) == 4 and part.isalpha()), "")
    if not script:
        return language
    usual = str(get_global("likely_subtags").get(parts[0], "")).split("_")
    if script not in usual:
        raise LanguageNotOffered(f"{name} cannot write {parts[0]} in the script {script}")
    return "-".join(part for part in parts if part.title() != script)
