"""What stands in an export, as plain values: the site, its people and terms, its items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SiteRecord:
    """The exported site. `address` is where its pages stood, without a slash at the end."""

    title: str = ""
    address: str = ""
    language: str = ""
    version: str = ""
    exported: str = ""

    @property
    def name(self) -> str:
        """What tells this site from others: its address, else its title."""
        return (self.address or self.title or "wordpress")[:300]


@dataclass(frozen=True)
class AuthorRecord:
    """A person, known in the items by the login; e-mail addresses are not read at all."""

    login: str
    name: str
    is_guest: bool = False


@dataclass(frozen=True)
class TermRecord:
    """A category, tag or term of another taxonomy; `parent` is a slug. Slugs are decoded."""

    taxonomy: str
    slug: str
    name: str
    parent: str = ""
    id: str = ""
    description: str = ""


@dataclass(frozen=True)
class Label:
    """A term that an item carries: its taxonomy, slug and name."""

    taxonomy: str
    slug: str
    name: str


@dataclass(frozen=True)
class ItemRecord:
    """An item of the channel: a post, a page, an attachment or anything else. Times are as they stand in the file.

    `has_password` says that there is one; what it is stays in the file. `problems` say what of the item was damaged.
    """

    line: int
    id: str = ""
    type: str = ""
    status: str = ""
    title: str = ""
    link: str = ""
    guid: str = ""
    creator: str = ""
    content: str = ""
    excerpt: str = ""
    slug: str = ""
    parent: str = ""
    date: str = ""
    date_gmt: str = ""
    modified: str = ""
    modified_gmt: str = ""
    published: str = ""
    attachment_url: str = ""
    has_password: bool = False
    labels: tuple[Label, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)
    old_slugs: tuple[str, ...] = ()
    comments: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


Record = AuthorRecord | TermRecord | ItemRecord
