"""Real workers on 127.0.0.1, a renderer of ours behind them, and everything that can happen to either."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import pytest

from broadsheet.edge import workers
from broadsheet.edge.pages import EdgeSettings, PushedPage, Rule
from broadsheet.edge.rules import SiteFacts, pack_facts
from broadsheet.edge.store import LmdbStore

pytestmark = pytest.mark.slow

START = """
import json, sys
from broadsheet.edge import workers
from broadsheet.edge.pages import EdgeSettings
about = json.loads(sys.argv[1])
about.update(unavailable={"en": b"<p>Soon</p>"}, rules=())
workers.run(EdgeSettings(**about), ends_with_parent=True)
"""
# Longer than an answer may take to come, whatever is broken.
PATIENCE_S = 2.0


class Renderer:
    """Pushes a page for every address, unless `mood` is `refuse`, `hole`, `cut` or `ill`."""

    def __init__(self, path: Path, store: LmdbStore) -> None:
        self.path, self.store = path, store
        self.mood, self.delay_s = "", 0.0
        self.targets: list[str] = []
        self.released = threading.Event()
        self.listener: socket.socket | None = None
        self.lines: list[socket.socket] = []
        self.open()

    def open(self) -> None:
        self.path.unlink(missing_ok=True)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen(64)
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def close(self) -> None:
        """As if the process were killed."""
        self.released.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for line in self.lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self.lines.clear()

    def accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = listener.accept()
                self.lines.append(line)
                threading.Thread(target=self.serve, args=(line,), daemon=True).start()

    def serve(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError), line, line.makefile("rb") as file:
            while first := file.readline():
                while file.readline() not in (b"\r\n", b""):
                    pass
                target = first.split()[1].decode()
                if target != "/healthz":
                    self.targets.append(target)
                line.sendall(self.answer(target))
                if self.mood == "cut":
                    return

    def answer(self, target: str) -> bytes:
        if target == "/healthz" and not self.mood:
            return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        if self.mood == "hole":
            self.released.wait(30)
            raise OSError
        if self.mood == "cut":
            return b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
        if self.mood == "ill":
            return b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
        generation = self.store.tags.generation()
        time.sleep(self.delay_s)
        push(self.store, target, generation)
        return f"HTTP/1.1 200 OK\r\nEdge-Stored: {target}\r\nContent-Length: 0\r\n\r\n".encode()


def push(store: LmdbStore, address: str, generation: int | None = None) -> None:
    generation = store.tags.generation() if generation is None else generation
    tags = frozenset({f"page:{address}", "all"})
    store.put(PushedPage(address, 200, "text/html", f"<p>{address}</p>".encode() * 50, generation, tags))


class Edge:
    """The edge as a process of its own, with its store, its log and its renderer."""

    def __init__(self, directory: Path, **more) -> None:
        self.log = directory / "access.log"
        directory = directory / "edge"
        directory.mkdir()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        about = {"directory": str(directory), "site_url": f"http://127.0.0.1:{self.port}", "port": self.port,
                 "public_directory": str(directory), "renderer_socket": str(directory / "render.sock"),
                 "store_gb": 1, "access_log": str(self.log)} | more  # fmt: skip
        self.settings = EdgeSettings(**about)
        self.store = LmdbStore(directory, store_bytes=1 << 30, durable=False)
        self.renderer = Renderer(directory / "render.sock", self.store)
        push(self.store, "/en/ready/")
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        about = asdict(self.settings)
        del about["unavailable"], about["rules"]
        process = subprocess.Popen([sys.executable, "-c", START, json.dumps(about)])
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                self.get("/healthz")
                return process
            assert process.poll() is None
            time.sleep(0.02)

    def get(self, target: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        with contextlib.closing(connection):
            connection.request("GET", target)
            response = connection.getresponse()
            return response.status, response.read()

    def until(self, target: str, status: int) -> None:
        """Ask until the answer is such; the test's own time limit ends it otherwise."""
        until = time.monotonic() + 10
        while (found := self.get(target)[0]) != status:
            assert time.monotonic() < until, f"{target} stays {found}"
            time.sleep(0.05)

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(child) for child in children]

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(10)
        self.renderer.close()
        self.store.close()


@pytest.fixture
def edge(tmp_path):
    edge = Edge(tmp_path)
    yield edge
    edge.stop()


def test_two_hundred_who_ask_two_workers_at_once_cause_one_render(edge):
    edge.renderer.delay_s = 0.3
    with ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(edge.get, [f"/en/new/?utm={number}" for number in range(200)]))
    assert set(answers) == {(200, b"<p>/en/new/</p>" * 50)}
    assert edge.renderer.targets == ["/en/new/"]
    edge.renderer.delay_s = 0
    assert len(edge.workers()) == 2


@pytest.mark.parametrize("mood", ["refuse", "hole", "cut", "ill"])
def test_readers_are_unharmed_by_a_renderer_that_fails(edge, mood):
    edge.renderer.mood = mood
    if mood == "refuse":
        edge.renderer.close()
    assert edge.get("/en/new/") == (503, b"<p>Soon</p>")
    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(edge.get, ["/en/ready/", "/en/other/"] * 40))
    assert {answer[0] for answer in answers[::2]} == {200} and {answer[0] for answer in answers[1::2]} == {503}
    while b"degraded" not in edge.get("/healthz")[1]:
        time.sleep(0.05)
    edge.renderer.mood = ""
    edge.renderer.released.set()
    if mood == "refuse":
        edge.renderer.open()
    edge.until("/en/new/", 200)
    asked = len(edge.renderer.targets)
    assert edge.get("/en/new/")[0] == 200 and len(edge.renderer.targets) == asked


def test_broken_renderer_is_not_hammered(edge):
    edge.renderer.mood = "ill"
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(edge.get, [f"/en/{number}/" for number in range(400)]))
    assert {answer[0] for answer in answers} == {503}
    assert len(edge.renderer.targets) < 60


def test_purge_is_seen_by_every_worker_when_it_returns(edge):
    for number in range(30):
        assert edge.get("/en/ready/")[0] == 200
        rendered = len(edge.renderer.targets)
        edge.store.tags.purge(["page:/en/ready/"], hard=True)
        assert edge.get("/en/ready/")[0] == 200
        assert len(edge.renderer.targets) == rendered + 1, f"purge {number} was not seen"


def test_killed_worker_is_replaced_and_others_go_on(edge):
    before = edge.workers()
    os.kill(before[0], signal.SIGKILL)
    for _ in range(50):
        with contextlib.suppress(ConnectionError):
            assert edge.get("/en/ready/")[0] == 200
    until = time.monotonic() + 10
    while len(set(edge.workers()) - {before[0]}) < 2:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert before[1] in edge.workers()


def test_workers_end_with_their_parent(edge):
    children = edge.workers()
    edge.process.kill()
    edge.process.wait()
    until = time.monotonic() + 10
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_answer_that_has_begun_is_finished_before_the_end(edge):
    edge.renderer.delay_s = 0.5
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(edge.get, "/en/late/")
        while not edge.renderer.targets:
            time.sleep(0.01)
        edge.process.terminate()
        assert answer.result()[0] == 200
    assert edge.process.wait(10) == 0


def test_log_is_opened_anew_on_sighup(edge):
    edge.get("/en/ready/")
    while not edge.log.exists() or b"/en/ready/" not in edge.log.read_bytes():
        time.sleep(0.05)
    edge.log.rename(edge.log.with_suffix(".old"))
    edge.process.send_signal(signal.SIGHUP)
    while not edge.log.exists():
        edge.get("/en/ready/")
        time.sleep(0.05)
    assert json.loads(edge.log.read_text().splitlines()[0])["path"] == "/en/ready/"


def test_cold_start_gives_what_is_stored(edge):
    edge.renderer.close()
    edge.process.terminate()
    edge.process.wait(10)
    edge.process = edge.start()
    assert edge.get("/en/ready/")[0] == 200
    assert edge.get("/en/none/")[0] == 503


def test_rules_of_the_renderer_are_taken_over(edge):
    push(edge.store, "/en/ready/?colour=red")
    assert edge.get("/en/ready/?colour=red")[1].startswith(b"<p>/en/ready/</p>")
    edge.store.write_rules(pack_facts(SiteFacts((Rule("/en/ready/", ("colour",)),))))
    until = time.monotonic() + 10
    while not edge.get("/en/ready/?colour=red")[1].startswith(b"<p>/en/ready/?colour=red</p>"):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_busy_port_is_told_before_anything_starts(edge):
    with pytest.raises(workers.PortBusy):
        workers.run(edge.settings)


def test_requests_in_one_piece_over_a_real_socket(edge):
    one = f"GET /en/ready/ HTTP/1.1\r\nHost: 127.0.0.1:{edge.port}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", edge.port), timeout=5) as client:
        client.sendall(one * 2000 + one.replace(b"Host", b"Host : x\r\nHost"))
        received = b""
        while data := client.recv(1 << 20):
            received += data
    assert received.count(b"HTTP/1.1 200 OK") == 2000
    assert received.count(b"HTTP/1.1 400 Bad Request") == 1 and received.endswith(b"\r\n\r\nBad request\n")
