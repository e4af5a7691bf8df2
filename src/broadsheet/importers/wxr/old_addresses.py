"""The old site's addresses: where an item stood, in all the forms in which others link to it."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import parse_qs, unquote, urlsplit

from .records import ItemRecord, SiteRecord

LONGEST = 700
_NUMBERED = ("p", "page_id", "attachment_id")


def paths_of(record: ItemRecord, site: SiteRecord) -> list[str]:
    """All paths that led to the item, its own first; `/?p=12` where an address has no path of its own."""
    # An export without addresses: most sites use the plainest of WordPress's forms.
    link = record.link or (f"{site.address}/{record.slug}/" if record.slug and record.type != "attachment" else "")
    paths = [path_of(link, site.address)]
    paths += [_with_slug(paths[0], record.slug, old) for old in record.old_slugs]
    paths.append(path_of(record.guid, site.address))
    if record.id.isdigit():
        root = base_path(site)
        name = {"page": "page_id", "attachment": "attachment_id"}.get(record.type, "p")
        paths += [f"{root}?{key}={record.id}" for key in dict.fromkeys(["p", name])]
    return [path for path in dict.fromkeys(paths) if 1 < len(path) <= LONGEST and path != base_path(site)]


def path_of(address: str, site_address: str) -> str:
    """The path of an address of the old site, decoded, with `?p=…` where it counts; empty for other sites' ones."""
    try:
        parts, site = urlsplit(address.strip()), urlsplit(site_address)
        query = parse_qs(parts.query)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https", ""} or (parts.netloc and site.netloc and not _same(parts, site)):
        return ""
    if not parts.netloc and not parts.path.startswith("/"):
        return ""
    path = unicodedata.normalize("NFC", unquote(parts.path)) or "/"
    for name in _NUMBERED:
        number = query.get(name, [""])[0]
        if re.fullmatch(r"\d{1,18}", number):
            return f"{path}?{name}={number}"
    return path if _is_readable(path) else ""


def canonical(path: str) -> str:
    """The same for all spellings of a path."""
    return path if "?" in path else path.removesuffix("index.php").rstrip("/") or "/"


def archive_path(site: SiteRecord, kind: str, *slugs: str) -> str:
    """Where WordPress lists a category, a tag or an author."""
    path = f"{base_path(site)}{kind}/{'/'.join(unquote(slug) for slug in slugs)}/"
    path = unicodedata.normalize("NFC", path)
    return path if len(path) <= LONGEST and _is_readable(path) else ""


def base_path(site: SiteRecord) -> str:
    """The path of the old site's front, with a slash at its end."""
    try:
        return unquote(urlsplit(site.address).path).rstrip("/") + "/"
    except ValueError:
        return "/"


def _same(parts: object, site: object) -> bool:
    def host(one: object) -> str:
        return str(getattr(one, "netloc", "")).lower().rsplit("@", 1)[-1].removeprefix("www.")

    return host(parts) == host(site)


def _with_slug(path: str, slug: str, old: str) -> str:
    """The path under a slug that the item had before."""
    slug, old = unquote(slug), unquote(old)
    if not slug or not path.rstrip("/").endswith(f"/{slug}"):
        return ""
    return f"{path.rstrip('/').removesuffix(slug)}{old}/"


def _is_readable(path: str) -> bool:
    return path.startswith("/") and not re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", path)
