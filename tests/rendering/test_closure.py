"""Language versions name each other, whatever is done to them: in heads, in sitemaps, and in what the edge gives out.

A machine of random acts works on a small newsroom. Beside it stands what the edge's store would hold: pages that were
rendered at some time, of which the tags of the events take away what is gone. A page that is only stale may still be
given out, so it is held to the same.
"""

from __future__ import annotations

import uuid

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from wagtail.models import Page

from broadsheet.articles import groups
from broadsheet.articles.errors import GroupRefused
from broadsheet.articles.models import ArticlePage, HomePage, SectionPage
from broadsheet.rendering import closure
from broadsheet.rendering.finished import FinishedPage
from tests import factories
from tests.rendering import whole_edition
from tests.rendering.pages import get

LANGUAGES = ("en", "az", "hy")
SECTIONS = ("world", "sport")
MAPS = ("/sitemap-pages.xml", "/sitemap-articles-0.xml", "/sitemap-authors-0.xml", "/sitemap-topics-0.xml")
languages = st.sampled_from(LANGUAGES)
sections = st.sampled_from(SECTIONS)
numbers = st.integers(0, 50)


class Newsroom(RuleBasedStateMachine):
    """A few groups in three languages; `kept` is what the edge's store holds, by path."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.kept: dict[str, FinishedPage] = {}
        self.count = 0
        self.sections: dict[tuple[str, str], int] = {}
        keys = {name: uuid.uuid4() for name in (*SECTIONS, "author", "topic")}
        self.authors, self.topics = {}, {}
        for language in LANGUAGES:
            home = factories.make_home(language)
            for name in SECTIONS:
                made = factories.make_section(home, f"{name} {language}", translation_key=keys[name])
                self.sections[name, language] = made.pk
            self.authors[language] = factories.make_author(language, translation_key=keys["author"])
            self.topics[language] = factories.make_topic(language, translation_key=keys["topic"])
        self.mark = whole_edition.last_event()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    # What an editor does.

    @rule(language=languages, section=sections, group=numbers, named=st.booleans())
    def write(self, language, section, group, named):
        """A new story, or the version that another one lacks."""
        self.count += 1
        stories = self.stories()
        key = stories[group % len(stories)].translation_key if stories and group % 4 else uuid.uuid4()
        if ArticlePage.objects.filter(translation_key=key, locale__language_code=language).exists():
            return
        fields = {"authors": [self.authors[language]], "topics": [self.topics[language]]} if named else {}
        place = SectionPage.objects.get(pk=self.sections[section, language])
        factories.make_article(place, f"Story {self.count}", translation_key=key, **fields)

    @precondition(lambda self: self.stories())
    @rule(number=numbers)
    def rename(self, number):
        self.count += 1
        story = self.pick(number)
        story.slug = f"renamed-{self.count}"
        self.publish(story)

    @precondition(lambda self: self.stories())
    @rule(number=numbers, section=sections)
    def move(self, number, section):
        story = self.pick(number)
        place = SectionPage.objects.get(pk=self.sections[section, story.language])
        if story.get_parent().pk != place.pk:
            story.move(place, "last-child")

    @precondition(lambda self: self.stories())
    @rule(number=numbers)
    def retract_or_publish(self, number):
        story = self.pick(number)
        if story.live:
            story.unpublish()
        else:
            self.publish(story)

    @precondition(lambda self: self.stories())
    @rule(number=numbers)
    def delete(self, number):
        self.pick(number).delete()

    @precondition(lambda self: len(self.stories()) > 1)
    @rule(one=numbers, other=numbers)
    def link(self, one, other):
        try:
            groups.link(self.pick(one), self.pick(other))
        except GroupRefused:
            return

    @precondition(lambda self: self.stories())
    @rule(number=numbers)
    def unlink(self, number):
        try:
            groups.unlink(self.pick(number))
        except GroupRefused:
            return

    @rule(section=sections, language=languages)
    def retract_or_publish_section(self, section, language):
        page = SectionPage.objects.get(pk=self.sections[section, language])
        if page.live:
            page.unpublish()
        else:
            self.publish(page)

    @rule(section=sections, language=languages)
    def rename_section(self, section, language):
        self.count += 1
        page = SectionPage.objects.get(pk=self.sections[section, language])
        page.slug = f"{section}-{self.count}"
        self.publish(page) if page.live else page.save()

    @rule(language=st.sampled_from(LANGUAGES[1:]))
    def retract_or_publish_front(self, language):
        page = HomePage.objects.get(locale__language_code=language)
        if page.live:
            page.unpublish()
        else:
            self.publish(page)

    @rule(language=languages)
    def rename_topic_and_author(self, language):
        self.count += 1
        for named in (self.topics[language], self.authors[language]):
            named.refresh_from_db()
            named.slug = f"named-{self.count}"
            named.save()

    @rule()
    def readers_come(self):
        """What was only stale is made anew."""
        self.purge()
        self.kept = {path: page for path, page in self.kept.items() if not page.tags & self.stale}
        self.stale: frozenset[str] = frozenset()

    stale: frozenset[str] = frozenset()

    # What must hold after each of it.

    @invariant()
    def versions_are_closed(self):
        self.purge()
        site = closure.read_site()
        assert not site.doubled
        self.check_kept(site)
        missing = [path for path in (*site.pages, *MAPS) if path not in self.kept]
        self.kept.update(whole_edition.render_all(missing) if missing else {})
        self.check_kept(site)
        self.check_maps(site)

    def check_kept(self, site):
        """Whatever the edge would give out now says what the database does."""
        for path, page in self.kept.items():
            if path in MAPS:
                continue
            if path not in site.pages:
                assert page.status != 200, f"{path} is given out and no longer public"
                continue
            assert page.status == 200, f"{path} is public and answers {page.status}"
            wrong = closure.wrong_with(path, closure.read_claims(page.body.decode()), site.pages[path])
            assert not wrong, f"{path}: {wrong}"

    def check_maps(self, site):
        """Sets in sitemaps, also in stale ones, are those of the pages; a fresh one names every page."""
        wanted = {f"http://localhost:8000{path}": pairs for path, pairs in site.pages.items()}
        for path in MAPS:
            found = closure.read_sitemap(self.kept[path].body.decode())
            for url, pairs in found.items():
                if url in wanted:
                    assert pairs == wanted[url], f"{path} names other versions of {url}"
                else:
                    assert not pairs, f"{path} names {url} as a version"
        fresh = {url for path in MAPS for url in closure.read_sitemap(get(path).body.decode())}
        assert fresh == wanted.keys()

    # How it is done.

    def stories(self):
        return list(ArticlePage.objects.order_by("pk"))

    def pick(self, number):
        stories = self.stories()
        return ArticlePage.objects.get(pk=stories[number % len(stories)].pk)

    def publish(self, page: Page):
        page.save_revision().publish()

    def purge(self):
        found = whole_edition.collect(self.mark)
        self.mark = whole_edition.last_event()
        purge = whole_edition.purge_all(found)
        self.kept = {path: page for path, page in self.kept.items() if not page.tags & purge.hard}
        self.stale |= purge.soft


def run(examples: int, steps: int) -> None:
    checked = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    run_state_machine_as_test(Newsroom, settings=checked)


@pytest.mark.django_db
def test_versions_are_closed_after_a_few_random_acts():
    run(examples=4, steps=10)


@pytest.mark.slow
@pytest.mark.django_db
def test_versions_are_closed_after_many_random_acts():
    run(examples=40, steps=25)
