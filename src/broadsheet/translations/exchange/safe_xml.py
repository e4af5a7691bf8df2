"""Parses XML that somebody sent: nothing is fetched, included or expanded, and a document type is refused unread."""

from __future__ import annotations

import codecs
import re

from lxml import etree

from ..errors import DocumentTypeRefused, FileTooLarge, InclusionRefused, NotXML

LARGEST_FILE_BYTES = 8 * 1024 * 1024
_XINCLUDE = "http://www.w3.org/2001/XInclude"
_DECLARATION = re.compile(r"\s*<\?xml(\s[^?>]{0,200})?\?>")
_ENCODING = re.compile(r"""\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_SPACE = re.compile(r"\s*")
_MAY_PRECEDE = (("<!--", "-->"), ("<?", "?>"))
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def parse(data: bytes) -> etree._Element:
    """The root. Raises FileTooLarge, NotXML, DocumentTypeRefused, InclusionRefused."""
    if len(data) > LARGEST_FILE_BYTES:
        raise FileTooLarge(f"the file is larger than {LARGEST_FILE_BYTES // 2**20} MiB")
    text = _decoded(data)
    _refuse_document_type(text)
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotXML(f"the file is no well-formed XML: {str(error)[:200]}") from None
    document = root.getroottree().docinfo
    if document.internalDTD is not None or document.externalDTD is not None:
        raise DocumentTypeRefused("the file declares a document type, which XLIFF does not need")
    if next(root.iter(f"{{{_XINCLUDE}}}*"), None) is not None:
        raise InclusionRefused("the file asks for another file to be included")
    return root


def _decoded(data: bytes) -> str:
    """The file as text without its declaration, which would contradict the encoding in which it is parsed."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise NotXML("the file is neither in UTF-8 nor in UTF-16") from None
    declaration = _DECLARATION.match(text)
    if declaration is None:
        return text
    named = _ENCODING.search(declaration[0])
    if named and named[1].lower() not in {"utf-8", "utf8", "utf-16", "us-ascii", encoding}:
        raise NotXML(f"the file is in {named[1]}; UTF-8 and UTF-16 can be read")
    return text[declaration.end() :]


def _refuse_document_type(text: str) -> None:
    place = _after_space(text, 0)
    while ends := [end for begin, end in _MAY_PRECEDE if text.startswith(begin, place)]:
        closed = text.find(ends[0], place)
        if closed < 0:
            raise NotXML("the file ends before it has begun")
        place = _after_space(text, closed + len(ends[0]))
    if text[place : place + 9].upper() == "<!DOCTYPE":
        raise DocumentTypeRefused("the file declares a document type, which XLIFF does not need")


def _after_space(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place
