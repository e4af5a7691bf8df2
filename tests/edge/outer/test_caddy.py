"""Caddy with ops/Caddyfile gives readers what the edge says, and the edge no more than it should know."""

from __future__ import annotations

import subprocess

import pytest

from .front_contract import HOSTILE, FrontContract
from .origin import make_origin, serving
from .proxies import OPS, Front, fill_in, find, free_ports, needs, running

pytestmark = [pytest.mark.slow, needs("caddy")]


def test_example_is_valid(tmp_path):
    command = [find("caddy"), "validate", "--adapter", "caddyfile", "--config", str(OPS / "Caddyfile")]
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=home)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="class")
def started(tmp_path_factory):
    folder = tmp_path_factory.mktemp("caddy")
    [port] = free_ports(1)
    with serving(make_origin()) as origin:
        # Without certificates, which it would ask of the world.
        text = fill_in(
            (OPS / "Caddyfile").read_text(),
            {
                "\nnews.example {": f"\nhttp://news.example:{port} {{",
                "\nwww.news.example {": f"\nhttp://www.news.example:{port} {{",
                "\ndesk.news.example {": f"\nhttp://desk.news.example:{port} {{",
                "reverse_proxy 127.0.0.1:8000": f"reverse_proxy 127.0.0.1:{origin.port}",
                "reverse_proxy 127.0.0.1:8001": f"reverse_proxy 127.0.0.1:{origin.port}",
            },
        )
        ours = "{\n\tadmin off\n\tauto_https off\n\tdefault_bind 127.0.0.1\n}\n"
        (folder / "Caddyfile").write_text(ours + text)
        command = [find("caddy"), "run", "--adapter", "caddyfile", "--config", "Caddyfile"]
        home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
        with running(command, [port], folder, **home):
            yield Front(port), origin


class TestCaddy(FrontContract):
    @pytest.fixture(autouse=True)
    def origin(self, started):
        origin = started[1]
        origin.pages, origin.status = make_origin().pages, 200
        origin.asked.clear()
        return origin

    @pytest.fixture
    def front(self, started):
        return started[0]

    @pytest.fixture
    def cache(self):
        """Caddy keeps nothing."""

    def test_www_leads_to_the_one_address(self, front):
        got = front.ask("/en/?page=2", host="www.news.example")
        assert (got.status, got.headers["location"]) == (301, "https://news.example/en/?page=2")

    def test_foreign_host_never_reaches_the_edge(self, front, origin):
        front.ask("/en/", host="evil.example")
        assert origin.asked == []

    def test_readers_see_no_tags(self, front):
        assert not front.ask("/en/").headers.keys() & {"surrogate-key", "cache-tag"}

    def test_newsroom_learns_who_came_from_the_proxy_alone(self, front, origin):
        front.ask("/en/", host="desk.news.example", **HOSTILE)
        [(_, _, headers)] = origin.asked
        assert (headers["host"], headers["x-forwarded-for"]) == ("desk.news.example", "127.0.0.1")
        assert "evil" not in str({name: headers.get(name) for name in ("forwarded", "x-forwarded-host")})
