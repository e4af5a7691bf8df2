"""What the indexes inside the two databases have in common: one table, asked together with the projection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.db import connection

from broadsheet.articles.projection import PublishedArticle

from . import snippets
from .index import Found, Hit, wanted_words

# The order of joins is fixed (SQLite keeps that of CROSS JOIN): first what matches, then whether it is published.
_PUBLISHED = """
    SELECT p.article_id FROM ({candidates}) x CROSS JOIN articles_published p CROSS JOIN wagtailcore_page s
    WHERE p.article_id = x.id AND p.language = %s AND s.id = p.section_id AND s.live
    ORDER BY x.rank, p.published_at DESC, p.article_id DESC
"""


class DatabaseIndex:
    """All of `index.SearchIndex` but `index`; the subclass says how its table is asked."""

    key: ClassVar[str]
    every: ClassVar[str]
    either: ClassVar[str]

    def condition(self, word: str) -> str:
        """The engine's condition for a folded word or, where `index.is_beginning`, for what begins with it."""
        raise NotImplementedError

    def candidates(self, condition: str, language: str) -> tuple[str, list[str]]:
        """A query, with its parameters, for `id` and `rank` (the lowest is best) of at most `index.MOST_HITS` rows."""
        raise NotImplementedError

    def drop(self, article_id: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM search_article WHERE {self.key} = %s", [article_id])  # noqa: S608

    def drop_unpublished(self) -> None:
        published = "SELECT article_id FROM articles_published"
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM search_article WHERE {self.key} NOT IN ({published})")  # noqa: S608

    def query(self, language: str, text: str, page: int, size: int) -> Found:
        wanted = wanted_words(language, text)
        ids = self._find(self.every, wanted, language)
        if not ids and len(wanted) > 1:
            ids = self._find(self.either, wanted, language)
        shown = ids[(page - 1) * size : page * size]
        return Found(_describe(shown, wanted, language), len(ids))

    def _find(self, operator: str, wanted: Sequence[str], language: str) -> list[int]:
        """The ids of all published stories that match, the best first."""
        if not wanted:
            return []
        condition = operator.join(self.condition(word) for word in wanted)
        candidates, parameters = self.candidates(condition, language)
        with connection.cursor() as cursor:
            cursor.execute(_PUBLISHED.format(candidates=candidates), [*parameters, language])
            return [row[0] for row in cursor.fetchall()]


def _describe(article_ids: Sequence[int], wanted: Sequence[str], language: str) -> tuple[Hit, ...]:
    """The articles in the given order, each with its snippet made from what is published of it now."""
    rows = PublishedArticle.objects.filter(pk__in=article_ids).only("lead", "body_text").in_bulk()
    return tuple(
        Hit(one, snippets.make([rows[one].lead, rows[one].body_text], wanted, language))
        for one in article_ids
        if one in rows
    )
