"""What stands on every page of a language, read once: its edition, its sections, its pages about the newsroom."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.articles import addresses
from broadsheet.articles.models import Edition, PolicyPage, SectionPage

from . import reading


@dataclass(frozen=True)
class Site:
    """One language of the site: its edition, its live sections by id, its pages about the newsroom."""

    language: str
    edition: Edition
    sections: dict[int, SectionPage]
    policies: tuple[PolicyPage, ...]

    @property
    def name(self) -> str:
        return self.edition.publication_name

    @property
    def front_url(self) -> str:
        return addresses.absolute(addresses.front_path(self.language))

    def policy_url(self, kind: str) -> str:
        """Absolute address of the first page about the newsroom of this kind; empty where there is none."""
        paths = [page.public_path for page in self.policies if page.kind == kind]
        return addresses.absolute(paths[0]) if paths else ""

    def trail(self, section: SectionPage) -> list[SectionPage]:
        """The section with those above it, the outermost first."""
        above = [one for one in self.sections.values() if section.path.startswith(one.path)]
        return sorted(above, key=lambda one: len(one.path)) or [section]


def read_site(language: str) -> Site:
    """Raises PageMissing when the language has no edition."""
    edition = reading.edition(language)
    return Site(language, edition, reading.sections(language), tuple(reading.policy_pages(language)))
