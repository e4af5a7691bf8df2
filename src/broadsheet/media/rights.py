"""Who made a picture and on what terms, as the XMP packet that stands in each of its public files (IPTC, PLUS)."""

from __future__ import annotations

from xml.sax.saxutils import escape

from .models import NewsImage

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" \
xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/">{facts}</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def describe(image: NewsImage) -> bytes:
    """The XMP packet of the image; empty where nothing is known of it."""
    facts = "".join(_facts(image))
    return _PACKET.format(facts=facts).encode("utf-8") if facts else b""


def _facts(image: NewsImage) -> list[str]:
    facts = []
    if image.credit:
        credit = escape(image.credit)
        facts.append(f"<dc:creator><rdf:Seq><rdf:li>{credit}</rdf:li></rdf:Seq></dc:creator>")
        facts.append(f"<photoshop:Credit>{credit}</photoshop:Credit>")
    if image.credit or image.licence:
        rights = escape(" · ".join(filter(None, [image.credit, image.licence])))
        facts.append(f'<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{rights}</rdf:li></rdf:Alt></dc:rights>')
        facts.append("<xmpRights:Marked>True</xmpRights:Marked>")
    if image.licence:
        terms = escape(image.licence)
        facts.append(
            f'<xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">{terms}</rdf:li></rdf:Alt>'
            "</xmpRights:UsageTerms>"
        )
    if image.licence_url:
        facts.append(f"<xmpRights:WebStatement>{escape(image.licence_url)}</xmpRights:WebStatement>")
    if image.source_url:
        licensor = (
            f'<rdf:li rdf:parseType="Resource"><plus:LicensorURL>{escape(image.source_url)}</plus:LicensorURL></rdf:li>'
        )
        facts.append(f"<plus:Licensor><rdf:Seq>{licensor}</rdf:Seq></plus:Licensor>")
    return facts
