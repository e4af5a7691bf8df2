"""A site brings the words of a language that is not ours: begun, checked, made ready, English where they lack."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner
from django.conf import settings
from django.utils import translation
from django.utils.translation import trans_real

from broadsheet.cli import founding
from broadsheet.cli.checks import deployment
from broadsheet.cli.verbs import broadsheet
from broadsheet.translations import catalogues, site_catalogues
from broadsheet.translations.errors import BadCatalogue

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {rule}\\n"\n'
TWO = "nplurals=2; plural=(n != 1);"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def own_environment(monkeypatch):
    monkeypatch.setenv("BROADSHEET_DIR", "")


def put(directory, language, entries, rule=TWO):
    path = site_catalogues.path_of(directory, language)
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEAD.format(rule=rule) + "\n" + entries, encoding="utf-8")
    return path


def entry(source, translated, mark=""):
    return f'{mark}msgid "{source}"\nmsgstr "{translated}"\n\n'


@pytest.fixture
def speaking(tmp_path, settings):
    """Compiles what the test has put into its folder, and gives the words of a language from there."""

    def speak(language, *configured):
        assert site_catalogues.compile_all(tmp_path, configured or (language,)) == []
        settings.LOCALE_PATHS = [site_catalogues.compiled_folder(tmp_path), *settings.LOCALE_PATHS[1:]]
        trans_real._translations.clear()
        return translation.override(language)

    yield speak
    trans_real._translations.clear()


def test_words_of_a_new_language_are_shown_and_english_where_they_are_missing(tmp_path, settings, speaking):
    settings.LANGUAGE_CODE = "az"
    put(tmp_path, "sv", entry("Search", "Sök"))
    with speaking("sv"):
        assert translation.gettext("Search") == "Sök"
        # Gettext alone would say it in the site's first language.
        assert translation.gettext("Archive") == "Archive"
        assert translation.ngettext("%(count)s story", "%(count)s stories", 1) == "%(count)s story"
        assert translation.ngettext("%(count)s story", "%(count)s stories", 2) == "%(count)s stories"


def test_language_without_any_catalogue_is_in_english(tmp_path, settings, speaking):
    settings.LANGUAGE_CODE = "az"
    with speaking("eo"):
        assert translation.gettext("Archive") == "Archive"


def test_plural_forms_follow_the_header_of_the_file(tmp_path, speaking):
    rule = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2);"
    forms = "".join(f'msgstr[{number}] "%(count)s {word}"\n' for number, word in enumerate(("ziņa", "ziņas", "ziņu")))
    put(tmp_path, "lv", f'msgid "%(count)s story"\nmsgid_plural "%(count)s stories"\n{forms}', rule)
    with speaking("lv"):
        shown = [translation.ngettext("%(count)s story", "%(count)s stories", number) for number in (21, 2, 0)]
        assert shown == ["%(count)s ziņa", "%(count)s ziņas", "%(count)s ziņu"]


def test_site_says_some_words_of_ours_in_another_way(tmp_path, speaking):
    put(tmp_path, "ru", entry("Archive", "Подшивка"), catalogues.read(catalogues.po_path("ru"), "ru").plural_forms)
    put(tmp_path, "en", entry("Archive", "Back issues"))
    with speaking("ru", "ru", "en"):
        assert translation.gettext("Archive") == "Подшивка"
        assert translation.gettext("Search") == "Поиск"
        with translation.override("en"):
            assert translation.gettext("Archive") == "Back issues"


def test_language_of_a_country_takes_the_words_of_the_language(tmp_path, speaking):
    put(tmp_path, "de-CH", entry("Close", "Schliessen"))
    with speaking("de-ch", "de-CH"):
        assert site_catalogues.check(tmp_path, "de-CH") == []
        assert translation.gettext("Close") == "Schliessen"
        assert translation.gettext("Search") == "Suche"


@pytest.mark.parametrize(
    "entries",
    [
        entry("Search: %(query)s", "Sök: %(fråga)s"),
        entry("Search: %(query)s", "Sök", "#, fuzzy\n"),
        entry("Search: %(query)s", ""),
    ],
)
def test_translation_that_would_break_a_page_or_is_unsure_is_left_out(tmp_path, speaking, entries):
    put(tmp_path, "sv", entries)
    with speaking("sv"):
        assert translation.gettext("Search: %(query)s") % {"query": "x"} == "Search: x"


@pytest.mark.parametrize(
    "content",
    [
        b'msgid "Search"\nmsgstr "S\xf6k"\n',
        b"no catalogue at all",
        HEAD.format(rule="nplurals=2; plural=__import__('os');").encode(),
        HEAD.format(rule="nplurals=2; plural=(n);").encode(),
        HEAD.format(rule="nplurals=many; plural=(n != 1);").encode(),
        HEAD.format(rule="nplurals=2; plural=(n%0);").encode(),
        HEAD.format(rule=TWO).replace("utf-8", "no-such-thing").encode() + b'\nmsgid "Search"\nmsgstr "S\xc3\xb6k"\n',
    ],
)
def test_file_that_cannot_be_read_leaves_what_was_compiled_last(tmp_path, content):
    path = put(tmp_path, "sv", entry("Search", "Sök"))
    assert site_catalogues.compile_all(tmp_path, ["sv"]) == []
    compiled = site_catalogues.compiled_folder(tmp_path) / "sv" / "LC_MESSAGES" / "django.mo"
    before = compiled.read_bytes()
    path.write_bytes(content)
    (complaint,) = site_catalogues.compile_all(tmp_path, ["sv"])
    assert complaint.startswith(f"{path} cannot be read: ") and compiled.read_bytes() == before
    assert site_catalogues.check(tmp_path, "sv") == [complaint]


def test_catalogue_that_is_taken_out_says_nothing_any_more(tmp_path, speaking):
    path = put(tmp_path, "ru", entry("Archive", "Подшивка"), catalogues.read(catalogues.po_path("ru")).plural_forms)
    speaking("ru")
    path.unlink()
    with speaking("ru"):
        assert translation.gettext("Archive") == "Архив"


def test_catalogue_is_begun_and_brought_in_step_without_losing_what_is_translated(tmp_path):
    path = site_catalogues.begin(tmp_path, "sv", newsroom=False)
    known = catalogues.by_key(catalogues.read(path, "sv"))
    assert known.keys() == catalogues.by_key(catalogues.template(newsroom=False)).keys()
    put(tmp_path, "sv", entry("Search", "Sök") + entry("Gone long ago", "Borta"))
    site_catalogues.begin(tmp_path, "sv", newsroom=True)
    found = catalogues.read(path, "sv")
    assert found.get("Search").string == "Sök" and found.get("Gone long ago") is None and "pull quote" in found
    # Whoever has words of the newsroom keeps all of them without saying so again.
    site_catalogues.begin(tmp_path, "sv", newsroom=False)
    assert "pull quote" in catalogues.read(path, "sv")


def test_word_for_something_that_is_no_language_is_refused(tmp_path):
    with pytest.raises(BadCatalogue, match="'xx' is not a language code"):
        site_catalogues.begin(tmp_path, "xx", newsroom=False)


def test_check_names_what_is_missing_of_the_readers_words(tmp_path):
    put(tmp_path, "sv", entry("Search", "Sök"))
    lines = site_catalogues.check(tmp_path, "sv")
    assert "missing: 'Archive'" in lines and "missing: 'pull quote'" not in lines and "missing: 'Search'" not in lines
    assert site_catalogues.check(tmp_path, "ru") == []
    assert site_catalogues.check(tmp_path, "eo") == ["no catalogue: everything is in English (eo.po is missing)"]


def test_whole_translation_has_nothing_to_do(tmp_path):
    path = site_catalogues.begin(tmp_path, "sv", newsroom=False)
    with path.open("rb") as file:
        catalogue = read_po(file, locale="sv")
    for message in catalogues.by_key(catalogue).values():
        message.string = message.id
    catalogues.write(path, catalogue)
    assert site_catalogues.check(tmp_path, "sv") == []


def test_broadsheet_check_warns_of_words_that_are_missing(tmp_path):
    config = dataclasses.replace(settings.CONFIG, directory=tmp_path, languages=("en", "sv"))
    (finding,) = (one for one in deployment.find(config) if one.id == "broadsheet.W030")
    assert "sv" in finding.msg and "languages begin sv" in finding.hint


def test_commands_begin_check_and_compile(tmp_path):
    founding.make_folder(tmp_path / "site", {"languages": ("en",)})
    runner, where = CliRunner(), ["--dir", str(tmp_path / "site")]
    begun = runner.invoke(broadsheet, ["languages", "begin", "sv", *where])
    assert begun.exit_code == 0 and "sv.po" in begun.output and "add 'sv'" in begun.output
    checked = runner.invoke(broadsheet, ["languages", "check", *where], standalone_mode=False)
    assert checked.return_value == 1 and "sv: " in checked.output and "more" in checked.output
    assert "en: nothing to do" in checked.output
    made = runner.invoke(broadsheet, ["languages", "compile", *where], standalone_mode=False)
    assert made.return_value == 0 and "sv" in made.output


@pytest.mark.slow
def test_reader_of_a_new_language_gets_its_words(tmp_path):
    """The whole way: a site with two languages, one of them not ours, founded by the command, its front rendered."""
    site = tmp_path / "site"
    env = {name: value for name, value in os.environ.items() if not name.startswith(("BROADSHEET_", "DATABASE_"))}
    env |= {"PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "", "BROADSHEET_DIR": str(site)}
    founding.make_folder(site, {"languages": ("az", "sv")})
    put(site, "sv", entry("Search", "Sök") + entry("Nothing has been published here yet.", "Inget har publicerats."))
    page = (
        "from broadsheet.rendering.render import render; from broadsheet.rendering.finished import PageRequest;"
        "print(render(PageRequest('/sv/', {})).body.decode())"
    )
    for command in (["upgrade"], ["manage", "shell", "-v", "0", "-c", page]):
        done = subprocess.run(
            [sys.executable, "-m", "broadsheet", command[0], *command[1:]],
            env=env, capture_output=True, text=True, timeout=300, check=True,
        )  # fmt: skip
    assert '<html lang="sv" dir="ltr"' in done.stdout
    assert "Inget har publicerats." in done.stdout and "Arxiv" not in done.stdout and "Archive" in done.stdout
