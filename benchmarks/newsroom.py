"""How long the newsroom's pages take, asked for as a browser does, with an archive of a given size.

`python -m benchmarks.newsroom --site DIR`, a site that `benchmarks.publishing --keep DIR` made: an administrator logs
in, opens the first page, the board, a section in the explorer and a story in the editor, changes it and presses
Publish, with the form that the editor gave. Each several times; the median and the slowest.
"""

from __future__ import annotations

import argparse
import statistics
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path

from lxml import html

from . import archive, machine

_NAME, _PASSWORD = "bench", "a-long-and-harmless-word"  # of a throw-away site
_ROUNDS = 5
_TIMEOUT_S = 120


class Browser:
    """Keeps cookies and posts the forms that it was given."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def open(self, path: str, form: list[tuple[str, str]] | None = None) -> html.HtmlElement:
        """The page at the path, or at the one it leads on to. Raises HTTPError."""
        address = urllib.parse.urljoin(self.origin, path)
        body = urllib.parse.urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(address, body, {"Origin": self.origin, "Referer": address})  # noqa: S310
        with self.opener.open(request, timeout=_TIMEOUT_S) as answer:
            return html.fromstring(answer.read())

    def log_in(self) -> None:
        form = _fields(self.open("/login/"))
        form = [one for one in form if one[0] not in {"username", "password"}]
        self.open("/login/", [*form, ("username", _NAME), ("password", _PASSWORD)])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.newsroom", description=__doc__.partition("\n")[0])
    parser.add_argument("--site", type=Path, required=True, help="a site made by benchmarks.publishing --keep")
    config = archive.reopen(parser.parse_args().site)
    _ensure_administrator()
    section, stories, new = _choose()
    load = machine.load()
    with archive.served(config):
        browser = Browser(config.newsroom_url)
        browser.log_in()
        pages = {
            "first page": "/",
            "board": "/articles/",
            "board, published": "/articles/?state=published",
            "board, draft": "/articles/?state=draft",
            "board, scheduled": "/articles/?state=scheduled",
            "board, a language": "/articles/?language=en",
            "board, a section": f"/articles/?section={section}",
            "board, words": "/articles/?words=harbour",
            "explorer, a section": f"/pages/{section}/",
            "editor, an older story": f"/pages/{stories[0]}/edit/",
        }
        for name, path in pages.items():
            _time(name, lambda path=path: browser.open(path))  # type: ignore[misc]
        _time("save as draft, an older story", lambda: _post(browser, stories[1], []))
        _time("publish again, an older story", lambda: _post(browser, stories[2], [("action-publish", "1")]))
        waiting = iter(new)
        _time("publish, a new story", lambda: _post(browser, next(waiting), [("action-publish", "1")]))
    machine.say(machine.describe())
    machine.say(f"load average {load} at the beginning, {machine.load()} at the end")


def _ensure_administrator() -> None:
    from django.contrib.auth import get_user_model

    model = get_user_model()
    if not model.objects.filter(username=_NAME).exists():
        model.objects.create_superuser(_NAME, "bench@newsroom.test", _PASSWORD)


def _choose() -> tuple[int, list[int], list[int]]:
    """A section, old stories of it, and drafts that nobody has published."""
    from broadsheet.articles.projection import PublishedArticle

    from . import desks

    desk = desks.find("en")
    section = desk.sections[2]
    rows = PublishedArticle.objects.filter(section_id=section.pk).order_by("-article_id")
    stories = list(rows.values_list("article_id", flat=True)[20:23])
    drafts = []
    for number in range(_ROUNDS + 1):
        story = archive.draft(section, f"A draft ({number}, {time.time():.0f})", desk)
        story.save_revision()
        drafts.append(story.pk)
    return section.pk, stories, drafts


def _post(browser: Browser, story: int, action: list[tuple[str, str]]) -> None:
    """Open the story in the editor, and send its form back; only the sending counts."""
    form = [one for one in _fields(browser.open(f"/pages/{story}/edit/")) if not one[0].startswith("body-")]
    form += [*_body(), *action]
    begun_at = time.monotonic()
    page = browser.open(f"/pages/{story}/edit/", form)
    _posted_s.append(time.monotonic() - begun_at)
    wrong = page.xpath("//*[contains(@class, 'error-message')] | //li[contains(@class, 'error')]")
    if wrong:
        raise RuntimeError(f"story {story}: {' '.join(wrong[0].text_content().split())[:200]}")


def _body() -> list[tuple[str, str]]:
    """The fields of the body, which the editor's script adds to the form."""
    from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

    texts = [("text", rich_text(f"<p>{archive.TEXT}</p>")) for _ in range(3)]
    return [(name, str(value)) for name, value in nested_form_data({"body": streamfield(texts)}).items()]


_posted_s: list[float] = []


def _fields(page: html.HtmlElement) -> list[tuple[str, str]]:
    """What a browser would send of the page's main form, its buttons left out."""
    forms = [one for one in page.forms if one.get("method", "").lower() == "post" and len(one.fields) > 2]
    return [(name, value) for name, value in max(forms, key=lambda one: len(one.fields)).form_values()]


def _time(name: str, act: Callable[[], object]) -> None:
    """The first one is not counted: it finds caches empty."""
    times_s = []
    for number in range(_ROUNDS + 1):
        _posted_s.clear()
        begun_at = time.monotonic()
        act()
        taken_s = _posted_s[0] if _posted_s else time.monotonic() - begun_at
        if number:
            times_s.append(taken_s)
        if taken_s > 5:
            times_s = times_s or [taken_s]
            break
    machine.say(f"{name:32} {1000 * statistics.median(times_s):6.0f} ms, at most {1000 * max(times_s):.0f}")


if __name__ == "__main__":
    main()
