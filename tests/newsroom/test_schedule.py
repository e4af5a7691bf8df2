"""Stories go out when they are due: once, whole, never early; and they go again when they expire."""

from datetime import UTC, datetime, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from wagtail.models import Revision

from broadsheet.articles.forms import resolve_clock_time
from broadsheet.articles.models import ArticlePage
from broadsheet.articles.projection import PublishedArticle
from broadsheet.newsroom import health, schedule
from broadsheet.outbox.models import OutboxEvent
from tests import factories
from tests.newsroom import people

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def desk(section_editor):
    return people.sign_in(section_editor)


def make_scheduled(section, title="Ferries run again", after=timedelta(hours=2), **fields):
    """A story that an editor scheduled to go live after so long."""
    article = factories.make_article(section, title, publish=False, go_live_at=timezone.now() + after, **fields)
    article.latest_revision.publish()
    article.refresh_from_db()
    return article


def test_scheduled_story_is_nowhere_before_its_moment(section):
    article = make_scheduled(section)
    assert not article.live and article.scheduled_revision is not None
    assert schedule.publish_due().published == []
    assert not PublishedArticle.objects.exists()
    assert not OutboxEvent.objects.filter(kind="ArticlePublished").exists()


def test_story_scheduled_in_the_editor_waits_too(desk, section):
    later = timezone.localtime(timezone.now() + timedelta(hours=2))
    response = people.create(desk, section, go_live_at=f"{later:%Y-%m-%d %H:%M}", **{"action-publish": "1"})
    assert response.status_code == 302
    assert not ArticlePage.objects.get().live and not PublishedArticle.objects.exists()


def test_due_story_goes_out_once_with_the_true_time(section):
    article = make_scheduled(section)
    with time_machine.travel(timezone.now() + timedelta(hours=2, minutes=10), tick=False):
        assert schedule.publish_due().published == [article.pk]
        assert schedule.publish_due().published == []
        row = PublishedArticle.objects.get()
        assert row.published_at == timezone.now()
    assert OutboxEvent.objects.filter(kind="ArticlePublished").count() == 1


def test_of_two_schedulers_the_second_finds_nothing_to_do(section):
    make_scheduled(section)
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=False):
        now, due = timezone.now(), Revision.objects.get(approved_go_live_at__isnull=False)
        assert schedule._publish(due.pk, now) is True
        assert schedule._publish(due.pk, now) is False


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_publish_once(tmp_path, settings):
    if connection.vendor == "sqlite":
        pytest.skip("an in-memory SQLite database has one connection; its file lock is tested with the real server")
    import threading

    make_scheduled(factories.make_section(factories.make_home()))
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=False):
        threads = [threading.Thread(target=_run_and_close) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert OutboxEvent.objects.filter(kind="ArticlePublished").count() == 1


def _run_and_close():
    try:
        schedule.publish_due()
    finally:
        connection.close()


def test_one_failing_story_does_not_stop_the_others(section, caplog):
    bad = make_scheduled(section, "A bad story", picture=factories.make_image())
    good = make_scheduled(section, "A good story")
    bad.picture.file.storage.delete(bad.picture.file.name)
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        done = schedule.publish_due()
        assert (done.published, done.failed) == ([good.pk], [bad.pk])
        bad.refresh_from_db()
        assert not bad.live and bad.scheduled_revision is not None
        with pytest.raises(CommandError, match=f"pages {bad.pk}"):
            call_command("publish_due")


def test_changed_version_of_a_live_story_waits_for_its_moment(section):
    article = factories.make_article(section)
    article.title, article.go_live_at = "Ferries stop", timezone.now() + timedelta(hours=1)
    article.save_revision().publish()
    assert PublishedArticle.objects.get().headline == "Ferries run again"
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        schedule.publish_due()
    assert PublishedArticle.objects.get().headline == "Ferries stop"


def test_expired_story_is_retracted(section):
    article = factories.make_article(section, expire_at=timezone.now() + timedelta(hours=1))
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert schedule.publish_due().retracted == [article.pk]
        assert schedule.publish_due().retracted == []
    article.refresh_from_db()
    assert (article.live, article.expired) == (False, True)
    assert not PublishedArticle.objects.exists()
    assert OutboxEvent.objects.filter(kind="ArticleRetracted").count() == 1


def test_story_that_expired_before_it_went_out_stays_a_draft(section):
    make_scheduled(section, after=timedelta(hours=1), expire_at=timezone.now() + timedelta(hours=2))
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert schedule.publish_due() == schedule.Done()
        assert schedule.overdue(timezone.now()) == 0
    assert not PublishedArticle.objects.exists()


def test_nothing_public_disappears_when_the_clock_goes_back(section):
    factories.make_article(section, first_published_at=None)
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        schedule.publish_due()
        assert PublishedArticle.objects.count() == 1


def test_clock_that_jumps_ahead_and_back_publishes_once(section):
    article = make_scheduled(section)
    start = timezone.now()
    with time_machine.travel(start + timedelta(days=2), tick=False):
        assert schedule.publish_due().published == [article.pk]
    for moment in (start - timedelta(hours=1), start + timedelta(hours=2), start + timedelta(days=2)):
        with time_machine.travel(moment, tick=False):
            assert schedule.publish_due() == schedule.Done()
            assert PublishedArticle.objects.get().pk == article.pk
    assert OutboxEvent.objects.filter(kind="ArticlePublished").count() == 1


def test_scheduler_that_is_killed_while_it_publishes_leaves_it_to_the_next(section):
    article = make_scheduled(section)
    due = timezone.now() + timedelta(hours=2)
    with (
        time_machine.travel(due, tick=False),
        mock.patch("broadsheet.outbox.services.record", side_effect=SystemExit),
        pytest.raises(SystemExit),
    ):
        schedule.publish_due()
    assert not PublishedArticle.objects.exists()
    with time_machine.travel(due + timedelta(minutes=10), tick=False):
        assert schedule.publish_due().published == [article.pk]
        assert schedule.publish_due() == schedule.Done()
        assert PublishedArticle.objects.get().published_at == timezone.now()
    assert OutboxEvent.objects.filter(kind="ArticlePublished").count() == 1


def test_failure_in_the_publish_leaves_nothing_half_done(section):
    article = make_scheduled(section)
    with (
        time_machine.travel(timezone.now() + timedelta(hours=3)),
        mock.patch("broadsheet.outbox.services.record", side_effect=RuntimeError("no outbox")),
    ):
        assert schedule.publish_due().failed == [article.pk]
    article.refresh_from_db()
    assert not article.live and not PublishedArticle.objects.exists()


@pytest.mark.parametrize(
    ("entered", "moment"),
    [
        ("2026-03-29 02:30", "2026-03-29T01:30:00+00:00"),  # skipped: 03:30 summer time
        ("2026-10-25 02:30", "2026-10-25T01:30:00+00:00"),  # twice: the later one
        ("2026-07-01 12:00", "2026-07-01T10:00:00+00:00"),
    ],
)
def test_time_of_the_clock_is_never_understood_too_early(entered, moment):
    with timezone.override(BERLIN):
        assert resolve_clock_time(datetime.fromisoformat(entered)).isoformat() == moment


@pytest.mark.parametrize("year", [2015, 2016])
def test_baku_before_and_after_its_last_summer_time(year):
    with timezone.override(ZoneInfo("Asia/Baku")):
        moment = resolve_clock_time(datetime(year, 7, 1, 12, 0))
    assert moment == datetime(year, 7, 1, 7 if year == 2015 else 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("entered", "utc"), [("2026-03-29 02:30", "2026-03-29 01:30"), ("2026-10-25 02:30", "2026-10-25 01:30")]
)
def test_editor_is_told_the_moment_that_was_understood(section_editor, section, settings, entered, utc):
    section_editor.wagtail_userprofile = _profile(section_editor)
    with time_machine.travel(datetime(2026, 1, 10, 12, 0, tzinfo=UTC)):
        client = people.sign_in(section_editor)
        response = people.create(client, section, go_live_at=entered, **{"action-publish": "1"})
        page = client.get(response.headers["Location"]).content.decode()
    assert f"that is {utc} UTC" in page
    revision = Revision.objects.get(approved_go_live_at__isnull=False)
    assert f"{revision.approved_go_live_at:%Y-%m-%d %H:%M}" == utc


def test_time_that_comes_twice_stays_when_the_story_is_saved_again(section_editor, section):
    _profile(section_editor)
    with time_machine.travel(datetime(2026, 1, 10, 12, 0, tzinfo=UTC)):
        client = people.sign_in(section_editor)
        people.create(client, section, go_live_at="2026-10-25 02:30")
        article = ArticlePage.objects.get()
        people.edit(client, article, go_live_at="2026-10-25 02:30")
        assert people.latest(article).go_live_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def _profile(person):
    from wagtail.users.models import UserProfile

    profile = UserProfile.get_for_user(person)
    profile.current_time_zone = "Europe/Berlin"
    profile.save()
    return profile


def test_health_tells_of_overdue_stories_and_a_stuck_outbox(section):
    make_scheduled(section)
    OutboxEvent.objects.all().delete()
    assert health.examine()["status"] == "ok"
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        report = health.examine()
        assert (report["status"], report["overdue_stories"]) == ("degraded", 1)
        schedule.publish_due()
        assert health.examine()["status"] == "ok"
    with time_machine.travel(timezone.now() + timedelta(hours=4)):
        assert "outbox" in health.examine()["problems"][0]
