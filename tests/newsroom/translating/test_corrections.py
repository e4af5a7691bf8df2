"""A correction in one language is urgent in every other one, and their desks are told: once, and as they want it."""

from __future__ import annotations

import pytest
from django.core import mail
from wagtail.users.models import UserProfile

from broadsheet.newsroom.translating import bringing, corrections
from broadsheet.outbox import services as outbox
from tests.newsroom import people

from .stories import CORRECTION as WORDS
from .stories import block, changed, correct, fresh, revise, translate, version


@pytest.fixture
def versions(story, мир, աշխարհ, polyglot):
    russian, armenian = translate(story, polyglot, "ru", "hy")
    return story, revise(russian), armenian


def deliver():
    mail.outbox.clear()
    outbox.deliver_all()
    return sorted(address for one in mail.outbox for address in one.to)


def test_correction_is_urgent_in_every_other_language(versions):
    story, russian, armenian = versions
    revise(story, body=correct)
    for other in (russian, armenian):
        (mark,) = version(other).urgent
        assert mark["text"] == WORDS and mark["language"] == "en" and version(other).urgent_since
        assert changed(other) == {block(fresh(story), "correction")}
    assert not version(story).urgent


def test_correction_of_a_translation_tells_its_source_and_the_others(versions):
    story, russian, armenian = versions
    revise(russian, body=correct)
    assert version(story).urgent and version(armenian).urgent and not version(russian).urgent


def test_translated_correction_answers_the_mark_and_raises_none(versions, polyglot):
    story, russian, armenian = versions
    revise(story, body=correct)
    bringing.take_over(version(russian), version(russian).changed, polyglot)
    revise(russian, body=lambda raw: raw[-1]["value"].update(text="Капитанов двое."))
    assert not version(russian).urgent and version(russian).urgent_since is None
    assert version(armenian).urgent and not version(story).urgent


def test_publishing_again_tells_nobody_again(versions):
    story, _russian, armenian = versions
    revise(story, body=correct)
    revise(story, lead="Changed.")
    assert len(version(armenian).urgent) == 1


def test_what_a_story_begins_with_is_no_news(versions):
    _story, russian, armenian = versions
    revise(armenian, body=correct)
    assert not version(russian).urgent


def test_somebody_says_that_nothing_is_to_be_corrected(versions, polyglot):
    story, russian, armenian = versions
    revise(story, body=correct)
    corrections.settle(version(russian), polyglot)
    assert not version(russian).urgent and version(armenian).urgent


def test_desks_of_the_other_languages_are_written_to(versions, russian, мир, section, polyglot):
    story, page, _armenian = versions
    people.make_person("редактор", ("section_editor", мир))
    people.make_person("репортёр", ("reporter", мир))
    people.make_person("own", ("section_editor", section))
    unwilling = people.make_person("нехочет", ("chief_editor", russian))
    UserProfile.objects.create(user=unwilling, submitted_notifications=False)
    revise(story, body=correct)
    assert deliver() == ["polyglot@newsroom.test", "polyglot@newsroom.test", "редактор@newsroom.test"]
    text = next(one.body for one in mail.outbox if one.to == ["редактор@newsroom.test"])
    assert WORDS in text and f"/pages/{page.pk}/edit/" in text and "/translations/?urgent=on" in text
    revise(story, lead="Changed.")
    assert deliver() == []
