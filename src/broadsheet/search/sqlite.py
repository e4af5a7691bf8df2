"""The index in SQLite: FTS5 with the story's id as its row id (sqlite.org/fts5.html)."""

from __future__ import annotations

from django.db import connection, transaction

from broadsheet.articles.projection import PublishedArticle

from .database import DatabaseIndex
from .index import MOST_HITS, fields_of, is_beginning

# A word in the headline counts eight times, in the lead three times as much as one in the body; the language nothing.
_RANK = "bm25(search_article, 0.0, 8.0, 3.0, 1.0)"
_CANDIDATES = f"""
    SELECT rowid AS id, {_RANK} AS rank FROM search_article WHERE search_article MATCH %s ORDER BY 2 LIMIT {MOST_HITS}
"""  # noqa: S608


class SQLiteIndex(DatabaseIndex):
    """Implements `index.SearchIndex`."""

    key = "rowid"
    every, either = " AND ", " OR "

    def condition(self, word: str) -> str:
        """The whole word counts once more than one that only begins like it."""
        return f'("{word}" OR "{word}"*)' if is_beginning(word) else f'"{word}"'

    def candidates(self, condition: str, language: str) -> tuple[str, list[str]]:
        words = f'language : "{_token(language)}" AND {{headline lead body}} : ({condition})'
        return _CANDIDATES, [words]

    def index(self, row: PublishedArticle) -> None:
        columns = [" ".join(field) for field in fields_of(row)]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM search_article WHERE rowid = %s", [row.pk])
            cursor.execute(
                "INSERT INTO search_article (rowid, language, headline, lead, body) VALUES (%s, %s, %s, %s, %s)",
                [row.pk, _token(row.language), *columns],
            )


def _token(language: str) -> str:
    """The language's code as one word."""
    return "".join(letter for letter in language.lower() if letter.isalnum())
