"""Stubs of the three services, which speak as their public documentation says, and misbehave when they are told to."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "a-key-that-nobody-may-see"


@dataclass
class Stub:
    """A service on the loopback. `translate` makes the words, `answer` replaces the whole answer."""

    kind: str
    translate: Callable[[str], str] = lambda text: re.sub(r"(^|>)([^<]+)", r"\1[az] \2", text)
    answer: Callable[[dict[str, Any]], tuple[int, bytes]] | None = None
    drip_s: float = 0
    requests: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)
    origin: str = ""

    def respond(self, path: str, headers: dict[str, str], content: dict[str, Any]) -> tuple[int, bytes]:
        self.requests.append((path, headers, content))
        if self.answer is not None:
            return self.answer(content)
        status, said = getattr(self, f"_{self.kind}")(path, headers, content)
        return status, json.dumps(said).encode()

    def _deepl(self, path: str, headers: dict[str, str], content: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """https://developers.deepl.com/api-reference/translate"""
        if headers.get("authorization") != f"DeepL-Auth-Key {KEY}":
            return 403, {"message": "Invalid auth key."}
        if path != "/v2/translate" or not 1 <= len(content["text"]) <= 50:
            return 400, {"message": "Too many texts."}
        if content["target_lang"] != "AZ":
            return 400, {"message": "Value for 'target_lang' not supported."}
        texts = [{"detected_source_language": "EN", "text": self.translate(text)} for text in content["text"]]
        return 200, {"translations": texts}

    def _google(self, path: str, headers: dict[str, str], content: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """https://cloud.google.com/translate/docs/reference/rest/v2/translate"""
        if headers.get("x-goog-api-key") != KEY:
            message = "API key not valid. Please pass a valid API key."
            return 400, {"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}
        if (
            path != "/language/translate/v2"
            or not 1 <= len(content["q"]) <= 128
            or content["format"] not in {"html", "text"}
        ):
            return 400, {"error": {"code": 400, "message": "Too many text segments", "errors": [{"reason": "invalid"}]}}
        if content["target"] != "az":
            return 400, {"error": {"code": 400, "message": "Invalid Value", "errors": [{"reason": "invalid"}]}}
        return 200, {"data": {"translations": [{"translatedText": self.translate(text)} for text in content["q"]]}}

    def _libretranslate(
        self, path: str, headers: dict[str, str], content: dict[str, Any]
    ) -> tuple[int, dict[str, Any]]:
        """https://docs.libretranslate.com/guides/api_usage/"""
        if content.get("api_key") != KEY:
            return 403, {"error": "Invalid API key"}
        if path != "/translate" or content["format"] not in {"html", "text"}:
            return 400, {"error": "Invalid request: missing q parameter"}
        if content["target"] != "az":
            return 400, {"error": f"{content['target']} is not supported"}
        return 200, {"translatedText": [self.translate(text) for text in content["q"]]}


def speaking(kind: str, texts: Any) -> Callable[[dict[str, Any]], tuple[int, bytes]]:
    """An answer with these texts in the service's own form."""
    said = {
        "deepl": lambda: {"translations": [{"text": text} for text in texts]},
        "google": lambda: {"data": {"translations": [{"translatedText": text} for text in texts]}},
        "libretranslate": lambda: {"translatedText": texts},
    }[kind]()
    return lambda content: (200, json.dumps(said).encode())


@contextmanager
def running(kind: str) -> Iterator[Stub]:
    """The stub, answering on a port of 127.0.0.1 that nobody else has."""
    stub = Stub(kind)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, body = stub.respond(self.path, headers, content)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if 300 <= status < 400:
                self.send_header("Location", f"{stub.origin}/elsewhere")
            self.end_headers()
            self._send(body)

        def _send(self, body: bytes) -> None:
            try:
                for place in range(0, len(body), 1) if stub.drip_s else [0]:
                    self.wfile.write(body[place : place + 1] if stub.drip_s else body)
                    time.sleep(stub.drip_s)
            except OSError:
                return

        def log_message(self, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stub.origin = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
