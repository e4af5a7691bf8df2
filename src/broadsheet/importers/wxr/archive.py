"""What must be known of the whole file before its first story can be read: people, terms, attachments, addresses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from . import old_addresses
from .letters import one_line
from .parse import Export
from .pictures import Attachment, without_size
from .records import AuthorRecord, ItemRecord, Label, SiteRecord, TermRecord

# The category of stories that have none, as WordPress calls it in the languages that we meet.
UNCATEGORISED = {
    "uncategorized", "uncategorised", "non-classe", "sin-categoria", "sem-categoria", "senza-categoria", "allgemein",
    "unkategorisiert", "genel", "kategorisiz", "без-рубрики", "bez-rubriki", "без-категорії", "bez-kategorii",
    "geen-categorie", "okategoriserad", "ukategorisert", "diverse", "nezarazene", "دسته‌بندی-نشده",
}  # fmt: skip
_DEEPEST = 20
_CREDITS = ("_media_credit", "_credit", "media_credit", "credit", "_wp_attachment_source_name")


@dataclass
class Archive:
    """The file as a whole. `addresses` leads from an old path to the key of the item that stood there in public."""

    site: SiteRecord = field(default_factory=SiteRecord)
    authors: dict[str, AuthorRecord] = field(default_factory=dict)
    terms: dict[tuple[str, str], TermRecord] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    attachment_ids: dict[str, str] = field(default_factory=dict)
    attachment_paths: dict[str, list[str]] = field(default_factory=dict)
    children: dict[str, list[str]] = field(default_factory=dict)
    reusable: dict[str, str] = field(default_factory=dict)
    category_use: Counter[str] = field(default_factory=Counter)
    addresses: dict[str, str] = field(default_factory=dict)
    languages: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def category(self, slug: str) -> TermRecord | None:
        return self.terms.get(("category", slug))

    def category_line(self, slug: str) -> list[str]:
        """The category's slug and those above it, the uppermost first; circles are cut."""
        line: list[str] = []
        while slug and slug not in line and len(line) < _DEEPEST:
            line.append(slug)
            term = self.category(slug)
            slug = term.parent if term else ""
            if slug and self.category(slug) is None:
                break
        return [one for one in reversed(line) if not is_uncategorised(one)]

    def term_of_id(self, taxonomy: str, number: str) -> TermRecord | None:
        return next((one for (kind, _), one in self.terms.items() if kind == taxonomy and one.id == number), None)

    def attachment_at(self, url: str) -> Attachment | None:
        """The attachment whose file, or a smaller copy of it, stands at this address."""
        return self.attachments.get(self.attachment_ids.get(_plain(url), ""))

    def old_target(self, href: str) -> str:
        """The key of the public item that a link leads to; empty for all other links."""
        path = old_addresses.path_of(href, self.site.address)
        return self.addresses.get(old_addresses.canonical(path), "") if path else ""


def is_uncategorised(slug: str) -> bool:
    return slug.lower() in UNCATEGORISED


def item_key(record: ItemRecord) -> str:
    """The item's name in its source: its number, else its address, else its title and date."""
    if record.id.isdigit():
        return f"post:{int(record.id)}"
    return f"post:{record.guid or record.link or record.title + record.date}"[:200]


def scan(
    export: Export,
    is_public: Callable[[ItemRecord], bool],
    on_bytes: Callable[[int], None] = lambda done: None,
) -> Archive:
    """Read the file once and keep what all stories need. `is_public` says of an item whether readers will see it."""
    archive = Archive()
    public: list[tuple[str, ItemRecord]] = []
    attached: list[ItemRecord] = []
    for record in export.records(on_bytes):
        if isinstance(record, AuthorRecord):
            archive.authors.setdefault(record.login or record.name, record)
        elif isinstance(record, TermRecord):
            archive.terms.setdefault((record.taxonomy, record.slug), record)
        else:
            _scan_item(archive, record)
            if record.type == "attachment":
                attached.append(_short(record))
            if is_public(record):
                public.append((item_key(record), _short(record)))
    archive.site, archive.problems = export.site, export.problems
    for record in attached:
        archive.attachment_paths[record.id] = old_addresses.paths_of(record, archive.site)
    for key, record in public:
        for path in old_addresses.paths_of(record, archive.site):
            archive.addresses.setdefault(old_addresses.canonical(path), key)
    return archive


def _short(record: ItemRecord) -> ItemRecord:
    """The item without its text, so that a large archive fits into memory."""
    return ItemRecord(
        line=record.line,
        id=record.id,
        type=record.type,
        link=record.link,
        guid=record.guid,
        slug=record.slug,
        old_slugs=record.old_slugs,
    )


def _scan_item(archive: Archive, record: ItemRecord) -> None:
    if record.type == "attachment":
        _scan_attachment(archive, record)
    elif record.type == "wp_block":
        archive.reusable[record.id] = record.content
    elif record.type == "guest-author":
        _scan_guest(archive, record)
    elif record.type in {"post", "page"}:
        archive.languages[language_of(record.labels)] += 1
        archive.category_use.update(labels_in(record.labels, "category"))
    for label in record.labels:
        if label.taxonomy == "category":
            archive.terms.setdefault(("category", label.slug), TermRecord("category", label.slug, label.name))


def attachment_of(record: ItemRecord) -> Attachment:
    """The attachment that an item describes."""
    return Attachment(
        id=record.id,
        url=record.attachment_url or record.guid,
        title=one_line(record.title),
        caption=one_line(re.sub(r"<[^>]*>", " ", record.excerpt)),
        alt=one_line(record.meta.get("_wp_attachment_image_alt", "")),
        credit=one_line(next((record.meta[name] for name in _CREDITS if name in record.meta), "")),
        parent=record.parent,
    )


def _scan_attachment(archive: Archive, record: ItemRecord) -> None:
    if not record.id:
        return
    attachment = attachment_of(record)
    archive.attachments.setdefault(record.id, attachment)
    archive.attachment_ids.setdefault(_plain(attachment.url), record.id)
    if record.parent.strip("0"):
        archive.children.setdefault(record.parent, []).append(record.id)


def _scan_guest(archive: Archive, record: ItemRecord) -> None:
    login = record.meta.get("cap-user_login", unquote(record.slug))
    name = record.meta.get("cap-display_name", record.title)
    if login and name:
        archive.authors.setdefault(login, AuthorRecord(login, name, is_guest=True))


def _plain(url: str) -> str:
    """An address without scheme, query and size: the same for all copies of a picture."""
    return without_size(url.split("?", 1)[0].split("://", 1)[-1].removeprefix("www."))


def labels_in(labels: Iterable[Label], taxonomy: str) -> list[str]:
    return [label.slug for label in labels if label.taxonomy == taxonomy]


def language_of(labels: Iterable[Label]) -> str:
    """The language that Polylang gave the item; empty where it did not."""
    return next(iter(labels_in(labels, "language")), "")
