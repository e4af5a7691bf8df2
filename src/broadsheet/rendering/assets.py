"""The stylesheet, the scripts and the icons: what stands in the page itself, and what has an address of its own.

The stylesheet and a few lines of script (theme and text size, before anything is painted) are written into every page;
`csp_sources` gives their hashes for the Content-Security-Policy. Everything else has an address below `/static/` that
contains a hash of its content, so that it may be kept for ever.
"""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import re
from functools import cache
from importlib import resources
from typing import NamedTuple

import rcssmin
import rjsmin
from django.conf import settings

from broadsheet.translations import numerals, quotes

FOLDER = resources.files("broadsheet.rendering") / "static"
URL = "/static/"
STYLES = ("base.css", "masthead.css", "cards.css", "article.css", "blocks.css", "lists.css", "print.css")
# What may be asked for by address; the stylesheet and the inline script are not among them.
PUBLIC = ("site.js", "icon.svg", "icon-192.png", "icon-512.png", "icon-maskable-512.png", "apple-touch-icon.png")

# Groups of the text sizes in base.css, and how much wider a page must be for the same arrangement.
_TEXT_SIZES = (
    (':root:not([data-text="3"], [data-text="4"])', 1.0),
    (':root:is([data-text="3"], [data-text="4"])', 1.6),
)


class CspSources(NamedTuple):
    """The hashes that allow our inline style and our inline script, each ready for a policy, quotes included."""

    style: str
    script: str


@cache
def inline_style() -> str:
    """The whole stylesheet, minified."""
    sources = "\n".join((FOLDER / "css" / name).read_text(encoding="utf-8") for name in STYLES)
    return str(rcssmin.cssmin(expand_widths(f"{sources}\n{_language_rules()}")))


def _language_rules() -> str:
    """What depends on the site's languages: quotation marks, and the digits of lists that the browser counts."""
    known = (*settings.CONFIG.languages, *settings.CONFIG.script_variants)
    systems = {numerals.system_of(language) for language in known} & set(numerals.LIST_STYLES)
    rules = [quotes.css(known)]
    for system in sorted(systems):
        style, root = numerals.LIST_STYLES[system], f"[data-digits={system}]"
        rules.append(f"{root} .numbered li::before {{ content: counter(place, {style}); }}")
        rules.append(f"{root} .body ol {{ list-style-type: {style}; }}")
    return "\n".join(rules)


def expand_widths(css: str) -> str:
    """The stylesheet with every `@page-width (…rem) {…}` written as media queries, one for each group of text sizes.

    Media queries do not know the text size that a reader chose on the page: where it is large, the same arrangement
    needs so many times the width. Container queries would know it, but the Nu checker refuses them.
    """
    parts = re.split(r"@page-width \(((?:min|max)-width): ([\d.]+)rem\) \{(.*?)\n\}", css, flags=re.DOTALL)
    expanded = [parts[0]]
    for limit, width, rules, after in zip(parts[1::4], parts[2::4], parts[3::4], parts[4::4], strict=True):
        for group, factor in _TEXT_SIZES:
            expanded.append(f"@media ({limit}: {float(width) * factor:g}rem) {{ :where({group}) {{{rules}\n}} }}")
        expanded.append(after)
    return "\n".join(expanded)


@cache
def inline_script() -> str:
    """The script that must run before the first paint, minified."""
    return str(rjsmin.jsmin((FOLDER / "early.js").read_text(encoding="utf-8"))).strip()


def csp_sources() -> CspSources:
    """What `style-src` and `script-src` must name."""
    return CspSources(_csp_hash(inline_style()), _csp_hash(inline_script()))


def asset(name: str) -> str:
    """The address of a public file, such as `/static/site.1a2b3c4d5e.js`. Raises KeyError for any other name."""
    return _addresses()[name]


def find_asset(path: str) -> tuple[bytes, str] | None:
    """The content and type of what stands at the path, with or without `/static/`; None: nothing does."""
    return _files().get(URL + path.removeprefix(URL))


@cache
def _addresses() -> dict[str, str]:
    return {name: _address(name) for name in PUBLIC}


def _address(name: str) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{URL}{stem}.{hashlib.sha256(_content(name)).hexdigest()[:10]}.{suffix}"


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    return {address: (_content(name), _content_type(name)) for name, address in _addresses().items()}


@cache
def _content(name: str) -> bytes:
    if name.endswith(".js"):
        return str(rjsmin.jsmin((FOLDER / name).read_text(encoding="utf-8"))).strip().encode()
    return (FOLDER / name).read_bytes()


def _content_type(name: str) -> str:
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return "text/javascript; charset=utf-8" if name.endswith(".js") else guessed


def _csp_hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
