"""`broadsheet languages`: words of the interface that a site brings itself, begun, checked and made ready."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.translations import site_catalogues

from .. import options, sites
from ..progress import console

MOST = 20


@click.group(short_help="Languages that a site adds itself: begin, check, compile.")
def languages() -> None:
    """Words of the interface in languages that do not come with Broadsheet, and other words for those that do."""


@languages.command(short_help="Write the words of a language, to be translated.")
@click.argument("language")
@options.directory
@click.option("--newsroom", is_flag=True, help="Also what the newsroom alone sees.")
def begin(language: str, directory: Path, newsroom: bool) -> None:
    """Write locale/LANGUAGE.po in the site's folder with all that is to be translated, or bring the one that is
    there in step with this version: what is translated stays, what is new is added, what is gone is taken out."""
    config = sites.read_config(sites.find_site(directory))
    path = site_catalogues.begin(config.directory, language, newsroom=newsroom)
    console.print(f"Translate the words in {path}", markup=False)
    if language not in config.languages:
        console.print(f"Readers find the language when it stands in `languages`: add {language!r} there.", markup=False)


@languages.command(short_help="Say what the site's own words lack.")
@options.directory
def check(directory: Path) -> int:
    """Say what is missing or wrong in the words of the site's languages; the exit code is 1 when anything is."""
    config = sites.read_config(sites.find_site(directory))
    found = 0
    for language in sorted({*config.languages, *site_catalogues.languages(config.directory)}):
        lines = site_catalogues.check(config.directory, language)
        found += len(lines)
        console.print(f"{language}: {len(lines) or 'nothing'} to do", markup=False)
        for line in lines[:MOST]:
            console.print(f"  {line}", markup=False)
        if len(lines) > MOST:
            console.print(f"  … and {len(lines) - MOST} more", markup=False)
    return int(bool(found))


@languages.command(name="compile", short_help="Make the site's own words ready.")
@options.directory
def compile_(directory: Path) -> int:
    """Make the site's own words ready for the next start, which does so itself as well. What is not translated is
    in English; the exit code is 1 when a file cannot be read."""
    config = sites.read_config(sites.find_site(directory))
    complaints = site_catalogues.compile_all(config.directory, config.languages)
    for complaint in complaints:
        console.print(complaint, markup=False)
    names = ", ".join(site_catalogues.languages(config.directory)) or "none"
    console.print(f"Languages with words of the site's own: {names}. Start the site again to show them.", markup=False)
    return int(bool(complaints))
