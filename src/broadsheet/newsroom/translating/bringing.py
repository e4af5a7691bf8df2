"""Blocks that are new in the source come into the translation, in their place, to be translated there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from broadsheet.articles.models import ArticlePage

from ..models import LanguageVersion
from . import exchange, ledger, pieces
from .counterparts import Counterparts


@transaction.atomic
def take_over(version: LanguageVersion, keys: Iterable[str], user: Any) -> list[str]:
    """Copy those of the pieces that are blocks, and missing here, into the latest draft. Raises TranslationLocked."""
    assert version.source is not None
    source, target = ledger.current(version.source.specific), ledger.draft(version.page.specific)
    exchange.check_lock(target, user)
    there, here = pieces.raw_body(source), pieces.raw_body(target)
    standing = {pieces.BODY + str(block["id"]) for block in here}
    new = {pieces.BODY + str(block["id"]) for block in there} & set(keys) - standing - set(version.pieces)
    if not new:
        return []
    own = Counterparts(target.locale, user)
    known = ledger.origins(version)
    for place, block in enumerate(there):
        if pieces.BODY + str(block["id"]) in new:
            for mapped in own.body([block]):
                here.insert(_place(there[:place], here, known), mapped)
    target.body = ArticlePage._meta.get_field("body").stream_block.to_python(here)
    target.save_revision(user=user, log_action="broadsheet.import_translation", clean=False)
    ledger.mark(version, dict.fromkeys(new, ledger.INITIAL), target, source)
    return sorted(new)


def _place(before: list[dict[str, Any]], here: list[dict[str, Any]], known: dict[str, ledger.Origin]) -> int:
    """Behind the nearest block that stands before it in the source and has a counterpart here; else at the top."""
    places = {pieces.BODY + str(block["id"]): number for number, block in enumerate(here)}
    for block in reversed(before):
        key = pieces.BODY + str(block["id"])
        partner = known[key].key if key in known else key
        if partner in places:
            return places[partner] + 1
    return 0
