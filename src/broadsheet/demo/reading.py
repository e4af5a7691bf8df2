"""Reads the demo edition's files into plain values."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "edition"
# Whole editions, and those that have the shared newspaper texts of ntrex-128/ alone and only the sections these fill.
WHOLE = ("en", "az", "ru", "hy", "fa")
SMALLER = ("tr", "ar")
LANGUAGES = (*WHOLE, *SMALLER)
STORIES = ("stories", "ntrex-128")


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

    def slots(self, language: str) -> tuple[str, str]:
        """The story's place on the front and on its section's front; smaller editions have places of their own."""
        small = "small_" if language in SMALLER else ""
        return self.facts.get(f"{small}front_slot", ""), self.facts.get(f"{small}slot", "")

    def updated_at(self, now: datetime) -> datetime | None:
        """When it was updated, never in the future."""
        hours = self.facts.get("updated_after_hours")
        return min(now, self.published_at(now) + timedelta(hours=hours)) if hours else None


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def edition() -> dict[str, Any]:
    """Sections, authors, topics, settings, social addresses and pages about the newsroom, each by language.

    Smaller editions lack some sections and topics, and have no authors.
    """
    found = _toml(FOLDER / "edition.toml")
    for kind, things in _toml(FOLDER / "smaller.toml").items():
        for key, texts in things.items():
            found[kind].setdefault(key, {}).update(texts)
    return found


@cache
def pictures() -> dict[str, Any]:
    """Title, credit, licence and focal point of every picture, by its key."""
    return _toml(FOLDER / "pictures" / "pictures.toml")


@cache
def stories() -> tuple[Story, ...]:
    """All stories, oldest first."""
    found = []
    folders = [path for part in STORIES for path in (FOLDER / part).iterdir() if path.is_dir()]
    for folder in sorted(folders, key=lambda path: path.name):
        texts = {path.stem: _toml(path) for path in sorted(folder.glob("*.toml")) if path.stem in LANGUAGES}
        found.append(Story(folder.name, _toml(folder / "story.toml"), texts))
    return tuple(sorted(found, key=_age))


def _age(story: Story) -> tuple[str, int]:
    """Those of a fixed moment come first, in their order, then those that are always so many hours old."""
    moment = story.facts.get("published_at")
    return (
        (datetime.fromisoformat(str(moment)).astimezone(UTC).isoformat(), 0)
        if moment
        else ("now", -story.facts["age_hours"])
    )
