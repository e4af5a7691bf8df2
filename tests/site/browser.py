"""One Chromium for all browser tests, and readers who visit with it: a device, a colour scheme, a language."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

HOW_TO_INSTALL = (
    "no Chromium: install it (Debian: apt-get install chromium), or put its path into the environment as CHROMIUM"
)
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
DEVICES = {"phone": PHONE, "desktop": DESKTOP}
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

# Told to the tests by every page: broken rules of the Content-Security-Policy, and how much moved while it loaded.
_WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => {
  window.violations.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`);
});
window.moved = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved += entry.value;
}).observe({ type: 'layout-shift', buffered: true });
"""
# This reader has put away the offer of another language, which would cover the foot of the page.
_DECLINED = "try { localStorage.setItem('declined', %r) } catch (opaque) { /* no page yet */ }"


def find_chromium() -> str | None:
    """Where Chromium is: named in the environment, or among the usual places."""
    wanted = os.environ.get("CHROMIUM", "")
    if wanted:
        return wanted if Path(wanted).exists() else None
    return next((path for path in map(shutil.which, NAMES) if path), None)


def launch(playwright: Playwright, path: str) -> Browser:
    """Start Chromium without any traffic of its own."""
    arguments = [
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--no-first-run",
        # Nothing but this machine is ever reached, whatever a page asks for.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return playwright.chromium.launch(executable_path=path, args=arguments)


@dataclass
class Reader:
    """A visitor with storage of their own; `page` is the tab, the lists fill up as it goes."""

    context: BrowserContext
    page: Page
    origin: str
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def open(self, path: str, *, fine: bool = True) -> Page:
        """Go to a path (or a whole address) and wait until it is loaded; `fine`: it must answer 200."""
        reply = self.page.goto(path if "://" in path else self.origin + path, wait_until="load")
        assert reply is not None
        if fine:
            assert reply.status == 200, (path, reply.status)
        return self.page

    def foreign_requests(self) -> list[str]:
        """What was asked of anybody but the readers' origin."""
        ours = urlsplit(self.origin).netloc
        return [
            url
            for url in self.requests
            if urlsplit(url).scheme not in {"data", "blob"} and urlsplit(url).netloc != ours
        ]

    def violations(self) -> list[str]:
        """What the page tried against its own Content-Security-Policy."""
        return list(self.page.evaluate("window.violations"))


class Visitors:
    """Makes readers: `with visitors.reader("phone", scheme="dark", locale="fa") as reader`."""

    def __init__(self, browser: Browser, origin: str) -> None:
        self.browser = browser
        self.origin = origin

    @contextmanager
    def reader(
        self,
        device: str = "desktop",
        *,
        scheme: str = "light",
        locale: str = "en",
        origin: str = "",
        offered: bool = False,
        **options: Any,
    ) -> Iterator[Reader]:
        """A new reader who leaves at the end of the block; `offered`: pages offer them their own language."""
        options = {"service_workers": "block", **DEVICES[device], **options}
        context = self.browser.new_context(color_scheme=scheme, locale=locale, reduced_motion="reduce", **options)
        try:
            context.set_default_timeout(15_000)
            if options.get("java_script_enabled", True):
                context.add_init_script(_WATCH)
                if not offered:
                    context.add_init_script(_DECLINED % locale.partition("-")[0])
            reader = Reader(context, context.new_page(), origin or self.origin)
            self._listen(reader)
            yield reader
        finally:
            context.close()

    def _listen(self, reader: Reader) -> None:
        reader.context.on("request", lambda request: reader.requests.append(request.url))
        reader.page.on("pageerror", lambda error: reader.errors.append(str(error)))
        reader.page.on(
            "console", lambda message: reader.errors.append(message.text) if message.type == "error" else None
        )

        def note(dialog: Any) -> None:
            reader.dialogs.append(dialog.message)
            dialog.dismiss()

        reader.page.on("dialog", note)
