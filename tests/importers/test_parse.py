"""Reading exports: whole ones, old ones, broken ones, hostile ones."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from broadsheet.importers.errors import SourceMissing, SourceUnreadable
from broadsheet.importers.wxr.parse import Export
from broadsheet.importers.wxr.records import AuthorRecord, ItemRecord, TermRecord
from tests.importers.conftest import FOOT, HEAD, item, label, meta


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "export.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))
    return path


def read(folder: Path, text: str | bytes) -> list:
    return list(Export(write(folder, text)).records())


def items(records: list) -> list[ItemRecord]:
    return [record for record in records if isinstance(record, ItemRecord)]


def test_an_item_is_read_with_its_terms_and_fields(tmp_path):
    extra = label("category", "world") + label("post_tag", "sea", "The sea") + meta("_thumbnail_id", "7")
    (record,) = items(read(tmp_path, HEAD + item(12, "A & B", extra=extra, post_password="open sesame") + FOOT))
    assert (record.id, record.title, record.slug) == ("12", "A & B", "story-12")
    assert [(one.taxonomy, one.slug) for one in record.labels] == [("category", "world"), ("post_tag", "sea")]
    assert record.meta == {"_thumbnail_id": "7"}
    assert record.has_password
    assert "sesame" not in repr(record)


def test_e_mail_addresses_of_people_are_not_read(tmp_path):
    address = "<wp:author_email>anna@mail.example</wp:author_email>"
    author = f"<wp:author><wp:author_login>anna</wp:author_login>{address}</wp:author>"
    comment = "<wp:comment><wp:comment_author_email>reader@mail.example</wp:comment_author_email></wp:comment>"
    records = read(tmp_path, HEAD + author + item(1, extra=comment) + FOOT)
    assert "mail.example" not in repr(records)
    assert items(records)[0].comments == {"comment": 1}


def test_a_field_of_another_namespace_is_not_taken_for_one_of_wordpress(tmp_path):
    forged = '<x:status xmlns:x="http://elsewhere.example/">draft</x:status>'
    hijacked = item(2).replace("<item>", '<item xmlns:wp="http://elsewhere.example/">')
    first, second = items(read(tmp_path, HEAD + item(1, extra=forged) + hijacked + FOOT))
    assert first.status == "publish"
    assert (second.type, second.status) == ("", "")


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_every_version_of_the_format_is_read(tmp_path, version):
    text = (HEAD + item(1) + FOOT).replace("export/1.2/", f"export/{version}/").replace(">1.2<", f">{version}<")
    export = Export(write(tmp_path, text))
    (record,) = items(list(export.records()))
    assert record.content == "<p>The harbour is open.</p>"
    assert export.site.version == version


def test_cdata_inside_cdata_is_read_to_the_end_of_its_element(tmp_path):
    text = HEAD + item(1, content="Before <![CDATA[ inside ]]> after") + item(2) + FOOT
    first, second = items(read(tmp_path, text))
    assert first.content == "Before <![CDATA[ inside ]]> after"
    assert first.problems[0].startswith("damaged XML was mended")
    assert second.problems == ()


def test_a_closing_tag_inside_cdata_does_not_end_the_item(tmp_path):
    (record,) = items(read(tmp_path, HEAD + item(1, content="A feed has <item>…</item> in it") + FOOT))
    assert record.content == "A feed has <item>…</item> in it"


def test_an_item_that_is_never_closed_loses_nothing_of_the_next(tmp_path):
    broken = item(1).replace("</item>", "")
    first, second = items(read(tmp_path, HEAD + broken + item(2) + FOOT))
    assert (first.id, second.id) == ("1", "2")
    assert first.problems[0] == "not closed before the next one begins"


def test_a_cdata_section_that_is_never_closed_ends_with_its_item(tmp_path):
    broken = item(1).replace("]]></content:encoded>", "</content:encoded>")
    found = items(read(tmp_path, HEAD + broken + item(2) + item(3) + FOOT))
    assert [record.id for record in found] == ["1", "2", "3"]
    assert "The harbour is open." in found[0].content
    assert found[2].problems == ()


def test_a_file_that_breaks_off_gives_what_stands_before(tmp_path):
    text = HEAD + item(1) + item(2)
    found = items(read(tmp_path, text[: text.rindex("<wp:status>")]))
    assert [record.id for record in found] == ["1", "2"]
    assert found[1].status == ""
    assert found[1].problems[0].startswith("not closed")


def test_unknown_entities_stray_ampersands_and_control_characters_are_mended(tmp_path):
    text = HEAD + item(1).replace("Ferries run again", "Salt &nbsp;& pepper \x08&harbour;") + FOOT
    (record,) = items(read(tmp_path, text))
    assert record.title.replace("\u00a0", " ") == "Salt  & pepper &harbour;"


def test_bytes_of_another_encoding_are_read_and_named(tmp_path):
    text = (HEAD + item(1, "Café") + FOOT).encode().replace("Café".encode(), "Café".encode("latin-1"))
    (record,) = items(read(tmp_path, text))
    assert record.title == "Café"
    assert record.problems == ("bytes that do not fit the file's encoding were read as Windows-1252",)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1251"])
def test_the_file_may_have_other_encodings(tmp_path, encoding):
    text = (HEAD + item(1, "Гавань открыта") + FOOT).replace("UTF-8", encoding.removesuffix("-sig"))
    (record,) = items(read(tmp_path, text.encode(encoding)))
    assert record.title == "Гавань открыта"


def test_a_gzipped_file_is_read(tmp_path):
    (record,) = items(read(tmp_path, gzip.compress((HEAD + item(1) + FOOT).encode())))
    assert record.id == "1"


def test_the_line_of_every_item_is_known(tmp_path):
    found = items(read(tmp_path, HEAD + item(1, content="a\nb\nc") + item(2) + FOOT))
    lines = (HEAD + item(1, content="a\nb\nc")).count("\n") + 1
    assert found[1].line == lines


def test_an_export_of_people_and_terms_alone_is_one(tmp_path):
    author = "<wp:author><wp:author_login>anna</wp:author_login></wp:author>"
    records = read(tmp_path, HEAD.replace("<wp:wxr_version>1.2</wp:wxr_version>", "") + author + FOOT)
    assert records == [AuthorRecord("anna", "anna")]


def test_terms_may_be_written_in_any_way(tmp_path):
    term = "<wp:term><wp:term_id><![CDATA[6]]></wp:term_id>\n <wp:term_taxonomy>language</wp:term_taxonomy>"
    term += "<wp:term_slug>en</wp:term_slug></wp:term>"
    assert read(tmp_path, HEAD + term + FOOT) == [TermRecord("language", "en", "en", id="6")]


ENTITIES = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("just words", "not XML"),
        ("", "not XML"),
        ("PK\x03\x04", "not XML"),
        ("<html><body>hello</body></html>", "not a WordPress export"),
        ("<rss><channel><title>Feed</title></channel></rss>", "holds no WordPress export"),
        (ENTITIES + HEAD.split("?>", 1)[1] + item(1).replace("Ferries", "&b;&x;") + FOOT, "declares entities"),
        (HEAD.replace("<rss", "<!DOCTYPE rss SYSTEM 'http://127.0.0.1:9/x.dtd' [ %x; ]><rss", 1) + FOOT, "entities"),
        ("<rss><channel>" + "<a>" * 200_000 + "</a>" * 200_000 + "</channel></rss>", "holds no WordPress export"),
        (b"\x1f\x8b\x08\x00broken", "damaged gzip"),
    ],
)
def test_what_is_no_export_or_dangerous_is_refused_in_one_sentence(tmp_path, text, reason):
    with pytest.raises(SourceUnreadable, match=reason) as refused:
        read(tmp_path, text)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SourceMissing, match="no such file"):
        Export(tmp_path / "nothing.xml")


def test_a_gzip_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.xml.gz"
    with gzip.open(path, "wb") as file:
        file.write(HEAD.encode())
        for _ in range(40):
            file.write(b" " * (1 << 20))
    with pytest.raises(SourceUnreadable, match="out of all proportion"):
        list(Export(path).records())


def test_a_declared_entity_inside_an_item_is_never_expanded(tmp_path):
    inside = item(1).replace("Ferries", '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/hostname">]>&y; Ferries')
    (record,) = items(read(tmp_path, HEAD + inside + FOOT))
    assert "Ferries run again" in record.title
    assert Path("/etc/hostname").read_text().strip() not in record.title


def test_an_item_of_200000_nested_elements_is_bounded(tmp_path):
    deep = item(1, extra="<a>" * 200_000 + "</a>" * 200_000)
    found = items(read(tmp_path, HEAD + deep + item(2) + FOOT))
    assert [record.id for record in found] == ["1", "2"]


def test_nothing_is_included_from_elsewhere(tmp_path):
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    (record,) = items(read(tmp_path, HEAD + item(1).replace("Ferries", f"{include}Ferries") + FOOT))
    assert record.title == "Ferries run again"
