"""How fast the renderer makes an article, as a ratio to a plain Django response of the same bytes.

Both are served by the same server with the same number of workers and threads, asked in turns in the same run over
connections that are kept open. `python -m benchmarks.readers`, or `make bench`.
"""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROUNDS = 5
ROUND_S = 2.0
CONNECTIONS = 8
HEADERS = {"Accept-Encoding": "br"}


def main() -> None:
    """Make a site with one article, serve it and its plain twin, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        path = _make_site(Path(folder))
        readers = _serve(Path(folder), "broadsheet.processes.origins:make_renderer", 8970)
        plain = _serve(Path(folder), "benchmarks.readers:make_plain", 8971, BENCH_BODY=str(Path(folder) / "body"))
        try:
            body = _wait(8970, path)
            (Path(folder) / "body").write_bytes(body)
            _wait(8971, path)
            _report(path, len(body))
        finally:
            for process in (readers, plain):
                process.terminate()
                process.wait(20)


def _make_site(folder: Path) -> str:
    """An empty site with one article of ordinary length; its path."""
    os.environ["BROADSHEET_DIR"] = str(folder)
    from broadsheet.cli import founding, sites

    config = founding.make_folder(folder, {"reader_port": 8970})
    sites.start_django()
    founding.found(config, {}, lambda step, done, total: None)
    from tests import factories

    from broadsheet.articles.models import HomePage

    section = factories.make_section(HomePage.objects.get())
    text = "<p>" + "The ferries run again, and the harbour is as loud as it was before the storm. " * 8 + "</p>"
    return str(factories.make_article(section, body=[("text", text)] * 8, picture=factories.make_image()).public_path)


def _serve(folder: Path, factory: str, port: int, **environment: str) -> subprocess.Popen[bytes]:
    interface = "asginl" if factory.endswith("make_renderer") else "wsgi"
    command = [sys.executable, "-m", "granian", "--interface", interface, "--factory", "--port", str(port)]
    command += ["--workers", "1", "--no-ws", "--log-level", "warning", factory]
    if interface == "wsgi":
        command[-1:-1] = ["--blocking-threads", "2"]
    return subprocess.Popen(command, env={**os.environ, "BROADSHEET_DIR": str(folder), **environment})  # noqa: S603


def make_plain() -> object:
    """A Django application that answers everything with the same bytes."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpRequest, HttpResponse
    from django.urls import re_path

    file = Path(os.environ["BENCH_BODY"])

    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(file.read_bytes() if file.exists() else b"", content_type="text/html")

    settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=type("Urls", (), {"urlpatterns": [re_path("", answer)]}))
    return get_wsgi_application()


def _wait(port: int, path: str) -> bytes:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path, headers={**HEADERS, "Host": "localhost"})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status == 200:
                return body
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit(f"nothing answers at port {port}")


def _report(path: str, size: int) -> None:
    rates: dict[int, list[float]] = {8970: [], 8971: []}
    for _ in range(ROUNDS):
        for port, measured in rates.items():
            measured.append(_rate(port, path))
    ratios = [ours / plain for ours, plain in zip(rates[8970], rates[8971], strict=True)]
    _say(f"article, {size} bytes of brotli, one worker, {CONNECTIONS} connections, {ROUNDS} rounds of {ROUND_S:g} s")
    _say(f"  renderer                 {statistics.median(rates[8970]):8.0f} requests/s")
    _say(f"  plain Django, same bytes {statistics.median(rates[8971]):8.0f} requests/s")
    _say(f"  ratio                    {statistics.median(ratios):8.3f}  (from {min(ratios):.3f} to {max(ratios):.3f})")


def _rate(port: int, path: str) -> float:
    """Requests a second over all connections for one round."""
    counts = [0] * CONNECTIONS
    until = time.monotonic() + ROUND_S

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        while time.monotonic() < until:
            connection.request("GET", path, headers={**HEADERS, "Host": "localhost"})
            connection.getresponse().read()
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CONNECTIONS)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - started)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
