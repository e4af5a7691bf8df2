"""The parallel newspaper texts of NTREX-128 (Microsoft, CC BY-SA 4.0), where they lie beside the checkout."""

from __future__ import annotations

import json
import lzma
from functools import cache
from pathlib import Path
from typing import Any

from tests.shared import shared_folder

from . import polyglot

# Our codes and those of the set. Bulgarian and Swedish stand for languages that the product does not speak.
CODES = {
    "en": "eng", "ar": "arb", "az": "aze-Latn", "de": "deu", "es": "spa", "fa": "fas", "fr": "fra", "he": "heb",
    "hy": "hye", "ka": "kat", "kk": "kaz", "ru": "rus", "tr": "tur", "uk": "ukr", "el": "ell", "sv": "swe",
}  # fmt: skip
SENTENCES = 3


def languages() -> tuple[str, ...]:
    return tuple(CODES)


@cache
def groups() -> tuple[polyglot.Group, ...]:
    """All 57 articles, each in all languages; none where the set is absent."""
    folder = shared_folder()
    path = folder / "data" / "corpora" / "ntrex128_parallel.jsonl.xz" if folder else Path("absent")
    if not path.exists():
        return ()
    with lzma.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return tuple({ours: _story(row["texts"][theirs]) for ours, theirs in CODES.items()} for row in rows)


def _story(sentences: list[str]) -> dict[str, Any]:
    """The first sentence is the headline, the second the lead, the others make paragraphs."""
    headline, lead, *rest = (" ".join(one.split()) for one in sentences)
    paragraphs = [" ".join(rest[start : start + SENTENCES]) for start in range(0, len(rest), SENTENCES)]
    return {"headline": headline, "lead": lead, "paragraphs": paragraphs}
