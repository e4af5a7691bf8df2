"""Brings the catalogues of interface strings up to date with the source; `--add` starts a language."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from django.core.management.base import BaseCommand, CommandError, CommandParser

from broadsheet.translations import catalogues
from broadsheet.translations.extraction import extract_catalogue, split

ROOT = Path(__file__).resolve().parents[5]


class Command(BaseCommand):
    help = "Update and compile the templates and catalogues of interface strings (in a checkout)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--add", metavar="LANGUAGE", help="start a catalogue for this language")
        parser.add_argument("--compile-only", action="store_true", help="only write the machine-readable files")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (ROOT / "babel.cfg").exists():
            raise CommandError("the catalogues are made from a checkout of the source, and this is none")
        if not options["compile_only"]:
            self._update(sorted({*catalogues.languages(), *([options["add"]] if options["add"] else [])}))
        for language in catalogues.languages():
            path = catalogues.po_path(language)
            catalogue = catalogues.read(path, language)
            path.with_suffix(".mo").write_bytes(catalogues.compiled(catalogue))
            wrong = catalogues.problems(catalogue, _template(language))
            self.stdout.write(f"{language}: {len(catalogue)} strings" + "".join(f"\n  {line}" for line in wrong))

    def _update(self, languages: list[str]) -> None:
        for part, found in zip(("readers", "newsroom"), split(extract_catalogue(ROOT)), strict=True):
            _write_template(part, found)
        for language in languages:
            catalogues.update(catalogues.po_path(language), language, _template(language))


def _template(language: str) -> Catalog:
    return catalogues.template(newsroom=language not in catalogues.READERS_ONLY)


def _write_template(part: str, found: Catalog) -> None:
    """Write a template, unless nothing but its date would change."""
    path = catalogues.template_path(part)
    if catalogues.by_key(catalogues.read(path)).keys() != catalogues.by_key(found).keys():
        found.creation_date = datetime.now(UTC)
        catalogues.write(path, found)
