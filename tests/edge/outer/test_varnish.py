"""Debian's Varnish with ops/varnish.vcl keeps pages until they are purged, by keys and by bans."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from broadsheet.edge.outer.errors import OuterPurgeFailed
from broadsheet.edge.outer.varnish import Varnish

from .front_contract import FrontContract
from .origin import PICTURE, SHORT_LIVED, Origin, Page, make_origin, serving
from .proxies import OPS, Front, fill_in, find, free_ports, needs, running

MODULES = ("varnish/vmods", "*/varnish/vmods")
HAS_XKEY = any(list(Path("/usr/lib").glob(f"{folder}/libvmod_xkey.so")) for folder in MODULES)
pytestmark = [pytest.mark.slow, needs("varnishd", "cc")]
needs_xkey = pytest.mark.skipif(not HAS_XKEY, reason="not installed: Varnish's module xkey (varnish-modules)")


def write_vcl(folder: Path, port: int, way: str, **changes: str) -> Path:
    """Our example, with the origin's port."""
    for name in ("varnish-xkey.vcl", "varnish-ban.vcl"):
        (folder / name).write_text((OPS / name).read_text())
    text = fill_in((OPS / "varnish.vcl").read_text(), {'.port = "8000"': f'.port = "{port}"', **changes})
    if way == "ban":
        off, on = 'include "./varnish-xkey.vcl";', '# include "./varnish-ban.vcl";'
        text = fill_in(text, {on: on.removeprefix("# "), off: f"# {off}"})
    (folder / "varnish.vcl").write_text(text)
    return folder / "varnish.vcl"


def words(name: str) -> list[str]:
    """The words of varnishd that the example of a unit has, but for its user, places and files."""
    unit = (OPS / "varnish-override.conf").read_text().replace("\\\n", " ")
    given = unit.split("ExecStart=/usr/sbin/varnishd ")[1].split()
    return [part for part in given if name in part]


@contextmanager
def varnish(folder: Path, port: int, way: str, **changes: str) -> Iterator[tuple[Front, Varnish]]:
    """Varnish in front of the origin, and the adapter that purges it."""
    web, purge = free_ports(2)
    vcl = write_vcl(folder, port, way, **changes)
    command = [find("varnishd"), "-F", "-j", "none", "-n", str(folder / "work"), "-f", str(vcl), "-s", "malloc,32m"]
    command += ["-a", f"web=127.0.0.1:{web}", "-a", f"purge=127.0.0.1:{purge}"]
    [off] = words("http_gzip_support")
    command += ["-p", off, "-p", "thread_pools=1", "-p", "thread_pool_min=10", "-T", "none"]
    with running(command, [web, purge], folder):
        yield Front(web), Varnish([f"127.0.0.1:{purge}"], is_xkey=way == "xkey", patience_s=30.0)


@pytest.mark.parametrize("way", [pytest.param("xkey", marks=needs_xkey), "ban"])
def test_example_compiles(tmp_path, way):
    command = [
        find("varnishd"),
        "-j",
        "none",
        "-C",
        "-n",
        str(tmp_path / "work"),
        "-f",
        str(write_vcl(tmp_path, 8000, way)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="class")
def started(request, tmp_path_factory):
    with (
        serving(make_origin()) as origin,
        varnish(tmp_path_factory.mktemp("varnish"), origin.port, request.cls.way) as (front, cache),
    ):
        yield front, cache, origin


class VarnishContract(FrontContract):
    """What holds whichever way pages are purged."""

    way = ""

    @pytest.fixture(autouse=True)
    def origin(self, started) -> Origin:
        _, cache, origin = started
        origin.pages, origin.status = make_origin().pages, 200
        cache.purge({"*"}, hard=True)
        origin.asked.clear()
        return origin

    @pytest.fixture
    def front(self, started) -> Front:
        return started[0]

    @pytest.fixture
    def cache(self, started) -> Varnish:
        return started[1]

    def test_page_is_fetched_once_for_each_encoding(self, front, origin):
        for accepted in (
            "br",
            "gzip, deflate, br, zstd",
            "br;q=0.2, gzip",
            "gzip",
            "gzip;q=1.0, br;q=0",
            "identity",
            "*;q=0",
        ):
            for _ in range(2):
                front.ask("/en/", Accept_Encoding=accepted)
        assert [headers.get("accept-encoding", "") for _, _, headers in origin.asked] == ["br", "gzip", ""]

    def test_purge_leaves_others_alone(self, front, cache, origin):
        for _ in range(2):
            for address in origin.pages:
                front.ask(address)
        assert len(origin.asked) == 3
        cache.purge({"article:2", "topic:9"}, hard=True)
        for address in origin.pages:
            front.ask(address)
        assert [path for _, path, _ in origin.asked[3:]] == ["/en/", "/en/world/two/"]

    def test_everything_can_be_purged(self, front, cache, origin):
        for hard in (True, True):
            for address in origin.pages:
                front.ask(address)
            cache.purge({"*"}, hard=hard)
        assert len(origin.asked) == 6

    def test_as_many_tags_as_one_likes(self, front, cache, origin):
        origin.pages["/en/"].tags = tuple(f"topic:{'x' * 60}{number}" for number in range(50))
        front.ask("/en/")
        cache.purge({f"topic:{'x' * 60}{number}" for number in range(49, 700)}, hard=True)
        front.ask("/en/")
        front.ask("/en/")
        assert origin.times("/en/") == 2

    def test_stale_copy_of_the_edge_is_not_kept(self, front, origin):
        origin.pages["/en/stale/"] = Page("old. " * 60, ("article:3",), is_stale=True)
        for _ in range(3):
            assert front.ask("/en/stale/").body.startswith(b"old")
        origin.pages["/en/stale/"] = Page("new. " * 60, ("article:3",))
        assert front.ask("/en/stale/").body.startswith(b"new")
        assert origin.times("/en/stale/") == 4

    def test_purge_is_taken_at_its_own_socket_alone(self, front, cache, origin):
        front.ask("/en/")
        for head in ({"Surrogate_Key": "front:en"}, {"Surrogate_Key": "front:en", "Purge_Mode": "soft"}):
            assert front.ask("/en/", "PURGE", **head).status == 403
        assert front.ask("/en/", "BAN", Surrogate_Key_Pattern=".").status == 403
        purging = Front(int(cache.places[0].split(":")[1]))
        assert purging.ask("/en/").status == 405
        assert purging.ask("/", "BAN", Surrogate_Key_Pattern='x" || obj.status != 0 || obj.http.x ~ "').status == 405
        front.ask("/en/")
        assert origin.times("/en/") == 1

    def test_wrong_way_of_purging_is_told(self, cache):
        other = Varnish(cache.places, is_xkey=not cache.is_xkey)
        with pytest.raises(OuterPurgeFailed, match="405: it does not run") as failed:
            other.purge({"article:1"}, hard=True)
        assert failed.value.permanent

    def test_readers_see_nothing_of_how_it_is_purged(self, front):
        for target in ("/en/", "/en/search/", PICTURE):
            shown = front.ask(target).headers
            assert not set(shown) & {
                "surrogate-key",
                "surrogate-control",
                "cache-tag",
                "xkey",
                "purged",
                "x-varnish",
                "via",
            }

    def test_cookies_and_foreign_words_in_queries_split_nothing(self, front, origin):
        for target in ("/en/", "/en/?utm_source=a", "/en/?utm_source=a&utm_medium=b", "/en/?fbclid=1"):
            front.ask(target, Cookie=f"id={target}", Authorization="Basic eA==")
        assert [(path, headers.keys() & {"cookie", "authorization"}) for _, path, headers in origin.asked] == [
            ("/en/", set())
        ]
        front.ask("/en/?utm_source=a&page=2")
        front.ask("/en/?page=2&fbclid=7")
        assert origin.times("/en/?page=2") == 1

    def test_foreign_host_is_refused(self, front, origin):
        for host in ("evil.example", "news.example.evil.example", "127.0.0.1"):
            assert front.ask("/en/", host=host).status == 421
        assert front.ask("/en/", "DELETE").status == 405
        assert origin.asked == []

    def test_picture_and_what_says_s_maxage_are_kept(self, front, origin):
        for _ in range(3):
            assert front.ask(SHORT_LIVED).body == b"<rss/>"
            front.ask(PICTURE, Range="bytes=0-9")
        assert origin.times(SHORT_LIVED) <= 1 and origin.times(PICTURE) <= 1

    def test_withdrawn_picture_is_purged(self, front, cache, origin):
        assert front.ask(PICTURE).body == origin.picture
        origin.picture = origin.picture[::-1]
        cache.purge({"picture:harbour"}, hard=True)
        assert front.ask(PICTURE).body == origin.picture

    def test_page_that_was_purged_hard_is_gone_also_when_the_edge_is_away(self, front, cache, origin):
        front.ask("/en/")
        cache.purge({"front:en"}, hard=True)
        origin.status = 503
        assert front.ask("/en/").status == 503

    def test_page_that_may_be_kept_by_nobody_is_not_kept(self, front, origin):
        headers, origin.headers = origin.headers, None
        try:
            origin.pages["/en/unkept/"] = Page("text. " * 60, ("article:3",))
            for _ in range(3):
                front.ask("/en/unkept/")
        finally:
            origin.headers = headers
        assert origin.times("/en/unkept/") == 3


class TestBan(VarnishContract):
    way = "ban"


@needs_xkey
class TestXkey(VarnishContract):
    way = "xkey"

    def test_softly_purged_page_is_given_once_more_while_it_is_fetched(self, front, cache, origin):
        old = front.ask("/en/").body
        origin.pages["/en/"].text = "second edition. " * 60
        cache.purge({"front:en"}, hard=False)
        assert front.ask("/en/").body == old
        assert ask_until(front, "/en/", lambda got: got.body.startswith(b"second"))

    def test_softly_purged_page_that_is_the_same_is_not_sent_again(self, front, cache, origin):
        whole = front.ask("/en/")
        cache.purge({"front:en"}, hard=False)
        assert ask_until(front, "/en/", lambda _: origin.times("/en/") == 2)
        assert origin.asked[-1][2]["if-none-match"] == whole.headers["etag"]
        # What the 304 has renewed is kept as before, and purged as before.
        for _ in range(3):
            assert front.ask("/en/").body == whole.body
        assert origin.times("/en/") == 2
        cache.purge({"front:en"}, hard=True)
        front.ask("/en/")
        assert origin.times("/en/") == 3

    def test_stale_copy_does_not_renew_a_page(self, front, cache, origin):
        origin.pages["/en/twice/"] = Page("old. " * 60, ("article:3",))
        front.ask("/en/twice/")
        cache.purge({"article:3"}, hard=False)
        # The edge has not made it anew yet: it answers 304 for the old one, and says that it is stale.
        origin.pages["/en/twice/"].is_stale = True
        assert ask_until(front, "/en/twice/", lambda _: origin.times("/en/twice/") >= 2)
        origin.pages["/en/twice/"] = Page("new. " * 60, ("article:3",))
        assert ask_until(front, "/en/twice/", lambda got: got.body.startswith(b"new"))

    def test_everything_can_be_purged_softly(self, front, cache, origin):
        front.ask("/en/")
        cache.purge({"*"}, hard=False)
        assert ask_until(front, "/en/", lambda _: origin.times("/en/") == 2)


@needs_xkey
def test_pages_are_given_while_the_edge_is_away(tmp_path):
    with (
        serving(make_origin()) as origin,
        # As though the minute after the soft purge was over.
        varnish(tmp_path, origin.port, "xkey", **{"set req.grace = 60s": "set req.grace = 0s"}) as (front, cache),
    ):
        old = front.ask("/en/").body
        cache.purge({"front:en"}, hard=False)
        origin.status = 503
        for _ in range(3):
            got = front.ask("/en/")
            assert (got.status, got.body) == (200, old)
        origin.status = 200
        origin.pages["/en/"].text = "second edition. " * 60
        assert ask_until(front, "/en/", lambda got: got.body.startswith(b"second"))


def ask_until(front: Front, target: str, is_right) -> bool:
    """Ask again until it is so; what is fetched in the background takes its moment."""
    for _ in range(600):
        if is_right(front.ask(target)):
            return True
        time.sleep(0.02)
    return False
