"""The index in PostgreSQL: a weighted tsvector with a GIN index (postgresql.org/docs/current/textsearch.html).

The vector is written out here, word by word, and not made by `to_tsvector`: the words are folded and split already, and
both databases find the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from broadsheet.articles.projection import PublishedArticle

from .database import DatabaseIndex
from .index import MOST_HITS, fields_of, is_beginning

# Positions above this are all the same to PostgreSQL, and it keeps no more than so many of one word.
_LAST_POSITION = 16_383
_MOST_POSITIONS = 255


# Weights of D, C (body), B (lead) and A (headline): one, three and eight times; long stories count a little less.
_RANK = "ts_rank_cd('{0, 0.125, 0.375, 1}', found.vector, asked.words, 1)"
# Ranking reads whole vectors: of a very common word only the newest stories are ranked.
_CANDIDATES = f"""
    SELECT found.article_id AS id, -{_RANK} AS rank
    FROM (
        SELECT article_id, vector FROM search_article
        WHERE vector @@ %s::tsquery AND language = %s ORDER BY article_id DESC LIMIT {MOST_HITS}
    ) found CROSS JOIN (SELECT %s::tsquery AS words) asked
"""  # noqa: S608


class PostgreSQLIndex(DatabaseIndex):
    """Implements `index.SearchIndex`."""

    key = "article_id"
    every, either = " & ", " | "

    def condition(self, word: str) -> str:
        return f"'{word}':*" if is_beginning(word) else f"'{word}'"

    def candidates(self, condition: str, language: str) -> tuple[str, list[str]]:
        return _CANDIDATES, [condition, language, condition]

    def index(self, row: PublishedArticle) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO search_article (article_id, language, vector) VALUES (%s, %s, %s::tsvector) "
                "ON CONFLICT (article_id) DO UPDATE SET language = excluded.language, vector = excluded.vector",
                [row.pk, row.language, _vector(fields_of(row))],
            )


def _vector(fields: Sequence[Sequence[str]]) -> str:
    """The words with their places and weights, as PostgreSQL reads a tsvector: `'harbour':1A,7C`."""
    places: dict[str, list[str]] = {}
    position = 0
    for weight, field in zip("ABC", fields, strict=True):
        for word in field:
            position = min(position + 1, _LAST_POSITION)
            known = places.setdefault(word, [])
            if len(known) < _MOST_POSITIONS:
                known.append(f"{position}{weight}")
    return " ".join(f"'{word}':{','.join(known)}" for word, known in places.items())
