"""Maps an item of an export to a story of ours: who, when, where, in which words, and whether readers may see it."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from broadsheet.articles.body import plain_text
from broadsheet.articles.slugs import make_slug
from broadsheet.articles.words import is_visible

from . import dates, old_addresses
from .archive import Archive, is_uncategorised, item_key, labels_in, language_of
from .body import Body, Surroundings, make_body
from .languages import Languages
from .letters import clean, one_line
from .pictures import Attachment
from .records import ItemRecord

LONGEST_HEADLINE = 255
LONGEST_LEAD = 1000
LONGEST_SLUG = 120
_SLUG = re.compile(rf"[a-z0-9](?:[a-z0-9_-]{{0,{LONGEST_SLUG - 1}}})")

_NOT_STORIES = {
    "attachment": "",
    "revision": "an earlier version of a story",
    "nav_menu_item": "an entry of a menu: menus are made in the newsroom",
    "wp_block": "a shared block: it stands in the stories that use it",
    "guest-author": "an author: taken with the stories",
    "wp_template": "a part of the old site's design",
    "wp_template_part": "a part of the old site's design",
    "wp_global_styles": "a part of the old site's design",
    "wp_navigation": "a part of the old site's design",
    "custom_css": "a part of the old site's design",
    "customize_changeset": "a part of the old site's design",
}
_SKIPPED_STATUSES = {
    "trash": "it was in the trash",
    "auto-draft": "it was never saved by anybody",
    "inherit": "an earlier version of a story",
}
_DRAFTS = {
    "draft": "",
    "pending": "it waited for review: taken as a draft",
    "private": "it was private: taken as a draft",
}


@dataclass(frozen=True)
class Story:
    """An item as it will be stored. `section` is a category's slug, empty for the default section."""

    kind: str
    key: str
    headline: str
    slug: str
    language: str
    is_public: bool
    published_at: datetime | None
    modified_at: datetime | None
    go_live_at: datetime | None = None
    group: str = ""
    lead: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    section: str = ""
    topics: tuple[tuple[str, str], ...] = ()
    authors: tuple[str, ...] = ()
    seo_title: str = ""
    description: str = ""
    featured: Attachment | None = None
    pictures: tuple[Attachment, ...] = ()
    old_paths: tuple[str, ...] = ()
    internal_links: int = 0
    changes: tuple[str, ...] = ()

    def under(self, key: str) -> Story:
        """The same story under another key."""
        return replace(self, key=key)


@dataclass(frozen=True)
class Mapping:
    """What all items are mapped with; `now` is the moment of the run, `find_file` gives pictures at hand."""

    archive: Archive
    languages: Languages
    zone: ZoneInfo
    now: datetime
    find_file: Callable[[str], Path | None] = lambda url: None


def skip_reason(record: ItemRecord) -> str:
    """Why the item becomes no story; empty where it does."""
    if record.type in _NOT_STORIES:
        return _NOT_STORIES[record.type] or "an attachment"
    if not record.type:
        return "it has no post type" if not record.problems else "it could not be read"
    if record.type not in {"post", "page"}:
        return f"stories of the type {record.type} are not taken"
    return _SKIPPED_STATUSES.get(record.status, "")


def is_public(record: ItemRecord, now: datetime, zone: ZoneInfo) -> bool:
    """Readers could see the item on the old site, and may on ours."""
    if skip_reason(record) or record.status != "publish" or record.has_password or _is_cut(record):
        return False
    moment = dates.published_at(record, zone)
    return moment is None or moment <= now


def _is_cut(record: ItemRecord) -> bool:
    """The file breaks off inside the item: what made it private may stand in the part that is missing."""
    return any(problem.startswith("not closed") for problem in record.problems)


def content_hash(record: ItemRecord, mapping: Mapping) -> str:
    """The same as long as the source says the same, and the same of its pictures are at hand."""
    values = asdict(record) | {"line": 0, "problems": [], "comments": {}}
    archive = mapping.archive
    numbers = [record.meta.get("_thumbnail_id", ""), *archive.children.get(record.id, [])]
    values["pictures"] = [asdict(archive.attachments[one]) for one in numbers if one in archive.attachments]
    addresses = [one["url"] for one in values["pictures"]] + re.findall(r"https?://[^\s\"'<>]+", record.content)
    values["files"] = sorted({str(file.name) for one in addresses if (file := mapping.find_file(one))})
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode("utf-8", "replace")).hexdigest()


def map_item(record: ItemRecord, mapping: Mapping) -> Story:
    """The story that an item becomes for which `skip_reason` finds none."""
    language = mapping.languages.of(language_of(record.labels))
    with translation.override(language):
        return _map_story(record, mapping, language)


def _map_story(record: ItemRecord, mapping: Mapping, language: str) -> Story:
    archive = mapping.archive
    changes = list(record.problems)
    body = _body(record, mapping)
    if not body.blocks:
        changes.append("it has no text")
    headline = _headline(record, body, changes)
    public = is_public(record, mapping.now, mapping.zone)
    moment = dates.published_at(record, mapping.zone)
    changes += _status_changes(record, public, moment, mapping.now)
    if public and moment is None:
        moment = dates.modified_at(record, mapping.zone) or dates.feed_date(archive.site.exported) or mapping.now
        changes.append("it had no date: the export's own was taken")
    section, topics = _place(record, archive, changes)
    featured = archive.attachments.get(record.meta.get("_thumbnail_id", ""))
    return Story(
        kind="article" if record.type == "post" else "page",
        key=item_key(record),
        headline=headline,
        slug=_slug(record, headline, language),
        language=language,
        is_public=public,
        published_at=moment if public else None,
        modified_at=_modified(record, mapping, moment),
        go_live_at=moment if moment and moment > mapping.now and record.status in {"future", "publish"} else None,
        group=next(iter(labels_in(record.labels, "post_translations")), ""),
        lead=_lead(record, changes),
        blocks=body.blocks,
        section=section,
        topics=topics,
        authors=_authors(record),
        seo_title=_yoast(record, "_yoast_wpseo_title")[:255],
        description=_yoast(record, "_yoast_wpseo_metadesc"),
        featured=featured,
        pictures=tuple(dict.fromkeys([*([featured] if featured else []), *body.pictures])),
        old_paths=tuple(old_addresses.paths_of(record, archive.site)) if public else (),
        internal_links=_count_links(body, archive),
        changes=tuple(dict.fromkeys(changes + body.changes)),
    )


def _body(record: ItemRecord, mapping: Mapping) -> Body:
    archive = mapping.archive
    children = [archive.attachments[number] for number in archive.children.get(record.id, ())]
    return make_body(
        clean(record.content),
        Surroundings(
            base=record.link if record.link.startswith("http") else archive.site.address,
            attachments=archive.attachments,
            children=tuple(children),
            reusable=archive.reusable,
            meta=record.meta,
            find_file=mapping.find_file,
        ),
    )


def _headline(record: ItemRecord, body: Body, changes: list[str]) -> str:
    headline = words(record.title)
    if not is_visible(headline):
        headline = shorten(one_line(body.text), 80)
        headline = headline if is_visible(headline) else _("Untitled")
        changes.append("it had no headline: its first words were taken")
    if len(headline) > LONGEST_HEADLINE:
        changes.append(f"the headline was too long and was cut: {len(headline)} characters")
        headline = shorten(headline, LONGEST_HEADLINE)
    return headline


def words(markup: str) -> str:
    """The words of a field that may hold markup and entities, in one line."""
    return one_line(html.unescape(plain_text(markup)) if re.search(r"[<&]", markup) else markup)


def shorten(text: str, limit: int) -> str:
    """The text, cut at a word where it is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut).rstrip(" ,.;:–—-") + "…"


def _lead(record: ItemRecord, changes: list[str]) -> str:
    lead = words(record.excerpt)
    if len(lead) > LONGEST_LEAD:
        changes.append(f"the excerpt was too long for a lead and was cut: {len(lead)} characters")
    return shorten(lead, LONGEST_LEAD)


def _status_changes(record: ItemRecord, public: bool, moment: datetime | None, now: datetime) -> list[str]:
    if public:
        return []
    found = []
    if record.has_password:
        found.append("it was protected by a password: taken as a draft")
    if _is_cut(record):
        found.append("the file breaks off inside it: taken as a draft")
    if moment and moment > now and record.status in {"future", "publish"}:
        found.append(f"it was planned: taken as a draft that is not approved; its time was {moment:%Y-%m-%d %H:%M} UTC")
    elif record.status == "future":
        found.append("it was planned for a time that has passed: taken as a draft")
    note = _DRAFTS.get(record.status, "")
    if record.status not in {*_DRAFTS, "publish", "future"}:
        note = f"its status is unknown: taken as a draft ({record.status or 'none'})"
    return [*found, note] if note else found


def _modified(record: ItemRecord, mapping: Mapping, moment: datetime | None) -> datetime | None:
    modified = dates.modified_at(record, mapping.zone)
    return modified if modified and modified <= mapping.now and (moment is None or modified > moment) else None


def _slug(record: ItemRecord, headline: str, language: str) -> str:
    """The old slug where it fits our addresses, else one made from it, else from the headline."""
    slug = unquote(record.slug).strip()
    if _SLUG.fullmatch(slug):
        return slug
    return make_slug(slug.replace("-", " ") if slug else headline, language, fallback=make_slug(headline, language))


def _place(record: ItemRecord, archive: Archive, changes: list[str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The category that becomes the section, and all that become topics: other categories, then tags."""
    labels = [one for one in record.labels if one.taxonomy == "category" and not is_uncategorised(one.slug)]
    slugs = [one.slug for one in labels]
    section = _section(record, slugs, archive)
    above = set(archive.category_line(section)) if section else set()
    topics = [(f"category:{one.slug}", words(one.name)) for one in labels if one.slug not in above]
    if topics and record.type == "post":
        changes.append("it stood in several categories: the others became topics")
    topics += [(f"tag:{one.slug}", words(one.name)) for one in record.labels if one.taxonomy == "post_tag"]
    return section, tuple((key, name) for key, name in topics if name)


def _section(record: ItemRecord, slugs: list[str], archive: Archive) -> str:
    """The primary category, else the deepest, among those the one with the most stories, else the first."""
    primary = archive.term_of_id("category", record.meta.get("_yoast_wpseo_primary_category", "-"))
    if primary is not None and primary.slug in slugs:
        return primary.slug
    ranked = sorted(slugs, key=lambda slug: (-len(archive.category_line(slug)), -archive.category_use[slug]))
    return ranked[0] if ranked else ""


def _authors(record: ItemRecord) -> tuple[str, ...]:
    """The logins of the bylines: those of Co-Authors Plus, else the item's own."""
    several = [slug.removeprefix("cap-") for slug in labels_in(record.labels, "author")]
    return tuple(dict.fromkeys(several)) or ((record.creator,) if record.creator else ())


def _yoast(record: ItemRecord, name: str) -> str:
    """A text for search engines; patterns such as %%title%% say nothing of their own."""
    text = words(record.meta.get(name, ""))
    return "" if "%%" in text else text


def _count_links(body: Body, archive: Archive) -> int:
    hrefs = re.findall(r'<a href="([^"]*)"', " ".join(one["value"] for one in body.blocks if one["type"] == "text"))
    return sum(1 for href in hrefs if archive.old_target(html.unescape(href)))
