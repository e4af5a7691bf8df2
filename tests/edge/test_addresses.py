"""Every page has one spelling of its address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.edge import addresses
from broadsheet.edge.pages import DEFAULT_RULES, Rule


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("/", "/"),
        ("//", "/"),
        ("/en/world/", "/en/world/"),
        ("/en/world", "/en/world/"),
        ("//en///world//", "/en/world/"),
        ("/EN/World", "/en/world/"),
        ("/en/w%6Frld/", "/en/world/"),
        ("/en/feed.xml/", "/en/feed.xml"),
        ("/en/feed%2exml", "/en/feed.xml"),
        ("/2019/%D8%A8/", "/2019/ب/"),
        ("/en/world;a=1", "/en/world/"),
        ("/en;x=y/world;a=1/;b", "/en/world/"),
        ("/en/world%3Ba=1/", "/en/world/"),
        ("/en/caf%C3%A9/", "/en/café/"),
        ("/en/cafe%CC%81/", "/en/café/"),
        ("/en/CAFE%CC%81", "/en/café/"),
        ("/healthz", "/healthz/"),
        ("/.well-known/x.txt", "/.well-known/x.txt"),
    ],
)
def test_spellings_of_one_path_become_one(raw, expected):
    assert addresses.canonical(raw) == expected


@pytest.mark.parametrize(
    "raw",
    ["/en/%2e%2e/az/", "/en/./x", "/en/..;/x", "/en/.%2E;a/x", "/%00", "/a%0d%0aSet-Cookie:x", "/%5cevil", "/%ff",
     "evil", "/" + "x" * 5000, "/" + "%3C" * 683],
)  # fmt: skip
def test_no_page_stands_at_such_a_path(raw):
    assert addresses.canonical(raw) is None


paths = st.lists(
    st.text(st.characters(codec="utf-8"), max_size=12)
    | st.sampled_from(["..", ".", ";a=1", "%2e", "%C3%A9", "e%CC%81", "İ", "ſ", "Ω", "a.b", "EN", "%25", "ͅ"]),
    max_size=6,
).map(lambda parts: "/" + "/".join(parts))


@given(paths)
def test_usual_spelling_is_its_own(raw):
    usual = addresses.canonical(raw)
    if usual is None:
        return
    assert addresses.canonical(addresses.encode(usual)) == usual
    assert usual.startswith("/") and "//" not in usual and ";" not in usual
    assert not {".", ".."} & set(usual.split("/"))


@given(st.from_regex(r"(/[a-z0-9._~-]{0,5}){1,5}", fullmatch=True))
def test_short_cut_for_plain_paths_leads_where_the_long_way_does(raw):
    if addresses._USUAL.fullmatch(raw):
        assert addresses.canonical(raw + "//" if raw.endswith("/") else "/" + raw) == raw == addresses.canonical(raw)


@given(paths, st.text(st.characters(codec="ascii", exclude_characters="#"), max_size=40))
def test_address_read_again_is_the_same(raw, query):
    address = addresses.read(addresses.encode(raw) + "?" + query, DEFAULT_RULES)
    if address.key is not None:
        again = addresses.read(address.key, DEFAULT_RULES)
        assert (again.key, again.is_usual, again.rule) == (address.key, True, address.rule)
        assert again.as_sent == address.key


@pytest.mark.parametrize(
    ("target", "key"),
    [
        ("/en/x/?utm_source=1&fbclid=2", "/en/x/"),
        ("/en/x/?page=2", "/en/x/?page=2"),
        ("/en/x/?utm=1&page=002&y", "/en/x/?page=2"),
        ("/en/x/?page=1", "/en/x/?page=1"),
        ("/en/x/?page=", None),
        ("/en/x/?page=abc", None),
        ("/en/x/?page=0", None),
        ("/en/x/?page=-3", None),
        ("/en/x/?page=٣", None),
        ("/en/x/?page=2&page=3", "/en/x/?page=2"),
        ("/en/x/?page=99999999999999999999", None),
        ("/en/x/?%70age=2", "/en/x/?page=2"),
        ("/en/x/?", "/en/x/"),
        ("/EN//x?a=1", "/en/x/"),
        ("/en/search/?q=a+b&page=2&z=1", "/en/search/?q=a%20b&page=2"),
        ("/en/search/?page=2&q=a%20b", "/en/search/?q=a%20b&page=2"),
    ],
)
def test_only_what_means_something_stands_in_the_key(target, key):
    assert addresses.read(target, DEFAULT_RULES).key == key


def test_renderer_is_asked_for_no_list_when_none_was_asked_for():
    assert addresses.read("/en/x/?page=abc", DEFAULT_RULES).as_sent == "/en/x/?page=0"


def test_first_rule_that_fits_holds():
    rules = (Rule("/en/a/", ("x",)), Rule("/en/.*", ("y",), dynamic=True))
    assert addresses.read("/en/a/?x=1&y=2", rules).key == "/en/a/?x=1"
    assert addresses.read("/EN/b?x=1&y=2", rules).as_sent == "/EN/b?y=2"
    assert addresses.read("/az/b/?page=2", rules).rule is addresses.ANYTHING


@pytest.mark.parametrize(
    ("site", "host", "ours"),
    [
        ("https://news.example", "news.example", True),
        ("https://news.example", "NEWS.example.:443", True),
        ("https://news.example", "evil.example", False),
        ("https://news.example", "localhost", False),
        ("https://news.example", "", False),
        ("http://localhost:8000", "127.0.0.1:8000", True),
        ("http://127.0.0.1:8000", "[::1]:8000", True),
        ("http://[2001:db8::1]:80", "[2001:db8::1]", True),
    ],
)
def test_host_is_ours(site, host, ours):
    assert addresses.Hosts(site).has(host.encode()) is ours
