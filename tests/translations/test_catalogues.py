"""Every interface string is translated into every language we ship, and the written files are in step."""

import re
import unicodedata
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from broadsheet.translations import catalogues, extraction

ROOT = Path(__file__).resolve().parents[2]
READERS = ("ar", "az", "de", "es", "fa", "fr", "he", "hy", "ka", "kk", "ru", "tr", "uk")
NEWSROOM = ("ar", "az", "fa", "he", "hy", "ru", "tr")
SCRIPTS = {"ar": "ARABIC", "fa": "ARABIC", "he": "HEBREW", "hy": "ARMENIAN", "ka": "GEORGIAN"} | dict.fromkeys(
    ("kk", "ru", "uk"), "CYRILLIC"
)
# The same word in both languages.
SAME = {
    "az": {"slug", "Audio: {words}", "Video: {words}"},
    "de": {"Audio: {words}", "Video: {words}", "Interview"},
    "es": {"Audio: {words}"},
    "fr": {"Menu", "%(text)s, page %(number)s"},
    "tr": {"Logo", "Video: {words}"},
}


@pytest.fixture(scope="module")
def parts():
    return extraction.split(extraction.extract_catalogue(ROOT))


@pytest.fixture(scope="module")
def whole():
    """Each shipped catalogue, read once."""
    return {language: catalogues.read(catalogues.po_path(language), language) for language in catalogues.languages()}


def test_the_source_has_strings_of_every_kind(parts):
    readers, newsroom = (set(catalogues.by_key(part)) for part in parts)
    assert ("Correction", None) in readers and ("%(count)s story", None) in readers
    assert ("pull quote", None) in newsroom and ("Share preview link…", None) in newsroom
    # Found in both, so it is the readers'.
    assert ("Sections", None) in readers - newsroom


@pytest.mark.parametrize("part", [0, 1])
def test_template_is_in_step_with_the_source(part, parts):
    written = catalogues.read(catalogues.template_path(("readers", "newsroom")[part]))
    assert catalogues.by_key(written).keys() == catalogues.by_key(parts[part]).keys()


def test_every_language_that_is_promised_has_a_catalogue():
    assert catalogues.languages() == sorted(READERS)
    assert sorted(set(READERS) - catalogues.READERS_ONLY) == sorted(NEWSROOM)


@pytest.mark.parametrize("language", READERS)
def test_catalogue_is_complete(language, whole):
    template = catalogues.template(newsroom=language in NEWSROOM)
    assert catalogues.problems(whole[language], template) == []


@pytest.mark.parametrize("language", READERS)
def test_compiled_catalogue_is_in_step(language, whole):
    with catalogues.po_path(language).with_suffix(".mo").open("rb") as file:
        compiled = _strings(read_mo(file))
    assert compiled == _strings(whole[language])


@pytest.mark.parametrize("language", READERS)
def test_nothing_is_left_in_english(language, whole):
    """A word of the language's own script in each, or at least another word than the English one."""
    left = set()
    for message in catalogues.by_key(whole[language]).values():
        for form in catalogues.forms(message):
            said = _without_placeholders(form)
            script = SCRIPTS.get(language)
            if (script and not _has(script, said)) or form == catalogues.text(message):
                left.add(catalogues.text(message))
    assert left <= SAME.get(language, set())


def test_buttons_for_the_text_size_begin_with_what_they_show(whole):
    """The accessible name contains the visible label, or speech control cannot find the button."""
    for language, catalogue in whole.items():
        assert str(catalogue.get("A+ larger text").string).startswith("A+ "), language
        assert str(catalogue.get("A− smaller text").string).startswith("A− "), language


def _catalogue(*pairs, language="ru"):
    found = Catalog(locale=language)
    for source, translated in pairs:
        found.add(source, translated)
    return found


SOURCE = ("%(count)s story", "%(count)s stories")


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([("Search", "Поиск")], []),
        ([("Search", "")], ["missing: 'Search'"]),
        ([], ["missing: 'Search'"]),
        ([("Search", "Поиск"), ("Find", "Найти")], ["obsolete: 'Find'"]),
    ],
)
def test_gaps_are_named_by_kind(pairs, said):
    assert catalogues.problems(_catalogue(*pairs), _catalogue(("Search", ""))) == said


def test_fuzzy_translation_is_a_fault():
    catalogue = _catalogue(("Search", "Поиск"))
    catalogue.get("Search").flags.add("fuzzy")
    assert catalogues.problems(catalogue, _catalogue(("Search", ""))) == ["fuzzy: 'Search'"]


def test_wrong_placeholders_and_wrong_number_of_plural_forms_are_faults():
    template = _catalogue(("By %(name)s", ""), (SOURCE, ("", "", "")))
    catalogue = _catalogue(("By %(name)s", "Текст: %(author)s"), (SOURCE, ("%(count)s история", "%(count)s историй")))
    assert catalogues.problems(catalogue, template) == [
        "placeholders: not those of the source: 'By %(name)s'",
        "plural forms: 2 instead of 3: '%(count)s story'",
    ]


def test_header_with_another_number_of_plural_forms_than_the_language_has_is_a_fault(tmp_path):
    path = tmp_path / "ru.po"
    catalogues.write(path, _catalogue())
    text = path.read_text(encoding="utf-8")
    two = '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
    path.write_text(re.sub(r'"Plural-Forms:.*?(?="MIME)', lambda _: two, text, flags=re.DOTALL), encoding="utf-8")
    assert catalogues.problems(catalogues.read(path, "ru"), _catalogue()) == [
        "plural forms: the header says 2, the language has 3"
    ]


def _without_placeholders(text):
    return catalogues._PLACEHOLDER.sub("", text)


def _has(script, text):
    return any(unicodedata.name(letter, "").startswith(script) for letter in text)


def _strings(catalogue):
    """Compiled catalogues are read with lists where written ones have tuples of plural forms."""
    return {(_forms(m.id), m.context): _forms(m.string) for m in catalogue if m.id and m.string}


def _forms(text):
    return tuple(text) if isinstance(text, list) else text
