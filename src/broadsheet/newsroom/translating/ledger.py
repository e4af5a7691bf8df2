"""From which words each translation was made, piece by piece: begun with it, compared whenever its source changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.log_actions import log
from wagtail.models import Page

from broadsheet.articles.models import ArticlePage

from ..models import LanguageVersion
from . import passages, pieces, sources
from .pieces import Leaf, Piece

INITIAL, MACHINE, TRANSLATED, REVIEWED = "initial", "machine", "translated", "reviewed"
Found = Mapping[str, Piece]
# What a version is that was made from nothing.
WITHOUT_SOURCE: dict[str, Any] = {
    "is_translation": False,
    "source": None,
    "pieces": {},
    "changed": {},
    "changed_since": None,
    "coming": [],
    "untranslated": 0,
    "machine_made": 0,
}


@dataclass
class Origin:
    """What is known of one piece: the digests of source and translation when they last fitted, its state, its key."""

    source: str
    target: str
    state: str
    key: str

    def to_json(self) -> list[str]:
        return [self.source, self.target, self.state, self.key]


def current(page: ArticlePage) -> ArticlePage:
    """What translations are made from: what is public, or the latest draft of what is not."""
    if page.live:
        return page
    draft: ArticlePage = page.get_latest_revision_as_object()
    return draft


def draft(page: ArticlePage) -> ArticlePage:
    """What an editor sees."""
    found: ArticlePage = page.get_latest_revision_as_object()
    return found


def origins(version: LanguageVersion) -> dict[str, Origin]:
    """The version's pieces by the source's key."""
    return {key: Origin(*written) for key, written in version.pieces.items()}


@transaction.atomic
def begin(
    target: ArticlePage, source: ArticlePage, state: str = INITIAL, left_out: Collection[str] = ()
) -> LanguageVersion:
    """The target was made from the source as both are now. `left_out`: pieces of the source that it does without."""
    there, here = pieces.read(source), pieces.read(target)
    begin_source(source)
    known = {
        key: Origin(piece.digest, here[key].digest if key in here else "", _first_state(piece, state), key).to_json()
        for key, piece in there.items()
        if key in here or key in left_out
    }
    version = _save(target, source, known)
    sources.keep(version.story, there, known)
    return version


def begin_source(source: ArticlePage) -> LanguageVersion:
    """The row of the version that others are made from; corrections that it has already are no news."""
    version, _made = LanguageVersion.objects.get_or_create(
        page_id=source.pk,
        defaults={"story": source.translation_key, "corrections": pieces.corrections_of(current(source))},
    )
    return version


@transaction.atomic
def adopt(target: ArticlePage, source: ArticlePage) -> LanguageVersion:
    """The two were made translations of each other elsewhere: what they say now is taken to fit.

    Blocks are paired by their ids, and else by the order of those of one kind.
    """
    there, here = pieces.read(source), pieces.read(target)
    begin_source(source)
    known = {}
    for key, partner in pieces.pair(there, here).items():
        digest = here[partner].digest if partner else ""
        known[key] = Origin(there[key].digest, digest, REVIEWED, partner).to_json()
    version = _save(target, source, known)
    sources.keep(version.story, there, known)
    return version


def note_source_saved(source: ArticlePage, saved: ArticlePage, *, is_public: bool) -> None:
    """The source was published, or a draft of it was saved: its translations learn what is out of date.

    A draft of a public source changes nothing yet; it says what is coming.
    """
    versions = LanguageVersion.objects.select_for_update().filter(source_id=source.pk).order_by("pk")
    found: Found | None = None
    for version in versions:
        found = pieces.read(saved) if found is None else found
        changed = differences(version, found)
        if is_public or not source.live:
            _set_changed(version, changed, found)
        else:
            coming = sorted(changed - set(version.changed))
            if coming != version.coming:
                version.coming = coming
                version.save(update_fields=["coming"])


def note_target_saved(version: LanguageVersion, saved: ArticlePage, *, is_public: bool) -> None:
    """A translation was saved: what a person wrote is no machine's and no copy; once public, it fits its source."""
    here, known = pieces.read(saved), origins(version)
    settles = is_public and version.changed and version.source_id
    there = pieces.read(current(_specific(version.source))) if settles else None
    changed = dict(version.changed)
    for key, origin in list(known.items()):
        digest = here[origin.key].digest if origin.key in here else ""
        if digest == origin.target:
            continue
        if origin.state in {INITIAL, MACHINE} and digest:
            origin.state = TRANSLATED
        if there is not None and key in changed:
            _settle(known, key, there, here)
            changed.pop(key)
        elif key not in changed:
            origin.target = digest
    if there is not None:
        sources.keep(version.story, there, known)
    _store(version, known, changed)


@transaction.atomic
def note_deleted(story: UUID) -> None:
    """A version is gone: those that were made from it are compared with the first one that remains."""
    versions = list(LanguageVersion.objects.filter(story=story).select_related("page").order_by("page_id"))
    heirs = [one for one in versions if one.is_translation and one.source_id is None]
    if not heirs:
        return
    first = next((one for one in versions if not one.is_translation), None)
    if first is None:
        first = heirs.pop(0)
        LanguageVersion.objects.filter(pk=first.pk).update(**WITHOUT_SOURCE)
    for heir in heirs:
        adopt(draft(_specific(heir.page)), current(_specific(first.page)))


@transaction.atomic
def move(page_id: int, before: UUID, story: UUID) -> None:
    """The page's version belongs to another story now, with what is kept of its source."""
    LanguageVersion.objects.filter(page_id=page_id).update(story=story)
    sources.move(before, story)


def differences(version: LanguageVersion, found: Found) -> set[str]:
    """The keys of the source's pieces that are not those that the version was made from: changed, new, gone."""
    known = version.pieces
    changed = {key for key, piece in found.items() if key in known and known[key][0] != piece.digest}
    # A field that was empty and is empty is nothing new; nor is a picture that comes with its words.
    new = {key for key in found if key not in known}
    gone = {key for key, written in known.items() if key not in found and written[1]}
    return changed | new | gone


@transaction.atomic
def accept(version: LanguageVersion, keys: Iterable[str], user: Any) -> list[str]:
    """No change is needed for these pieces: the translation fits the source as it is now. Those that were settled."""
    version = lock(version.pk)
    settled = [key for key in keys if key in version.changed]
    if not settled:
        return []
    there, here = pieces.read(current(_specific(version.source))), pieces.read(draft(_specific(version.page)))
    known, changed = origins(version), dict(version.changed)
    for key in settled:
        _settle(known, key, there, here)
        changed.pop(key)
    sources.keep(version.story, there, known)
    _store(version, known, changed)
    sources.forget(version.story)
    log(instance=_specific(version.page), action="broadsheet.accept_translation", user=user, data={"pieces": settled})
    return settled


@transaction.atomic
def approve(version: LanguageVersion, keys: Iterable[str], user: Any) -> list[str]:
    """A person has read these pieces and stands for them, whoever made them. Those that were not approved before."""
    version = lock(version.pk)
    known = origins(version)
    approved = [key for key in keys if key in known and known[key].state != REVIEWED]
    for key in approved:
        known[key].state = REVIEWED
    if approved:
        _store(version, known, version.changed)
        page = _specific(version.page)
        log(instance=page, action="broadsheet.approve_translation", user=user, data={"pieces": approved})
    return approved


@transaction.atomic
def mark(version: LanguageVersion, states: Mapping[str, str], target: ArticlePage, source: ArticlePage) -> None:
    """Pieces were written by a file or a machine, from the source as it is: their states, and that they fit."""
    version = lock(version.pk)
    there, here = pieces.read(source), pieces.read(target)
    known, changed = origins(version), dict(version.changed)
    for key, state in states.items():
        _settle(known, key, there, here)
        if key in known:
            known[key].state = state
        changed.pop(key, None)
    sources.keep(version.story, there, known)
    _store(version, known, changed)


def lock(version_id: int) -> LanguageVersion:
    """The row as it is now, for this transaction alone: an editor saves by itself while somebody else settles."""
    return LanguageVersion.objects.select_for_update(of=("self",)).select_related("page", "source").get(pk=version_id)


def _specific(page: Page | None) -> ArticlePage:
    assert page is not None
    found: ArticlePage = page.specific
    return found


def _first_state(piece: Piece, state: str) -> str:
    """What has no words needs no translation."""
    return state if any(leaf.text.strip() for leaf in piece.leaves) else REVIEWED


def _save(target: ArticlePage, source: ArticlePage, known: dict[str, list[str]]) -> LanguageVersion:
    version, _made = LanguageVersion.objects.update_or_create(
        page_id=target.pk,
        defaults={
            "story": target.translation_key,
            "source_id": source.pk,
            "is_translation": True,
            "pieces": known,
            "changed": {},
            "changed_since": None,
            "coming": [],
            "untranslated": _count(known, INITIAL),
            "machine_made": _count(known, MACHINE),
            "corrections": pieces.corrections_of(target),
        },
    )
    return version


def _count(known: Mapping[str, list[str]], state: str) -> int:
    return sum(written[2] == state for written in known.values())


def _store(version: LanguageVersion, known: Mapping[str, Origin], changed: Mapping[str, list[Any]]) -> None:
    written = {key: origin.to_json() for key, origin in known.items()}
    before = (version.pieces, version.changed)
    version.pieces, version.changed = written, dict(changed)
    version.untranslated, version.machine_made = _count(written, INITIAL), _count(written, MACHINE)
    version.changed_since = _earliest(version.changed)
    if before != (version.pieces, version.changed):
        version.save(update_fields=["pieces", "changed", "untranslated", "machine_made", "changed_since"])


def _set_changed(version: LanguageVersion, changed: set[str], found: Found) -> None:
    now, texts = timezone.now().isoformat(), sources.former(version, changed)
    flags: dict[str, list[Any]] = {}
    for key in sorted(changed):
        since = version.changed[key][0] if key in version.changed else now
        flags[key] = _flag(version, key, since, found.get(key), texts)
    if flags != version.changed or version.coming:
        version.changed, version.changed_since, version.coming = flags, _earliest(flags), []
        version.save(update_fields=["changed", "changed_since", "coming"])


def _flag(
    version: LanguageVersion, key: str, since: str, piece: Piece | None, texts: Mapping[str, dict[str, Leaf]]
) -> list[Any]:
    """What a list shows of a piece that is out of date: since when, its kind, how many passages, the first one."""
    then = texts.get(version.pieces[key][0], {}) if key in version.pieces else {}
    count, excerpt = passages.summary(then, piece)
    return [since, piece.kind if piece else "gone", count, excerpt]


def _earliest(changed: Mapping[str, list[Any]]) -> datetime | None:
    return min((moment for flag in changed.values() if (moment := parse_datetime(flag[0]))), default=None)


def _settle(known: dict[str, Origin], key: str, there: Found, here: Found) -> None:
    """The piece fits now: as it stands there and here."""
    if key not in there:
        known.pop(key, None)
        return
    before = known.get(key)
    partner = before.key if before else key
    digest = here[partner].digest if partner in here else ""
    state = before.state if before else (TRANSLATED if digest else REVIEWED)
    known[key] = Origin(there[key].digest, digest, state, partner)
