"""A real site with real processes: made, served, disturbed, stopped."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
START_S = 180


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment() -> dict[str, str]:
    """The environment without what the suite itself has set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BROADSHEET_", "DATABASE_"))}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return kept | {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}


def broadsheet(*arguments: object, timeout: int = 400) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "broadsheet", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=timeout, check=False)


def refused(*arguments: object) -> str:
    """The one line with which the command was refused."""
    done = broadsheet(*arguments)
    lines = done.stderr.splitlines()
    assert done.returncode != 0 and len(lines) == 1 and lines[0].startswith("broadsheet: "), done.stderr
    return lines[0]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """An empty site, made by the command itself."""
    directory = tmp_path_factory.mktemp("sites") / "site"
    made = broadsheet("init", directory, "--no-input", "--languages", "en,az", "--port", free_port(),
                      "--newsroom-port", free_port(), "--name", "The Lantern")  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert re.search(r"Administrator: admin, password \S{12,} \(shown only now\)", made.stdout)
    return directory


class Served:
    """`broadsheet serve` in the background, and what it printed."""

    def __init__(self, directory: Path, *arguments: object) -> None:
        self.directory = directory
        self.log = directory / "serve.txt"
        settings = (directory / "broadsheet.toml").read_text()
        self.port = int(re.search(r"^reader_port = (\d+)", settings, re.M)[1])
        self.newsroom_port = int(re.search(r"^newsroom_port = (\d+)", settings, re.M)[1])
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "broadsheet", "serve", "--dir", str(directory), *map(str, arguments)],
                stdout=output, stderr=output, env=environment(),
            )  # fmt: skip
        wait_until(lambda: "Stop with Ctrl-C" in self.log.read_text() or self.process.poll() is not None, START_S)
        assert self.process.poll() is None, self.log.read_text()

    def get(self, path: str, port: int | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=20)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def raw(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall(request)
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
            return answer

    def processes(self) -> set[int]:
        """Everything that runs for this site."""
        return processes_of(self.directory)

    def child(self, verb: str) -> int:
        found = [pid for pid in self.processes() if f"\0{verb}\0" in command_line(pid)]
        return min(found)


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def processes_of(directory: Path) -> set[int]:
    pids = {int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()}
    return {pid for pid in pids if "broadsheet" in command_line(pid) and str(directory) in command_line(pid)}


def wait_until(claim, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if claim():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture(scope="class")
def served(site) -> Iterator[Served]:
    running = Served(site)
    yield running
    if running.process.poll() is None:
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(40)


class TestServed:
    """One site that is served while it is looked at and disturbed."""

    def test_both_origins_are_well_and_each_keeps_to_itself(self, served):
        assert served.get("/healthz")[0] == 200
        assert served.get("/healthz", served.newsroom_port)[0] == 200
        status, headers, body = served.get("/en/")
        assert status == 200 and b"The Lantern" in body and "set-cookie" not in headers
        assert served.get("/", **{"Accept-Language": "az"})[1]["location"].endswith("/az/")
        assert served.get("/login/")[0] == 404
        assert served.get("/login/", served.newsroom_port)[0] == 200
        css = re.search(rb'href="(/static/[^"]+\.css[^"]*)"', served.get("/login/", served.newsroom_port)[2])
        assert served.get(css[1].decode(), served.newsroom_port)[0] == 200
        assert "Traceback" not in served.log.read_text()

    def test_requests_on_the_wire(self, served):
        host = f"Host: localhost:{served.port}\r\nConnection: close\r\n".encode()
        assert served.raw(b"GET /%65n/ HTTP/1.1\r\n" + host + b"\r\n").startswith(b"HTTP/1.1 301")
        assert b"evil" not in served.raw(b"GET /en/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        for head in (
            b"GET /en/ HTTP/1.1\r\nConnection: close\r\n",
            b"GET /en/ HTTP/1.1\r\nHost: localhost\r\n" + host,
            b"GET /en/ HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n" + host,
            b"GET /en/ HTTP/1.1\r\nContent-Length: +3\r\n" + host,
            b"POST /en/ HTTP/1.1\r\nTransfer-Encoding : chunked\r\n" + host,
        ):
            assert served.raw(head + b"\r\n").startswith(b"HTTP/1.1 400"), head
        answer = served.raw(b"HEAD /en/ HTTP/1.1\r\n" + host + b"\r\n")
        head, _, body = answer.partition(b"\r\n\r\n")
        assert b" 200 " in head and not body and int(re.search(rb"(?i)content-length: (\d+)", head)[1]) > 1000

    def test_second_server_of_the_folder_is_refused(self, served):
        assert "is being served already" in refused("serve", "--dir", served.directory)
        assert "is being served already" in refused("demo", "--dir", served.directory)

    def test_what_dies_is_started_again(self, served):
        before = served.child("relay")
        os.kill(before, signal.SIGKILL)
        assert wait_until(lambda: served.processes() and before not in served.processes(), 60)
        assert wait_until(lambda: any("\0relay\0" in command_line(pid) for pid in served.processes()), 60)
        assert "relay ended with -9; it is started again" in served.log.read_text()
        for verb in ("edge", "renderer", "newsroom"):
            os.kill(max(pid for pid in served.processes() if f"\0{verb}\0" in command_line(pid)), signal.SIGKILL)
        for port in (served.port, served.newsroom_port):
            assert wait_until(lambda port=port: b'"ok"' in fetched(port, "/healthz")[1], 60)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_supervisor_that_is_told_to_stop_leaves_nobody(site, number):
    running = Served(site)
    running.process.send_signal(number)
    assert running.process.wait(40) == 0
    assert processes_of(site) == set()


def test_supervisor_that_is_killed_leaves_nobody_and_can_be_started_again(site):
    running = Served(site)
    running.process.kill()
    running.process.wait()
    assert wait_until(lambda: not processes_of(site), 10), processes_of(site)
    again = Served(site)
    again.process.terminate()
    assert again.process.wait(40) == 0


def test_busy_port_is_named_before_anything_starts(site):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert f"port {port} for readers is busy" in refused("serve", "--dir", site, "--port", port)
    assert processes_of(site) == set()


def test_finished_site_is_not_made_again(site):
    assert "is a site already" in refused("init", site, "--no-input")


def test_init_asks_nobody_when_nobody_is_there(tmp_path):
    assert "--no-input" in refused("init", tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_password_that_is_too_weak_is_refused_and_the_site_can_be_finished(tmp_path):
    line = refused("init", tmp_path / "site", "--no-input", "--admin-password", "12345")
    assert "administrator cannot be made" in line
    assert broadsheet("init", tmp_path / "site", "--no-input").returncode == 0


def test_check_tells_ids_and_hints(site):
    done = broadsheet("check", "--dir", site)
    assert done.returncode == 0 and "broadsheet.W003" in done.stdout and "Set site_url" in done.stdout
    assert broadsheet("check", "--dir", site, "--fail-level", "warning").returncode == 1


def test_manage_runs_djangos_commands(site):
    assert "[X] 0001_initial" in broadsheet("manage", "--dir", site, "showmigrations", "outbox").stdout
    unknown = broadsheet("manage", "--dir", site, "no_such_command")
    assert unknown.returncode == 1 and "Traceback" not in unknown.stderr


def change(site: Path, statement: str) -> None:
    connection = sqlite3.connect(site / "broadsheet.sqlite3")
    with connection:
        connection.execute(statement)
    connection.close()


def test_newer_database_is_refused(site):
    change(site, "INSERT INTO django_migrations (app, name, applied) VALUES ('outbox', '9999_new', '2030-01-01')")
    try:
        assert "the database is newer" in refused("serve", "--dir", site)
        assert "the database is newer" in refused("upgrade", "--dir", site)
    finally:
        change(site, "DELETE FROM django_migrations WHERE name = '9999_new'")


def test_older_database_is_refused_and_upgraded_after_a_copy(site):
    change(site, "DROP TABLE outbox_event")
    change(site, "DELETE FROM django_migrations WHERE app = 'outbox'")
    assert "broadsheet upgrade" in refused("serve", "--dir", site)
    done = broadsheet("upgrade", "--dir", site)
    assert done.returncode == 0 and "The database as it was" in done.stdout
    assert len(list((site / "backups").glob("*.sqlite3"))) == 1


def test_damaged_database_is_told_in_one_line(site, tmp_path):
    broken = tmp_path / "site"
    broken.mkdir()
    (broken / "broadsheet.toml").write_text((site / "broadsheet.toml").read_text())
    (broken / "broadsheet.sqlite3").write_bytes(b"this is no database at all" * 100)
    assert "damaged" in refused("serve", "--dir", broken)


def test_full_disk_is_told_in_one_line(site, tmp_path):
    code = "import sys; from broadsheet.cli.guard import run; import resource; " \
           "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); import signal; " \
           "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); sys.exit(run(sys.argv[1:]))"  # fmt: skip
    command = [sys.executable, "-c", code, "init", str(tmp_path / "small"), "--no-input"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=400, check=False)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1 and "Traceback" not in done.stderr, done.stderr


@pytest.mark.parametrize(
    ("verbs", "option", "own", "foreign"),
    [
        (("edge", "renderer"), "reader_port", "/robots.txt", "/login/"),
        (("newsroom",), "newsroom_port", "/login/", "/robots.txt"),
    ],
)
def test_origin_run_alone_serves_itself_and_not_the_other(site, verbs, option, own, foreign):
    port = int(re.search(rf"^{option} = (\d+)", (site / "broadsheet.toml").read_text(), re.M)[1])
    running = [
        subprocess.Popen([sys.executable, "-m", "broadsheet", verb, "--dir", str(site)], env=environment())
        for verb in verbs
    ]
    try:
        assert wait_until(lambda: b'"ok"' in fetched(port, "/healthz")[1], START_S)
        assert fetched(port, own)[0] == 200
        assert fetched(port, foreign)[0] in {301, 302, 404}
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(60)


def test_edge_alone_gives_what_is_stored_and_says_so_for_the_rest(site):
    """The start of a machine whose newsroom and database are away."""
    port = int(re.search(r"^reader_port = (\d+)", (site / "broadsheet.toml").read_text(), re.M)[1])
    running = Served(site)
    assert running.get("/en/")[0] == 200
    running.process.terminate()
    running.process.wait(60)
    edge = subprocess.Popen([sys.executable, "-m", "broadsheet", "edge", "--dir", str(site)], env=environment())
    try:
        assert wait_until(lambda: fetched(port, "/healthz")[0] == 200, START_S)
        assert b"degraded" in fetched(port, "/healthz")[1]
        assert fetched(port, "/en/")[0] == 200
        status, body = fetched(port, "/az/archive/")
        assert status == 503 and b'lang="az"' in body
    finally:
        edge.terminate()
        edge.wait(60)


def test_store_is_looked_into(site):
    running = Served(site)
    try:
        assert running.get("/en/")[0] == 200
        shown = broadsheet("edge", "--dir", site, "inspect", "/en/")
        assert shown.returncode == 0 and "/en/: 200, fresh" in shown.stdout and "layout:en" in shown.stdout
        assert broadsheet("edge", "--dir", site, "inspect", "/en/never/").returncode == 1
        assert "purged" in broadsheet("edge", "--dir", site, "purge", "layout:en").stdout
        assert "gone" in broadsheet("edge", "--dir", site, "inspect", "/en/").stdout
        assert running.get("/en/")[0] == 200
        assert '"pages":' in broadsheet("edge", "--dir", site, "stats", "--json").stdout
        checked = broadsheet("edge", "--dir", site, "verify")
        assert checked.returncode == 0 and "0 different" in checked.stdout, checked.stdout + checked.stderr
        status, _, text = running.get("/metrics", running.newsroom_port)
        assert status == 200 and b"broadsheet_edge_renders_total" in text and b"broadsheet_up 1" in text
        assert running.get("/metrics", running.newsroom_port, **{"X-Forwarded-For": "203.0.113.7"})[0] == 403
    finally:
        running.process.terminate()
        running.process.wait(60)


def fetched(port: int, path: str) -> tuple[int, bytes]:
    """Status and body; 0 while nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except OSError:
        return 0, b""
    finally:
        connection.close()
