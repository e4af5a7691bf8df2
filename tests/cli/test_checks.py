"""`broadsheet check` finds what a site lacks, each under its id, with a hint."""

import dataclasses
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.utils import timezone

from broadsheet.cli.checks import content, deployment
from broadsheet.demo import people
from broadsheet.outbox.models import OutboxEvent
from tests import factories

GOOD = {
    "site_url": "https://news.example",
    "newsroom_url": "https://desk.news.example",
    "secret_key": "kT4" + "abcdefghijklmnopqrstuvwxyz0123456789",
    "email_url": "smtp://mail.example",
    "languages": ("en",),
    "debug": False,
}


def config(**changes):
    return dataclasses.replace(django_settings.CONFIG, **{**GOOD, **changes})


def ids(findings) -> set[str]:
    findings = list(findings)
    assert all(finding.hint and finding.msg for finding in findings)
    return {finding.id.rpartition(".")[2] for finding in findings}


def test_good_settings_have_no_findings():
    assert ids(deployment.find(config())) == set()


@pytest.mark.parametrize(
    ("changes", "id_"),
    [
        ({"secret_key": "short"}, "E001"),
        ({"secret_key": "a" * 60}, "E001"),
        ({"site_url": "http://localhost:8000"}, "W003"),
        ({"newsroom_url": "https://news.example"}, "E004"),
        ({"newsroom_url": "http://desk.news.example"}, "W005"),
        ({"debug": True}, "E006"),
        ({"email_url": ""}, "W007"),
        ({"outer_cache": "fastly://SU1Z0isxPaozGVKXdv0eY"}, "E020"),
        ({"machine_translation": "deepl"}, "E024"),
    ],
)
def test_weak_setting_is_found(changes, id_):
    assert id_ in ids(deployment.find(config(**changes)))


def test_readable_settings_file_is_found(tmp_path):
    (tmp_path / "broadsheet.toml").touch(0o644)
    assert "W002" in ids(deployment.find(config(directory=tmp_path)))


def test_empty_database_lacks_everything(db):
    assert ids(content.find(config(languages=("az",)))) >= {"E010", "E011", "E018"}


def test_good_content_has_no_findings(section):
    get_user_model().objects.create_superuser("chief", password="a long password")
    found = ids(content.find(config()))
    assert not found - {"W012"}


def test_front_that_is_not_published_is_found(home):
    assert "E010" not in ids(content.find(config()))
    home.unpublish()
    assert "E010" in ids(content.find(config()))


def test_section_without_people_who_approve_is_found(section):
    from broadsheet.newsroom import roles

    roles.ensure_all()
    assert "W012" in ids(content.find(config()))
    roles.employ(get_user_model().objects.create_user("ed"), "section_editor", section)
    assert "W012" not in ids(content.find(config()))


def test_pictures_without_credit_and_words_are_found(section):
    factories.make_article(section, picture=factories.make_image())
    assert {"W013", "W014"} <= ids(content.find(config()))


def test_projection_that_lost_a_story_is_found(section):
    from broadsheet.articles.projection import PublishedArticle

    factories.make_article(section)
    assert "E015" not in ids(content.find(config()))
    PublishedArticle.objects.all().delete()
    assert {"E015", "E021"} <= ids(content.find(config()))


def test_events_that_were_given_up_or_wait_are_found(db):
    OutboxEvent.objects.create(kind="FrontChanged", payload={}, next_attempt_at=None, last_error="no such handler")
    OutboxEvent.objects.create(kind="FrontChanged", payload={}, recorded_at=timezone.now() - timedelta(hours=1))
    assert {"E016", "W017"} <= ids(content.find(config()))


def test_demo_accounts_at_a_public_address_are_found(db):
    get_user_model().objects.create_superuser(people.PEOPLE[0].username, password=people.PASSWORD)
    assert "E019" in ids(content.find(config()))
    assert "E019" not in ids(content.find(config(newsroom_url="http://localhost:8001")))
