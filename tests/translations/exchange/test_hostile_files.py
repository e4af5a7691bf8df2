"""Files that were made to do harm, or are broken: refused with a sentence, whatever their bytes."""

from __future__ import annotations

import codecs
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.translations import exchange
from broadsheet.translations.errors import (
    CodesBroken,
    DocumentTypeRefused,
    FileRefused,
    FileTooLarge,
    InclusionRefused,
    NotPO,
    NotXLIFF,
    NotXML,
    StoryUnnamed,
    TranslationsError,
    VersionRefused,
)
from broadsheet.translations.exchange import po, safe_xml, xliff
from tests.translations.exchange import jobs

GOOD = xliff.write(jobs.job())
HEAD = b"<?xml version='1.0' encoding='utf-8'?>\n"
BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
    + b"]>"
)


def with_doctype(doctype: bytes) -> bytes:
    return GOOD.replace(HEAD, HEAD + doctype)


@pytest.mark.parametrize(
    "doctype",
    [
        BOMB,
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;]>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        b"<!-- c - c --><?p ?>\n<!DOCTYPE x>",
        b"<!doctype x>",
    ],
)
def test_document_type_is_refused(doctype):
    with pytest.raises(DocumentTypeRefused):
        xliff.read(with_doctype(doctype))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_document_type_is_refused_in_every_encoding_that_can_be_read(encoding):
    mark = codecs.BOM_UTF16_LE if encoding.endswith("le") else codecs.BOM_UTF16_BE
    with pytest.raises(DocumentTypeRefused):
        xliff.read(mark + with_doctype(BOMB).decode().encode(encoding))
    text = GOOD.decode().replace("utf-8", "utf-16")
    assert exchange.read(mark + text.encode(encoding)) == jobs.job()


def test_entity_without_a_declaration_is_refused():
    with pytest.raises(NotXML):
        xliff.read(GOOD.replace(b"Harbour", b"&harbour;"))


def test_inclusion_is_refused():
    inclusion = b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'
    with pytest.raises(InclusionRefused):
        xliff.read(GOOD.replace(b"Harbour", inclusion))


@pytest.mark.parametrize(
    ("root", "told"),
    [
        (b'<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"/>', "version 1.2; 2.1 is wanted"),
        (b'<xliff version="2.2" xmlns="urn:oasis:names:tc:xliff:document:2.2"/>', "version 2.2"),
        (b'<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0"/>', "version none"),
        (b"<html/>", "no XLIFF: its root is <html>"),
    ],
)
def test_other_version_is_refused_with_the_one_that_is_wanted(root, told):
    with pytest.raises(VersionRefused, match=told):
        xliff.read(root)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", NotXML),
        (b"<", NotXML),
        (GOOD[:-20], NotXML),
        (b"\xff\xfe\x00", NotXML),
        (GOOD.replace(b"utf-8", b"koi8-r"), NotXML),
        (GOOD.replace(b' trgLang="fa"', b""), NotXLIFF),
        (GOOD.replace(b'srcLang="en"', b'srcLang="e n"'), NotXLIFF),
        (GOOD.replace(b'unit id="headline"', b'unit id="&lt;b&gt;"'), NotXLIFF),
        (GOOD.replace(b"</xliff>", b"<file/></xliff>"), NotXLIFF),
        (GOOD.replace(b"urn:broadsheet:story:", b"page.html "), StoryUnnamed),
    ],
)
def test_what_is_no_file_of_ours_is_refused(data, error):
    with pytest.raises(error):
        xliff.read(data)


def test_files_units_and_texts_have_a_largest_size(monkeypatch):
    for format in (xliff, po):
        with pytest.raises(FileTooLarge):
            format.read(b" " * (safe_xml.LARGEST_FILE_BYTES + 1))
        with monkeypatch.context() as patched:
            patched.setattr("broadsheet.translations.exchange.texts.MOST_UNITS", 2)
            with pytest.raises(FileTooLarge):
                format.read(_three(format))


def _three(format) -> bytes:
    return {xliff: GOOD, po: PO}[format]


def test_codes_within_codes_without_end_are_one_unit_s_problem():
    deep = b'<pc id="9" dataRefStart="d1" dataRefEnd="d2">' * 150 + b"</pc>" * 150
    came = xliff.read(GOOD.replace(b"<source>Harbour", b"<source>" + deep + b"Harbour"))
    assert [(type(problem), problem.key) for problem in came.problems] == [(CodesBroken, "headline")]
    assert came.units[1].target == jobs.RICH_TARGET


def test_bomb_made_of_codes_is_one_unit_s_problem():
    """A tag of 100 KB that is named ten thousand times would be a gigabyte."""
    tag = b'&lt;a href="' + b"x" * 100_000 + b'"&gt;'
    data = GOOD.replace(b"&lt;br/&gt;", tag).replace(b"stays", b'<ph id="q" dataRef="d6"/>' * 10_000)
    assert b"&lt;br/&gt;" not in data
    merged = exchange.receive(data, jobs.job())
    assert (CodesBroken, "body.3f2a.text") in [(type(problem), problem.key) for problem in merged.problems]
    assert merged == jobs.job()


def test_texts_of_a_file_have_a_largest_sum(monkeypatch):
    for format in (xliff, po):
        with monkeypatch.context() as patched:
            patched.setattr("broadsheet.translations.exchange.texts.HEAVIEST_FILE", 1_000)
            with pytest.raises(FileTooLarge):
                format.read(_three(format))


@pytest.mark.parametrize("filling", [b'"a"\n' * 300_001, b'"' + b"\\101" * 500_001 + b'"\n'])
def test_po_of_endless_lines_or_escapes_is_refused(filling):
    with pytest.raises(FileTooLarge):
        po.read(PO + b'\nmsgid ""\n' + filling + b'msgstr "c"\n')


def test_overlong_string_of_po_is_refused():
    with pytest.raises(NotPO, match="letters"):
        po.read(PO + b'\nmsgid "' + b"x" * 200_001 + b'"\nmsgstr "c"\n')


PO = po.write(jobs.job())


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "header"),
        (b"/etc/passwd", "line 1"),
        (b'msgid "a"\nmsgstr "b"\n', "header"),
        (PO.replace(b"UTF-8", b"UTF-8\xff"), "UTF-8"),
        (PO + b'\nmsgctxt "x"\nmsgid "a"\n', "no msgstr"),
        (PO + b'\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\n', "plurals"),
        (PO + b'\nmsgid "a\nmsgstr "c"\n', "not closed"),
        (PO + b'\nmsgid "a" "b"\nmsgstr "c"\n', "not closed"),
        (PO + b'\nmsgid "\\q"\nmsgstr "c"\n', "no letter"),
        (PO + b'\nmsgid "\\377"\nmsgstr "c"\n', "no letter"),
        (PO + b'\nmsgstr "c"\n', "out of turn"),
        (PO + b'\nmsgid "a"\n# late\nmsgstr "c"\n', "comment within"),
        (
            PO.replace(b"X-Target-Language: fa", b"X-Target-Language: ").replace(b"Language: fa", b"Language: "),
            "two languages",
        ),
    ],
)
def test_broken_po_is_refused_with_its_line(data, told):
    with pytest.raises(NotPO, match=told):
        po.read(data)


def test_po_without_our_header_is_refused():
    with pytest.raises(StoryUnnamed):
        po.read(PO.replace(b"X-Story", b"X-Store"))


@given(data=st.binary(max_size=300))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_bytes_of_any_kind_are_read_or_refused(data):
    for start in (b"", b"<", GOOD[:300], PO[:400]):
        _read_or_refuse(start + data)


@pytest.mark.parametrize("seed", range(400))
def test_damaged_files_are_read_or_refused(seed):
    chance = random.Random(seed)
    for good in (GOOD, PO):
        _read_or_refuse(_damaged(good, chance))


def _damaged(data: bytes, chance: random.Random) -> bytes:
    """The file with some pieces cut out, doubled, moved or overwritten."""
    for _ in range(chance.randint(1, 4)):
        start, other = chance.randrange(len(data)), chance.randrange(len(data))
        piece = data[start : start + chance.randint(1, 60)]
        noise = chance.choice(
            [b"", piece, chance.randbytes(3), b"<![CDATA[", b"&#0;", b'"', b"\\", b"\n", b"</pc>", b"<mrk>"]
        )
        data = data[:other] + noise + data[other + chance.choice([0, len(piece)]) :]
    return data


def _read_or_refuse(data: bytes) -> None:
    for read in (exchange.read, xliff.read, po.read):
        try:
            job = read(data)
        except FileRefused:
            continue
        for text in (text for unit in job.units for text in (unit.source, unit.target)):
            text.encode("utf-8")
            assert "\0" not in text
        assert all(isinstance(problem, TranslationsError) for problem in job.problems)
        try:
            merged = exchange.receive(data, jobs.job()) if read is exchange.read else jobs.job()
        except FileRefused:
            continue
        # Whatever was done to the file, only tags of the source can come in.
        assert [unit.key for unit in merged.units] == [unit.key for unit in jobs.job().units]
