"""Every interface string is translated into every language we ship, and the compiled files are in step."""

from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from broadsheet.translations import catalogues
from broadsheet.translations.extraction import extract_catalogue

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def template():
    return extract_catalogue(ROOT)


def test_the_source_has_strings_of_every_kind(template):
    ids = {message.id for message in template}
    assert "pull quote" in ids and "Correction" in ids


@pytest.mark.parametrize("language", ["az", "fa", "hy", "ru"])
def test_catalogue_is_complete(language, template):
    assert catalogues.problems(language, template) == []


@pytest.mark.parametrize("language", ["az", "fa", "hy", "ru"])
def test_compiled_catalogue_is_in_step(language):
    with catalogues.po_path(language).with_suffix(".mo").open("rb") as file:
        compiled = _strings(read_mo(file))
    assert compiled == _strings(catalogues.read(language))


def _strings(catalogue):
    """Compiled catalogues are read with lists where written ones have tuples of plural forms."""
    return {(_forms(m.id), m.context): _forms(m.string) for m in catalogue if m.id and m.string}


def _forms(text):
    return tuple(text) if isinstance(text, list) else text
