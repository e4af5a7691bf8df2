"""Debian's nginx with ops/nginx.conf gives readers what the edge says, and the edge no more than it should know."""

from __future__ import annotations

import http.client
import os
import ssl
import subprocess

import pytest

from .front_contract import HOSTILE, FrontContract
from .origin import make_origin, serving
from .proxies import OPS, Front, fill_in, find, free_ports, make_certificate, needs, running

pytestmark = [pytest.mark.slow, needs("nginx", "openssl")]
LETSENCRYPT = "/etc/letsencrypt/live/news.example/"


def write_config(folder, http_port: int, tls_port: int, origin_port: int):
    """Our example in the `http` of an nginx that needs no rights."""
    text = fill_in(
        (OPS / "nginx.conf").read_text(),
        {
            f"{LETSENCRYPT}fullchain.pem": str(folder / "cert.pem"),
            f"{LETSENCRYPT}privkey.pem": str(folder / "key.pem"),
            "listen 80": f"listen 127.0.0.1:{http_port}",
            "listen 443": f"listen 127.0.0.1:{tls_port}",
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{origin_port};",
            "server 127.0.0.1:8001;": f"server 127.0.0.1:{origin_port};",
        },
    )
    paths = "".join(
        f"{name}_temp_path {folder / name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    around = f"daemon off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{paths}"
    # As root it would give its rights away, and could not read the folder any more.
    user = "user root;\n" if os.geteuid() == 0 else ""
    path = folder / "nginx.conf"
    path.write_text(f"{user}{around}{text}\n}}\n")
    return path


@pytest.fixture(scope="class")
def started(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nginx")
    trust = make_certificate(folder)
    plain, tls = free_ports(2)
    with serving(make_origin()) as origin:
        command = [find("nginx"), "-e", "stderr", "-p", str(folder), "-c"]
        command.append(str(write_config(folder, plain, tls, origin.port)))
        tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert tested.returncode == 0 and "warn" not in tested.stderr, tested.stderr
        with running(command, [plain, tls], folder):
            yield Front(tls, trust), Front(plain), origin


class TestNginx(FrontContract):
    @pytest.fixture(autouse=True)
    def origin(self, started):
        origin = started[2]
        origin.pages, origin.status = make_origin().pages, 200
        origin.asked.clear()
        return origin

    @pytest.fixture
    def front(self, started):
        return started[0]

    @pytest.fixture
    def plain(self, started):
        return started[1]

    @pytest.fixture
    def cache(self):
        """nginx keeps nothing."""

    def test_plain_http_and_www_lead_to_the_one_address(self, front, plain):
        for got in (plain.ask("/en/?page=2"), plain.ask("/en/?page=2", host="www.news.example")):
            assert (got.status, got.headers["location"]) == (301, "https://news.example/en/?page=2")
        got = front.ask("/en/", host="www.news.example")
        assert (got.status, got.headers["location"]) == (301, "https://news.example/en/")

    def test_foreign_hosts_get_nothing(self, front, plain, origin):
        with pytest.raises(http.client.RemoteDisconnected):
            plain.ask("/en/", host="evil.example")
        with pytest.raises(ssl.SSLError):
            front.ask("/en/", host="evil.example")
        assert origin.asked == []

    def test_readers_see_no_tags(self, front):
        assert not front.ask("/en/").headers.keys() & {"surrogate-key", "cache-tag"}

    def test_newsroom_learns_who_came_from_the_proxy_alone(self, front, origin):
        front.ask("/en/", host="desk.news.example", **HOSTILE)
        [(_, _, headers)] = origin.asked
        assert (headers["host"], headers["x-forwarded-for"]) == ("desk.news.example", "127.0.0.1")
        assert "evil" not in str({name: headers.get(name) for name in ("forwarded", "x-forwarded-host")})
