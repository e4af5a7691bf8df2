"""A site's settings file, where a site listens, and how progress is told."""

import stat
import tomllib

import pytest

from broadsheet import config
from broadsheet.cli import founding, progress, sites
from broadsheet.cli.errors import CommandError


@pytest.fixture(autouse=True)
def own_environment(monkeypatch):
    """What is set for the processes that a site starts is forgotten after the test."""
    for name in (
        "DIR",
        "SITE_URL",
        "NEWSROOM_URL",
        "READER_PORT",
        "NEWSROOM_PORT",
        "LISTEN",
        "LANGUAGES",
        "SECRET_KEY",
    ):
        # Set, then deleted: so that whatever the test leaves is undone.
        monkeypatch.setenv(f"BROADSHEET_{name}", "")
        monkeypatch.delenv(f"BROADSHEET_{name}")
    monkeypatch.delenv("DATABASE_URL", raising=False)


def test_new_site_has_a_key_of_its_own_that_nobody_else_can_read(tmp_path):
    one = founding.make_folder(tmp_path / "one", {"languages": ("az", "en")})
    two = founding.make_folder(tmp_path / "two", {})
    assert one.languages == ("az", "en") and len(one.secret_key) > 50 and one.secret_key != two.secret_key
    assert stat.S_IMODE((tmp_path / "one" / "broadsheet.toml").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "one").stat().st_mode) == 0o700


def test_settings_file_shows_every_option_with_its_help(tmp_path):
    founding.make_folder(tmp_path / "site", {})
    text = (tmp_path / "site" / "broadsheet.toml").read_text()
    for option in config.OPTIONS:
        assert f"# {option.help}\n" in text and f"{option.name} = " in text
    uncommented = "\n".join(line.removeprefix("# ") if " = " in line else line for line in text.splitlines())
    assert set(tomllib.loads(uncommented)) >= {option.name for option in config.OPTIONS}


def test_second_making_keeps_what_is_there(tmp_path):
    first = founding.make_folder(tmp_path, {})
    assert founding.make_folder(tmp_path, {"page_size": 3}) == first


def test_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "thesis.odt").touch()
    with pytest.raises(CommandError, match=r"holds other things \(thesis\.odt\)"):
        founding.make_folder(tmp_path, {})
    with pytest.raises(CommandError, match="is a file"):
        founding.make_folder(tmp_path / "thesis.odt", {})
    assert not (tmp_path / "broadsheet.toml").exists()


def test_chosen_port_moves_the_addresses_of_a_local_site_only(tmp_path):
    local = sites.listen_at(founding.make_folder(tmp_path / "local", {}), 8123, 8124, "0.0.0.0")
    assert (local.site_url, local.newsroom_url) == ("http://localhost:8123", "http://localhost:8124")
    assert (local.reader_port, local.newsroom_port, local.listen) == (8123, 8124, "0.0.0.0")


def test_chosen_port_leaves_the_address_of_a_real_site(tmp_path):
    made = founding.make_folder(tmp_path / "real", {"site_url": "https://news.example"})
    assert sites.listen_at(made, 8123, None, None).site_url == "https://news.example"


def test_progress_is_a_few_plain_lines_where_there_is_no_terminal(capsys):
    with progress.showing() as report:
        for done in range(1, 101):
            report("Stories", done, 100)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Stories: 1 of 100" and lines[-1] == "Stories: 100 of 100" and len(lines) == 5
