"""How a variant writes: text by its rule and its exceptions, addresses of its base as its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, unquote

from django.conf import settings

from broadsheet.translations import languages, numerals
from broadsheet.translations.transliteration import Exceptions, convert
from broadsheet.translations.variants import Variant

# What a link that shares a page carries along in its query.
_CARRIED = re.compile(r"([?&](?:text|subject|body|url|u)=)([^&]*)")
_UNTOUCHED = re.compile(r"https?://\S+|\S+@\S+")


@dataclass(frozen=True)
class Writer:
    """Writes one variant's text and addresses."""

    variant: Variant
    exceptions: Exceptions

    @property
    def language(self) -> str:
        return self.variant.code

    @property
    def base(self) -> str:
        return self.variant.base

    @property
    def direction(self) -> str:
        return languages.direction(self.variant.code)

    @property
    def digits(self) -> str:
        return numerals.system_of(self.variant.code)

    def write(self, text: str) -> str:
        """The text in the variant's script, with its digits; addresses in it lead to the variant's pages."""
        if not text or text.isspace():
            return text
        pieces, position = [], 0
        for address in _UNTOUCHED.finditer(text):
            pieces += [self._words(text[position : address.start()]), self.move(address[0])]
            position = address.end()
        return "".join([*pieces, self._words(text[position:])])

    def move(self, url: str) -> str:
        """The address of the same page in the variant; what is not the base's stays."""
        for start in self._bases:
            if url == start[:-1] or url.startswith((start, f"{start[:-1]}?", f"{start[:-1]}#")):
                return start[: -len(self.base) - 1] + self.variant.place + url[len(start) - 1 :]
        return url

    def move_link(self, url: str) -> str:
        """The same for a link, which may carry an address of ours, or words, to another site."""
        moved = self.move(url)
        if moved != url or "=" not in url:
            return moved
        return _CARRIED.sub(lambda part: part[1] + quote(self.write(unquote(part[2])), safe=""), url)

    def _words(self, text: str) -> str:
        return numerals.localize(convert(text, self.variant.rule, self.exceptions), self.variant.code)

    @cached_property
    def _bases(self) -> tuple[str, str]:
        return f"/{self.base}/", f"{settings.CONFIG.site_url}/{self.base}/"
