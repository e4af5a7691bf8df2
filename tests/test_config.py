"""Settings come from one file and the environment, each checked, each with a message that names it."""

from pathlib import Path

import pytest

from broadsheet import config
from broadsheet.config import ConfigError, load


def write(directory: Path, text: str) -> Path:
    (directory / config.SETTINGS_FILE).write_text(text, encoding="utf-8")
    return directory


def test_defaults_hold_where_nothing_is_set(tmp_path):
    found = load(tmp_path, {})
    assert (found.site_url, found.languages, found.page_size) == ("http://localhost:8000", ("en",), 24)
    assert found.directory == tmp_path and found.default_language == "en" and found.zone.key == "Asia/Baku"


def test_environment_wins_over_file(tmp_path):
    write(tmp_path, 'page_size = 10\nlanguages = ["az", "en", "az"]\n')
    found = load(tmp_path, {"BROADSHEET_PAGE_SIZE": "12", "DATABASE_URL": "postgres://db/x"})
    assert (found.page_size, found.languages, found.database_url) == (12, ("az", "en"), "postgres://db/x")


def test_prefixed_database_url_wins_over_the_common_one(tmp_path):
    found = load(tmp_path, {"BROADSHEET_DATABASE_URL": "postgres://a/b", "DATABASE_URL": "postgres://c/d"})
    assert found.database_url == "postgres://a/b"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("page_size = ", "is not valid TOML"),
        ("pagesize = 3", "unknown setting: pagesize"),
        ("page_size = 0", "page_size .* whole number of 1 or more"),
        ("page_size = true", "page_size .* whole number"),
        ('page_size = "many"', "page_size .* whole number"),
        ("reader_port = 70000", "at most 65535"),
        ('site_url = "news.example"', "site_url .* must be an origin"),
        ('site_url = "https://news.example/path"', "site_url .* without a path"),
        ('time_zone = "Mars/Olympus"', "time_zone .* must be a time zone"),
        ("languages = []", "languages .* at least one"),
        ('languages = ["e/n"]', "languages .* language codes"),
        ("languages = [3]", "languages .* must be text"),
        ('debug = "perhaps"', "debug .* true or false"),
        ('email_url = "mail.example"', "email_url .* must be smtp"),
    ],
)
def test_wrong_value_is_refused_with_its_name(tmp_path, text, message):
    with pytest.raises(ConfigError, match=message):
        load(write(tmp_path, text), {})


def test_message_about_a_secret_does_not_tell_it(tmp_path):
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, {"BROADSHEET_EMAIL_URL": "http://user:hunter2@mail.example"})
    assert "hunter2" not in str(refused.value)


def test_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / config.SETTINGS_FILE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not valid TOML"):
        load(tmp_path, {})


def test_every_option_has_help_and_a_default_that_is_valid():
    for option in config.OPTIONS:
        assert option.help.endswith(".") and option.parse(option.default) == option.default, option.name


def test_choices_of_single_languages_come_as_a_list_or_a_table(tmp_path):
    write(tmp_path, 'numerals = ["ar=arab"]\nslug_letters = ["az:X=kh"]\n[calendars]\nfa = "persian"\n')
    found = load(tmp_path, {"BROADSHEET_SCRIPT_VARIANTS": "az-Cyrl, sr-Latn", "BROADSHEET_OWN_SCRIPT_SLUGS": ""})
    assert (found.numerals, found.calendars) == ((("ar", "arab"),), (("fa", "persian"),))
    assert found.slug_letters == (("az", "x", "kh"),)
    assert (found.script_variants, found.own_script_slugs) == (("az-Cyrl", "sr-Latn"), ())


@pytest.mark.parametrize(
    "text",
    ['numerals = ["ar"]', 'calendars = ["=persian"]', 'slug_letters = ["x=kh"]', 'slug_letters = ["az:x=Kh!"]',
     'script_variants = ["Azerbaijani"]', 'own_script_slugs = "fa;ka"'],
)  # fmt: skip
def test_wrong_choices_of_single_languages_are_refused(tmp_path, text):
    with pytest.raises(ConfigError, match="must hold"):
        load(write(tmp_path, text), {})
