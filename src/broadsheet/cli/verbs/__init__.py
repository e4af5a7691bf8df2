"""The verbs of the command line, one module each."""

import click

import broadsheet as package

from . import check, demo, edge, imports, init, languages, manage, serve, upgrade


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package.__version__, prog_name="broadsheet", message="%(prog)s %(version)s")
def broadsheet() -> None:
    """A multilingual news portal: a newsroom, and the site that readers see."""


for verb in (
    demo.demo,
    init.init,
    serve.serve,
    serve.newsroom,
    edge.edge,
    serve.renderer,
    serve.relay,
    imports.import_,
    languages.languages,
    upgrade.upgrade,
    check.check,
    manage.manage,
):
    broadsheet.add_command(verb)

__all__ = ["broadsheet"]
