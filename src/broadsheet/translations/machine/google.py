"""Google's Cloud Translation, Basic (v2): https://cloud.google.com/translate/docs/reference/rest/v2/translate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import MachineTranslationError, QuotaUsedUp, TooManyRequests
from . import answers, calls
from .translator import Limits

ORIGIN = "https://translation.googleapis.com"
_CODES = {"zh": "zh-CN", "zh-hans": "zh-CN", "zh-hant": "zh-TW", "nb": "no", "pt": "pt-PT"}
# The two quotas both come as a 403 and differ in this (https://cloud.google.com/translate/quotas).
_QUOTAS: dict[str, type[MachineTranslationError]] = {
    "dailyLimitExceeded": QuotaUsedUp,
    "quotaExceeded": QuotaUsedUp,
    "userRateLimitExceeded": TooManyRequests,
    "rateLimitExceeded": TooManyRequests,
}


@dataclass(frozen=True)
class Google:
    """The service under one API key, which travels in a header and never in an address."""

    key: str
    patience_s: float = 30
    origin: str = ORIGIN
    name = "Google Translate"
    # 128 texts a request; about 5,000 letters are recommended.
    limits = Limits(texts=128, letters=5_000)

    def translate(self, texts: Sequence[str], source: str, target: str, html: bool) -> list[str]:
        """See MachineTranslator."""
        wanted = {
            "q": list(texts),
            "source": self._code(source),
            "target": self._code(target),
            "format": "html" if html else "text",
        }
        address, headers = f"{self.origin}/language/translate/v2", {"X-Goog-Api-Key": self.key}
        answer = calls.post(address, headers, wanted, name=self.name, patience_s=self.patience_s)
        if answer.status != 200:
            raise self._failure(answer)
        data = answer.said.get("data")
        found = data.get("translations") if isinstance(data, dict) else None
        if isinstance(found, list):
            found = [one.get("translatedText") if isinstance(one, dict) else None for one in found]
        return answers.all_texts(found, self.name)

    def _code(self, language: str) -> str:
        return _CODES.get(language.lower()) or answers.plain_code(language, self.name)

    def _failure(self, answer: calls.Answer) -> MachineTranslationError:
        error = answer.said.get("error")
        told: dict[str, Any] = error if isinstance(error, dict) else {}
        found = answers.failure(self.name, answer.status, str(told.get("message") or ""), self.key)
        errors = told.get("errors")
        for one in errors if isinstance(errors, list) else []:
            kind = _QUOTAS.get(str(one.get("reason"))) if isinstance(one, dict) else None
            if kind:
                return kind(str(found))
        # A key that is unknown comes as a 400.
        if told.get("status") == "INVALID_ARGUMENT" and "API key" in str(told.get("message")):
            return answers.failure(self.name, 403, str(told.get("message")), self.key)
        return found
