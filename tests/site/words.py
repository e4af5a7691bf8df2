"""The interface's words as the site's own catalogues have them, so that tests can ask for them in every language."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext

LANGUAGES = ("en", "az", "ru", "hy", "fa")
# The smaller editions of the demo have no stories of ours.
EDITIONS = (*LANGUAGES, "tr", "ar")
RIGHT_TO_LEFT = {"fa"}


def said(language: str, text: str, **values: str) -> str:
    """The English `text` of the source in the language."""
    with translation.override(language):
        return gettext(text) % values if values else gettext(text)
