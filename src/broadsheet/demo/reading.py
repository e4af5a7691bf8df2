"""Reads the demo edition's files into plain values."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "edition"
LANGUAGES = ("en", "az", "ru", "hy", "fa")


@dataclass(frozen=True)
class Story:
    """A story: what all its languages share, and its texts by language."""

    key: str
    facts: dict[str, Any]
    texts: dict[str, dict[str, Any]]

    def published_at(self, now: datetime) -> datetime:
        """A fixed moment, or so many hours before the demo is built."""
        if "published_at" in self.facts:
            return datetime.fromisoformat(str(self.facts["published_at"]))
        return now - timedelta(hours=self.facts["age_hours"])

    def updated_at(self, now: datetime) -> datetime | None:
        """When it was updated, never in the future."""
        hours = self.facts.get("updated_after_hours")
        return min(now, self.published_at(now) + timedelta(hours=hours)) if hours else None


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def edition() -> dict[str, Any]:
    """Sections, authors, topics, settings, social addresses and pages about the newsroom."""
    return _toml(FOLDER / "edition.toml")


@cache
def pictures() -> dict[str, Any]:
    """Title, credit, licence and focal point of every picture, by its key."""
    return _toml(FOLDER / "pictures" / "pictures.toml")


@cache
def stories() -> tuple[Story, ...]:
    """All stories, oldest first."""
    found = []
    for folder in sorted(path for path in (FOLDER / "stories").iterdir() if path.is_dir()):
        texts = {path.stem: _toml(path) for path in sorted(folder.glob("*.toml")) if path.stem in LANGUAGES}
        found.append(Story(folder.name, _toml(folder / "story.toml"), texts))
    return tuple(sorted(found, key=lambda story: -story.facts.get("age_hours", 10**6)))
