"""What search does when published things change. Each may run twice, late, or after another change."""

from __future__ import annotations

from broadsheet.articles.projection import PublishedArticle
from broadsheet.events import ArticlePublished, ArticleRetracted

from . import backends


def index_article(event: ArticlePublished) -> None:
    """Index what is published of the article now; forget it where nothing is any more."""
    _follow_projection(event.article_id)


def drop_article(event: ArticleRetracted) -> None:
    """Forget the article, unless it was published again meanwhile."""
    _follow_projection(event.article_id)


def _follow_projection(article_id: int) -> None:
    row = PublishedArticle.objects.filter(pk=article_id).first()
    if row is None:
        backends.current().drop(article_id)
    else:
        backends.current().index(row)
