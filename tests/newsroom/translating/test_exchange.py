"""Texts leave as units and come back checked: foreign, hostile or too long ones are refused, nothing else is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from wagtail.models import Locale

from broadsheet.newsroom.translating import exchange, ledger, pieces
from broadsheet.newsroom.translating.errors import ForeignJob, TranslationLocked
from broadsheet.translations.units import Unit
from tests import factories
from tests.newsroom import people

from .stories import block, changed, fresh, revise, translate, version


@pytest.fixture
def pair(story, мир, polyglot):
    (page,) = translate(story, polyglot, "ru")
    return story, page


def draft(page):
    return fresh(page).get_latest_revision_as_object()


def job_of(pair, **targets):
    """The story's job with these translations by key; `*` is the body's first text."""
    story, page = pair
    job = exchange.extract(fresh(story), draft(page))
    texts = {block(story, "text") if key == "text" else key: text for key, text in targets.items()}
    units = [replace(one, target=texts[one.key], state="translated") if one.key in texts else one for one in job.units]
    return replace(job, units=tuple(units))


def test_every_text_of_the_story_is_a_unit(pair):
    story, page = pair
    job = exchange.extract(fresh(story), draft(page))
    assert (job.story, job.source_language, job.target_language) == (str(story.translation_key), "en", "ru")
    texts = {unit.source for unit in job.units}
    assert {"Ferries run again", "After a year.", "We waited long.", "A captain", "When", "At six", "At nine"} <= texts
    assert {"Fares", "Who", "Children"} <= texts and "bullet" not in texts and "1" not in texts
    rich = next(unit for unit in job.units if unit.key == block(story, "text"))
    assert rich.is_html and rich.source.startswith("<p>")
    assert all(unit.state == "initial" and not unit.target for unit in job.units)
    assert len({unit.key for unit in job.units}) == len(job.units)


def test_what_comes_back_is_in_the_draft(pair, polyglot):
    story, page = pair
    quote = block(story, "quote")
    points, table = block(story, "list"), block(story, "table")
    job = job_of(
        pair,
        title="Паромы снова ходят",
        lead="Через год.",
        text="<p>Порт <b>открыт</b>.</p>",
        **{f"{quote}.text": "Мы долго ждали.", f"{points}.items.1": "В девять", f"{table}.rows.0.0": "Дети"},
    )
    report = exchange.apply(job, draft(page), polyglot)
    assert len(report.taken) == 6 and not report.refused
    made = draft(page)
    assert (made.title, made.lead, made.slug) == ("Паромы снова ходят", "Через год.", "paromy-snova-khodyat")
    raw = {one["type"]: one["value"] for one in pieces.raw_body(made)}
    assert raw["text"] == "<p>Порт <b>открыт</b>.</p>" and raw["quote"]["text"] == "Мы долго ждали."
    assert [str(one) for one in made.body[2].value["items"]] == ["At six", "В девять"]
    assert made.body[3].value.row_data[0]["values"][0] == "Дети"
    known = version(page).pieces
    assert known["title"][2] == ledger.TRANSLATED
    assert known[points][2] == ledger.INITIAL, "a list of which a point is missing is not translated"


def test_round_trip_keeps_everything(pair, polyglot):
    job = job_of(pair, title="Паромы", text="<p>Порт.</p><p>Паромы.</p>")
    exchange.apply(job, draft(pair[1]), polyglot)
    again = exchange.extract(fresh(pair[0]), draft(pair[1]))
    assert {unit.key: unit.target for unit in again.units if unit.target} == {
        "title": "Паромы",
        block(pair[0], "text"): "<p>Порт.</p><p>Паромы.</p>",
    }
    report = exchange.apply(again, draft(pair[1]), polyglot)
    assert not report.has_changed and not report.refused


def test_foreign_units_are_refused_and_the_others_taken(pair, polyglot):
    job = job_of(pair, title="Паромы")
    foreign = Unit("body.00000000-0000-4000-8000-000000000000.text", "x", False, "чужое", "translated")
    report = exchange.apply(replace(job, units=(*job.units, foreign)), draft(pair[1]), polyglot)
    assert [line.key for line in report.refused] == [foreign.key] and [line.key for line in report.taken] == ["title"]
    assert "чужое" not in str(pieces.raw_body(draft(pair[1])))


@pytest.mark.parametrize("change", [{"story": "0" * 8}, {"target_language": "hy"}, {"source_language": "ru"}])
def test_job_of_another_story_or_language_is_refused_whole(pair, polyglot, change):
    with pytest.raises(ForeignJob):
        exchange.apply(replace(job_of(pair, title="Паромы"), **change), draft(pair[1]), polyglot)
    assert draft(pair[1]).title == "Ferries run again"


def test_markup_is_cleaned(pair, polyglot, section):
    secret = factories.make_article(section, "Secret", publish=False)
    hostile = (
        '<p onclick="x()">Порт<script>alert(1)</script> <a href="javascript:x()">a</a>'
        f'<a linktype="page" id="{secret.pk}">b</a><img src=x onerror=y></p>'
    )
    exchange.apply(job_of(pair, text=hostile), draft(pair[1]), polyglot)
    written = draft(pair[1]).body[0].value.source
    assert written == "<p>Порт <a>a</a><a>b</a></p>"


def test_links_of_the_source_stay(section, мир, polyglot):
    other = factories.make_article(section, "Other")
    link = f'<p><a linktype="page" id="{other.pk}">there</a></p>'
    story = factories.make_article(section, "Linking", body=[("text", link)])
    pair = (story, translate(story, polyglot, "ru")[0])
    exchange.apply(job_of(pair, text=link.replace("there", "там")), draft(pair[1]), polyglot)
    written = draft(pair[1]).body[0].value.source
    assert f'id="{other.pk}"' in written and 'linktype="page"' in written and "там" in written


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("title", "я" * 256),
        ("title", "\u200b"),
        ("title", "a\x00b"),
        ("lead", "я" * 1001),
        ("text", "<script>alert(1)</script>"),
    ],
)
def test_unusable_text_is_refused_with_a_reason(pair, polyglot, key, text):
    report = exchange.apply(job_of(pair, **{key: text}), draft(pair[1]), polyglot)
    assert len(report.refused) == 1 and report.refused[0].reason and not report.has_changed


def test_direction_controls_are_taken_out_of_a_headline(pair, polyglot):
    exchange.apply(job_of(pair, title="Паромы \u202eхдоят"), draft(pair[1]), polyglot)
    assert draft(pair[1]).title == "Паромы хдоят"


def test_work_on_an_older_source_is_taken_and_stays_flagged(pair, polyglot):
    job = job_of(pair, lead="Через год.", title="Паромы")
    revise(pair[0], lead="After two years.")
    report = exchange.apply(job, draft(pair[1]), polyglot)
    assert [line.key for line in report.outdated] == ["lead"] and [line.key for line in report.taken] == ["title"]
    assert draft(pair[1]).lead == "Через год." and changed(pair[1]) == {"lead"}


def test_machine_made_pieces_are_marked_and_never_replace_a_persons(pair, polyglot):
    exchange.apply(job_of(pair, title="Паромы"), draft(pair[1]), polyglot)
    job = job_of(pair, lead="Через год.")
    machine = tuple(replace(one, target=one.target or "машина", state="machine") for one in job.units)
    machine = tuple(replace(one, target="машина") if one.key == "title" else one for one in machine)
    exchange.apply(replace(job, units=machine), draft(pair[1]), polyglot, only_untranslated=True)
    made, known = draft(pair[1]), version(pair[1])
    assert made.title == "Паромы" and made.lead == "Через год."
    assert known.pieces["lead"][2] == ledger.MACHINE and known.pieces["title"][2] == ledger.TRANSLATED
    assert known.machine_made == 5 and known.untranslated == 0


def test_locked_page_takes_nothing(pair, polyglot, russian):
    chief = people.make_person("главный", ("chief_editor", russian))
    page = fresh(pair[1])
    page.locked, page.locked_by = True, chief
    page.save()
    with pytest.raises(TranslationLocked):
        exchange.apply(job_of(pair, title="Паромы"), draft(page), polyglot)
    assert draft(page).title == "Ferries run again"


def test_article_that_was_made_from_nothing_takes_nothing(story, pair, polyglot):
    with pytest.raises(ForeignJob):
        exchange.apply(job_of(pair, title="x"), draft(story), polyglot)


def test_slug_that_a_person_chose_stays(pair, polyglot):
    revise(pair[1], publish=False, slug="chosen")
    exchange.apply(job_of(pair, title="Паромы"), draft(pair[1]), polyglot)
    assert draft(pair[1]).slug == "chosen"
    assert Locale.objects.filter(language_code="ru").exists()


def test_links_to_a_translated_story_are_those_of_the_language_on_both_sides(section, мир, polyglot):
    other = factories.make_article(section, "Other")
    (there,) = translate(other, polyglot, "ru")
    link = f'<p data-block-key="a1"><a linktype="page" id="{other.pk}">other</a></p>'
    story = factories.make_article(section, "Linking", body=[("text", link)])
    (page,) = translate(story, polyglot, "ru")
    (unit,) = (one for one in exchange.extract(fresh(story), draft(page)).units if one.is_html)
    assert unit.source == f'<p><a linktype="page" id="{there.pk}">other</a></p>'
