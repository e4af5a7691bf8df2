"""What an agency sends back is taken as far as it fits the story, and a person is told of the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from broadsheet.translations import exchange
from broadsheet.translations.errors import (
    CodesBroken,
    ForeignUnit,
    OtherLanguages,
    OtherStory,
    RevisionOutdated,
    SourceOutdated,
    TargetMissing,
    TargetRefused,
    UnitMissing,
    UnitRepeated,
)
from broadsheet.translations.exchange import xliff
from broadsheet.translations.units import INITIAL, MACHINE, REVIEWED, TRANSLATED, TranslationJob, Unit
from tests.translations.exchange import jobs

FORMATS = pytest.mark.parametrize("format", sorted(exchange.FORMATS))


def told(job: TranslationJob) -> list[tuple[type, str]]:
    return [(type(problem), problem.key) for problem in job.problems]


def translated(job: TranslationJob, **targets: str) -> TranslationJob:
    """The job as an agency sends it back; `_` in a name stands for a dot."""
    found = {key.replace("_", "."): target for key, target in targets.items()}
    units = tuple(
        replace(unit, target=found[unit.key], state=TRANSLATED) if unit.key in found else unit for unit in job.units
    )
    return replace(job, units=units)


@FORMATS
def test_translations_come_in(format):
    sent = jobs.job()
    came = translated(sent, headline="بندر بسته است", body_77aa_caption="بندر در <سپیده>")
    merged = exchange.receive(exchange.write(came, format), sent)
    assert [unit.target for unit in merged.units] == ["بندر بسته است", jobs.RICH_TARGET, "بندر در <سپیده>"]
    assert [unit.state for unit in merged.units] == [TRANSLATED] * 3 and merged.problems == ()


@FORMATS
def test_other_story_and_other_languages_are_refused(format):
    data = exchange.write(jobs.job(), format)
    with pytest.raises(OtherStory):
        exchange.receive(data, jobs.job(story="another"))
    with pytest.raises(OtherLanguages, match="en into fa, not en into ar"):
        exchange.receive(data, jobs.job(target_language="ar"))
    with pytest.raises(OtherLanguages):
        exchange.receive(data, jobs.job(source_language="az"))


def test_more_exact_code_of_the_same_language_is_taken():
    data = exchange.write(jobs.job(), "xliff").replace(b'trgLang="fa"', b'trgLang="fa-IR"')
    assert exchange.receive(data, jobs.job()) == jobs.job()


@FORMATS
def test_foreign_and_missing_units_are_told_and_left_out(format):
    came = jobs.job(units=(*jobs.job().units[:2], Unit("body.9.text", "x", False, "y", TRANSLATED)))
    merged = exchange.receive(exchange.write(came, format), jobs.job())
    assert told(merged) == [(ForeignUnit, "body.9.text"), (UnitMissing, "body.77aa.caption")]
    assert merged == jobs.job()


@FORMATS
def test_unit_without_a_translation_stays_as_it_was(format):
    sent = jobs.job()
    came = replace(sent, units=tuple(replace(unit, target="", state=INITIAL) for unit in sent.units))
    merged = exchange.receive(exchange.write(came, format), sent)
    assert merged == sent and told(merged) == [(TargetMissing, unit.key) for unit in sent.units]


def test_unit_said_to_be_translated_without_a_translation_is_told_once():
    data = xliff.write(jobs.job()).replace(b'id="s1" state="initial">', b'id="s1" state="translated">')
    assert told(xliff.read(data)) == [(TargetMissing, "body.77aa.caption")]
    assert told(exchange.receive(data, jobs.job())) == [(TargetMissing, "body.77aa.caption")]


@FORMATS
def test_older_revision_is_taken_and_told_with_the_units_that_changed(format):
    old = jobs.job()
    newer = replace(old.units[0], source="Harbour open", target="", state=INITIAL)
    now = jobs.job(source_revision="sha256-2", units=(newer, *old.units[1:2]))
    came = translated(jobs.job(units=old.units[:2]), headline="بندر بسته است")
    merged = exchange.receive(exchange.write(came, format), now)
    assert told(merged) == [(RevisionOutdated, ""), (SourceOutdated, "headline")]
    # The ledger of drift must see from which text the translation was made.
    assert (merged.units[0].source, merged.units[0].target) == ("Harbour shut & quiet", "بندر بسته است")
    assert merged.units[1] == now.units[1]


BROKEN = {
    "lost link": jobs.RICH_TARGET.replace('<a linktype="page" id="12">بندر</a>', "بندر"),
    "other link": jobs.RICH_TARGET.replace('id="12"', 'id="13"'),
    "script": jobs.RICH_TARGET.replace("<br/>", "<br/><script>alert(1)</script>"),
    "handler": jobs.RICH_TARGET.replace("<b>", '<b onclick="alert(1)">'),
    "half a tag": jobs.RICH_TARGET.replace("<br/>", "<br/><svg/onload=alert(1)>"),
    "unclosed": jobs.RICH_TARGET.replace("</b>", ""),
    "crossed": jobs.RICH_TARGET.replace("<b>بسته</b>", "</b>بسته<b>"),
    "twice": jobs.RICH_TARGET.replace("<br/>", "<br/><br/>"),
    "bold added": jobs.RICH_TARGET.replace("<b>بسته</b>", "<b>بسته</b><b>!</b>"),
    "comment": jobs.RICH_TARGET.replace("<br/>", "<br/><!-- x -->"),
    "paragraph added": jobs.RICH_TARGET + "<p>x</p>",
}


@FORMATS
@pytest.mark.parametrize("target", BROKEN.values(), ids=BROKEN)
def test_broken_tags_are_left_out_and_told_and_the_rest_is_taken(format, target):
    sent = jobs.job()
    came = translated(sent, headline="بندر بسته است", body_3f2a_text=target)
    merged = exchange.receive(exchange.write(came, format), sent)
    assert told(merged) == [(CodesBroken, "body.3f2a.text"), (TargetMissing, "body.77aa.caption")]
    assert merged.units[1] == sent.units[1] and merged.units[0].target == "بندر بسته است"


def test_changed_original_data_brings_no_markup_in():
    data = xliff.write(jobs.job()).replace(b"&lt;b&gt;", b"&lt;b onclick=alert(1)&gt;")
    assert b"onclick" in data and "onclick" in xliff.read(data).units[1].target
    merged = exchange.receive(data, jobs.job())
    assert told(merged) == [(CodesBroken, "body.3f2a.text"), (TargetMissing, "body.77aa.caption")]
    assert merged == jobs.job()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b' dataRef="', b' dataRef="z'),
        (b"<ph ", b"<glyph "),
        ("закрыто".encode(), b'<cp hex="0041"/>'),
        ("закрыто".encode(), b'<cp hex="D800"/>'),
        ("закрыто".encode(), b'<cp hex="00"/>'),
        ("закрыто".encode(), b'<cp hex="7FFFFFFF"/>'),
        ("закрыто".encode(), b'<cp hex="x"/>'),
    ],
)
def test_codes_that_mean_nothing_are_one_unit_s_problem(old, new):
    data = xliff.write(jobs.job()).replace(old, new)
    merged = exchange.receive(data, jobs.job())
    assert (CodesBroken, "body.3f2a.text") in told(merged) and merged == jobs.job()


@FORMATS
def test_plain_text_keeps_whatever_looks_like_markup_as_words(format):
    came = translated(jobs.job(), headline="<script>alert(1)</script> &amp;")
    merged = exchange.receive(exchange.write(came, format), jobs.job())
    assert merged.units[0].target == "<script>alert(1)</script> &amp;" and not merged.units[0].is_html


def test_a_file_cannot_turn_plain_text_into_html():
    data = xliff.write(jobs.job()).replace(b"broadsheet:text", b"broadsheet:html")
    assert not exchange.receive(data, jobs.job()).units[0].is_html


@FORMATS
def test_overlong_translation_is_left_out(format):
    merged = exchange.receive(exchange.write(translated(jobs.job(), headline="x" * 9_000), format), jobs.job())
    assert (TargetRefused, "headline") in told(merged) and merged == jobs.job()


def test_unit_that_comes_twice_is_taken_once():
    text = xliff.write(jobs.job()).decode()
    start, end = text.index("<unit"), text.index("</unit>") + len("</unit>")
    doubled = text[:end] + text[start:end].replace("بندر بسته شد", "X") + text[end:]
    merged = exchange.receive(doubled.encode(), jobs.job())
    assert (UnitRepeated, "headline") in told(merged) and merged == jobs.job()


def test_italics_may_be_left_out_where_a_script_has_none():
    assert "<i>" in jobs.RICH and "<i>" not in jobs.RICH_TARGET
    assert exchange.receive(exchange.write(jobs.job(), "po"), jobs.job()).units[1].target == jobs.RICH_TARGET


@FORMATS
@pytest.mark.parametrize(
    ("before", "after", "is_changed", "expected"),
    [
        (MACHINE, MACHINE, False, MACHINE),
        (MACHINE, TRANSLATED, False, TRANSLATED),
        (MACHINE, REVIEWED, True, TRANSLATED),
        (REVIEWED, TRANSLATED, False, REVIEWED),
        (REVIEWED, REVIEWED, True, TRANSLATED),
        (TRANSLATED, MACHINE, True, MACHINE),
    ],
)
def test_an_agency_translates_and_the_newsroom_reviews(format, before, after, is_changed, expected):
    sent = jobs.job(units=(Unit("headline", "Harbour", False, "بندر", before),))
    target = "بندرگاه" if is_changed else "بندر"
    came = jobs.job(units=(Unit("headline", "Harbour", False, target, after),))
    unit = exchange.receive(exchange.write(came, format), sent).units[0]
    assert (unit.target, unit.state) == (target, expected)


def test_program_that_leaves_the_state_as_it_was_has_translated_all_the_same():
    data = xliff.write(jobs.job()).replace(b"dawn&gt;</source>", "dawn&gt;</source><target>سپیده</target>".encode())
    assert exchange.receive(data, jobs.job()).units[2].state == TRANSLATED


def test_unit_cut_into_segments_by_a_program_is_put_together():
    sent = jobs.job(units=(Unit("a", "One. Two.", False),))
    whole = b'<segment id="s1" state="initial">\n    <source>One. Two.</source>\n   </segment>'
    cut = (
        b'<segment id="1" state="final"><source>One.</source><target order="3">Bir.</target></segment>'
        b"<ignorable><source> </source></ignorable>"
        b'<segment id="2" state="translated"><source>Two.</source>'
        b'<target order="1">Iki<mrk id="m" translate="no">.</mrk></target></segment>'
    )
    data = xliff.write(sent)
    assert whole in data
    unit = exchange.receive(data.replace(whole, cut), sent).units[0]
    assert (unit.target, unit.state) == ("Iki. Bir.", TRANSLATED)
    half = cut.replace(b'<target order="3">Bir.</target>', b"")
    assert told(exchange.receive(data.replace(whole, half), sent)) == [(TargetMissing, "a")]


def test_codes_that_a_program_cut_in_two_are_the_same_tag():
    data = xliff.write(jobs.job()).decode()
    start = data.rindex('<pc id="3"')
    end = data.index("</pc>", start)
    opening = data[start : data.index(">", start) + 1]
    refs = {name: opening.split(f'{name}="')[1].split('"')[0] for name in ("dataRefStart", "dataRefEnd")}
    cut = f'<sc id="3" dataRef="{refs["dataRefStart"]}"/>{data[start + len(opening) : end]}'
    cut += f'<ec startRef="3" dataRef="{refs["dataRefEnd"]}"/>'
    assert exchange.receive((data[:start] + cut + data[end + 5 :]).encode(), jobs.job()) == jobs.job()


@FORMATS
def test_remarks_of_translators_reach_the_desk(format):
    data = exchange.write(jobs.job(), format)
    if format == "xliff":
        data = data.replace(b"</note>", b'</note><note id="t">Which harbour?</note>', 1)
    else:
        data = data.replace(b"#. [text]\n#. Headline", b"# Which harbour?\n#. [text]\n#. Headline", 1)
    unit = exchange.receive(data, jobs.job()).units[0]
    assert unit.note == "Headline, 80 letters at most\n\nWhich harbour?"


def test_name_of_a_file_is_plain():
    assert exchange.file_name(jobs.job(story="../a/b c"), "xliff") == "abc.en-fa.xlf"
