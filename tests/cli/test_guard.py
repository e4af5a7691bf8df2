"""Every error is one line on standard error and an exit code, and what is unexpected is kept for repair."""

import errno

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import OperationalError

from broadsheet.cli import guard, verbs
from broadsheet.config import ConfigError
from broadsheet.outbox.errors import DeliveryError


def run(capsys, *arguments: str) -> tuple[int, list[str]]:
    code = guard.run(arguments)
    return code, capsys.readouterr().err.splitlines()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nonsense"], 2, "No such command 'nonsense'"),
        (["serve", "--prt", "1"], 2, "No such option '--prt'"),
        (["serve", "--port", "many"], 2, "'many' is not a valid integer"),
        (["serve", "--port", "70000"], 2, "70000 is not in the range"),
        (["init"], 2, "Missing argument 'DIRECTORY'"),
        (["import", "ghost"], 2, "No such command 'ghost'"),
        (["serve", "--dir", "/nonexistent/site"], 1, "there is no folder /nonexistent/site"),
        (["import", "wxr", "/nonexistent.xml"], 1, "there is no file /nonexistent.xml"),
    ],
)
def test_wrong_words_are_answered_with_one_line(capsys, arguments, code, words):
    assert run(capsys, *arguments)[0] == code
    _, lines = run(capsys, *arguments)
    assert len(lines) == 1 and lines[0].startswith("broadsheet: ") and words in lines[0]


def test_folder_that_is_no_site_is_refused(capsys, tmp_path):
    for verb in ("serve", "check", "upgrade", "edge", "renderer", "newsroom", "relay", "manage"):
        code, lines = run(capsys, verb, "--dir", str(tmp_path))
        assert code == 1 and len(lines) == 1 and "is not a site's folder" in lines[0], verb
    file = tmp_path / "file"
    file.touch()
    assert "is not a folder" in run(capsys, "serve", "--dir", str(file))[1][0]


def test_settings_that_cannot_be_read_are_named(capsys, tmp_path):
    (tmp_path / "broadsheet.toml").write_text("page_size = ")
    code, lines = run(capsys, "serve", "--dir", str(tmp_path))
    assert code == 1 and "broadsheet.toml is not valid TOML" in lines[0]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConfigError("page_size must be a number"), "page_size must be a number"),
        (ImproperlyConfigured("the secret key is empty"), "the secret key is empty"),
        (DeliveryError("there is no such export"), "there is no such export"),
        (OSError(errno.ENOSPC, "No space left on device", "/data/x"), "the disk is full: /data/x"),
        (PermissionError(errno.EACCES, "Permission denied", "/data/x"), "no permission: /data/x"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "/x"), "no such file or directory: /x"),
        (OperationalError("database is locked"), "the database is locked by another program"),
        (OperationalError("database or disk is full"), "the disk is full"),
        (OperationalError("attempt to write a readonly database"), "no permission to write to the database"),
        (OperationalError("no such table: x"), "run: broadsheet upgrade"),
        (OperationalError("connection failed: refused\nIs the server running?"), "connection failed: refused"),
    ],
)
def test_trouble_of_the_world_is_explained(error, words):
    explained = guard.explain(error)
    assert explained is not None and words in explained and "\n" not in explained


def test_fault_of_ours_is_kept_with_its_traceback(capsys, tmp_path, monkeypatch):
    def fail(*args: object, **more: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setenv("BROADSHEET_DIR", str(tmp_path))
    monkeypatch.setattr(verbs.broadsheet, "main", fail)
    code, lines = run(capsys, "serve")
    assert code == 1 and len(lines) == 1 and "RuntimeError: two" in lines[0] and "Traceback" not in lines[0]
    assert "Traceback" in (tmp_path / "log" / "broadsheet.log").read_text()


def test_help_and_version_are_no_errors(capsys):
    assert guard.run(["--version"]) == 0 and guard.run(["serve", "--help"]) == 0
    assert "Traceback" not in capsys.readouterr().err
