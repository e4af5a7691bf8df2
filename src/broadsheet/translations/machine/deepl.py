"""DeepL's API, version 2: https://developers.deepl.com/api-reference/translate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import answers, calls
from .translator import Limits

PRO, FREE = "https://api.deepl.com", "https://api-free.deepl.com"
# A target must say which English, Portuguese or Chinese it is.
_TARGETS = {"en": "EN-GB", "pt": "PT-PT", "zh": "ZH-HANS", "zh-hant": "ZH-HANT", "no": "NB"}
_VARIANTS = frozenset({"EN-GB", "EN-US", "PT-PT", "PT-BR", "ZH-HANS", "ZH-HANT", "ES-419"})


@dataclass(frozen=True)
class DeepL:
    """The service under one key. A key of the free plan ends in `:fx` and has a host of its own."""

    key: str
    patience_s: float = 30
    origin: str = ""
    name = "DeepL"
    # 50 texts and 128 KiB a request; a letter takes at most four bytes, and some are escaped.
    limits = Limits(texts=50, letters=20_000)

    def translate(self, texts: Sequence[str], source: str, target: str, html: bool) -> list[str]:
        """See MachineTranslator."""
        wanted: dict[str, Any] = {
            "text": list(texts),
            "source_lang": answers.plain_code(source, self.name).split("-")[0].upper(),
            "target_lang": self._target(target),
        }
        if html:
            wanted |= {"tag_handling": "html", "tag_handling_version": "v2"}
        else:
            wanted |= {"preserve_formatting": True}
        origin = self.origin or (FREE if self.key.endswith(":fx") else PRO)
        headers = {"Authorization": f"DeepL-Auth-Key {self.key}"}
        answer = calls.post(f"{origin}/v2/translate", headers, wanted, name=self.name, patience_s=self.patience_s)
        if answer.status != 200:
            raise answers.failure(self.name, answer.status, str(answer.said.get("message") or ""), self.key)
        found = answer.said.get("translations")
        if isinstance(found, list):
            found = [one.get("text") if isinstance(one, dict) else None for one in found]
        return answers.all_texts(found, self.name)

    def _target(self, language: str) -> str:
        known = _TARGETS.get(language.lower())
        if known:
            return known
        code = answers.plain_code(language, self.name).upper()
        return code if code in _VARIANTS else _TARGETS.get(code.split("-")[0].lower(), code.split("-")[0])
