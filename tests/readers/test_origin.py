"""The readers' origin: its own name alone, one address a page, no cookie, and nothing of a request in a reply."""

import json
from pathlib import Path

import brotli
import pytest
from django.db.utils import OperationalError
from django.test import Client

from broadsheet.readers import policies, views
from broadsheet.readers.environ import RAW_PATH
from broadsheet.readers.middleware import is_ours
from tests import arrangements, factories

CANARY = "canary-7d1f"


@pytest.fixture
def reader(settings, db):
    """A browser at the readers' origin."""
    settings.ROOT_URLCONF = "broadsheet.readers.urls"
    settings.MIDDLEWARE = ["broadsheet.readers.middleware.OriginMiddleware"]
    settings.ALLOWED_HOSTS = ["*"]
    policies.security_headers.cache_clear()
    yield Client(HTTP_HOST="localhost:8000", raise_request_exception=False)
    policies.security_headers.cache_clear()


def raw(reader, path: str, **more):
    """Ask with the path as it stands on the wire, which the test client would decode."""
    return reader.get("/" + path.split("?")[0].lstrip("/"), **{RAW_PATH: path.split("?")[0]}, **more)


@pytest.fixture
@arrangements.once
def article(section):
    return factories.make_article(section)


PATH = "/en/world/ferries-run-again/"


def test_article_is_answered_with_its_tags_language_and_policy(reader, article):
    response = reader.get(PATH)
    assert response.status_code == 200 and "The harbour is open." in response.text
    assert f"article:{article.pk}" in response["Surrogate-Key"].split()
    assert response["Content-Language"] == "en"
    assert response["Cache-Control"] == "public, no-cache, s-maxage=0"
    assert response["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self' 'sha256-")
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" not in response
    assert not response.cookies


def test_encodings_have_their_own_tags_and_304(reader, article):
    plain, packed = reader.get(PATH), reader.get(PATH, HTTP_ACCEPT_ENCODING="gzip, br")
    assert packed["Content-Encoding"] == "br" and brotli.decompress(packed.content) == plain.content
    assert plain["ETag"] != packed["ETag"] and not plain["ETag"].startswith("W/")
    assert int(packed["Content-Length"]) == len(packed.content)
    assert "Accept-Encoding" in plain["Vary"] and "Accept-Encoding" in packed["Vary"]
    known = reader.get(PATH, HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=f'"x", W/{packed["ETag"]}')
    assert known.status_code == 304 and not known.content and known["ETag"] == packed["ETag"]
    assert reader.get(PATH, HTTP_IF_NONE_MATCH=packed["ETag"]).status_code == 200
    assert reader.get(PATH, HTTP_ACCEPT_ENCODING="*;q=0").status_code == 406


def test_head_has_the_head_of_get_and_no_body(reader, article):
    get, head = reader.get(PATH), reader.head(PATH)
    assert head.status_code == 200 and not head.content
    assert head["Content-Length"] == get["Content-Length"] and head["ETag"] == get["ETag"]


@pytest.mark.parametrize(
    "path",
    ["/en/world/ferries-run-again", "/EN/World/Ferries-Run-Again/", "//en//world/ferries-run-again/",
     "/en/world/ferries%2Drun-again/"],
)  # fmt: skip
def test_other_spelling_leads_to_the_one_address(reader, article, path):
    response = raw(reader, path)
    assert response.status_code == 301 and response["Location"] == "http://localhost:8000" + PATH


@pytest.mark.parametrize(
    "path", ["/en/%2e%2e/en/world/", "/en/world/%00/", "/%ff", "/en/nothing", "//evil.example/%2e"]
)
def test_what_is_no_page_is_404_and_leads_nowhere(reader, article, path):
    response = raw(reader, path)
    assert response.status_code == 404 and "Location" not in response
    assert "evil" not in response.text


def test_query_that_nobody_knows_changes_nothing(reader, article):
    assert reader.get(PATH + f"?utm_source={CANARY}&x=%ff&x=2").content == reader.get(PATH).content


def test_headers_about_hosts_change_nothing(reader, article):
    names = ("X_FORWARDED_HOST", "X_HOST", "FORWARDED", "X_ORIGINAL_URL", "X_REWRITE_URL", "X_FORWARDED_PROTO",
             "X_FORWARDED_PREFIX", "X_FORWARDED_PORT")  # fmt: skip
    sent = reader.get(PATH, **{f"HTTP_{name}": CANARY for name in names})
    assert sent.content == reader.get(PATH).content and CANARY not in str(sent.headers)


@pytest.mark.parametrize(
    ("host", "status"), [(f"{CANARY}.example", 421), ("a,b", 400), ("", 400), ("x" * 8000, 400), ("local host", 421)]
)
def test_strange_host_is_refused_and_not_repeated(reader, article, host, status):
    response = reader.get(PATH, HTTP_HOST=host)
    assert response.status_code == status and CANARY not in response.text + str(response.headers)
    assert response["Cache-Control"] == "no-store" and "Content-Security-Policy" in response


@pytest.mark.parametrize(
    ("site", "host", "expected"),
    [
        ("https://news.example", "news.example", True),
        ("https://news.example", "NEWS.example.:443", True),
        ("https://news.example", "localhost", False),
        ("https://news.example", "news.example.evil", False),
        ("https://news.example", "evil@news.example", False),
        ("https://news.example", "news.example:80:80", False),
        ("http://localhost:8000", "127.0.0.1:8123", True),
        ("http://localhost:8000", "[::1]:8000", True),
        ("http://localhost:8000", "localhost:x", False),
    ],
)
def test_site_knows_its_own_name(settings, site, host, expected):
    settings.CONFIG = type("Config", (), {"site_url": site})
    assert is_ours(host) is expected


@pytest.mark.parametrize("method", ["post", "put", "delete", "options", "patch"])
def test_only_reading_is_allowed(reader, method):
    response = getattr(reader, method)("/en/")
    assert response.status_code == 405 and response["Allow"] == "GET, HEAD"


def test_front_door_chooses_and_is_never_kept(reader, home):
    factories.make_home("az")
    response = reader.get("/", HTTP_ACCEPT_LANGUAGE="ru, az;q=0.5")
    assert response.status_code == 302 and response["Location"] == "http://localhost:8000/az/"
    assert response["Cache-Control"] == "no-store" and response["Vary"] == "Accept-Language"
    reader.cookies["language"] = "en"
    answer = reader.get("/", HTTP_ACCEPT_LANGUAGE="az")
    assert answer["Location"].endswith("/az/") and "Set-Cookie" not in answer.headers


def test_old_address_with_capitals_leads_on(reader, article):
    from broadsheet.articles import published

    published.retire("/2019/05/My-Post/", article)
    response = raw(reader, "/2019/05/My-Post/")
    assert response.status_code == 301 and response["Location"].endswith(PATH)


def test_numbered_address_of_an_imported_story_leads_on(reader, article):
    from broadsheet.articles import published

    published.retire("/?p=12", article)
    published.retire("/blog/?p=12", article)
    for address in ("/?p=12", "/blog/?p=12"):
        response = reader.get(address)
        assert response.status_code == 301 and response["Location"].endswith(PATH), address
    assert reader.get("/?p=13").status_code == 302
    assert reader.get("/blog/?p=13").status_code == 404


def test_picture_is_served_for_ever_and_only_by_its_exact_name(reader, settings):
    folder = Path(settings.PUBLIC_ROOT)
    folder.mkdir(parents=True)
    (folder / "ab12-480x320.webp").write_bytes(b"RIFF" + b"0" * 1000)
    (folder / "secret.txt").write_text(CANARY)
    (folder.parent / "outside.webp").write_text(CANARY)
    response = reader.get("/pictures/ab12-480x320.webp", HTTP_ACCEPT_ENCODING="br", HTTP_RANGE="bytes=0-1,3-4")
    assert response.status_code == 200 and response["Content-Type"] == "image/webp"
    assert len(response.content) == 1004 and "immutable" in response["Cache-Control"]
    assert "Content-Encoding" not in response and response["X-Content-Type-Options"] == "nosniff"
    for path in (
        "secret.txt",
        "../outside.webp",
        "%2e%2e/outside.webp",
        "AB12-480x320.webp",
        "no.webp",
        ".",
        "a/b.webp",
    ):
        missing = raw(reader, f"/pictures/{path}")
        assert missing.status_code == 404 and CANARY not in missing.text


def test_asset_is_served_by_its_hashed_address_alone(reader):
    from broadsheet.rendering.assets import asset

    response = reader.get(asset("site.js"))
    assert response.status_code == 200 and "immutable" in response["Cache-Control"]
    assert response["Content-Type"].startswith("text/javascript")
    assert reader.get("/static/site.js").status_code == 404
    assert reader.get("/static/wagtailadmin/css/core.css").status_code == 404
    assert reader.get("/favicon.ico").status_code == 200


@pytest.mark.parametrize("path", ["/admin/", "/login/", "/media/x.jpg", "/documents/1/", "/preview/token/"])
def test_newsroom_is_not_here(reader, home, path):
    assert reader.get(path).status_code == 404


def test_health_is_told_to_any_host(reader, db, monkeypatch):
    response = reader.get("/healthz", HTTP_HOST="10.0.0.7")
    assert response.status_code == 200 and json.loads(response.text)["status"] == "ok"


@pytest.mark.parametrize("language", ["en", "fa"])
def test_database_away_is_503_in_the_readers_language(reader, db, monkeypatch, caplog, language):
    def fail(*args: object) -> None:
        raise OperationalError("connection refused: password=hunter2")

    monkeypatch.setattr(views, "find_page", fail)
    response = reader.get(f"/{language}/")
    assert response.status_code == 503 and response["Retry-After"] == "10"
    assert response["Cache-Control"] == "no-store" and f'lang="{language}"' in response.text
    assert "hunter2" not in response.text and len(caplog.records) == 1


def test_fault_is_500_without_details_and_logged_once(reader, db, monkeypatch, caplog):
    def fail(*args: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(views, "find_page", fail)
    response = reader.get("/en/")
    assert response.status_code == 500 and CANARY not in response.text and "Traceback" not in response.text
    assert response["Content-Security-Policy"] and response["Cache-Control"] == "no-store"
    assert sum(CANARY in (record.exc_text or str(record.exc_info)) for record in caplog.records) == 1


def test_policy_asks_for_https_where_the_site_has_it(settings):
    assert "upgrade-insecure-requests" in policies.content_policy(upgrade=True)
    for origin in ("https://www.youtube-nocookie.com", "https://t.me"):
        assert origin in policies.content_policy(upgrade=False)
