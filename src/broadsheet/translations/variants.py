"""Script variants: editions that are made of another one by writing it in another script of its language.

`az-Cyrl` is made of `az`: the settings name it (`script_variants`), the rule stands in `script_rules`. A variant has no
stories of its own and no edition in the newsroom, only a list of exceptions (`models.ScriptWord`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.conf import settings

from broadsheet.config import Config

from .languages import UnknownLanguage, cldr, script
from .script_rules import ScriptRule, find


@dataclass(frozen=True)
class Variant:
    """An edition in another script: its code, the edition that it is made of, how it is written.

    `place` is what its addresses begin with: the code in small letters, the one spelling that addresses have.
    """

    code: str
    base: str
    rule: ScriptRule

    @property
    def place(self) -> str:
        return self.code.lower()


def check(config: Config) -> None:
    """Raises UnknownLanguage for a variant that no rule can make, with what to do about it."""
    for code in config.script_variants:
        cldr(code)
        _make(code, config.languages)


def all_variants() -> tuple[Variant, ...]:
    """The variants of the site, in the order of the settings."""
    return _known(settings.CONFIG.script_variants, settings.CONFIG.languages)


def of(language: str) -> tuple[Variant, ...]:
    """The variants that are made of this edition."""
    return tuple(one for one in all_variants() if one.base == language)


def named(code: str) -> Variant | None:
    """The variant with this code; None: it is none of the site's."""
    return next((one for one in all_variants() if one.code == code), None)


def at(path: str) -> Variant | None:
    """The variant that a path belongs to, however its code is spelled there."""
    first = path.split("/", 2)[1].lower() if path.startswith("/") else ""
    return next((one for one in all_variants() if one.place == first), None)


@cache
def _known(codes: tuple[str, ...], languages: tuple[str, ...]) -> tuple[Variant, ...]:
    return tuple(_make(code, languages) for code in codes)


def _make(code: str, languages: tuple[str, ...]) -> Variant:
    if code in languages:
        raise UnknownLanguage(f"{code!r} stands among the languages: it cannot be a script variant as well")
    main = code.split("-")[0]
    for base in (one for one in languages if one.split("-")[0] == main):
        rule = find(main, script(base), script(code))
        if rule is not None:
            return Variant(code, base, rule)
    raise UnknownLanguage(
        f"script_variants: no edition of the site can be written as {code!r}: "
        f"its language must stand among the languages, and the rule in translations/script_rules.py"
    )
