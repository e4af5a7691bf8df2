"""`broadsheet import`: stories from elsewhere."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from .. import options, progress, sites
from ..errors import CommandError
from ..progress import console


@click.group("import", short_help="Bring in stories from elsewhere.")
def import_() -> None:
    """Bring in stories from elsewhere. Every import may be repeated: what is there already is not made again."""


@import_.command("wxr", short_help="Import a WordPress export.")
@click.argument("file", type=click.Path(path_type=Path))
@options.directory
@click.option("--report", "report_file", type=click.Path(path_type=Path), help="Write the report as JSON to this file.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--section", help="Slug of the section for stories without a category that we know.")
@click.option("--language", help="Language of the stories; without: the one that the export names.")
@click.option("--media", type=click.Path(path_type=Path), help="Folder with the files of wp-content/uploads.")
def import_wxr(file: Path, directory: Path, report_file: Path | None, **wishes: Any) -> None:
    """Import FILE, a WordPress export (WXR), perhaps compressed with gzip."""
    if not file.is_file():
        raise CommandError(f"there is no file {file}")
    if report_file and not report_file.absolute().parent.is_dir():
        raise CommandError(f"there is no folder for the report {report_file}")
    config = sites.open_site(directory)
    if wishes["language"] and wishes["language"] not in config.languages:
        raise CommandError(f"the site has no edition in {wishes['language']}; it has {', '.join(config.languages)}")
    source = import_module("broadsheet.importers.wxr")
    chosen = {name: wish for name, wish in wishes.items() if wish is not None}
    with progress.showing() as show:
        report = source.run(file, source.Options(**chosen), lambda done, total: show("Import", done, total))
    if report_file:
        _write(report_file, report.to_json())
    console.print(report.to_text(), markup=False)


def _write(path: Path, report: dict[str, Any]) -> None:
    """Whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    part.replace(path)
