"""The published projection follows every publish, change, move and retraction."""

from broadsheet.articles.projection import PublishedArticle, RetiredAddress
from broadsheet.outbox import services as outbox
from broadsheet.outbox.models import OutboxEvent
from tests import factories


def test_published_article_has_its_row_links_and_event(section):
    author, topic = factories.make_author(), factories.make_topic()
    article = factories.make_article(section, authors=[author], topics=[topic], picture=factories.make_image())
    row = PublishedArticle.objects.get()
    assert (row.headline, row.slug, row.language) == ("Ferries run again", "ferries-run-again", "en")
    assert row.body == [{"kind": "html", "html": '<div class="text"><p>The harbour is open.</p></div>'}]
    assert row.picture["crops"][0]["url"].startswith("/pictures/")
    assert [link.author for link in row.publishedauthors.all()] == [author]
    assert OutboxEvent.objects.filter(kind="ArticlePublished", payload__article_id=article.pk).count() == 1


def test_draft_changes_stay_out_of_the_projection(section):
    article = factories.make_article(section)
    article.title = "CANARY"
    article.save_revision()
    assert PublishedArticle.objects.get().headline == "Ferries run again"


def test_retracted_article_leaves_the_projection_and_its_address_is_remembered(section):
    article = factories.make_article(section)
    article.unpublish()
    assert not PublishedArticle.objects.exists()
    assert RetiredAddress.objects.get().path == "/en/world/ferries-run-again/"


def test_outbox_delivers_everything_recorded(section):
    factories.make_article(section)
    outbox.deliver_all()
    assert not OutboxEvent.objects.filter(delivered_at=None).exists()
