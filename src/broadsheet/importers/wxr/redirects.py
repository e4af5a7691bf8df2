"""Old addresses lead on: which ones are new, and retiring them."""

from __future__ import annotations

from collections.abc import Iterable

from wagtail.models import Page

from broadsheet.articles import published
from broadsheet.articles.projection import RetiredAddress


class Redirects:
    """Counts the addresses of one run, each once, so that a dry run counts the same."""

    def __init__(self) -> None:
        self._planned: set[str] = set()

    def plan(self, paths: Iterable[str]) -> int:
        """How many of the paths lead nowhere yet."""
        wanted = {path for path in paths if path} - self._planned
        self._planned |= wanted
        return len(wanted - _retired(wanted))

    def forget(self, paths: Iterable[str]) -> None:
        """What was planned for a story that could not be stored."""
        self._planned -= set(paths)


def retire(paths: Iterable[str], page: Page | None, target: str = "") -> None:
    """Old paths lead on to the page or the target; those that are retired already stay as they are."""
    here = page.public_path if page is not None else target
    published.retire_new(sorted({path for path in paths if path and path != here}), page, target)


def _retired(paths: set[str]) -> set[str]:
    return set(RetiredAddress.objects.filter(path__in=paths).values_list("path", flat=True))
