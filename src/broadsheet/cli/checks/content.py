"""Findings about what is in the database."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.checks import CheckMessage, Error, Warning
from django.db.models import Count
from django.utils import timezone
from wagtail.models import WorkflowTask

from broadsheet.articles import totals
from broadsheet.articles.models import ArticlePage, Edition, HomePage, SectionPage
from broadsheet.articles.projection import PublishedArticle
from broadsheet.config import Config
from broadsheet.demo import people
from broadsheet.media.models import NewsImage
from broadsheet.outbox.models import OutboxEvent

from ..sites import LOOPBACK

# An event that waits so long waits for a relay that does not run.
LONGEST_WAIT = timedelta(minutes=10)


def find(config: Config) -> Iterator[CheckMessage]:
    """Everything that is wrong with the content."""
    for language in config.languages:
        yield from _front(language)
    yield from find_languages(config.languages)
    yield from _sections()
    yield from _pictures()
    yield from _projection()
    yield from _outbox()
    yield from _accounts(config)


def _front(language: str) -> Iterator[CheckMessage]:
    if not HomePage.objects.live().filter(locale__language_code=language).exists():
        yield Error(
            f"The front of {language} is missing or not published: its readers see an error.",
            hint="Publish the front in the newsroom; `broadsheet upgrade` makes one that is missing.",
            id="broadsheet.E010",
        )
    if not Edition.objects.filter(locale__language_code=language).exists():
        yield Error(
            f"The edition of {language} is missing: no page of that language can be made.",
            hint="`broadsheet upgrade` makes it; then name the publication in the newsroom's settings.",
            id="broadsheet.E011",
        )


def find_languages(languages: Collection[str]) -> Iterator[CheckMessage]:
    """Languages that the settings do not name any more, and that have stories still."""
    left = ArticlePage.objects.exclude(locale__language_code__in=list(languages))
    rows = left.order_by().values_list("locale__language_code").annotate(number=Count("pk"))
    for language, number in sorted(rows):
        stories = "1 story is" if number == 1 else f"{number} stories are"
        yield Error(
            f"{stories} in {language}, which the settings do not name: no reader finds them. Nothing is lost.",
            hint=f"Name {language} in `languages` again, or retract and move these stories in the newsroom first.",
            id="broadsheet.E022",
        )


def _sections() -> Iterator[CheckMessage]:
    for section in SectionPage.objects.order_by("path"):
        if not _has_approver(section):
            yield Warning(
                f"Nobody can approve stories of {section.public_path}: they would wait for ever.",
                hint="Put somebody into the group of the section's editors.",
                id="broadsheet.W012",
            )


def _has_approver(section: SectionPage) -> bool:
    """Whether the tasks of the section's workflow (its own, or the nearest above) have groups with people in them."""
    workflow = section.get_workflow()
    if workflow is None:
        return True
    tasks = WorkflowTask.objects.filter(workflow=workflow).values("task")
    groups = Group.objects.filter(groupapprovaltask__in=tasks)
    return bool(get_user_model().objects.filter(is_active=True, groups__in=groups).exists())


def _pictures() -> Iterator[CheckMessage]:
    shown = NewsImage.objects.filter(uses__isnull=False).distinct()
    for number, words, id_ in (
        (shown.filter(credit="").count(), "do not say who made them", "broadsheet.W013"),
        (shown.filter(alt_text="").count(), "have no alternative text of their own", "broadsheet.W014"),
    ):
        if number:
            yield Warning(f"{number} pictures that readers see {words}.", hint="Complete them in the newsroom.", id=id_)


def _projection() -> Iterator[CheckMessage]:
    live = set(ArticlePage.objects.live().values_list("pk", flat=True))
    listed = set(PublishedArticle.objects.values_list("article_id", flat=True))
    if live != listed:
        yield Error(
            f"{len(live - listed)} live stories are not shown to readers, {len(listed - live)} are shown and not live.",
            hint="Publish or retract them again in the newsroom, and report this: it must not happen.",
            id="broadsheet.E015",
        )
    if wrong := totals.find_wrong():
        yield Error(
            f"The totals of {len(wrong)} lists are wrong, so that their pages may leave stories out: {wrong[:3]}.",
            hint="The relay counts them anew once a day; report this: it must not happen.",
            id="broadsheet.E021",
        )


def _outbox() -> Iterator[CheckMessage]:
    given_up = OutboxEvent.objects.filter(delivered_at=None, next_attempt_at=None)
    if given_up.exists():
        yield Error(
            f"{given_up.count()} events were given up, the last with: {given_up.order_by('-pk')[0].last_error[:200]}",
            hint="Repair the cause; docs/operations.md says how events are delivered again.",
            id="broadsheet.E016",
        )
    late = OutboxEvent.objects.filter(next_attempt_at__isnull=False, recorded_at__lt=timezone.now() - LONGEST_WAIT)
    if late.exists():
        yield Warning(
            f"{late.count()} events have been waiting for more than {LONGEST_WAIT.seconds // 60} minutes.",
            hint="Is the relay running? `broadsheet serve` starts it, `broadsheet relay` runs it alone.",
            id="broadsheet.W017",
        )


def _accounts(config: Config) -> Iterator[CheckMessage]:
    users = get_user_model().objects.filter(is_active=True)
    if not users.filter(is_superuser=True).exists():
        yield Error(
            "Nobody can administer the site.",
            hint="Make an administrator: broadsheet manage createsuperuser",
            id="broadsheet.E018",
        )
    if urlsplit(config.newsroom_url).hostname in LOOPBACK:
        return
    known = users.filter(username__in=[person.username for person in people.PEOPLE])
    if any(user.check_password(people.PASSWORD) for user in known):
        yield Error(
            "Accounts of the demo edition are open at a public address: their password is in the documentation.",
            hint="Delete them or give them new passwords.",
            id="broadsheet.E019",
        )
