"""LibreTranslate, which a newsroom can run itself: https://docs.libretranslate.com/guides/api_usage/."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import answers, calls
from .translator import Limits

_CODES = {"zh": "zh-Hans", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "no": "nb", "pt-br": "pt-BR"}


@dataclass(frozen=True)
class LibreTranslate:
    """A server at `origin`, which may stand in the newsroom's own network. Its key is wanted by some servers only."""

    origin: str
    key: str = ""
    patience_s: float = 30
    name = "LibreTranslate"
    # The hosted service takes 2,000 letters a request; own servers have what limit they like.
    limits = Limits(texts=25, letters=2_000)

    def translate(self, texts: Sequence[str], source: str, target: str, html: bool) -> list[str]:
        """See MachineTranslator."""
        wanted: dict[str, Any] = {
            "q": list(texts),
            "source": self._code(source),
            "target": self._code(target),
            "format": "html" if html else "text",
        }
        if self.key:
            wanted["api_key"] = self.key
        address = f"{self.origin.rstrip('/')}/translate"
        answer = calls.post(address, {}, wanted, name=self.name, patience_s=self.patience_s)
        if answer.status != 200:
            raise answers.failure(self.name, answer.status, str(answer.said.get("error") or ""), self.key)
        return answers.all_texts(answer.said.get("translatedText"), self.name)

    def _code(self, language: str) -> str:
        return _CODES.get(language.lower()) or answers.plain_code(language, self.name).split("-")[0]
