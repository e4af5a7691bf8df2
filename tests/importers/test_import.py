"""Importing an export: what is stored, what readers see, what a second run does."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.db import connection
from PIL import Image

from broadsheet.articles.models import ArticlePage, Author, PolicyPage, SectionPage, Topic
from broadsheet.articles.projection import PublishedArticle, RetiredAddress
from broadsheet.importers.errors import LanguageNotConfigured, SiteNotReady
from broadsheet.importers.models import ImportedItem, ImportRun, MediaReference
from broadsheet.importers.wxr import Options, load, run
from broadsheet.media.models import NewsImage
from broadsheet.outbox.models import OutboxEvent
from broadsheet.rendering.finished import PageRequest
from broadsheet.rendering.render import render
from tests.importers.conftest import FOOT, HEAD, category, item, label, meta

pytestmark = pytest.mark.django_db


def article(title: str = "Ferries run again") -> ArticlePage:
    return ArticlePage.objects.get(title=title)


def location(path: str, **query: str) -> str:
    page = render(PageRequest(path, query))
    return dict(page.headers).get("Location", "").removeprefix("http://localhost:8000") if page.status == 301 else ""


def contents() -> str:
    """All that an import may change, but for numbers and moments of its own."""
    rows: list = []
    for page in ArticlePage.objects.order_by("slug", "title"):
        rows.append((page.title, page.slug, page.live, page.lead, str(page.first_published_at)))
        rows.append([[block["type"], block["value"]] for block in page.body.raw_data])
        rows.append([byline.author.name for byline in page.bylines.all()])
        rows.append([link.topic.name for link in page.topic_links.all()])
    rows += sorted(SectionPage.objects.values_list("title", "slug", "live", "depth"))
    rows += sorted(PolicyPage.objects.values_list("title", "slug", "live", "body"))
    rows += sorted(Author.objects.values_list("name", "slug")) + sorted(Topic.objects.values_list("name", "slug"))
    rows += sorted(RetiredAddress.objects.values_list("path", "target"))
    rows += sorted(MediaReference.objects.values_list("key", "url", "caption"))
    rows += sorted(PublishedArticle.objects.values_list("slug", "headline", "body_text", "published_at"))
    rows += sorted(ImportedItem.objects.values_list("key", "kind", "content_hash", "is_public", "is_finished"))
    return json.dumps(rows, default=str)


def test_a_public_post_is_read_by_everybody(site, take):
    report = take(
        category("world", "World")
        + item(1, excerpt="All lines.", extra=label("category", "world") + label("post_tag", "sea", "The sea"))
    )
    page = article()
    assert page.public_path == "/en/world/story-1/"
    assert page.first_published_at == datetime(2024, 5, 6, 8, tzinfo=UTC)
    row = PublishedArticle.objects.get(article=page)
    assert (row.headline, row.lead, row.body_text) == ("Ferries run again", "All lines.", "The harbour is open.")
    assert row.published_at == row.modified_at == datetime(2024, 5, 6, 8, tzinfo=UTC)
    assert render(PageRequest("/en/world/story-1/")).status == 200
    assert [one.author.name for one in page.bylines.all()] == ["anna"]
    assert [one.topic.name for one in page.topic_links.all()] == ["The sea"]
    assert report.total("taken") == 1
    assert OutboxEvent.objects.filter(kind="ArticlePublished").count() == 1


@pytest.mark.parametrize(
    ("fields", "change"),
    [
        ({"status": "draft"}, None),
        ({"status": "pending"}, "it waited for review"),
        ({"status": "private"}, "it was private"),
        ({"status": "future", "post_date_gmt": "2099-01-01 08:00:00"}, "it was planned"),
        ({"status": "future"}, "it was planned for a time that has passed"),
        ({"status": "publish", "post_date_gmt": "9999-12-31 23:59:59"}, "it was planned"),
        ({"status": "publish", "post_password": "sesame"}, "it was protected by a password"),
        ({"status": "strange"}, "its status is unknown"),
        ({"status": ""}, "its status is unknown"),
    ],
)
def test_what_was_not_public_stays_a_draft(site, take, fields, change):
    canary = "Xanthippe"
    extra = label("category", "xanthippe", canary) + label("post_tag", "xanthippe-tag", canary)
    report = take(
        item(1, canary, content=f"<p>{canary}</p>", creator="xanthippe", extra=extra, **fields)
        + item(2, "Public", content='<p><a href="https://old.example/?p=1">link</a></p>')
    )
    page = article(canary)
    assert not page.live
    assert page.latest_revision is not None
    assert not PublishedArticle.objects.filter(article=page).exists()
    assert not RetiredAddress.objects.filter(path__in=["/?p=1", "/2024/05/story-1/"]).exists()
    for path in ("/en/", "/en/xanthippe/", "/en/xanthippe/story-1/", "/en/author/xanthippe/", "/en/topic/xanthippe/"):
        assert canary not in render(PageRequest(path)).body.decode()
    assert render(PageRequest("/2024/05/story-1/")).status == 404
    assert "story-1" not in json.dumps(PublishedArticle.objects.get().body)
    if change:
        (account,) = [one for one in report.accounts if one.title == canary]
        assert any(one.startswith(change) for one in account.changes)
    assert "sesame" not in json.dumps(report.to_json())


def test_a_planned_story_keeps_its_time_and_is_not_approved(site, take):
    take(item(1, status="future", post_date_gmt="2099-01-01 08:00:00"))
    page = article()
    assert page.go_live_at == datetime(2099, 1, 1, 8, tzinfo=UTC)
    assert page.latest_revision.approved_go_live_at is None


def test_a_story_whose_end_is_missing_is_not_public(site, take):
    text = item(1)
    take(text[: text.index("<wp:post_date>")], foot="")
    assert not article().live


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"status": "trash"}, "it was in the trash"),
        ({"status": "auto-draft"}, "it was never saved by anybody"),
        ({"post_type": "revision", "status": "inherit"}, "an earlier version of a story"),
        ({"post_type": "nav_menu_item"}, "an entry of a menu: menus are made in the newsroom"),
        ({"post_type": "product"}, "stories of the type product are not taken"),
        ({"post_type": ""}, "it has no post type"),
    ],
)
def test_what_is_not_taken_is_named(site, take, fields, reason):
    report = take(item(1, **fields))
    assert report.skipped == {reason: 1}
    assert report.accounts[0].line == HEAD.count("\n") + 1
    assert not ArticlePage.objects.exists()


def test_comments_are_counted(site, take):
    comment = "<wp:comment><wp:comment_author_email>a@b.example</wp:comment_author_email></wp:comment>"
    report = take(item(1, extra=comment * 3))
    assert report.counts["comment"]["comment"] == {"skipped": 3}


def test_sections_follow_the_categories_and_others_become_topics(site, take):
    terms = category("world", "World") + category("asia", "Asia &amp; Pacific", "world") + category("sport", "Sport")
    take(terms + item(1, extra=label("category", "sport") + label("category", "asia") + label("category", "world")))
    page = article()
    assert page.section.title == "Asia & Pacific"
    assert page.section.get_parent().title == "World"
    assert [one.topic.name for one in page.topic_links.all()] == ["Sport"]


def test_a_primary_category_is_the_section(site, take):
    terms = category("world", "World", number=4) + category("asia", "Asia", "world", 5)
    extra = label("category", "asia") + label("category", "world") + meta("_yoast_wpseo_primary_category", "4")
    take(terms + item(1, extra=extra))
    assert article().section.title == "World"


def test_categories_in_a_circle_end(site, take):
    take(category("a", "A", "b") + category("b", "B", "a") + item(1, extra=label("category", "a")))
    assert article().section.title == "A"


def test_a_story_without_a_category_goes_to_one_section(site, take):
    take(item(1) + item(2, "Other", extra=label("category", "uncategorized")))
    assert {page.section.title for page in ArticlePage.objects.all()} == {"News"}
    assert SectionPage.objects.count() == 1


def test_the_section_for_stories_without_a_category_can_be_named(site, take):
    take(item(1), section="Archive of 2024")
    assert article().section.title == "Archive of 2024"


def test_a_section_of_the_newsroom_is_used(site, take):
    section = SectionPage(title="World news", slug="world", locale=site["en"].locale)
    site["en"].add_child(instance=section)
    section.save_revision().publish()
    take(category("world", "World") + item(1, extra=label("category", "world")))
    assert article().section.pk == section.pk


def test_a_section_never_hides_an_address_of_the_site(site, take):
    take(category("search", "Search") + item(1, extra=label("category", "search")))
    assert article().section.slug == "search-2"


def test_a_section_only_for_drafts_is_not_public(site, take):
    take(category("secret", "Secret") + item(1, status="draft", extra=label("category", "secret")))
    assert not SectionPage.objects.get(slug="secret").live


def test_several_authors_are_named_in_order(site, take):
    guest = item(
        9, "Guest", post_type="guest-author", extra=meta("cap-user_login", "guest") + meta("cap-display_name", "Gül Ay")
    )
    take(guest + item(1, extra=label("author", "cap-guest") + label("author", "cap-anna")))
    assert [one.author.name for one in article().bylines.all()] == ["Gül Ay", "anna"]
    assert Author.objects.get(name="Gül Ay").kind == "guest"


def test_an_e_mail_address_as_login_is_not_shown(site, take):
    take(item(1, creator="anna.reed@mail.example"))
    assert article().bylines.get().author.name == "anna.reed"


FEED_DATE = "<pubDate>Mon, 06 May 2024 10:00:00 +0200</pubDate>"


@pytest.mark.parametrize(
    ("fields", "moment"),
    [
        ({"post_date_gmt": "0000-00-00 00:00:00"}, datetime(2024, 5, 6, 8, tzinfo=UTC)),
        ({"post_date_gmt": "", "post_date": "", "extra": FEED_DATE}, datetime(2024, 5, 6, 8, tzinfo=UTC)),
        ({"post_date_gmt": "nonsense", "post_date": "2024-13-77 00:00:00"}, datetime(2026, 3, 2, 12, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_dates_are_read_in_their_zone(site, take, fields, moment):
    take(item(1, **fields))
    assert article().first_published_at == moment


def test_a_post_without_a_headline_gets_its_first_words(site, take):
    take(item(1, "", post_name=""))
    assert article("The harbour is open.").slug == "the-harbour-is-open"


@pytest.mark.parametrize(
    "title",
    [
        "<script>alert(1)</script>",
        "\u202eevil\u202c",
        "Z" + "\u0300" * 500,
        "x" * 300_000,
        "a \u0000 b",
        "\u2066\u2067",
        "]]>",
    ],
)
def test_strange_headlines_are_shown_safely(site, take, title):
    take(item(1, title.replace("\0", "&#0;")))
    page = ArticlePage.objects.get()
    assert page.title
    assert len(page.title) <= 255
    body = render(PageRequest(page.public_path)).body.decode()
    assert "<script>alert(1)" not in body
    assert "\u202e" not in body


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kept-as-it-is", "kept-as-it-is"),
        ("%d0%bf%d1%80%d0%b8%d0%b2%d0%b5%d1%82-%d0%bc%d0%b8%d1%80", "privet-mir"),
        ("Gr%c3%bc%c3%9fe", "grusse"),
        ("", "ferries-run-again"),
        ("../../etc", "etc"),
    ],
)
def test_slugs_are_kept_where_they_fit(site, take, old, new):
    take(item(1, post_name=old))
    assert article().slug == new


def test_two_stories_with_one_slug_both_stand(site, take):
    take(item(1, post_name="same") + item(2, "Other", post_name="same"))
    assert (article().slug, article("Other").slug) == ("same", "same-2")


def test_two_items_with_one_number_are_both_taken(site, take):
    text = item(1) + item(1, "Another with this number")
    assert take(text).total("taken") == 2
    assert take(text).total("unchanged") == 2


def test_pages_become_pages_about_the_newsroom(site, take):
    take(item(1, "About us", post_type="page", content="<blockquote>We sail.</blockquote><p>x</p>"))
    page = PolicyPage.objects.get()
    assert (page.kind, page.live, page.public_path) == ("other", True, "/en/story-1/")
    assert "<blockquote><p>We sail.</p></blockquote>" in page.body


def test_an_empty_page_is_kept(site, take):
    take(item(1, "Home", post_type="page", content=""))
    assert PolicyPage.objects.get().live


def test_old_addresses_lead_to_the_new_ones(site, take):
    terms = category("world", "World") + category("asia", "Asia", "world")
    extra = label("category", "asia") + label("post_tag", "sea") + meta("_wp_old_slug", "first-name")
    attachment = item(
        7, "Pier", post_type="attachment", status="inherit", post_parent="1", post_name="pier",
        link="https://old.example/2024/05/story-1/pier/", attachment_url="https://old.example/wp-content/uploads/p.jpg",
    )  # fmt: skip
    report = take(
        terms + item(1, extra=extra) + attachment + item(2, "About", post_type="page", link="https://old.example/über/")
    )
    new = "/en/asia/story-1/"
    assert location("/2024/05/story-1/") == new
    assert location("/2024/05/story-1") == new
    assert location("/2024/05/first-name/") == new
    assert location("/2024/05/story-1/pier/") == new
    assert location("/blog/", p="1") == ""
    assert location("/", p="1") == new
    assert location("/", page_id="2") == "/en/story-2/"
    assert location("/über/") == "/en/story-2/"
    assert location("/category/asia/") == location("/category/world/asia/") == "/en/asia/"
    assert location("/tag/sea/") == "/en/topic/sea/"
    assert location("/author/anna/") == "/en/author/anna/"
    assert report.made["redirects"] == RetiredAddress.objects.count()


def test_an_address_of_the_newsroom_is_not_taken_over(site, take):
    RetiredAddress.objects.create(path="/2024/05/story-1/", target="/en/elsewhere/")
    take(item(1))
    assert location("/2024/05/story-1/") == "/en/elsewhere/"


def test_links_between_stories_lead_to_the_new_addresses(site, take):
    report = take(
        item(1, content='<p><a href="http://www.old.example/?p=2">a</a> <a href="/2024/05/story-3/#x">b</a></p>')
        + item(2, "Second", content='<p><a href="https://old.example/2024/05/story-1">back</a></p>')
        + item(3, "Third", content='<p><a href="https://other.example/2024/05/story-1/">other site</a></p>')
    )
    body = json.dumps(PublishedArticle.objects.get(article=article()).body)
    assert "/en/news/story-2/" in body
    assert "/en/news/story-3/" in body
    assert "/en/news/story-1/" in json.dumps(PublishedArticle.objects.get(article=article("Second")).body)
    assert "other.example" in json.dumps(PublishedArticle.objects.get(article=article("Third")).body)
    assert report.made["links_rewritten"] == 3


def test_translations_are_linked(site, take):
    group = label("post_translations", "pll_1")
    take(
        item(1, extra=label("language", "en") + group)
        + item(2, "Паромы снова ходят", extra=label("language", "ru") + group)
    )
    first, second = article(), article("Паромы снова ходят")
    assert first.translation_key == second.translation_key
    assert (first.language, second.language) == ("en", "ru")
    assert second.public_path.startswith("/ru/")
    assert first.bylines.get().author.translation_key == second.bylines.get().author.translation_key


def test_two_stories_of_one_language_in_one_group_are_both_taken(site, take):
    extra = label("language", "en") + label("post_translations", "pll_1")
    assert take(item(1, extra=extra) + item(2, "Other", extra=extra)).total("taken") == 2


def test_a_language_that_the_site_lacks_is_named_before_anything_is_stored(site, take):
    text = item(1, extra=label("language", "fr"))
    with pytest.raises(LanguageNotConfigured, match=r"'fr'.*`languages` in broadsheet\.toml"):
        take(text)
    assert not ImportedItem.objects.exists()
    assert take(text, language="ru").total("taken") == 1
    assert article().language == "ru"


def test_a_channel_in_another_language_is_filed_under_the_first_with_a_warning(site, take):
    report = take(item(1), head=HEAD.replace("en-US", "pt-BR"))
    assert article().language == "en"
    assert any("pt-BR" in warning for warning in report.warnings)


def test_a_site_without_fronts_says_so(db, take):
    with pytest.raises(SiteNotReady, match="no front"):
        take(item(1))


def test_a_dry_run_tells_the_same_and_writes_nothing(site, take):
    text = category("world", "World") + "".join(
        item(
            number,
            f"Story {number}",
            content='<p><a href="/2024/05/story-1/">x</a> <img src="/a.jpg"></p>',
            extra=extra,
        )
        for number, extra in enumerate([label("category", "world"), label("post_tag", "world", "World"), ""], start=1)
    )
    with connection.execute_wrapper(_refuse_writes):
        dry = take(text, dry_run=True)
    assert not ImportRun.objects.exists()
    real = take(text)
    different = {"dry_run", "seconds"}
    assert {k: v for k, v in dry.to_json().items() if k not in different} == {
        k: v for k, v in real.to_json().items() if k not in different
    }
    assert "nothing was written" in dry.to_text()


def _refuse_writes(execute, sql, params, many, context):
    assert sql.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")), sql
    return execute(sql, params, many, context)


TEXT = (
    category("world", "World")
    + item(1, extra=label("category", "world"), content='<p><a href="/?p=2">on</a> <img src="/a.jpg" alt="A"></p>')
    + item(2, "Second", extra=label("post_tag", "sea"))
    + item(3, "Draft", status="draft")
    + item(4, "About", post_type="page")
)


def test_a_second_run_changes_nothing(site, take):
    take(TEXT)
    before, events = contents(), OutboxEvent.objects.count()
    revisions = [page.latest_revision_id for page in ArticlePage.objects.order_by("pk")]
    again = take(TEXT)
    assert contents() == before
    assert OutboxEvent.objects.count() == events
    assert [page.latest_revision_id for page in ArticlePage.objects.order_by("pk")] == revisions
    assert (again.total("unchanged"), again.total("taken"), again.made["redirects"]) == (4, 0, 0)


def test_a_story_that_changed_at_the_source_is_brought_up_to_date(site, take):
    take(TEXT)
    report = take(TEXT.replace(">Second<", ">Second, corrected<").replace("The harbour is open.", "It is shut."))
    page = ArticlePage.objects.get(slug="story-2")
    assert page.title == "Second, corrected"
    assert PublishedArticle.objects.get(article=page).headline == "Second, corrected"
    assert report.total("updated") == 3
    assert ArticlePage.objects.count() == 3


def test_a_story_that_is_withdrawn_at_the_source_is_retracted(site, take):
    take(item(1))
    take(item(1, status="private"))
    assert not article().live
    assert not PublishedArticle.objects.exists()


def test_a_story_that_the_newsroom_edited_is_kept(site, take):
    take(item(1))
    page = article()
    page.title = "Our own words"
    page.save_revision().publish()
    report = take(item(1, "The source's new words"))
    assert ArticlePage.objects.get().title == "Our own words"
    assert report.accounts[0].reason == load.EDITED


def test_a_story_that_the_newsroom_retracted_or_deleted_does_not_come_back(site, take):
    take(item(1) + item(2, "Second"))
    article().unpublish()
    article("Second").delete()
    report = take(item(1, "New words") + item(2, "New words too"))
    assert [one.reason for one in report.accounts] == [load.EDITED, load.DELETED]
    assert not PublishedArticle.objects.exists()


@pytest.mark.parametrize("stop_at", range(0, 30, 3))
def test_a_run_that_is_killed_and_run_again_ends_the_same(
    site, take, monkeypatch, stop_at, settings, django_db_blocker
):
    calls = {"n": 0}

    class Killed(BaseException):
        pass

    def kill(execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE")):
            calls["n"] += 1
            if calls["n"] == stop_at * 9 + 1:
                raise Killed
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(kill):
            take(TEXT)
    except Killed:
        pass
    take(TEXT)
    killed = contents()
    take(TEXT)
    assert contents() == killed
    titles = sorted(ArticlePage.objects.values_list("title", "live"))
    assert titles == [("Draft", False), ("Ferries run again", True), ("Second", True)]
    assert PolicyPage.objects.count() == 1
    assert PublishedArticle.objects.count() == 2
    assert "/en/news/story-2/" in json.dumps(PublishedArticle.objects.get(headline="Ferries run again").body)
    assert ImportedItem.objects.filter(is_finished=False).count() == 0
    assert location("/", p="2") == "/en/news/story-2/"
    assert location("/category/world/") == "/en/world/"
    assert Author.objects.count() == Topic.objects.count() == 1
    assert SectionPage.objects.count() == 2


def test_one_story_that_cannot_be_stored_does_not_stop_the_others(site, take, settings):
    settings.CONFIG = replace(settings.CONFIG, article_limit_kb=10)
    report = take(item(1, "Long", content="<p>word </p>" * 2000) + item(2, "Short"))
    assert list(ArticlePage.objects.values_list("title", flat=True)) == ["Short"]
    assert report.accounts[0].reason.startswith("it could not be stored: The text is too long")
    assert report.total("taken") == 1


def test_progress_ends_at_the_total(site, take, tmp_path):
    path = tmp_path / "e.xml"
    path.write_text(HEAD + TEXT + FOOT)
    heard: list[tuple[int, int]] = []
    run(path, Options(), lambda done, total: heard.append((done, total)))
    assert heard == sorted(heard)
    assert heard[-1][0] == heard[-1][1]


# Pictures


def picture(path, kind: str = "JPEG", colour: tuple[int, int, int] = (30, 90, 120)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (1300, 900), colour).save(path, kind)


PICTURES = (
    item(7, "A pier", post_type="attachment", status="inherit", attachment_url="https://old.example/wp-content/uploads/2024/05/pier.jpg",
         excerpt="The old pier", extra=meta("_wp_attachment_image_alt", "A wooden pier"))
    + item(8, "Broken", post_type="attachment", status="inherit", attachment_url="https://old.example/wp-content/uploads/2024/05/fake.jpg")
    + item(1, extra=meta("_thumbnail_id", "7"), content=(
        '<p>Text</p><figure class="wp-block-image"><img class="wp-image-7" alt="From the side" '
        'src="https://old.example/wp-content/uploads/2024/05/pier-300x200.jpg"><figcaption>'
        'The pier</figcaption></figure>'
        '<img src="https://old.example/wp-content/uploads/2024/05/fake.jpg" alt="A fake">'
        '<img src="https://old.example/wp-content/uploads/../../../etc/passwd.jpg" alt="Outside">'))
)  # fmt: skip


def test_pictures_are_kept_as_references(site, take):
    report = take(PICTURES)
    reference = MediaReference.objects.get(key="attachment:7")
    assert (reference.title, reference.caption, reference.alt_text) == ("A pier", "The old pier", "A wooden pier")
    assert reference.image is None
    assert report.made["media_references"] == 3
    assert report.counts["attachment"]["inherit"]["taken"] == 2
    assert "Image: <a href=" in article().body.raw_data[0]["value"]


def test_pictures_whose_files_are_given_are_taken(site, take, tmp_path):
    uploads = tmp_path / "wp-content" / "uploads" / "2024" / "05"
    picture(uploads / "pier.jpg")
    (uploads / "fake.jpg").write_text("<html><script>alert(1)</script>")
    report = take(PICTURES, media=tmp_path)
    page, image = article(), NewsImage.objects.get()
    assert page.picture == image
    assert (image.alt_text, image.title) == ("A wooden pier", "A pier")
    blocks = [(block["type"], block["value"]) for block in page.body.raw_data]
    assert blocks[1] == ("image", {"image": image.pk, "alt": "From the side", "caption": "The pier"})
    assert "A fake" in blocks[2][1]
    assert MediaReference.objects.get(key="attachment:7").image == image
    assert any("fake.jpg was not taken" in warning for warning in report.warnings)
    assert report.made["images"] == 1


def test_pictures_that_come_later_are_put_into_their_stories(site, take, tmp_path):
    take(PICTURES)
    picture(tmp_path / "uploads" / "2024" / "05" / "pier.jpg")
    assert take(PICTURES, media=tmp_path).total("updated") == 1
    assert article().picture is not None
    assert take(PICTURES, media=tmp_path).total("updated") == 0
    assert NewsImage.objects.count() == 1


def test_the_same_picture_is_stored_once(site, take, tmp_path):
    for name in ("pier.jpg", "fake.jpg"):
        picture(tmp_path / "uploads" / "2024" / "05" / name)
    take(PICTURES, media=tmp_path)
    assert NewsImage.objects.count() == 1


def test_a_picture_bomb_is_refused(site, take, tmp_path):
    uploads = tmp_path / "uploads" / "2024" / "05"
    picture(uploads / "fake.jpg")
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    (uploads / "pier.jpg").write_bytes(bomb.getvalue())
    report = take(PICTURES, media=tmp_path)
    assert any("pier.jpg was not taken" in warning for warning in report.warnings)
    assert article().picture is None


def test_a_link_out_of_the_folder_is_not_followed(site, take, tmp_path):
    secret, folder = tmp_path / "secret.jpg", tmp_path / "given" / "uploads" / "2024" / "05"
    picture(secret)
    folder.mkdir(parents=True)
    (folder / "pier.jpg").symlink_to(secret)
    take(PICTURES, media=tmp_path / "given")
    assert not NewsImage.objects.exists()


def test_long_encoded_slugs_of_categories_are_told_apart(site, take):
    first, second = (quote(f"очень-длинное-название-раздела-{number}") for number in (1, 2))
    extra = [label("category", slug, name) for slug, name in ((first, "Первый"), (second, "Второй"))]
    take(item(1, extra=extra[0]) + item(2, "Second", extra=extra[1]))
    assert (article().section.title, article("Second").section.title) == ("Первый", "Второй")
    assert location("/category/очень-длинное-название-раздела-2/") == article("Second").section.public_path


def test_links_are_found_in_an_export_without_addresses(site, take):
    take(item(1, link="", content='<p><a href="https://old.example/story-2/">x</a></p>') + item(2, "Second", link=""))
    assert "/en/news/story-2/" in json.dumps(PublishedArticle.objects.get(article=article()).body)
    assert location("/story-1/") == "/en/news/story-1/"
