"""A new release of the program: pages that an older one made are given once more while they are made anew."""

from __future__ import annotations

import hashlib
import logging
from functools import cache
from importlib import resources
from pathlib import Path

from django.conf import settings

from broadsheet.edge.errors import EdgeError
from broadsheet.edge.rules import pack_facts
from broadsheet.rendering import store
from broadsheet.translations import site_catalogues

from .rules import site_facts

logger = logging.getLogger(__name__)

EVERYTHING = "*"
# What finished bytes are made with; a change anywhere here may change every page.
_MAKERS = ("articles", "edge", "locale", "readers", "rendering", "search", "syndication", "translations")


def announce() -> None:
    """Tell the edge of this site, and have every page made anew when the release or the settings are others."""
    try:
        pages = store.pages()
        facts, digest = pack_facts(site_facts()), release_id()
        if pages.read_rules() != facts:
            pages.write_rules(facts)
        known = store.directory() / "release"
        if not known.exists() or known.read_text() != digest:
            # Every process of the renderer may do this once: twice makes some pages anew twice, and that is all.
            pages.tags.purge([EVERYTHING], hard=_has_other_languages())
            known.write_text(digest)
    except (EdgeError, OSError) as error:
        logger.error("the edge cannot be told of this release: %s", error)


def _has_other_languages() -> bool:
    """Whether the site's languages are not those of the pages that are stored.

    Then none may be given once more: those of a language that went are no pages, and all others name it.
    """
    known, languages = store.directory() / "languages", " ".join(settings.CONFIG.languages)
    had = known.read_text() if known.exists() else languages
    known.write_text(languages)
    return had != languages


@cache
def release_id() -> str:
    """Changes with the source of all that makes pages, with its libraries, and with the settings of the site."""
    digest = hashlib.blake2b(digest_size=12)
    root = Path(str(resources.files("broadsheet")))
    for package in _MAKERS:
        for path in sorted((root / package).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    config = settings.CONFIG
    shown = (config.site_url, config.languages, config.time_zone, config.page_size, config.feed_size)
    written = (config.script_variants, config.numerals, config.calendars)
    digest.update(repr((shown, written)).encode())
    digest.update(site_catalogues.digest(config.directory).encode())
    return digest.hexdigest()
