"""Works in a running newsroom as a browser does, without one: logs in, publishes, corrects, retracts."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from broadsheet.demo import people

PATIENCE_S = 15.0
_EMPTY_SET = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "1000"}
_BOUNDARY = "a-boundary-that-stands-in-no-picture"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Newsroom:
    """One person's session. Every act says whether it was acknowledged; what was not may have been done or not."""

    def __init__(self, origin: str) -> None:
        self.host = urlsplit(origin).netloc
        self.origin = origin
        self.cookies: dict[str, str] = {}

    def log_in(self, username: str = "admin", password: str = people.PASSWORD) -> None:
        """Raises OSError, http.client.HTTPException."""
        _, page = self.ask("GET", "/login/")
        found = _TOKEN.search(page)
        assert found, page[:500]
        form = {"username": username, "password": password, "csrfmiddlewaretoken": found[1]}
        status, page = self.ask("POST", "/login/", form)
        assert status == 302, page[:500]

    def publish(self, section_id: int, headline: str, words: str) -> bool:
        """A new story."""
        return self._post(f"/pages/add/articles/articlepage/{section_id}/", story_form(headline, words))

    def correct(self, page_id: int, slug: str, headline: str, words: str) -> bool:
        """The story again, with other words."""
        return self._post(f"/pages/{page_id}/edit/", story_form(headline, words, slug=slug))

    def retract(self, page_id: int) -> bool:
        """Take the story back."""
        return self._post(f"/pages/{page_id}/unpublish/", {})

    def upload(self, name: str, content: bytes) -> tuple[int, str]:
        """A new picture: the status and the page that came back; 302 when it was taken."""
        form = {"title": name, "collection": "1", "csrfmiddlewaretoken": self.cookies["newsroom_csrf"]}
        form |= dict.fromkeys(("tags", "alt_text", "credit", "licence", "licence_url", "source_url", "description"), "")
        form |= {f"focal_point_{end}": "" for end in ("x", "y", "width", "height")}
        parts = [
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in form.items()
        ]
        file = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        parts += [file.encode(), b"Content-Type: image/jpeg\r\n\r\n", content, f"\r\n--{_BOUNDARY}--\r\n".encode()]
        kind = f"multipart/form-data; boundary={_BOUNDARY}"
        return self.ask("POST", "/images/add/", body=b"".join(parts), kind=kind)

    def ask(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        *,
        body: bytes | None = None,
        kind: str = "application/x-www-form-urlencoded",
    ) -> tuple[int, str]:
        """One request: its status and body. Raises OSError, http.client.HTTPException."""
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE_S)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if method == "POST":
            headers |= {"Content-Type": kind, "Origin": self.origin}
            body = body if body is not None else urlencode(form or {}).encode()
        try:
            connection.request(method, path, body, headers)
            reply = connection.getresponse()
            for cookie in reply.headers.get_all("Set-Cookie") or ():
                name, _, value = cookie.split(";")[0].partition("=")
                self.cookies[name] = value
            return reply.status, reply.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def _post(self, path: str, form: dict[str, str]) -> bool:
        form = {**form, "csrfmiddlewaretoken": self.cookies["newsroom_csrf"]}
        try:
            status, page = self.ask("POST", path, form)
        except (OSError, http.client.HTTPException):
            return False
        # 200 is the form again, with what is wrong in it: a fault of the test, not of the site.
        assert status in {302, 500, 502, 503, 507}, f"{path} answers {status}: {_explain(page)}"
        return status == 302


def story_form(headline: str, words: str, **fields: str) -> dict[str, str]:
    """What a browser posts from the editor of a story when Publish is pressed."""
    block = {"key": "a", "type": "unstyled", "depth": 0, "text": words, "inlineStyleRanges": [], "entityRanges": []}
    names = ("short_headline", "label", "lead", "dateline", "picture_alt", "picture_caption", "seo_title")
    dates = ("search_description", "first_published_at", "updated_at", "go_live_at", "expire_at")
    sets = ("bylines", "topic_links", "related_links", "comments")
    return {
        **dict.fromkeys((*names, *dates), ""),
        **{f"{name}-{key}": value for name in sets for key, value in _EMPTY_SET.items()},
        "title": headline,
        "slug": "",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "text",
        "body-0-id": "",
        "body-0-value": json.dumps({"blocks": [block], "entityMap": {}}),
        "action-publish": "1",
        **fields,
    }


def _explain(page: str) -> str:
    errors = re.findall(r'class="(?:error-message|help-block help-critical|messages)[^>]*>(.{0,300})', page, re.DOTALL)
    return " ".join(errors)[:1500] or page[:800]
