"""A database that is older or newer than the code is told apart from one that is in step."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from broadsheet.cli import databases
from broadsheet.cli.errors import DatabaseNewer, DatabaseOlder


def test_database_in_step_is_accepted(db, tmp_path):
    databases.check_in_step(tmp_path)


def test_older_database_is_refused_with_the_command_to_run(db, tmp_path):
    MigrationRecorder.Migration.objects.filter(app="outbox").delete()
    with pytest.raises(DatabaseOlder, match="broadsheet upgrade --dir"):
        databases.check_in_step(tmp_path)


def test_newer_database_is_refused_with_what_is_unknown(db, tmp_path):
    MigrationRecorder(connection).record_applied("articles", "9999_from_the_future")
    with pytest.raises(DatabaseNewer, match=r"articles\.9999_from_the_future"):
        databases.check_in_step(tmp_path)


def test_left_over_rows_of_removed_applications_do_not_matter(db, tmp_path):
    MigrationRecorder(connection).record_applied("no_such_application", "0001_initial")
    databases.check_in_step(tmp_path)
