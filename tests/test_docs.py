"""Nothing is undocumented: options, events, commands, findings, duties and addresses stand in docs/."""

import re
from pathlib import Path

import click
import pytest

from broadsheet import config, events
from broadsheet.cli.verbs import broadsheet
from broadsheet.rendering import routes
from broadsheet.settings import wiring

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def words(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("option", config.OPTIONS, ids=lambda option: option.name)
def test_option_is_documented_with_its_default(option):
    row = re.search(rf"^\| `{option.name}` \| ([^|]*) \|", words("configuration.md"), re.M)
    assert row, option.name
    value = option.default
    shown = {False: "false", True: "true"}.get(value, value) if isinstance(value, bool) else value
    expected = '["' + '", "'.join(value) + '"]' if isinstance(value, tuple) and value else str(shown)
    expected = "[]" if value == () else expected
    assert row[1].strip("`") == (expected or row[1].strip("`")) and (
        value or row[1] in {"none", "empty", "`false`", "`[]`"}
    )


@pytest.mark.parametrize("kind", events.KINDS)
def test_event_is_documented_and_wired(kind):
    assert f"`{kind}`" in words("architecture.md")
    assert kind in wiring.HANDLERS


def commands(group: click.Group, prefix: str = "broadsheet") -> list[str]:
    found = []
    for name, command in group.commands.items():
        full = f"{prefix} {name}"
        found += commands(command, full) if isinstance(command, click.Group) else [full]
    return found


@pytest.mark.parametrize("command", commands(broadsheet))
def test_command_is_documented(command):
    assert f"`{command}" in words("operations.md")


def test_every_verb_and_option_has_help():
    for command in broadsheet.commands.values():
        assert command.help and command.short_help
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{command.name} {parameter.name}"


def test_duties_are_documented():
    for name, _, _ in wiring.DUTIES:
        assert f"| {name} |" in words("architecture.md")


def shape(expression: str) -> str:
    """The address that a route's expression stands for, with `{part}` for each of its named groups."""
    found, depth = "", 0
    for piece in re.split(r"(\(\?P<\w+>|\(|\))", expression):
        if piece.startswith("("):
            found += f"{{{piece[4:-1]}}}" if depth == 0 else ""
            depth += 1
        elif piece == ")":
            depth -= 1
        elif depth == 0:
            found += piece.replace("\\", "")
    return found


def test_public_addresses_are_documented():
    described = words("architecture.md")
    for route in routes._load():
        address = shape(route.pattern.pattern)
        below = re.search(r"/(feed\.xml|atom\.xml|feed\.json)$", address)
        assert f"`{address}`" in described or (below and f"`/{{language}}/{below[1]}`" in described), address


def test_findings_of_check_are_documented():
    source = "".join(path.read_text() for path in (ROOT / "src/broadsheet/cli/checks").glob("*.py"))
    found = set(re.findall(r"broadsheet\.[EW]\d{3}", source))
    assert found and not {id_ for id_ in found if f"`{id_}`" not in words("operations.md")}


def test_packages_are_documented():
    described = words("architecture.md")
    for package in (ROOT / "src/broadsheet").iterdir():
        if (package / "__init__.py").exists() and package.name != "locale":
            assert f"`{package.name}`" in described, package.name


def test_decisions_are_numbered_and_say_what_they_must():
    records = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path in records:
        text = path.read_text(encoding="utf-8")
        assert all(part in text for part in ("Status: ", "## Context", "## Decision", "## Consequences")), path.name


def test_links_between_documents_lead_somewhere():
    for document in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_make_targets_are_told():
    makefile, readme = (ROOT / "Makefile").read_text(), (ROOT / "README.md").read_text()
    for target in ("run", "dev", "test", "check", "bench", "help"):
        assert f"\n{target}:" in makefile and f"make {target}" in readme
