"""What readers must get through any proxy with our example, and what the edge must see of them."""

from __future__ import annotations

import gzip

import brotli
import pytest

from .origin import PICTURE, Origin
from .proxies import Front

HOSTILE = {
    "Forwarded": "host=evil.example;proto=http",
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "81",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-Scheme": "gopher",
    "X-Forwarded-Server": "evil.example",
    "X-Host": "evil.example",
    "X-Original-Host": "evil.example",
    "X-Original-URL": "/evil",
    "X-Rewrite-URL": "/evil",
    "X-HTTP-Method-Override": "DELETE",
    "X-Real-IP": "203.0.113.9",
    "Proxy": "http://evil.example",
}
DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}


class FrontContract:
    """Run against a proxy by naming the class Test… and giving it the fixtures `front` and `origin`."""

    def test_edge_sees_one_spelling_of_our_host(self, front: Front, origin: Origin):
        for host in ("news.example", "NEWS.example", "news.example:443"):
            assert front.ask("/en/search/", host=host).status == 200
        assert {headers["host"] for _, _, headers in origin.asked} == {"news.example"}

    def test_what_a_client_says_of_its_way_goes_no_further(self, front: Front, origin: Origin):
        front.ask("/en/search/", **HOSTILE)
        front.ask("/en/", **HOSTILE)
        assert len(origin.asked) == 2
        for _, path, headers in origin.asked:
            assert not set(headers) & {name.lower() for name in HOSTILE}, path
            assert "evil" not in str(headers) + path

    @pytest.mark.parametrize(("accepted", "coding"), [("gzip, deflate, br", "br"), ("gzip;q=0.8", "gzip"), ("", "")])
    def test_each_encoding_is_its_own(self, front: Front, origin: Origin, accepted, coding):
        for _ in range(2):
            got = front.ask("/en/", **({"Accept_Encoding": accepted} if accepted else {}))
            assert got.status == 200 and got.headers.get("content-encoding", "") == coding
            assert DECODERS[coding](got.body).decode() == origin.pages["/en/"].text
            assert int(got.headers["content-length"]) == len(got.body)
            assert got.headers["vary"].lower() == "accept-encoding"
            assert got.headers["etag"].endswith(f'-{coding or "identity"}"') and not got.headers["etag"].startswith("W")
            assert got.headers["cache-control"] == "public, no-cache, s-maxage=0"

    @pytest.mark.parametrize("accepted", ["br", "gzip", "identity"])
    def test_what_a_reader_has_is_not_sent_again(self, front: Front, accepted):
        got = front.ask("/en/", Accept_Encoding=accepted)
        again = front.ask("/en/", Accept_Encoding=accepted, If_None_Match=got.headers["etag"])
        assert (again.status, again.body) == (304, b"") and again.headers["etag"] == got.headers["etag"]
        assert front.ask("/en/", Accept_Encoding=accepted, If_None_Match='"other"').body == got.body

    def test_head_is_get_without_a_body(self, front: Front):
        for target in ("/en/", PICTURE):
            head, got = front.ask(target, "HEAD", Accept_Encoding="br"), front.ask(target, Accept_Encoding="br")
            assert (head.status, head.body) == (200, b"") and got.body
            for name in ("etag", "content-length", "content-type", "cache-control"):
                assert head.headers[name] == got.headers[name]

    def test_part_of_a_picture(self, front: Front, origin: Origin):
        for _ in range(2):
            part = front.ask(PICTURE, Range="bytes=100-299")
            assert part.status == 206 and part.body == origin.picture[100:300]
            assert part.headers["content-range"] == f"bytes 100-299/{len(origin.picture)}"
            assert front.ask(PICTURE).body == origin.picture

    def test_spelling_of_an_address_is_the_edges_business(self, front: Front, origin: Origin):
        for target in (
            "/en//world/one/",
            "/en/w%6Frld/one/",
            "/en/world/one;a=1/",
            "/EN/",
            "/en/search/?q=a%2Fb&page=2",
        ):
            front.ask(target)
            assert origin.asked[-1][1] == target

    def test_change_is_seen_by_the_next_reader_once_it_is_purged(self, front: Front, origin: Origin, cache):
        addresses = ("/en/", "/en/world/one/", "/en/world/two/")
        before = {address: front.ask(address, Accept_Encoding="gzip").body for address in addresses}
        for address in ("/en/", "/en/world/one/"):
            origin.pages[address].text = "second edition. " * 60
        if cache is not None:
            cache.purge({"article:1"}, hard=True)
        for address in addresses:
            for coding in ("gzip", "br"):
                got = front.ask(address, Accept_Encoding=coding)
                assert DECODERS[coding](got.body).decode() == origin.pages[address].text
        assert gzip.decompress(before["/en/world/two/"]).decode() == origin.pages["/en/world/two/"].text

    def test_what_is_private_or_refused_is_never_kept(self, front: Front, origin: Origin):
        for _ in range(3):
            assert front.ask("/en/search/?q=x").status == 200
            assert front.ask("/en/nothing/").status == 404
            assert front.ask("/", Accept_Language="az").body == b"az"
            assert front.ask("/", Accept_Language="en").body == b"en"
        assert (origin.times("/en/search/?q=x"), origin.times("/en/nothing/"), origin.times("/")) == (3, 3, 6)

    def test_fault_of_the_edge_is_passed_on_and_forgotten(self, front: Front, origin: Origin):
        origin.pages["/en/late/"] = origin.pages["/en/world/one/"]
        origin.status = 503
        got = front.ask("/en/late/")
        assert got.status == 503 and got.headers["retry-after"] == "5"
        origin.status = 200
        assert front.ask("/en/late/").status == 200
