"""Starts what is measured: the edge itself, nginx with the same bytes in files, Django's cache; each on a free port."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import machine
from .pages import HTML, fields_of

# Made by nginx itself, or said of each file by its own means.
_NOT_ADDED = {"content-type", "content-length", "etag", "date", "connection"}
_START_S = 30.0
_NGINX = """
worker_processes {workers}; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; default_type "{content_type}";
  open_file_cache max=20000; open_file_cache_valid 60s;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen 127.0.0.1:{port} reuseport; root {root}; {headers} }}
}}
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A server that was started here."""

    name: str
    port: int
    process: int

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


def missing() -> list[str]:
    """Which of the programs are not installed that this cannot do without."""
    return [name for name in ("nginx", "wrk") if shutil.which(name) is None]


def nginx_version() -> str:
    """As nginx says it."""
    command = [shutil.which("nginx") or "nginx", "-v"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr.strip()  # noqa: S603


def file_path(address: str) -> str:
    """Where nginx has the page: a file of its own, because a folder with an index would cost it a second look."""
    return address.rstrip("/") + ".html"


def write_file(root: Path, address: str, body: bytes) -> None:
    """Put a page where nginx finds it."""
    path = root / file_path(address).lstrip("/")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


@contextlib.contextmanager
def edge(site: Path, *, workers: int = 1, table_mb: int = 64) -> Iterator[Peer]:
    """`broadsheet edge` of the site, with the limits that it has in production."""
    port = machine.free_port()
    settings = {"reader_port": port, "site_url": f"http://127.0.0.1:{port}"}
    settings |= {"edge_workers": workers, "edge_table_mb": table_mb, "edge_store_gb": 4}
    environment = {f"BROADSHEET_{name.upper()}": str(value) for name, value in settings.items()}
    command = [sys.executable, "-m", "broadsheet", "edge", "--dir", str(site)]
    with _running(f"edge, {workers}", command, port, environment) as peer:
        _await(lambda: len(list(machine.family(peer.process))) > workers, peer)
        yield peer


@contextlib.contextmanager
def nginx(folder: Path, root: Path, head: bytes, *, workers: int = 1) -> Iterator[Peer]:
    """nginx with the files below `root`, which sends the same header fields as the edge does in `head`."""
    port = machine.free_port()
    folder.mkdir()
    fields = [(name, value) for name, value in fields_of(head) if name.lower() not in _NOT_ADDED]
    headers = " ".join(f'add_header {name} "{value}";' for name, value in fields)
    config = _NGINX.format(folder=folder, root=root, port=port, workers=workers, headers=headers, content_type=HTML)
    (folder / "nginx.conf").write_text(config)
    command = [shutil.which("nginx") or "nginx", "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    with _running(f"nginx, {workers}", command, port, {}) as peer:
        yield peer


@contextlib.contextmanager
def django(body: Path, head: bytes) -> Iterator[Peer]:
    """Django's own cache in memory (`cache_page`), under Granian, with the bytes of the file and that head."""
    port = machine.free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--port", str(port), "--no-ws"]
    command += ["--workers", "1", "--blocking-threads", "1", "--log-level", "warning", "benchmarks.peers:make_django"]
    environment = {"BENCH_BODY": str(body), "BENCH_HEAD": head.decode("latin-1")}
    with _running("Django's cache", command, port, environment) as peer:
        yield peer


def make_django() -> object:
    """The application: one view whose answer is kept for an hour; `X-Made` counts how often it was made."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    caches = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.configure(ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=_Urls, CACHES=caches)
    _Urls.urlpatterns = _make_urls(Path(os.environ["BENCH_BODY"]).read_bytes(), os.environ["BENCH_HEAD"])
    return get_wsgi_application()


class _Urls:
    """What Django takes for a module of addresses."""

    urlpatterns: list[object] = []


def _make_urls(body: bytes, head: str) -> list[object]:
    from django.http import HttpRequest, HttpResponse
    from django.urls import re_path
    from django.views.decorators.cache import cache_page

    fields = dict(fields_of(head.encode("latin-1")))
    made: list[HttpRequest] = []

    def answer(request: HttpRequest) -> HttpResponse:
        made.append(request)
        return HttpResponse(body, headers={**fields, "X-Made": str(len(made))})

    return [re_path("", cache_page(3600)(answer))]


def ask(peer: Peer, path: str, fields: Sequence[tuple[str, str]] = ()) -> tuple[int, dict[str, str], bytes]:
    """Status, header fields in lower case, and body of one answer, asked for in brotli."""
    connection = http.client.HTTPConnection("127.0.0.1", peer.port, timeout=10)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "br", **dict(fields)})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@contextlib.contextmanager
def _running(name: str, command: list[str], port: int, environment: dict[str, str]) -> Iterator[Peer]:
    process = subprocess.Popen(command, env={**os.environ, **environment})  # noqa: S603
    peer = Peer(name, port, process.pid)
    try:
        _await(lambda: _listens(peer), peer)
        yield peer
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def _await(claim: Callable[[], bool], peer: Peer) -> None:
    until = time.monotonic() + _START_S
    while not claim():
        if time.monotonic() > until:
            raise RuntimeError(f"{peer.name} does not answer at port {peer.port}")
        time.sleep(0.05)


def _listens(peer: Peer) -> bool:
    try:
        ask(peer, "/healthz")
    except (OSError, http.client.HTTPException):
        return False
    return True
