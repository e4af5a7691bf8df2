"""The settings of a language's edition, and its authors and topics."""

import pytest
from django.urls import reverse
from wagtail.models import Locale
from wagtail.test.utils.form_data import nested_form_data, streamfield

from broadsheet.articles.models import Author, Edition, Topic
from broadsheet.outbox.models import OutboxEvent
from tests import factories
from tests.newsroom import people


def edition_form(edition, **fields):
    return nested_form_data(
        {
            "locale": str(edition.locale_id), "publication_name": "The Lantern", "tagline": "", "logo_light": "",
            "logo_dark": "", "x_url": "", "youtube_url": "", "instagram_url": "", "facebook_url": "",
            "telegram_url": "", "app_store_url": "", "google_play_url": "", "header_menu": streamfield([]),
            "footer_menu": streamfield([]), "footer_text": "", "reuse_rule": "", "copyright_holder": "",
            "founded_year": "", "contact_email": "", "contact_text": "", **fields,
        }
    )  # fmt: skip


def change(person, edition, **fields):
    return people.sign_in(person).post(reverse("editions:edit", args=[edition.pk]), edition_form(edition, **fields))


@pytest.fixture
def edition(home):
    return Edition.objects.get(locale=home.locale)


def test_chief_editor_changes_the_own_edition(chief, edition, section):
    menu = streamfield([("page", str(section.pk)), ("link", {"label": "Shop", "url": "https://shop.example/"})])
    response = change(
        chief, edition, publication_name="The Beacon", x_url="https://x.com/beacon", header_menu=menu,
        reuse_rule="Only with a hyperlink to {site}.",
    )  # fmt: skip
    edition.refresh_from_db()
    assert response.status_code == 302
    assert (edition.publication_name, edition.x_url, len(edition.header_menu)) == (
        "The Beacon",
        "https://x.com/beacon",
        2,
    )
    assert OutboxEvent.objects.filter(kind="EditionChanged", payload__language="en").exists()


@pytest.mark.parametrize("who", ["reporter", "section_editor", "translator", "outsider"])
def test_others_do_not(request, who, edition):
    change(request.getfixturevalue(who), edition, publication_name="Mine")
    edition.refresh_from_db()
    assert edition.publication_name == "The Lantern"


def test_chief_editor_neither_sees_nor_changes_another_language(chief):
    factories.make_home("az", "Fənər")
    other = Edition.objects.get(locale__language_code="az")
    change(chief, other, publication_name="Mine")
    other.refresh_from_db()
    assert other.publication_name == "Fənər"
    assert "Fənər" not in people.sign_in(chief).get(reverse("editions:index")).content.decode()


def test_language_of_an_edition_stays(administrator, edition):
    other, _ = Locale.objects.get_or_create(language_code="az")
    change(administrator, edition, locale=str(other.pk), tagline="News for all")
    edition.refresh_from_db()
    assert (edition.language, edition.tagline) == ("en", "News for all")


def test_administrator_makes_an_edition_and_chief_does_not(administrator, chief, edition):
    other, _ = Locale.objects.get_or_create(language_code="az")
    form = edition_form(edition, locale=str(other.pk), publication_name="Fənər")
    people.sign_in(chief).post(reverse("editions:add"), form)
    assert Edition.objects.count() == 1
    people.sign_in(administrator).post(reverse("editions:add"), form)
    assert Edition.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("x_url", "ftp://x.example/"),
        ("telegram_url", "javascript:alert(1)"),
        ("reuse_rule", "Take what you like."),
        ("contact_email", "nobody"),
        ("header_menu", streamfield([("link", {"label": "x", "url": "ftp://x.example/"})])),
    ],
)
def test_what_readers_pages_could_not_show_is_refused(chief, edition, field, value):
    response = change(chief, edition, **{field: value})
    assert response.status_code == 200 and field in response.context["form"].errors
    edition.refresh_from_db()
    assert edition.publication_name == "The Lantern" and not edition.x_url


def test_authors_are_searched_and_filtered_by_language(section_editor):
    factories.make_home("az", "Fənər")
    factories.make_author("en", "Aytan Reed")
    factories.make_author("az", "Aytən Qamış")
    client = people.sign_in(section_editor)
    listing = reverse("wagtailsnippets_articles_author:list")
    assert "Aytan Reed" in client.get(listing, {"q": "reed"}).content.decode()
    assert "Aytan Reed" not in client.get(listing, {"q": "nobody"}).content.decode()
    azerbaijani = client.get(listing, {"locale": "az"}).content.decode()
    assert "Aytən" in azerbaijani and "Aytan Reed" not in azerbaijani


def test_topic_is_made_with_a_slug_of_its_language(reporter, section):
    client = people.sign_in(reporter)
    client.post(reverse("wagtailsnippets_articles_topic:add"), {"name": "Işıq", "slug": "", "description": ""})
    assert Topic.objects.get().slug == "isiq"


@pytest.mark.parametrize("name", ["\u200b", "Z" + "\u0301" * 50, "a\x07"])
def test_name_that_readers_could_not_see_is_refused(section_editor, name):
    form = {"name": name, "slug": "", "kind": "staff"}
    people.sign_in(section_editor).post(reverse("wagtailsnippets_articles_author:add"), form)
    assert not Author.objects.exists()


def test_author_is_translated_into_a_language_of_ones_own_alone(translator):
    author = factories.make_author()
    front = factories.make_home("az", "Fənər")
    other = front.locale
    address = reverse("simple_translation:submit_snippet_translation", args=["articles", "author", author.pk])
    people.sign_in(translator).post(address, {"locales": [str(other.pk)]})
    assert not author.has_translation(other)
    both = people.make_person("both", ("translator", front))
    both.groups.add(*translator.groups.all())
    people.sign_in(both).post(address, {"locales": [str(other.pk)]})
    assert author.has_translation(other)
