"""Finds the strings to translate, in Python, in Jinja2 templates and in Django's, which Babel cannot read."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages import extract
from babel.messages.catalog import Catalog
from babel.messages.frontend import parse_mapping_cfg
from django.utils.translation.template import templatize

KEYWORDS: Mapping[str, Any] = {
    **extract.DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}

# What stands here is seen by those who work in the newsroom; what stands anywhere else, by readers. A string that is
# found in both is the readers'. A new package counts as the readers' until it is named here: so nothing is forgotten.
_NEWSROOM = re.compile(
    r"src/broadsheet/(articles/(?!templates/)|media/|newsroom/|settings/|cli/|processes/|translations/models\.py)"
)


def extract_django_template(
    file: BinaryIO, keywords: Any, comment_tags: Collection[str], options: Any
) -> Iterator[Any]:
    """Babel's extractor for Django templates: Django turns them into calls, which Babel's JavaScript lexer reads."""
    calls = templatize(file.read().decode("utf-8"))
    yield from extract.extract_javascript(io.BytesIO(calls.encode("utf-8")), keywords, comment_tags, options)


def extract_catalogue(root: Path) -> Catalog:
    """All messages of the checkout at `root`, as `babel.cfg` says where to look."""
    with (root / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    catalogue = Catalog(project="Broadsheet", charset="utf-8")
    found = extract.extract_from_dir(str(root), methods, options, KEYWORDS, directory_filter=_worth_entering)
    for path, line, message, comments, context in found:
        catalogue.add(message, None, [(path, line)], auto_comments=comments, context=context)
    return catalogue


def split(catalogue: Catalog) -> tuple[Catalog, Catalog]:
    """The messages that readers see, and those that the newsroom alone sees."""
    readers, newsroom = (Catalog(project="Broadsheet", charset="utf-8") for _ in range(2))
    for message in catalogue:
        if message.id:
            alone = all(_NEWSROOM.match(path) for path, _ in message.locations)
            (newsroom if alone else readers)[message.id] = message
    return readers, newsroom


def _worth_entering(path: str) -> bool:
    return not Path(path).name.startswith(".") and Path(path).name not in {"node_modules", "site", "tests"}
