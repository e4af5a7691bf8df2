"""Brings the catalogues of interface strings up to date with the source; `--add` starts a language."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from broadsheet.translations import catalogues
from broadsheet.translations.extraction import extract_catalogue

ROOT = Path(__file__).resolve().parents[5]


class Command(BaseCommand):
    help = "Update and compile the catalogues of interface strings (in a checkout)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--add", metavar="LANGUAGE", help="start a catalogue for this language")
        parser.add_argument("--compile-only", action="store_true", help="only write the machine-readable files")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (ROOT / "babel.cfg").exists():
            raise CommandError("the catalogues are made from a checkout of the source, and this is none")
        languages = sorted({*catalogues.languages(), *([options["add"]] if options["add"] else [])})
        template = None if options["compile_only"] else extract_catalogue(ROOT)
        for language in languages:
            if template is not None:
                catalogues.update(language, template)
            catalogues.compile_file(language)
            self.stdout.write(f"{language}: {len(catalogues.read(language))} strings")
