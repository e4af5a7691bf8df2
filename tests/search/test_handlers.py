"""Events reach the index late, twice, or after another change."""

import io

from django.core.management import call_command

from broadsheet.articles.projection import PublishedArticle
from broadsheet.events import ArticlePublished, ArticleRetracted
from broadsheet.search import backends, handlers
from tests import factories


def found(text):
    return [hit.article_id for hit in backends.current().query("en", text, 1, 10).hits]


def events_of(article, section):
    return ArticlePublished(article.pk, "en", section.pk, True), ArticleRetracted(article.pk, "en", section.pk)


def test_delivering_twice_changes_nothing(section):
    article = factories.make_article(section, title="Comet")
    published, _ = events_of(article, section)
    handlers.index_article(published)
    handlers.index_article(published)
    assert found("comet") == [article.pk]


def test_late_publication_of_a_retracted_story_does_not_bring_it_back(section):
    article = factories.make_article(section, title="Comet")
    published, retracted = events_of(article, section)
    article.unpublish()
    handlers.drop_article(retracted)
    handlers.index_article(published)
    assert found("comet") == []


def test_late_retraction_of_a_story_that_is_public_again_keeps_it(section):
    article = factories.make_article(section, title="Comet")
    published, retracted = events_of(article, section)
    handlers.index_article(published)
    handlers.drop_article(retracted)
    assert found("comet") == [article.pk]


def test_rebuilding_indexes_what_is_published_and_nothing_else(section):
    kept = factories.make_article(section, title="Comet of the year")
    gone = factories.make_article(section, title="Comet withdrawn")
    factories.make_article(section, title="Comet in a drawer", publish=False)
    for row in PublishedArticle.objects.all():
        backends.current().index(row)
    gone.unpublish()
    backends.current().drop(kept.pk)
    output = io.StringIO()
    call_command("rebuild_search", stdout=output)
    assert found("comet") == [kept.pk]
    assert "1 articles" in output.getvalue()
