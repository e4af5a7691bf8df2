"""Which of the site's languages a story goes to: the item's own, else the option's, the channel's, the first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import LanguageNotConfigured
from .archive import Archive

_LOCALE = re.compile(r's:6:"locale";s:\d{1,2}:"([A-Za-z_-]{2,12})"')


@dataclass(frozen=True)
class Languages:
    """The languages of an archive: `default` for items that name none, `known` for those that do."""

    default: str
    known: dict[str, str]
    warning: str = ""

    def of(self, named: str) -> str:
        return self.known.get(named, self.default)


def choose(archive: Archive, option: str, configured: Sequence[str]) -> Languages:
    """The languages for this archive. Raises LanguageNotConfigured where stories would land in a foreign edition."""
    if option and option not in configured:
        raise LanguageNotConfigured(
            f"{option!r} is not a language of this site: add it to `languages` in broadsheet.toml, "
            f"or choose one of {', '.join(configured)}"
        )
    known = {named: _named(archive, named, configured, option) for named in archive.languages if named}
    channel = fitting(archive.site.language, configured)
    warning = ""
    if archive.site.language and not channel and not option and not known:
        warning = (
            f"The file says that its language is {archive.site.language}, which this site does not have: its stories "
            f"were filed under {configured[0]}. Add the language to `languages` in broadsheet.toml, or say --language."
        )
    return Languages(option or channel or configured[0], known, warning)


def fitting(tag: str, configured: Sequence[str]) -> str:
    """The configured language that a tag such as `en-US` or `pt_BR` means; empty where there is none."""
    tag = tag.replace("_", "-").lower()
    exact = next((one for one in configured if one.lower() == tag), "")
    base = tag.split("-")[0]
    return exact or next((one for one in configured if one.lower().split("-")[0] == base), "") if tag else ""


def _named(archive: Archive, named: str, configured: Sequence[str], option: str) -> str:
    term = archive.terms.get(("language", named))
    locale = _LOCALE.search(term.description) if term else None
    found = fitting(named, configured) or (fitting(locale[1], configured) if locale else "")
    if not found and not option:
        raise LanguageNotConfigured(
            f"the file holds stories in the language {named!r}, which this site does not have: add it to `languages` "
            f"in broadsheet.toml, or say with --language where they should go"
        )
    return found or option
