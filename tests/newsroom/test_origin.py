"""The newsroom's own origin: log-ins, forged forms, headers, health, private files, the way to the readers' site."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from broadsheet.outbox import services as outbox
from broadsheet.outbox.models import OutboxEvent
from tests import factories
from tests.newsroom import people
from tests.newsroom.people import act


def log_in(client, name, password="wrong", **headers):
    return client.post("/login/", {"username": name, "password": password, "next": "/"}, **headers)


def told(response):
    """The words of an answer, without what differs each time."""
    words = re.sub(
        r'name="csrfmiddlewaretoken" value="[^"]+"|"CSRF_TOKEN"[^,]+|value="(editor|nobody)"',
        "",
        response.content.decode(),
    )
    return response.status_code, words


class TestLogIn:
    """Guessing is limited for every name alike, and ends by itself."""

    def test_known_and_unknown_names_are_told_the_same(self, section_editor):
        known, unknown = Client(), Client()
        for number in range(12):
            answers = [told(log_in(client, name, REMOTE_ADDR=address)) for client, name, address in (
                (known, "editor", "192.0.2.1"), (unknown, "nobody", "192.0.2.2"))]  # fmt: skip
            assert answers[0] == answers[1], number
        assert answers[0][0] == 429

    def test_account_is_limited_from_many_addresses(self, section_editor):
        for number in range(10):
            log_in(Client(), "editor", REMOTE_ADDR=f"192.0.2.{number}")
        right = log_in(Client(), "editor", people.PASSWORD, REMOTE_ADDR="198.51.100.1")
        assert right.status_code == 429

    def test_address_is_limited_over_many_accounts(self, section_editor):
        for number in range(10):
            log_in(Client(), f"name{number}", REMOTE_ADDR="192.0.2.1")
        assert log_in(Client(), "editor", people.PASSWORD, REMOTE_ADDR="192.0.2.1").status_code == 429
        assert log_in(Client(), "editor", people.PASSWORD, REMOTE_ADDR="192.0.2.9").status_code == 302

    def test_limit_ends_although_guessing_goes_on(self, section_editor):
        for _ in range(10):
            log_in(Client(), "editor", REMOTE_ADDR="192.0.2.1")
        with time_machine.travel(timezone.now() + timedelta(minutes=10)):
            log_in(Client(), "editor", REMOTE_ADDR="192.0.2.1")
        with time_machine.travel(timezone.now() + timedelta(minutes=16)):
            assert log_in(Client(), "editor", people.PASSWORD, REMOTE_ADDR="198.51.100.1").status_code == 302

    def test_forwarded_address_is_believed_of_no_stranger(self, section_editor):
        for number in range(10):
            log_in(Client(), f"name{number}", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
        assert log_in(Client(), "editor", people.PASSWORD, REMOTE_ADDR="192.0.2.1").status_code == 429

    def test_unknown_name_costs_a_password_hash_too(self, db, monkeypatch):
        hashed = []
        model = get_user_model()
        original = model.set_password
        monkeypatch.setattr(model, "set_password", lambda self, raw: (hashed.append(raw), original(self, raw)))
        log_in(Client(), "nobody")
        assert hashed == ["wrong"]

    @pytest.mark.parametrize(
        "address", ["//evil.example", "https:evil.example", "/\\evil.example", "https://evil.example/"]
    )
    def test_next_address_stays_here(self, section_editor, address):
        response = Client().post("/login/", {"username": "editor", "password": people.PASSWORD, "next": address})
        assert response.headers["Location"] == "/"


class TestForgottenPassword:
    """The form says nothing of who has an account; the mail carries the configured origin."""

    def ask(self, address, **headers):
        return Client().post("/password_reset/", {"email": address}, **headers)

    def test_known_and_unknown_addresses_are_answered_the_same(self, section_editor):
        counted = []
        for address in ("editor@newsroom.test", "nobody@newsroom.test"):
            with CaptureQueriesContext(connection) as queries:
                response = self.ask(address)
            counted.append((told(response), response.headers["Location"], len(queries)))
        assert counted[0] == counted[1]
        assert not mail.outbox

    def test_mail_goes_to_accounts_alone_with_the_configured_host(self, section_editor, settings):
        assert self.ask("editor@newsroom.test", HTTP_X_FORWARDED_HOST="evil.example").status_code == 302
        self.ask("nobody@newsroom.test")
        outbox.deliver_all()
        assert len(mail.outbox) == 1
        assert "http://localhost:8001/password_reset/confirm/" in mail.outbox[0].body
        assert "evil" not in mail.outbox[0].body

    def test_link_of_the_mail_sets_a_new_password(self, section_editor):
        self.ask("editor@newsroom.test")
        outbox.deliver_all()
        link = re.search(r"/password_reset/confirm/\S+", mail.outbox[0].body)[0]
        client = Client()
        form = client.get(link).headers["Location"]
        new = "another-long-harmless-word"
        client.post(form, {"new_password1": new, "new_password2": new})
        assert log_in(Client(), "editor", new).status_code == 302

    def test_foreign_host_is_refused(self, section_editor):
        assert self.ask("editor@newsroom.test", HTTP_HOST="evil.example").status_code == 400


class TestForgedForms:
    """Nothing is changed by a form of another site, nor by a link."""

    @pytest.fixture
    def browser(self, administrator):
        client = Client(enforce_csrf_checks=True)
        client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def addresses(self, article):
        return [
            act("edit", article.pk),
            act("unpublish", article.pk),
            act("delete", article.pk),
            f"/bulk/wagtailcore/page/delete/?id={article.pk}",
            f"/pages/{article.pk}/preview-links/",
            "/logout/",
            "/account/",
            "/editions/new/",
        ]

    def test_forms_of_other_origins_are_refused(self, browser, section):
        article = factories.make_article(section)
        for address in self.addresses(article):
            response = browser.post(address, {"action-publish": "1"}, HTTP_ORIGIN="https://evil.example")
            assert response.status_code == 403, address
            assert "nothing was changed" in response.content.decode()
        article.refresh_from_db()
        assert article.live

    def test_links_change_nothing(self, browser, section):
        article = factories.make_article(section)
        events = OutboxEvent.objects.count()
        for address in self.addresses(article):
            browser.get(address, {"action-publish": "1", "title": "Forged"})
        article.refresh_from_db()
        assert (article.live, article.title, OutboxEvent.objects.count()) == (True, "Ferries run again", events)
        assert browser.get("/").status_code == 200


def test_every_answer_carries_the_headers_of_a_private_place(administrator):
    for response in (people.sign_in(administrator).get("/"), Client().get("/login/"), Client().get("/nothing/")):
        assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert "noindex" in response.headers["X-Robots-Tag"]
        assert "no-store" in response.headers["Cache-Control"]


def test_cookies_are_for_this_origin_and_not_for_scripts(section_editor):
    client = Client()
    log_in(client, "editor", people.PASSWORD)
    cookie = client.cookies["newsroom_session"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["domain"]


def test_addresses_of_the_readers_lead_to_their_site(client, settings):
    response = client.get("/en/world/ferries/?page=2")
    assert (response.status_code, response.headers["Location"]) == (
        302,
        "http://localhost:8000/en/world/ferries/?page=2",
    )


@pytest.mark.parametrize("path", ["/en//evil.example/", "/en/%2e%2e//evil.example", "/en/\\evil.example"])
def test_way_to_the_readers_leads_nowhere_else(client, path):
    assert client.get(path).headers["Location"].startswith("http://localhost:8000/en/")


class TestPrivateFiles:
    """Originals are for the people of the newsroom."""

    @pytest.fixture
    def image(self, db):
        return factories.make_image()

    def test_original_is_closed_to_strangers(self, image, client):
        response = client.get(image.file.url)
        assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, "/login/")

    def test_original_is_open_to_the_desk_and_runs_nothing(self, image, reporter):
        response = people.sign_in(reporter).get(image.file.url)
        assert (response.status_code, response.headers["Content-Type"]) == (200, "image/jpeg")
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert "private" in response.headers["Cache-Control"]
        assert b"".join(response.streaming_content).startswith(b"\xff\xd8")
        response.close()

    @pytest.mark.parametrize(
        "path", ["../broadsheet.sqlite3", "..%2f..%2fetc/passwd", "/etc/passwd", "a%00.jpg", "images"]
    )
    def test_nothing_beside_the_folder_is_served(self, reporter, path, settings):
        (settings.MEDIA_ROOT / "images").mkdir(parents=True)
        (settings.MEDIA_ROOT.parent / "broadsheet.sqlite3").write_text("secret")
        assert people.sign_in(reporter).get(f"/media/{path}").status_code == 404

    def test_other_files_are_only_saved_to_disk(self, reporter, settings):
        settings.MEDIA_ROOT.mkdir(parents=True)
        (settings.MEDIA_ROOT / "x.svg").write_text("<svg onload='alert(1)'/>")
        response = people.sign_in(reporter).get("/media/x.svg")
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert response.headers["Content-Disposition"].startswith("attachment")
        response.close()

    def test_sizes_cannot_be_asked_for_by_address(self, image, reporter):
        client = people.sign_in(reporter)
        for path in (f"/images/sig/{image.pk}/width-99/", f"/images/{image.pk}/width-99/x.jpg/"):
            assert client.get(path, follow=True).status_code == 404
        assert not image.renditions.exists()


class TestHealth:
    """A monitor asks without an account."""

    def test_sound_newsroom(self, db, client):
        response = client.get("/healthz")
        assert (response.status_code, response.json()["status"]) == (200, "ok")

    def test_silent_database(self, db, client, monkeypatch):
        monkeypatch.setattr("broadsheet.newsroom.health._examine_data", _raise)
        response = client.get("/healthz")
        assert (response.status_code, response.json()["database"]) == (503, False)


def _raise():
    raise DatabaseError("gone")
