"""A draft is shown by its link to whoever has it: this story, for this time, until it is published, and to no log."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from broadsheet.newsroom import previews
from broadsheet.newsroom.logs import HideTokens
from broadsheet.newsroom.models import PreviewLink
from tests import factories
from tests.newsroom import people
from tests.newsroom.people import act


@pytest.fixture
def draft(section, reporter):
    return factories.make_article(section, "CANARY of the harbour", publish=False, owner=reporter)


@pytest.fixture
def token(draft, reporter):
    return previews.share(draft, reporter)[1]


def open_(token):
    """What somebody without an account gets."""
    return Client().get(f"/preview/{token}/")


def what_is_sent(response):
    """All of an answer that a stranger could tell apart."""
    return response.status_code, dict(response.headers), response.content


def test_link_shows_the_draft_to_anybody_and_to_no_cache(token):
    for response in (open_(token), open_(token)):
        assert response.status_code == 200 and "CANARY" in response.content.decode()
        assert response.headers["Cache-Control"] == "private, no-store"
        assert "noindex" in response.headers["X-Robots-Tag"]
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert not response.cookies


def test_link_shows_the_latest_draft(token, draft, reporter):
    people.edit(people.sign_in(reporter), draft, "CANARY, newer words")
    assert "newer words" in open_(token).content.decode()


def test_pictures_of_the_draft_are_shown_without_an_account_for_an_hour(section, reporter):
    article = factories.make_article(section, publish=False, picture=factories.make_image(), owner=reporter)
    page = open_(previews.share(article, reporter)[1]).content.decode()
    address = re.search(r"/preview-picture/[^/]+/", page)[0]
    assert "/media/" not in page
    picture = Client().get(address)
    assert picture.status_code == 200 and picture.headers["Cache-Control"] == "private, no-store"
    picture.close()
    assert Client().get(address[:-3] + "xx/").status_code == 404
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert Client().get(address).status_code == 404


def test_wrong_expired_ended_and_published_answer_alike(token, draft, reporter, section):
    nothing = what_is_sent(open_("wrong"))
    assert nothing[0] == 404
    with time_machine.travel(timezone.now() + timedelta(hours=73)):
        assert what_is_sent(open_(token)) == nothing
    ended, ended_token = previews.share(draft, reporter)
    previews.end(draft, ended.pk)
    assert what_is_sent(open_(ended_token)) == nothing
    draft.get_latest_revision().publish()
    assert what_is_sent(open_(token)) == nothing
    draft.refresh_from_db()
    draft.unpublish()
    assert what_is_sent(open_(token)) == nothing


def test_link_of_one_story_opens_no_other(token, section):
    other = factories.make_article(section, "Another secret", publish=False)
    for address in (f"/preview/{token}/{other.pk}/", f"/preview/{other.pk}/", f"/pages/{other.pk}/view_draft/"):
        assert "Another secret" not in Client().get(address).content.decode()


def test_scheduling_the_story_does_not_end_its_link(token, draft):
    draft.go_live_at = timezone.now() + timedelta(hours=2)
    draft.save_revision().publish()
    assert open_(token).status_code == 200


def test_link_of_a_changed_public_story_ends_with_its_publication(section, reporter):
    article = factories.make_article(section)
    article.title = "CANARY"
    article.save_revision()
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        _, token = previews.share(article, reporter)
        assert "CANARY" in open_(token).content.decode()
        article.get_latest_revision().publish()
        assert open_(token).status_code == 404


def test_deleted_story_takes_its_links_along(token, draft):
    draft.delete()
    assert open_(token).status_code == 404 and not PreviewLink.objects.exists()


def test_only_the_hash_is_kept(token):
    assert token not in str(PreviewLink.objects.values().get())


def test_token_reaches_no_log(token, caplog):
    caplog.set_level(logging.DEBUG)
    open_(token)
    open_("wrong-and-secret")
    Client().post(f"/preview/{token}/")
    Client().get(f"/preview/{token}")
    client = Client(raise_request_exception=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(previews, "find", lambda token: 1 / 0)
        client.get(f"/preview/{token}/")
    hide = HideTokens()
    for record in caplog.records:
        hide.filter(record)
    written = "\n".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)
    assert token not in written and "wrong-and-secret" not in written


def test_every_handler_of_the_log_hides_tokens(settings):
    for handler in settings.LOGGING["handlers"].values():
        assert "secrets" in handler["filters"]


def test_hiding_covers_previews_and_password_resets():
    addresses = ("/preview/abc/", "/password_reset/confirm/MQ/tok-en/")
    record = logging.LogRecord("x", 20, "", 0, "Not Found: %s %s", addresses, None)
    HideTokens().filter(record)
    assert record.getMessage() == "Not Found: /preview/…/ /password_reset/confirm/MQ/…/"


def test_editor_makes_sees_and_ends_links(reporter, draft):
    client = people.sign_in(reporter)
    address = reverse("newsroom_preview_links", args=[draft.pk])
    assert address in client.get(act("edit", draft.pk)).content.decode()
    made = client.post(address, {"hours": "2"})
    token = made.context["address"].split("/")[-2]
    assert made.context["address"].startswith("http://localhost:8001/preview/")
    assert open_(token).status_code == 200
    link = PreviewLink.objects.get()
    assert link.expires_at - link.created_at == timedelta(hours=2)
    assert token not in client.get(address).content.decode()
    client.post(address, {"end": str(link.pk)})
    assert open_(token).status_code == 404


@pytest.mark.parametrize("who", ["colleague", "outsider"])
def test_others_share_nothing(request, who, draft):
    address = reverse("newsroom_preview_links", args=[draft.pk])
    people.sign_in(request.getfixturevalue(who)).post(address, {"hours": "2"})
    assert not PreviewLink.objects.exists()


def test_looking_at_links_makes_none(reporter, draft):
    people.sign_in(reporter).get(reverse("newsroom_preview_links", args=[draft.pk]))
    assert not PreviewLink.objects.exists()


def test_links_that_ended_long_ago_are_forgotten(token):
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        assert previews.forget_ended() == 1


def test_preview_in_the_editor_shows_what_is_being_written(reporter, draft):
    client = people.sign_in(reporter)
    address = act("preview_on_edit", draft.pk)
    assert client.post(address, people.article_form("Unsaved words")).json()["is_valid"]
    response = client.get(address)
    assert "Unsaved words" in response.content.decode()
    assert "private, no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("kind", ["sectionpage", "policypage", "homepage"])
def test_every_kind_of_page_has_a_preview(chief, home, section, kind):
    from broadsheet.articles.models import PolicyPage

    page = {"sectionpage": section, "homepage": home}.get(kind)
    if page is None:
        page = home.add_child(instance=PolicyPage(title="About us", body="<p>We.</p>", live=False))
        page.save_revision()
    response = people.sign_in(chief).get(act("view_draft", page.pk))
    assert response.status_code == 200 and page.title in response.content.decode()
