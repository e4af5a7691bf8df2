"""What of a source is not what its translation was made from, passage by passage: as it was, as it is, and here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime

from broadsheet.articles.models import ArticlePage

from ..models import LanguageVersion
from . import pieces, sources
from .passages import Passage, compare
from .pieces import Leaf, Piece

CHANGED, NEW, GONE = "changed", "new", "gone"


@dataclass(frozen=True)
class Change:
    """A piece that is out of date: changed, new or gone in the source, since when, and its passages."""

    key: str
    label: str
    kind: str
    since: datetime | None
    passages: tuple[Passage, ...]


def changes_of(version: LanguageVersion, source: ArticlePage, target: ArticlePage) -> list[Change]:
    """What is out of date, in the order of the source; what is gone from it comes last."""
    there, here = pieces.read(source), pieces.read(target)
    texts = sources.former(version, version.changed)
    keys = [key for key in there if key in version.changed] + [key for key in version.changed if key not in there]
    return [_change(version, key, there, here, texts) for key in keys]


def _change(
    version: LanguageVersion,
    key: str,
    there: dict[str, Piece],
    here: dict[str, Piece],
    texts: dict[str, dict[str, Leaf]],
) -> Change:
    written = version.pieces.get(key)
    partner = here.get(written[3] if written else key)
    now, then = there.get(key), texts.get(written[0], {}) if written else {}
    kind = GONE if now is None else (CHANGED if written else NEW)
    piece = now or partner
    return Change(
        key=key,
        label=piece.label if piece else key,
        kind=kind,
        since=parse_datetime(version.changed[key][0]),
        passages=tuple(compare(then, now, partner)),
    )
