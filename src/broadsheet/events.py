"""What can happen to published things: one frozen dataclass an event, its docstring is its documentation.

Events are recorded with `outbox.services.record` in the transaction of the change and delivered at least once to the
handlers named in `settings/wiring.py`. Only plain values stand in them: they are stored as JSON.

Fields that many events share, and that say how far a change reaches (`rendering.purging` makes purges of them):
`changed` names the facts that are not what they were, as `articles.changes` calls them. `entered` and `left` name the
lists that a story came into and went out of (`section:3`, `topic:4`, `author:5`, `language:en`, `day:en:2026-03-02`),
each with the place there: the number of newer stories, counted no further than any page of a list shows at its top.
`translation_key` names the set of the thing's language versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Places = Mapping[str, int]


@dataclass(frozen=True)
class Event:
    """The base of all events."""


@dataclass(frozen=True)
class ArticlePublished(Event):
    """An article went live, or what readers see of a live one was written again. `first` tells the one from the other.

    `groups` are the translation keys of authors and topics that have their first story now, or none any more;
    `versions` the ids of the story's published translations.
    """

    article_id: int
    language: str
    section_id: int
    first: bool
    translation_key: str = ""
    changed: tuple[str, ...] = ()
    entered: Places = field(default_factory=dict)
    left: Places = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    versions: tuple[int, ...] = ()


@dataclass(frozen=True)
class ArticleRetracted(Event):
    """An article is no longer public: unpublished, expired or deleted. The fields are those of `ArticlePublished`."""

    article_id: int
    language: str
    section_id: int
    translation_key: str = ""
    changed: tuple[str, ...] = ()
    left: Places = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    versions: tuple[int, ...] = ()


@dataclass(frozen=True)
class AddressChanged(Event):
    """A public page moved: its old path now answers 301 to `new_path`. `kind` is article, section or page."""

    kind: str
    page_id: int
    language: str
    old_path: str
    new_path: str


@dataclass(frozen=True)
class AddressesRetired(Event):
    """Addresses of an older site, in any language or in none, began to lead on to ours: an import was here."""


@dataclass(frozen=True)
class FrontChanged(Event):
    """The curated slots or the text of a language's front page were published, or the front was retracted."""

    language: str
    page_id: int = 0
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class SectionChanged(Event):
    """A section's name, description or curated slots were published, or it was moved or retracted.

    Where it moved, `entered` and `left` are the lists of the sections above it, which all its stories stand in.
    """

    section_id: int
    language: str
    translation_key: str = ""
    changed: tuple[str, ...] = ()
    entered: Places = field(default_factory=dict)
    left: Places = field(default_factory=dict)


@dataclass(frozen=True)
class PolicyPageChanged(Event):
    """A page about the newsroom itself (contact, corrections policy …) was published, moved or retracted."""

    page_id: int
    language: str
    translation_key: str = ""
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class AuthorChanged(Event):
    """An author's name, role, text or portrait changed, or the author was deleted."""

    author_id: int
    language: str
    translation_key: str = ""
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class TopicChanged(Event):
    """A topic's name or text changed, or the topic was deleted."""

    topic_id: int
    language: str
    translation_key: str = ""
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class EditionChanged(Event):
    """What stands on every page of a language changed: publication name, logo, menus, footer, reuse rule."""

    language: str
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class GroupChanged(Event):
    """What holds for all language versions of a story changed: which of them is the original."""

    translation_key: str
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class StandInsDue(Event):
    """Stories after the id `after` are looked through for languages that they stand in for; -1: all have been."""

    after: int


@dataclass(frozen=True)
class ScriptWordsChanged(Event):
    """An editor changed how words of an edition are written in one of its script variants."""

    variant: str


@dataclass(frozen=True)
class ImageChanged(Event):
    """An image's file, credit, licence, alternative text or focal point changed; stories that show it follow."""

    image_id: int
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class PicturesWithdrawn(Event):
    """Public files of pictures were deleted, because nothing shows them or their rights changed.

    `stems` are the beginnings of their names, which all sizes of a picture share.
    """

    stems: tuple[str, ...]


@dataclass(frozen=True)
class OuterPurgeDue(Event):
    """The cache in front of the edge is purged once more: the first time, replies were on their way to it."""

    hard: tuple[str, ...]
    soft: tuple[str, ...]


@dataclass(frozen=True)
class CorrectionPublished(Event):
    """A correction is new in one language of a story; the desks of `page_ids`, its other versions, are to be told."""

    article_id: int
    language: str
    translation_key: str
    texts: tuple[str, ...]
    page_ids: tuple[int, ...]


@dataclass(frozen=True)
class PasswordResetAsked(Event):
    """Somebody asked for a new password for this address, which may belong to nobody."""

    email: str


KINDS: dict[str, type[Event]] = {kind.__name__: kind for kind in Event.__subclasses__()}


def to_payload(event: Event) -> dict[str, Any]:
    """The event's fields as plain values that JSON can hold."""
    return asdict(event)


def from_payload(kind: str, payload: dict[str, Any]) -> Event:
    """The event again. Raises KeyError for an unknown kind, TypeError for fields that do not fit."""
    return KINDS[kind](**{name: tuple(one) if isinstance(one, list) else one for name, one in payload.items()})
