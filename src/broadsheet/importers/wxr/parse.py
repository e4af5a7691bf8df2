"""Reads a WordPress export as a stream of records: versions 1.0 to 1.2, broken files as far as they can be read.

No parser sees more than one piece of the file at a time, none sees a document type, resolves an entity, includes
anything or opens an address.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from ..errors import SourceUnreadable
from . import source
from .mend import mend
from .pieces import Cutter, Piece
from .records import AuthorRecord, ItemRecord, Label, Record, SiteRecord, TermRecord

_WP = re.compile(r"https?://(?:www\.)?wordpress\.org/export/\d+(?:\.\d+)*/?")
_EXCERPT = re.compile(r"https?://(?:www\.)?wordpress\.org/export/\d+(?:\.\d+)*/excerpt/?")
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
# What the usual prefixes mean where a file forgot to say.
_USUAL = {
    "wp": "http://wordpress.org/export/1.2/",
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "content": _CONTENT,
    "dc": _DC,
    "wfw": "http://wellformedweb.org/CommentAPI/",
}
_XMLNS = re.compile(r"""\bxmlns:([\w.-]{1,60})\s*=\s*(?:"([^"<]{0,300})"|'([^'<]{0,300})')""")
_ROOT = re.compile(r"<(rss|channel)(?=[\s>])[^<>]*>", re.I)
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LARGEST_META = 200_000


class Export:
    """A file as a stream of records; after it was read to its end once, `site` describes the exported site."""

    def __init__(self, path: Path) -> None:
        source.check(path)
        self.path = path
        self.site = SiteRecord()
        self.problems: list[str] = []

    def records(self, on_bytes: Callable[[int], None] = lambda done: None) -> Iterator[Record]:
        """All records in the file's order. Raises SourceMissing, SourceUnreadable."""
        cutter = Cutter(source.read_text(self.path, on_bytes))
        number, spaces = 0, dict(_USUAL)
        for piece in cutter:
            if not number:
                _check_root(cutter.head)
                spaces |= _declared(cutter.head)
            number += 1
            record = _read(piece, spaces)
            if record is not None:
                yield record
        self.site = _read_site(cutter.head)
        self.problems = cutter.problems
        _check_root(cutter.head)
        if not number and not self.site.version:
            raise SourceUnreadable(f"{self.path.name} holds no WordPress export: its channel has no items")


def _check_root(head: str) -> None:
    if len({found[1].lower() for found in _ROOT.finditer(head)}) < 2:
        raise SourceUnreadable("the file is not a WordPress export: it has no <rss> with a <channel>")


def _declared(head: str) -> dict[str, str]:
    """The prefixes that the root and the channel declare."""
    tags = " ".join(found[0] for found in _ROOT.finditer(head))
    return {prefix: double or single for prefix, double, single in _XMLNS.findall(tags)}


def _read_site(head: str) -> SiteRecord:
    """The channel's own fields, by their names: the head of a broken file is no XML."""
    address = (
        _head_field(head, "wp:base_blog_url") or _head_field(head, "wp:base_site_url") or _head_field(head, "link")
    )
    return SiteRecord(
        title=_head_field(head, "title"),
        address=address.rstrip("/"),
        language=_head_field(head, "language"),
        version=_head_field(head, "wp:wxr_version"),
        exported=_head_field(head, "pubDate"),
    )


def _head_field(head: str, name: str) -> str:
    found = re.search(rf"<{name}\s*>([^\0]{{0,2000}}?)</{name}\s*>", head)
    if found is None:
        return ""
    text = found[1].strip()
    if text.startswith("<![CDATA["):
        text = text.removeprefix("<![CDATA[").removesuffix("]]>")
    return " ".join(html.unescape(re.sub(r"<[^<>]*>", "", source.repair(text))).split())


def _read(piece: Piece, spaces: dict[str, str]) -> Record | None:
    """The record of a piece; None: an element of some other namespace that is called like one of ours."""
    problems = [piece.problem] if piece.problem else []
    element = _element(piece, spaces, problems)
    if piece.name == "item":
        return _item(element, piece.line, problems) if element is not None else _damaged(piece, problems)
    if element is None or not _is_wp(element):
        return None
    fields = _fields(element)
    return _READERS[piece.name](fields)


def _damaged(piece: Piece, problems: list[str]) -> ItemRecord:
    """An item of which nothing but a title could be read."""
    return ItemRecord(line=piece.line, title=_head_field(piece.text, "title"), problems=(*problems, "unreadable"))


def _element(piece: Piece, spaces: dict[str, str], problems: list[str]) -> etree._Element | None:
    """The piece as XML: as it stands, else mended, else what the parser can make of it."""
    text = piece.text
    if source.is_damaged(text):
        text = source.repair(text)
        problems.append("bytes that do not fit the file's encoding were read as Windows-1252")
    if _ILLEGAL.search(text):
        text = _ILLEGAL.sub("", text)
        problems.append("control characters were left out")
    declarations = " ".join(f'xmlns:{prefix}="{html.escape(uri)}"' for prefix, uri in spaces.items() if prefix != "xml")
    before, after = f"<piece {declarations}>", "</piece>"
    if not piece.problem:
        try:
            return _child(etree.fromstring(before + text + after, _parser(recover=False)))
        except etree.XMLSyntaxError as error:
            problems.append(f"damaged XML was mended: {error.msg}")
    mended = before + mend(text)
    try:
        return _child(etree.fromstring(mended + after, _parser(recover=piece.problem != "")))
    except etree.XMLSyntaxError:
        return _recovered(mended)


def _recovered(text: str) -> etree._Element | None:
    try:
        root = etree.fromstring(text, _parser(recover=True))
    except etree.XMLSyntaxError:
        return None
    return _child(root)


def _child(root: etree._Element | None) -> etree._Element | None:
    return root[0] if root is not None and len(root) else None


def _parser(*, recover: bool) -> etree.XMLParser:
    # One piece is at most 64 MiB long, see `pieces`: a long text is wanted, so `huge_tree`; nesting is cut off there.
    return etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )


def _is_wp(element: etree._Element) -> bool:
    return _WP.fullmatch(etree.QName(element).namespace or "") is not None


def _field_name(element: etree._Element) -> str:
    """`wp:post_id`, `content`, `excerpt`, `creator` or the bare name of an RSS field; empty for what is not ours."""
    if not isinstance(element.tag, str):
        return ""
    name = etree.QName(element)
    space = name.namespace or ""
    if not space:
        return name.localname
    if _WP.fullmatch(space):
        return f"wp:{name.localname}"
    known = {(_CONTENT, "encoded"): "content", (_DC, "creator"): "creator"}
    if _EXCERPT.fullmatch(space):
        return "excerpt" if name.localname == "encoded" else ""
    return known.get((space, name.localname), "")


def _text(element: etree._Element) -> str:
    return "".join(element.itertext()) if len(element) else (element.text or "")


def _fields(element: etree._Element) -> dict[str, str]:
    """The first text of every field of ours."""
    fields: dict[str, str] = {}
    for child in element:
        name = _field_name(child)
        if name and name not in fields:
            fields[name] = _text(child)
    return fields


def _author(fields: dict[str, str]) -> AuthorRecord | None:
    login = _line(fields, "wp:author_login")
    full = f"{_line(fields, 'wp:author_first_name')} {_line(fields, 'wp:author_last_name')}".strip()
    name = _line(fields, "wp:author_display_name") or full
    return AuthorRecord(login, name or login) if login or name else None


def _category(fields: dict[str, str]) -> TermRecord | None:
    return _term_of("category", fields, "wp:category_nicename", "wp:cat_name", "wp:category_parent")


def _tag(fields: dict[str, str]) -> TermRecord | None:
    return _term_of("post_tag", fields, "wp:tag_slug", "wp:tag_name", "")


def _term(fields: dict[str, str]) -> TermRecord | None:
    taxonomy = _line(fields, "wp:term_taxonomy")
    return _term_of(taxonomy, fields, "wp:term_slug", "wp:term_name", "wp:term_parent")


def _term_of(taxonomy: str, fields: dict[str, str], slug: str, name: str, parent: str) -> TermRecord | None:
    key = unquote(_line(fields, slug)) or _line(fields, name)
    if not taxonomy or not key:
        return None
    return TermRecord(
        taxonomy=taxonomy,
        slug=key,
        name=_line(fields, name) or key,
        parent=unquote(_line(fields, parent)),
        id=_line(fields, "wp:term_id"),
        description=fields.get("wp:term_description", fields.get("wp:category_description", "")).strip(),
    )


_READERS: dict[str, Callable[[dict[str, str]], Record | None]] = {
    "author": _author,
    "category": _category,
    "tag": _tag,
    "term": _term,
}


def _item(element: etree._Element, line: int, problems: list[str]) -> ItemRecord:
    fields = _fields(element)
    meta = _meta(element)
    return ItemRecord(
        line=line,
        id=_line(fields, "wp:post_id"),
        type=_line(fields, "wp:post_type"),
        status=_line(fields, "wp:status").lower(),
        title=fields.get("title", "").strip(),
        link=_line(fields, "link"),
        guid=_line(fields, "guid"),
        creator=_line(fields, "creator"),
        content=fields.get("content", ""),
        excerpt=fields.get("excerpt", ""),
        slug=_line(fields, "wp:post_name"),
        parent=_line(fields, "wp:post_parent"),
        date=_line(fields, "wp:post_date"),
        date_gmt=_line(fields, "wp:post_date_gmt"),
        modified=_line(fields, "wp:post_modified"),
        modified_gmt=_line(fields, "wp:post_modified_gmt"),
        published=_line(fields, "pubDate"),
        attachment_url=_line(fields, "wp:attachment_url"),
        has_password=bool(fields.get("wp:post_password", "")),
        labels=_labels(element),
        meta=dict(meta),
        old_slugs=tuple(value for key, value in meta if key == "_wp_old_slug"),
        comments=_comments(element),
        problems=tuple(problems),
    )


def _line(fields: dict[str, str], name: str) -> str:
    return " ".join(fields.get(name, "").split())


def _labels(element: etree._Element) -> tuple[Label, ...]:
    """The item's terms; version 1.0 names each twice, once without a taxonomy: that one counts where it is alone."""
    found = [
        Label(one.get("domain") or "", one.get("nicename") or "", " ".join(_text(one).split()))
        for one in element
        if _field_name(one) == "category"
    ]
    named = {label.name for label in found if label.taxonomy}
    labels = [
        Label(
            {"": "category", "tag": "post_tag"}.get(label.taxonomy, label.taxonomy),
            unquote(label.slug) or label.name,
            label.name or label.slug,
        )
        for label in found
        if label.taxonomy or label.name not in named
    ]
    return tuple(dict.fromkeys(label for label in labels if label.slug))


def _meta(element: etree._Element) -> list[tuple[str, str]]:
    pairs = []
    for one in element:
        if _field_name(one) == "wp:postmeta":
            fields = _fields(one)
            key, value = _line(fields, "wp:meta_key"), fields.get("wp:meta_value", "").strip()
            if key and value and len(value) <= _LARGEST_META:
                pairs.append((key, value))
    return pairs


def _comments(element: etree._Element) -> dict[str, int]:
    kinds = Counter(
        _line(_fields(one), "wp:comment_type") or "comment" for one in element if _field_name(one) == "wp:comment"
    )
    return dict(kinds)
