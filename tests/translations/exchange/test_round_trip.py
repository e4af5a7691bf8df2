"""What is written for an agency is read again without loss, whatever the text, in both formats."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from broadsheet.translations import exchange
from broadsheet.translations.errors import JobUnwritable
from broadsheet.translations.exchange import po, xliff
from broadsheet.translations.units import REVIEWED, Unit
from tests.shared import shared_folder
from tests.translations.exchange import jobs

FORMATS = pytest.mark.parametrize("format", [xliff, po])
RELAXED = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@FORMATS
def test_a_job_with_everything_comes_back_as_it_went(format):
    came = format.read(format.write(jobs.job()))
    assert came == jobs.job() and came.problems == ()


@FORMATS
@given(job=jobs.any_job())
@RELAXED
def test_any_job_comes_back_as_it_went(format, job):
    came = format.read(format.write(job))
    assert came == job and came.problems == ()


@given(job=jobs.any_job())
@RELAXED
def test_a_file_that_nobody_touched_changes_nothing(job):
    for format in exchange.FORMATS:
        came = exchange.receive(exchange.write(job, format), job)
        assert came == job
        assert {type(problem).__name__ for problem in came.problems} <= {"TargetMissing"}


@FORMATS
@pytest.mark.parametrize(
    "unit",
    [
        Unit("a b", "x", False),
        Unit("ü", "x", False),
        Unit("", "x", False),
        Unit("a", "x\0", False),
        Unit("a", "x", False, "\ud800", "translated"),
        Unit("a", "x", False, state="final"),
        Unit("a", "x" * 200_001, False),
    ],
)
def test_what_no_file_can_carry_is_refused_before_it_is_written(format, unit):
    with pytest.raises(JobUnwritable) as refused:
        format.write(jobs.job(units=(unit,)))
    assert refused.value.key == unit.key


@FORMATS
@pytest.mark.parametrize(
    "changes", [{"target_language": "f a"}, {"units": ()}, {"story": ""}, {"source_revision": "\0"}]
)
def test_job_without_story_language_or_units_is_refused(format, changes):
    with pytest.raises(JobUnwritable):
        format.write(jobs.job(**changes))


@FORMATS
def test_the_same_key_twice_is_refused(format):
    with pytest.raises(JobUnwritable):
        format.write(jobs.job(units=(Unit("a", "x", False), Unit("a", "y", False))))


def test_note_keeps_its_words_where_xml_cannot_carry_a_letter():
    job = jobs.job(units=(Unit("a", "x", False, note="one\x0btwo"),))
    assert xliff.read(xliff.write(job)).units[0].note == "one\ufffdtwo"
    assert po.read(po.write(job)).units[0].note == "one two"


def test_translator_sees_words_and_numbered_codes_and_no_tag():
    root = etree.fromstring(xliff.write(jobs.job()))
    source = root.findall(f".//{{{xliff.NAMESPACE}}}source")[1]
    assert "".join(source.itertext()) == 'He said "no": the harbour stays shut.It\'sзакрыто for a week'
    codes = {code.get("id"): code.get("canDelete") for code in source.iter() if code.get("id")}
    assert codes == {"1": "no", "2": "no", "3": None, "4": None, "5": "no", "6": None, "7": "no", "8": "no"}
    target = root.findall(f".//{{{xliff.NAMESPACE}}}target")[1]
    assert [code.get("id") for code in target.iter() if code.get("id")] == ["1", "7", "8", "2", "3", "5"]


def test_languages_directions_and_states_stand_where_programs_look_for_them():
    root = etree.fromstring(xliff.write(jobs.job()))
    file = root[0]
    assert (root.get("version"), root.get("srcLang"), root.get("trgLang")) == ("2.1", "en", "fa")
    assert (file.get("srcDir"), file.get("trgDir"), file.get("canResegment")) == ("ltr", "rtl", "no")
    segments = root.findall(f".//{{{xliff.NAMESPACE}}}segment")
    states = [(segment.get("state"), segment.get("subState")) for segment in segments]
    assert states == [("initial", "broadsheet:machine"), ("translated", None), ("initial", None)]


def test_po_says_direction_language_and_what_a_machine_made():
    text = po.write(jobs.job()).decode()
    for part in ('"Language: fa\\n"', '"X-Direction: rtl\\n"', '#, fuzzy\nmsgctxt "headline"', "#. First paragraph"):
        assert part in text


@pytest.mark.skipif(shutil.which("msgcat") is None, reason="GNU gettext is not installed")
def test_gettext_reads_and_writes_our_po(tmp_path):
    units = (*jobs.job().units, Unit("odd", 'a\vb\f"\\ \u2028 \x85 \u202e', False, "x\r\ny\u2029", REVIEWED))
    job = jobs.job(units=units)
    ours, theirs = tmp_path / "ours.po", tmp_path / "theirs.po"
    ours.write_bytes(po.write(job))
    subprocess.run(["msgfmt", "-c", "-o", "/dev/null", ours], check=True, capture_output=True, timeout=60)
    subprocess.run(["msgcat", "--width=60", "-o", theirs, ours], check=True, capture_output=True, timeout=60)
    assert po.read(theirs.read_bytes()) == replace(job, units=po.read(ours.read_bytes()).units)


@pytest.mark.shared
def test_xliff_is_valid_by_the_core_schema_of_oasis():
    folder = shared_folder()
    path = folder / "data/schemas/xliff-2.1/xliff_core_2.0.xsd" if folder else None
    if path is None or not path.exists():
        pytest.skip("the schema of XLIFF 2.1 is not part of the repository")
    schema = etree.XMLSchema(file=str(path))

    @given(job=jobs.any_job())
    @RELAXED
    def check(job):
        schema.assertValid(etree.fromstring(xliff.write(job)))

    schema.assertValid(etree.fromstring(xliff.write(jobs.job())))
    check()
