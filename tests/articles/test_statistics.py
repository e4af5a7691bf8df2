"""SQLite is told which index is the better one."""

import pytest
from django.db import connection

from broadsheet.articles import statistics
from tests import factories


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_tables_of_a_new_site_are_analysed(section):
    for number in range(3):
        factories.make_article(section, f"Story {number}")
    statistics.refresh()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'articles_published'")
        assert cursor.fetchone()[0] > 0


def test_it_may_be_done_again(db):
    statistics.refresh()
    statistics.refresh()
