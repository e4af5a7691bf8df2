"""A translation as a job of units for agencies and machines, and what comes back into the draft, each text checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import nh3
from django.db import transaction
from django.utils.translation import gettext as _

from broadsheet.articles.body import SCHEMES, TAGS, plain_text
from broadsheet.articles.errors import UnusableText
from broadsheet.articles.models import ArticlePage
from broadsheet.articles.slugs import make_slug
from broadsheet.articles.words import check_letters, clean_line, clean_text, is_visible
from broadsheet.translations.units import TranslationJob, Unit

from ..models import LanguageVersion
from . import ledger, pieces
from .counterparts import Counterparts
from .errors import ForeignJob, TranslationLocked

_ATTRIBUTES = {"a": {"href", "linktype", "id"}, "*": {"lang", "dir"}}
_PAGE_ID = re.compile(r'<a\b[^>]*\bid="(\d+)"')
# A link to a page of ours whose page was refused.
_NO_PAGE = re.compile(r'<a(?![^>]*\bid=)([^>]*?)\s+linktype="page"')
_MADE_NUMBER = re.compile(r"-\d+$")


@dataclass(frozen=True)
class Line:
    """A unit in a report: its key, how an editor calls it, what it says, and why it was treated so."""

    key: str
    label: str
    text: str = ""
    reason: str = ""


@dataclass
class ApplyReport:
    """What became of a job's units. `outdated` ones were taken too, but their source has changed meanwhile."""

    taken: list[Line] = field(default_factory=list)
    outdated: list[Line] = field(default_factory=list)
    skipped: list[Line] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)

    @property
    def has_changed(self) -> bool:
        return bool(self.taken or self.outdated)


@dataclass
class _Slot:
    """Where a unit's text stands in the draft: in a field, or at a place of a raw block."""

    unit: Unit
    piece: str
    label: str
    limit: int
    is_line: bool
    place: pieces.Place | None = None
    text: str = ""
    state: str = ""


def extract(source_page: ArticlePage, target_page: ArticlePage) -> TranslationJob:
    """The story's texts as units: what is translated, and how far. A piece that is out of date is `initial` again."""
    return TranslationJob(
        story=str(target_page.translation_key),
        source_language=source_page.language,
        target_language=target_page.language,
        source_revision=pieces.story_digest(pieces.read(source_page)),
        units=tuple(slot.unit for slot in _slots(source_page, target_page, pieces.raw_body(target_page))),
    )


@transaction.atomic
def apply(job: TranslationJob, target_page: ArticlePage, user: Any, *, only_untranslated: bool = False) -> ApplyReport:
    """Put the job's texts into a new draft of the translation, and say what became of each.

    `target_page` is the translation's latest draft. `only_untranslated`: what a person has written stays. Raises
    ForeignJob for a job of another story or other languages, TranslationLocked where somebody else holds the page.
    """
    version = _version(target_page)
    assert version.source is not None
    source = ledger.current(version.source.specific)
    _check_job(job, source, target_page)
    check_lock(target_page, user)
    raw = pieces.raw_body(target_page)
    slots = {slot.unit.key: slot for slot in _slots(source, target_page, raw)}
    report = ApplyReport()
    outdated: set[str] = set()
    for unit in job.units:
        slot = slots.get(unit.key)
        if slot is None:
            report.refused.append(Line(unit.key, unit.key, reason=_("This story has no such text.")))
        elif not (only_untranslated and slot.unit.state != ledger.INITIAL):
            _take(unit, slot, report, outdated)
    if report.has_changed:
        _save(target_page, raw, list(slots.values()), user)
        states = _states(slots.values())
        ledger.mark(version, {key: state for key, state in states.items() if key not in outdated}, target_page, source)
    return report


def _version(target: ArticlePage) -> LanguageVersion:
    version = LanguageVersion.objects.select_related("source", "page").filter(page_id=target.pk).first()
    if version is None or version.source is None:
        raise ForeignJob(_("This article was made from no other: there is nothing to translate."))
    return version


def _check_job(job: TranslationJob, source: ArticlePage, target: ArticlePage) -> None:
    if job.story != str(target.translation_key):
        raise ForeignJob(_("This is the translation of another story."))
    if (job.source_language, job.target_language) != (source.language, target.language):
        raise ForeignJob(
            _("This is a translation from %(from)s into %(into)s, not from %(source)s into %(target)s.")
            % {
                "from": job.source_language,
                "into": job.target_language,
                "source": source.language,
                "target": target.language,
            }
        )


def check_lock(target: ArticlePage, user: Any) -> None:
    """Raises TranslationLocked where somebody else holds the page, or it waits for somebody else's approval."""
    lock = target.get_lock()
    if lock is not None and lock.for_user(user):
        raise TranslationLocked(str(lock.get_message(user) or _("Somebody else has locked this article.")))


def _slots(source: ArticlePage, target: ArticlePage, raw: list[dict[str, Any]]) -> Iterator[_Slot]:
    """Every text of the source with the place of its translation in `raw`, the target's body."""
    version = LanguageVersion.objects.filter(page_id=target.pk).first()
    known = ledger.origins(version) if version else {}
    changed = version.changed if version else {}
    for name in pieces.FIELDS:
        text = str(getattr(source, name) or "")
        if text:
            yield _field_slot(name, text, str(getattr(target, name) or ""), _state(known, changed, name))
    here = {pieces.BODY + str(block["id"]): block for block in raw}
    # Links lead where the language has the story, as in the draft: an agency's file must not bring the others back.
    for block in Counterparts(target.locale).links(pieces.raw_body(source)):
        piece = pieces.read_block(block)
        origin = known.get(piece.key)
        partner = here.get(origin.key if origin else piece.key)
        if partner is not None:
            yield from _block_slots(piece, partner, _state(known, changed, piece.key))


def _state(known: dict[str, ledger.Origin], changed: dict[str, list[Any]], key: str) -> str:
    return ledger.INITIAL if key not in known or key in changed else known[key].state


def _field_slot(name: str, source: str, target: str, state: str) -> _Slot:
    model_field = ArticlePage._meta.get_field(name)
    label = _("Headline") if name == "title" else str(model_field.verbose_name)
    unit = Unit(name, source, False, "" if state == ledger.INITIAL else target, state, label)
    is_line = model_field.get_internal_type() != "TextField"
    return _Slot(unit, name, label, model_field.max_length or 0, is_line, text=target)


def _block_slots(piece: pieces.Piece, partner: dict[str, Any], state: str) -> Iterator[_Slot]:
    standing = {place.path: place for place in pieces.places(partner) if place.kind != "fact"}
    for leaf in piece.leaves:
        place = standing.get(leaf.path)
        if place is None or not leaf.text.strip():
            continue
        text = pieces.without_marks(str(place.value or ""))
        key = f"{piece.key}.{leaf.path}" if leaf.path else piece.key
        note = leaf.label if leaf.label == piece.label else f"{piece.label}: {leaf.label}"
        source = pieces.without_marks(leaf.text)
        unit = Unit(key, source, leaf.is_html, "" if state == ledger.INITIAL else text, state, note)
        yield _Slot(unit, piece.key, note, place.limit, False, place, text)


def _take(unit: Unit, slot: _Slot, report: ApplyReport, outdated: set[str]) -> None:
    """Check one unit, and put its text into its slot."""
    line = Line(unit.key, slot.label, plain_text(unit.target)[:200])
    if not unit.target.strip():
        report.skipped.append(Line(unit.key, slot.label, reason=_("It holds no translation.")))
        return
    try:
        text = _clean(unit.target, slot)
    except UnusableText as error:
        report.refused.append(Line(line.key, line.label, line.text, str(error)))
        return
    state = unit.state if unit.state == ledger.MACHINE else ledger.TRANSLATED
    if text == slot.unit.target and _rank(state) <= _rank(slot.unit.state):
        report.skipped.append(Line(line.key, line.label, line.text, _("It is the same as here.")))
        return
    slot.text, slot.state = text, state
    if pieces.is_same(unit.source, slot.unit.source):
        report.taken.append(line)
    else:
        outdated.add(slot.piece)
        report.outdated.append(Line(line.key, line.label, line.text, _("The source has changed since.")))


def _rank(state: str) -> int:
    return (ledger.INITIAL, ledger.MACHINE, ledger.TRANSLATED, ledger.REVIEWED).index(state)


def _clean(text: str, slot: _Slot) -> str:
    """The text as the draft may hold it. Raises UnusableText with what is wrong with it."""
    if slot.unit.is_html:
        check_letters(" ".join(text.split()))
        cleaned = clean_markup(text, slot.unit.source + slot.text)
        if not is_visible(plain_text(cleaned)):
            raise UnusableText(_("Nothing that readers can see was left of it."))
    else:
        cleaned = clean_line(text) if slot.is_line else clean_text(text)
        if not is_visible(cleaned):
            raise UnusableText(_("It holds nothing that readers can see."))
    if slot.limit and len(cleaned) > slot.limit:
        message = _("It is too long: %(length)s characters, %(limit)s at most.")
        raise UnusableText(message % {"length": len(cleaned), "limit": slot.limit})
    return cleaned


def clean_markup(html: str, trusted: str) -> str:
    """HTML with text markup and safe links alone; links to pages of ours only where `trusted` has them already."""
    pages = set(_PAGE_ID.findall(trusted))

    def keep(tag: str, name: str, value: str) -> str | None:
        if name == "id":
            return value if value in pages else None
        if name == "linktype":
            return value if value == "page" else None
        return value

    cleaned = nh3.clean(
        html, tags=TAGS, attributes=_ATTRIBUTES, url_schemes=SCHEMES, link_rel=None, attribute_filter=keep
    )
    return _NO_PAGE.sub(r"<a\1", cleaned)


def _states(slots: Any) -> dict[str, str]:
    """The state of each piece of which something was taken: the least of its texts' states."""
    by_piece: dict[str, list[_Slot]] = {}
    for slot in slots:
        by_piece.setdefault(slot.piece, []).append(slot)
    return {
        piece: min((slot.state or slot.unit.state for slot in found), key=_rank)
        for piece, found in by_piece.items()
        if any(slot.state for slot in found)
    }


def _save(target: ArticlePage, raw: list[dict[str, Any]], slots: list[_Slot], user: Any) -> None:
    before = target.title
    for slot in slots:
        if not slot.state:
            continue
        if slot.place is None:
            setattr(target, slot.piece, slot.text)
        else:
            slot.place.container[slot.place.index] = slot.text
    target.body = ArticlePage._meta.get_field("body").stream_block.to_python(raw)
    follow_headline(target, before)
    target.save_revision(user=user, log_action="broadsheet.import_translation", clean=False)


def follow_headline(page: ArticlePage, before: str) -> None:
    """The slug of a page that was never public follows its headline, as in the editor, unless a person chose it."""
    was_public = page.live or page.last_published_at
    if was_public or make_slug(before, page.language) not in {page.slug, _MADE_NUMBER.sub("", page.slug)}:
        return
    page.slug = page.free_slug(make_slug(page.title, page.language), page.get_parent())


def unfinished(job: TranslationJob) -> TranslationJob:
    """The job with those units alone that nobody has translated yet."""
    return replace(job, units=tuple(unit for unit in job.units if unit.state == ledger.INITIAL))
