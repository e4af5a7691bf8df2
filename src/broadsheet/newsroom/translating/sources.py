"""What sources said when translations were made of them: kept by digest, as long as it is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from ..models import LanguageVersion, SourceText
from .pieces import Leaf, Piece


def keep(story: UUID, there: Mapping[str, Piece], known: Mapping[str, Any]) -> None:
    """Keep what the source says, so that it can be shown beside what it will say."""
    SourceText.objects.bulk_create(
        [
            SourceText(story=story, digest=piece.digest, leaves=[_leaf(leaf) for leaf in piece.leaves])
            for key, piece in there.items()
            if key in known
        ],
        ignore_conflicts=True,
    )


def _leaf(leaf: Leaf) -> list[Any]:
    return [leaf.path, leaf.text, leaf.is_html]


def forget(story: UUID) -> None:
    """Delete what no version of the story was made from any more."""
    rows = LanguageVersion.objects.filter(story=story).values_list("pieces", flat=True)
    used = {written[0] for known in rows for written in known.values()}
    SourceText.objects.filter(story=story).exclude(digest__in=used).delete()


def move(before: UUID, story: UUID) -> None:
    """Versions went from one story to another: what is kept goes with them, and stays for those that stay."""
    kept = SourceText.objects.filter(story=before).values_list("digest", "leaves")
    SourceText.objects.bulk_create(
        [SourceText(story=story, digest=digest, leaves=leaves) for digest, leaves in kept], ignore_conflicts=True
    )
    if not LanguageVersion.objects.filter(story=before).exists():
        SourceText.objects.filter(story=before).delete()


def former(version: LanguageVersion, keys: Iterable[str]) -> dict[str, dict[str, Leaf]]:
    """What the source said in these pieces when the translation was made: texts by path, by digest."""
    digests = [version.pieces[key][0] for key in keys if key in version.pieces]
    if not digests:
        return {}
    rows = SourceText.objects.filter(story=version.story, digest__in=digests)
    return {row.digest: {path: Leaf(path, text, is_html, "") for path, text, is_html in row.leaves} for row in rows}
