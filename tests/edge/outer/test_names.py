"""One option says which cache stands in front of the edge; its token stands in another and in no message."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import config
from broadsheet.edge.outer import batches, names
from broadsheet.edge.outer.choice import outer_cache
from broadsheet.edge.outer.cloudflare import Cloudflare
from broadsheet.edge.outer.errors import OuterCacheMisnamed, OuterPurgeFailed
from broadsheet.edge.outer.fastly import Fastly
from broadsheet.edge.outer.headers import outer_headers
from broadsheet.edge.outer.varnish import Varnish, as_pattern
from broadsheet.edge.replies import OVERFULL

ZONE = "023e105f4ecef8ad9ca31a8372d0c353"


def test_each_name_makes_its_adapter():
    assert outer_cache("") is None and outer_headers("") is None
    xkey = outer_cache("varnish+xkey://127.0.0.1:6082,[::1]:6082")
    assert isinstance(xkey, Varnish) and xkey.is_xkey and xkey.places == ("127.0.0.1:6082", "[::1]:6082")
    ban = outer_cache("varnish+ban://cache.internal:6082/")
    assert isinstance(ban, Varnish) and not ban.is_xkey and ban.places == ("cache.internal:6082",)
    fastly = outer_cache("fastly://SU1Z0isxPaozGVKXdv0eY", "t")
    assert isinstance(fastly, Fastly) and fastly.service == "SU1Z0isxPaozGVKXdv0eY"
    cloudflare = outer_cache(f"cloudflare://{ZONE}", "t")
    assert isinstance(cloudflare, Cloudflare) and cloudflare.zone == ZONE


@pytest.mark.parametrize(
    "url",
    [
        "varnish://127.0.0.1:6082",
        "http://127.0.0.1:6082",
        "varnish+xkey",
        "varnish+xkey://",
        "varnish+xkey://127.0.0.1",
        "varnish+xkey://127.0.0.1:70000",
        "varnish+xkey://127.0.0.1:0",
        "varnish+xkey://user:hunter2@127.0.0.1:6082",
        "varnish+xkey://127.0.0.1:6082/path",
        "varnish+ban://127.0.0.1:6082,",
        "varnish+ban://127.0.0.1:6082\r\nX: y",
        "fastly://",
        "fastly://hunter2@service",
        "fastly://service/../../x",
        "fastly://one,two",
        "cloudflare://zone?token=hunter2",
        "akamai://x",
    ],
)
def test_other_names_are_refused_without_being_repeated(url, tmp_path):
    with pytest.raises(OuterCacheMisnamed) as refused:
        names.read_name(url)
    assert "hunter2" not in str(refused.value)
    with pytest.raises(config.ConfigError, match=r"outer_cache .* must be") as refused:
        config.load(tmp_path, {"BROADSHEET_OUTER_CACHE": url})
    assert "hunter2" not in str(refused.value)


def test_token_is_needed_and_must_fit_into_a_header(tmp_path):
    for url in ("fastly://service", f"cloudflare://{ZONE}"):
        with pytest.raises(OuterCacheMisnamed, match="needs outer_cache_token"):
            outer_cache(url)
    for wrong in ("hunter2\n", "hunter2 x", "hunter2\x00", "hunter2é"):
        with pytest.raises(OuterCacheMisnamed) as refused:
            outer_cache("fastly://service", wrong)
        assert "hunter2" not in str(refused.value)
        with pytest.raises(config.ConfigError, match="outer_cache_token") as refused:
            config.load(tmp_path, {"BROADSHEET_OUTER_CACHE_TOKEN": wrong})
        assert "hunter2" not in str(refused.value)


def test_token_is_a_secret():
    assert {"outer_cache", "outer_cache_token"} <= config.SECRET_OPTIONS
    for cache in (outer_cache("fastly://service", "hunter2"), outer_cache(f"cloudflare://{ZONE}", "hunter2")):
        assert "hunter2" not in repr(cache)


def test_headers_are_for_the_named_cache_alone():
    for url in ("varnish+xkey://a:1", "varnish+ban://a:1", "fastly://service"):
        headers = outer_headers(url)
        assert (
            headers.fresh() == b"Surrogate-Control: max-age=3600, stale-while-revalidate=60, stale-if-error=86400\r\n"
        )
        assert headers.stale() == b"Surrogate-Control: max-age=0\r\n"
    headers = outer_headers(f"cloudflare://{ZONE}")
    assert headers.fresh().startswith(b"Cloudflare-CDN-Cache-Control: max-age=3600, ")
    assert headers.stale() == b"Cloudflare-CDN-Cache-Control: max-age=0\r\n"


def test_nothing_may_be_kept_beyond_its_time():
    headers = outer_headers("fastly://service")
    assert headers.fresh(90.9).startswith(b"Surrogate-Control: max-age=90,")
    assert headers.fresh(10**9) == headers.fresh()
    assert headers.fresh(0.5) == headers.fresh(-3) == headers.stale()


TAGS = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=","), min_size=1, max_size=255)


@given(st.sets(TAGS, min_size=1), st.integers(1, 40), st.integers(10, 600))
def test_pieces_hold_all_tags_and_stay_in_bounds(tags, count, size_bytes):
    wanted = batches.to_purge(tags)
    pieces = list(batches.cut(wanted, count=count, size_bytes=size_bytes))
    assert [tag for piece in pieces for tag in piece] == sorted(tags | {OVERFULL})
    for piece in pieces:
        assert 1 <= len(piece) <= count and (len(" ".join(piece)) <= size_bytes or len(piece) == 1)


@given(st.text(max_size=20).filter(lambda text: not text.isascii() or not text.isprintable() or " " in text))
def test_what_no_page_can_carry_is_no_tag(text):
    with pytest.raises(OuterPurgeFailed):
        batches.to_purge({text})


@given(TAGS)
def test_pattern_finds_its_tag_and_breaks_nothing(tag):
    pattern = as_pattern(tag)
    assert re.fullmatch(r"[A-Za-z0-9:_|.\[\]-]+", pattern)
    assert re.search(f"(^| )({pattern})( |$)", f"* a {tag} z")


def test_pattern_finds_no_other_usual_tag():
    pattern = as_pattern("article:1")
    for other in ("article:11", "article:", "xarticle:1", "section:1"):
        assert not re.search(f"(^| )({pattern})( |$)", f"* {other}")


def test_reading_the_settings_loads_no_client_of_http():
    code = "import sys, broadsheet.edge.outer.headers; sys.exit('http.client' in sys.modules or 'ssl' in sys.modules)"
    source = Path(names.__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=source).returncode == 0
