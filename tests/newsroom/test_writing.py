"""Writing a story in the editor: every block, slugs, headlines, limits, autosave, compare, comments, locks."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from broadsheet.articles.models import ArticlePage
from broadsheet.articles.projection import PublishedArticle, RetiredAddress
from broadsheet.articles.slugs import dated
from broadsheet.outbox import services as outbox
from tests import factories
from tests.newsroom import people
from tests.newsroom.people import act


@pytest.fixture
def desk(section_editor):
    """The section editor's browser."""
    return people.sign_in(section_editor)


def errors_of(response):
    assert response.status_code == 200
    return {name: " ".join(errors) for name, errors in response.context["form"].errors.items()}


def picture(image, caption=""):
    return nested_form_data({"image": str(image.pk), "alt": "A harbour", "caption": caption})


def items(*values):
    """A list block's form, from plain values or dicts."""
    found = {"count": str(len(values))}
    for number, value in enumerate(values):
        found |= {str(number): {"value": value, "deleted": "", "order": str(number), "type": "item"}}
    return found


def all_blocks(image, other):
    """One of each block."""
    shown = {"image": str(image.pk), "alt": "A harbour", "caption": "In May"}
    table = {
        "column-count": "2", "row-count": "1", "caption": "Crossings",
        "column-0-type": "text", "column-0-heading": "Month", "column-0-order": "0", "column-0-deleted": "",
        "column-1-type": "number", "column-1-heading": "Ships", "column-1-order": "1", "column-1-deleted": "",
        "row-0-order": "0", "row-0-deleted": "", "cell-0-0": "May", "cell-0-1": "12",
    }  # fmt: skip
    return [
        ("text", rich_text("<p>The harbour is open.</p>")),
        ("quote", {"text": "We sail", "speaker": "A captain", "role": "master", "source": "radio", "source_url": ""}),
        ("pull_quote", {"text": "We sail", "attribution": ""}),
        ("image", shown),
        ("gallery", {"title": "Ships", "pictures": items(shown, shown)}),
        ("embed", {"url": "https://youtu.be/dQw4w9WgXcQ", "caption": "A film"}),
        ("table", table),
        ("list", {"title": "", "style": "numbered", "items": items("one", "two")}),
        ("fact_box", {"title": "Ferries", "text": rich_text("<p>Old ones.</p>")}),
        ("related", {"title": "", "articles": items(str(other.pk))}),
        ("attribution", {"outlet": "Caliber.Az", "url": "https://caliber.az/"}),
        ("correction", {"date": "2026-03-02 12:00", "text": "Twelve ships, not ten."}),
    ]


def test_story_with_every_block_is_saved_and_published(desk, section):
    other = factories.make_article(section, "Another story")
    author, topic = factories.make_author(), factories.make_topic()
    people.create(
        desk,
        section,
        body=all_blocks(factories.make_image(), other),
        bylines=inline_formset([{"author": str(author.pk)}]),
        topic_links=inline_formset([{"topic": str(topic.pk)}]),
        related_links=inline_formset([{"story": str(other.pk)}]),
        **{"action-publish": "1"},
    )
    row = PublishedArticle.objects.get(headline="Ferries run again")
    html = " ".join(part.get("html", "") for part in row.body)
    for words in (
        "We sail",
        "A captain",
        "In May",
        "Ships",
        "youtube-nocookie",
        "May",
        "two",
        "Old ones",
        "Caliber.Az",
    ):
        assert words in html
    assert row.related == [other.pk] and [part["kind"] for part in row.body] == ["html", "related", "html"]
    assert row.corrections[0]["text"] == "Twelve ships, not ten."


def test_editor_opens_with_everything_a_story_may_hold(desk, section):
    article = factories.make_article(section, body=[("text", "<p>Open.</p>")])
    page = desk.get(act("edit", article.pk)).content.decode()
    assert 'name="title"' in page and "w-sync" not in page.split('name="title"')[1].split(">")[0]
    assert "w-slug" not in page


@pytest.mark.parametrize(
    ("language", "headline", "slug"),
    [
        ("hy", "Նավերը կրկին լողում են", "navery-krkin-loghum-yen"),
        ("az", "Işıqlı gəmilər", "isiqli-gemiler"),
        ("ru", "Паромы снова ходят", "paromy-snova-khodyat"),
        ("fa", "کشتی‌ها", "kshti-ha"),
        ("en", "Feeds & search", "feeds-search"),
        ("en", "Search", "search-2"),
        ("en", "!!! ???", ""),
    ],
)
def test_slug_is_made_on_the_server_in_the_languages_own_way(db, language, headline, slug):
    front = factories.make_home(language)
    section = factories.make_section(front, "World", slug="world")
    client = people.sign_in(people.make_person("editor", ("section_editor", section)))
    people.create(client, section, headline)
    # A headline without letters gets the day.
    assert ArticlePage.objects.get().slug == (slug or dated("story"))


def test_slug_follows_the_headline_until_it_is_public_and_stays_from_then_on(desk, section):
    people.create(desk, section, "F")
    article = ArticlePage.objects.get()
    people.edit(desk, article, "Ferries run", slug=article.slug)
    article.refresh_from_db()
    assert article.slug == "ferries-run"
    people.edit(desk, article, "Ferries run", slug="ferries-run", **{"action-publish": "1"})
    for slug in ("ferries-run", ""):
        people.edit(desk, article, "Ferries run no more", slug=slug, **{"action-publish": "1"})
        article.refresh_from_db()
        assert (article.title, article.slug) == ("Ferries run no more", "ferries-run")


def test_own_slug_of_the_editor_is_kept(desk, section):
    people.create(desk, section, "Ferries run", slug="boats")
    article = ArticlePage.objects.get()
    people.edit(desk, article, "Ferries run again", slug="boats")
    article.refresh_from_db()
    assert article.slug == "boats"


def test_changed_slug_of_a_public_story_leads_on_from_the_old_address(desk, section):
    article = factories.make_article(section)
    people.edit(desk, article, slug="boats", **{"action-publish": "1"})
    retired = RetiredAddress.objects.get()
    assert (retired.path, retired.page.specific.public_path) == ("/en/world/ferries-run-again/", "/en/world/boats/")


def test_same_headline_twice_gets_two_addresses(desk, section):
    people.create(desk, section)
    people.create(desk, section)
    assert sorted(page.slug for page in ArticlePage.objects.all()) == ["ferries-run-again", "ferries-run-again-2"]


def test_retracted_address_is_not_given_to_another_story(desk, section):
    factories.make_article(section).delete()
    people.create(desk, section)
    assert ArticlePage.objects.get().slug == "ferries-run-again-2"


@pytest.mark.parametrize("slug", ["search", "en", "feed", "Наш", "a b", "../../etc", "x" * 121])
def test_slug_that_cannot_be_an_address_is_refused(desk, section, slug):
    assert "slug" in errors_of(people.create(desk, section, slug=slug))
    assert not ArticlePage.objects.exists()


def test_section_that_would_hide_the_search_is_refused(chief, home):
    form = nested_form_data(
        {"title": "Search", "slug": "search", "label": "", "description": "", "slots": inline_formset([]),
         "seo_title": "", "search_description": "", "go_live_at": "", "expire_at": "",
         "comments": inline_formset([])}
    )  # fmt: skip
    response = people.sign_in(chief).post(act("add", "articles", "sectionpage", home.pk), form)
    assert "slug" in errors_of(response)


REFUSED = [
    "",
    "   ",
    "\u200b\u2060",
    "\u202e\u2066\u2067",
    "a\0b",
    "a\x07b",
    "Z" + "\u0300" * 500,
    "a" * 256,
    "a" * 100_000,
]


@pytest.mark.parametrize("headline", REFUSED)
@pytest.mark.parametrize("action", ["", "action-publish"])
def test_bad_headline_is_refused_with_a_message(desk, section, headline, action):
    fields = {action: "1"} if action else {}
    assert errors_of(people.create(desk, section, headline, **fields))["title"]
    assert not ArticlePage.objects.exists()


@pytest.mark.parametrize(
    ("headline", "kept"),
    [
        ("مرحبا \u202eevil.exe\u202c", "مرحبا evil.exe"),
        ("line\nbreak\ttab", "line break tab"),
        ("A\u200bB\ufeffC", "ABC"),
        ("می‌رود", "می‌رود"),
        ("e\u0301te\u0301", "e\u0301te\u0301"),
        ("👩‍👩‍👧‍👦🏳️‍🌈 x", "👩‍👩‍👧‍👦🏳️‍🌈 x"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("]]> --> {{7*7}}", "]]> --> {{7*7}}"),
        ("ẞß ﬃ Ⅷ ½ 𝔅𝔯𝔬𝔞𝔡", "ẞß ﬃ Ⅷ ½ 𝔅𝔯𝔬𝔞𝔡"),
    ],
)
def test_strange_headline_is_saved_as_readers_may_see_it(desk, section, headline, kept):
    people.create(desk, section, headline, **{"action-publish": "1"})
    assert PublishedArticle.objects.get().headline == kept


def test_article_over_the_limit_is_refused_with_a_message(desk, section, settings):
    words = "<p>" + "Quote from the agency. " * 100 + "</p>"
    response = people.create(desk, section, body=[("text", rich_text(words * 1000))])
    assert "2048 KiB" in errors_of(response)["body"]
    assert not ArticlePage.objects.exists()


def test_ten_megabytes_are_refused_before_they_are_read(desk, section):
    response = people.create(desk, section, body=[("text", '{"blocks": [], "x": "' + "a" * 10_000_000 + '"}')])
    assert response.status_code == 413
    assert "2048 KiB" in response.content.decode()
    assert not ArticlePage.objects.exists()


def test_announced_size_beyond_all_limits_is_refused(client):
    assert client.post("/login/", CONTENT_LENGTH="999999999999").status_code == 413


def test_embed_of_an_unknown_host_is_refused_with_those_we_know(desk, section):
    response = people.create(desk, section, body=[("embed", {"url": "https://evil.example/v/1", "caption": ""})])
    assert "YouTube, Vimeo" in response.content.decode()
    assert not ArticlePage.objects.exists()


@pytest.mark.parametrize("address", ["ftp://x.example/a", "javascript:alert(1)"])
def test_source_that_is_not_on_the_web_is_refused(desk, section, address):
    people.create(desk, section, body=[("attribution", {"outlet": "Somebody", "url": address})])
    assert not ArticlePage.objects.exists()


def test_first_published_time_is_the_editors_to_set(desk, section):
    people.create(desk, section, first_published_at="2023-06-26 15:14", **{"action-publish": "1"})
    assert PublishedArticle.objects.get().published_at.isoformat() == "2023-06-26T11:14:00+00:00"


def test_first_published_time_in_the_future_is_refused(desk, section):
    response = people.create(desk, section, first_published_at="2099-01-01 00:00", **{"action-publish": "1"})
    assert "schedule" in errors_of(response)["first_published_at"]


def test_failing_outbox_leaves_the_article_a_draft(section_editor, section, monkeypatch):
    def fail(event):
        raise RuntimeError("no outbox")

    article = factories.make_article(section, publish=False)
    monkeypatch.setattr(outbox, "record", fail)
    client = Client(raise_request_exception=False)
    client.force_login(section_editor, backend="django.contrib.auth.backends.ModelBackend")
    response = people.edit(client, article, "Changed", **{"action-publish": "1"})
    assert response.status_code == 500 and "Nothing was changed or published" in response.content.decode()
    article.refresh_from_db()
    assert (article.live, people.latest(article).title) == (False, "Ferries run again")
    assert not PublishedArticle.objects.exists()


@pytest.mark.parametrize("failure", ["missing original", "full disk"])
def test_picture_that_cannot_be_published_stops_the_story(desk, section, failure, monkeypatch):
    image = factories.make_image("A harbour")
    if failure == "missing original":
        image.file.storage.delete(image.file.name)
    else:
        monkeypatch.setattr("pathlib.Path.write_bytes", _no_space)
    article = factories.make_article(section, publish=False)
    response = people.edit(desk, article, picture=str(image.pk), **{"action-publish": "1"})
    assert response.status_code == 500 and "A harbour" in response.content.decode()
    article.refresh_from_db()
    assert not article.live and not PublishedArticle.objects.exists()


def _no_space(*_):
    raise OSError(28, "No space left on device")


class TestAutosave:
    """Wagtail's saving in the background, with our models."""

    def save(self, client, address, title, **fields):
        return client.post(address, people.article_form(title, **fields), headers={"accept": "application/json"})

    def test_first_words_make_a_draft_and_later_ones_overwrite_it(self, reporter, section):
        client = people.sign_in(reporter)
        add = act("add", "articles", "articlepage", section.pk)
        made = json.loads(self.save(client, add, "F").content)
        article = ArticlePage.objects.get()
        saved = self.save(
            client, act("edit", article.pk), "Ferries run",
            overwrite_revision_id=str(made["revision_id"]),
            loaded_revision_created_at=made["revision_created_at"],
        )  # fmt: skip
        article.refresh_from_db()
        assert json.loads(saved.content)["success"] and article.revisions.count() == 1
        assert (article.draft_title, article.slug) == ("Ferries run", "ferries-run")

    def test_half_written_story_is_kept(self, reporter, section):
        client = people.sign_in(reporter)
        quote = {"text": "", "speaker": "A captain", "role": "", "source": "", "source_url": ""}
        half = [("embed", {"url": "", "caption": ""}), ("quote", quote)]
        add = act("add", "articles", "articlepage", section.pk)
        answer = json.loads(self.save(client, add, "Ferries", body=half).content)
        assert answer["success"]

    def test_another_session_is_not_overwritten(self, desk, section):
        article = factories.make_article(section, publish=False)
        stale = article.latest_revision_id
        people.edit(desk, article, "Newer words")
        answer = self.save(desk, act("edit", article.pk), "Older words", loaded_revision_id=str(stale))
        assert json.loads(answer.content)["error_code"] == "invalid_revision"
        assert people.latest(article).title == "Newer words"

    def test_refusal_speaks_to_the_script(self, desk, section):
        add = act("add", "articles", "articlepage", section.pk)
        answer = self.save(desk, add, "a\x07b")
        assert json.loads(answer.content)["success"] is False

    def test_it_is_switched_on_in_the_editor(self, desk, section):
        article = factories.make_article(section, publish=False)
        assert "w-autosave" in desk.get(act("edit", article.pk)).content.decode()


def test_versions_are_compared(desk, section):
    article = factories.make_article(section, publish=False)
    people.edit(desk, article, "Ferries stop", body=[("text", rich_text("<p>The harbour is closed.</p>"))])
    page = desk.get(act("revisions_compare", article.pk, "earliest", "latest")).content.decode()
    assert "closed" in page and "deletion" in page and "addition" in page


def test_older_version_is_restored(desk, section):
    article = factories.make_article(section, publish=False)
    first = article.latest_revision
    people.edit(desk, article, "Ferries stop")
    desk.post(act("revisions_revert", article.pk, first.pk), people.article_form("Ferries run again"))
    assert people.latest(article).title == "Ferries run again"


def test_comments_are_made_answered_and_resolved(section_editor, desk, reporter, section):
    article = factories.make_article(section, publish=False, owner=reporter)
    new = {"text": "Who says so?", "contentpath": "lead", "position": "", "resolved": "", "replies": inline_formset([])}
    people.edit(desk, article, comments=inline_formset([new]))
    comment = article.wagtail_admin_comments.get()
    assert (comment.text, comment.user) == ("Who says so?", section_editor)
    answer = {**new, "id": str(comment.pk), "replies": inline_formset([{"text": "The captain."}])}
    people.edit(people.sign_in(reporter), article, comments=inline_formset([answer], initial=1))
    assert comment.replies.get().text == "The captain."
    reply = {"id": str(comment.replies.get().pk), "text": "The captain."}
    done = {**answer, "resolved": "on", "replies": inline_formset([reply], initial=1)}
    people.edit(desk, article, comments=inline_formset([done], initial=1))
    comment.refresh_from_db()
    assert comment.resolved_by == section_editor


def test_locked_story_is_changed_by_its_locker_alone(desk, chief, section_editor, section):
    article = factories.make_article(section, publish=False)
    desk.post(act("lock", article.pk))
    people.edit(people.sign_in(chief), article, "Changed by the chief")
    assert people.latest(article).title == "Ferries run again"
    people.edit(desk, article, "Changed by the locker")
    assert people.latest(article).title == "Changed by the locker"
    desk.post(act("unlock", article.pk))
    people.edit(people.sign_in(chief), article, "Changed by the chief")
    assert people.latest(article).title == "Changed by the chief"


def test_view_live_leads_to_the_readers_site(desk, section, settings):
    article = factories.make_article(section)
    page = desk.get(act("edit", article.pk)).content.decode()
    assert f'href="{settings.CONFIG.site_url}/en/world/ferries-run-again/"' in page


def test_publishing_costs_a_bounded_number_of_queries(desk, section, django_assert_max_num_queries):
    article = factories.make_article(section, publish=False)
    desk.get(act("edit", article.pk))
    with django_assert_max_num_queries(160):
        people.edit(desk, article, **{"action-publish": "1"})


def test_explorer_costs_the_same_for_few_and_many(desk, section, django_assert_max_num_queries):
    for number in range(12):
        factories.make_article(section, f"Story {number}")
    address = reverse("wagtailadmin_explore", args=[section.pk])
    desk.get(address)
    with django_assert_max_num_queries(60):
        desk.get(address)
