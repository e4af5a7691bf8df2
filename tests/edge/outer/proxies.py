"""Starts real proxies with our examples from ops/ on free ports of this machine, and asks them as a reader does."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

OPS = Path(__file__).parents[3] / "ops"
# These programs stand where only root looks for them.
_PATHS = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
_PATIENCE_S = 60.0


def find(program: str) -> str:
    return shutil.which(program, path=_PATHS) or ""


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skips, and says so, where one of the programs is not installed."""
    absent = [program for program in programs if not find(program)]
    return pytest.mark.skipif(bool(absent), reason=f"not installed: {', '.join(absent)}")


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens at, all different."""
    with ExitStack() as opened:
        found = [opened.enter_context(socket.socket()) for _ in range(count)]
        for one in found:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in found]


def fill_in(text: str, replacements: Mapping[str, str]) -> str:
    """The example with another machine's ports and files. Each word must stand in it: the example is what is tested."""
    for old, new in replacements.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


@contextmanager
def running(command: Sequence[str], ports: Sequence[int], folder: Path, **environment: str) -> Iterator[None]:
    """The program, listening at all ports; ended behind the test."""
    log = folder / "output"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder, env={**os.environ, **environment})
        try:
            for port in ports:
                _wait_for(port, process, log)
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text(errors="replace")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nobody listens at {port}: {log.read_text(errors='replace')}")


@dataclass
class Got:
    """An answer: names of headers in lower case, the body as it came."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Front:
    """Where readers come in."""

    port: int
    tls: ssl.SSLContext | None = None

    def ask(self, target: str, method: str = "GET", host: str = "news.example", **headers: str) -> Got:
        """One request over a connection of its own; `_` in the names of headers stands for `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE_S)
        connection.connect()
        if self.tls is not None:
            connection.sock = self.tls.wrap_socket(connection.sock, server_hostname=host.partition(":")[0].lower())
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in {"Host": host, "Connection": "close", **headers}.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders(b"" if method != "POST" else None)
            answer = connection.getresponse()
            got = {name.lower(): value for name, value in answer.getheaders()}
            return Got(answer.status, got, answer.read())
        finally:
            connection.close()


def make_certificate(folder: Path) -> ssl.SSLContext:
    """A certificate for our names as cert.pem and key.pem; who trusts it."""
    names = "subjectAltName=DNS:news.example,DNS:www.news.example,DNS:desk.news.example"
    command = f"{find('openssl')} req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    words = ["-subj", "/CN=news.example", "-addext", names, "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run([*command.split(), *words], cwd=folder, check=True, capture_output=True)
    return ssl.create_default_context(cafile=str(folder / "cert.pem"))
