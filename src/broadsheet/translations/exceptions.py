"""The exceptions that editors keep for a script variant, read once a change and process."""

from __future__ import annotations

from django.db.models import Count, Max

from .models import ScriptWord
from .transliteration import NONE, Exceptions

_kept: dict[str, tuple[object, Exceptions]] = {}


def exceptions_of(variant: str) -> Exceptions:
    """The variant's exceptions as they stand now; a small query tells whether those that are kept still hold."""
    rows = ScriptWord.objects.filter(variant=variant)
    state = rows.aggregate(Count("pk"), Max("changed_at"))
    # A word that was deleted changes the count, any other change the moment.
    seen = (state["pk__count"], state["changed_at__max"])
    if seen == (0, None):
        return NONE
    known = _kept.get(variant)
    if known is None or known[0] != seen:
        known = seen, Exceptions.of(dict(rows.values_list("word", "written")))
        _kept[variant] = known
    return known[1]
