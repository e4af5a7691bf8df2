"""Rich text taken apart is whole again, and tags that differ are found however they are hidden."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.translations.errors import CodesBroken
from broadsheet.translations.machine import wire
from broadsheet.translations.markup import difference, markup_in, spell, spelling_of, take_apart
from tests.translations.exchange import jobs

MANY = settings(max_examples=300, deadline=None, derandomize=True)
SNIPPETS = [
    "<",
    ">",
    "&",
    "<b>",
    "</b>",
    "<br/>",
    '<a href="',
    '"',
    "'",
    "<!--",
    "-->",
    "&amp;",
    "&#39;",
    "&quot;",
    "x",
    "/",
    " ",
    "</",
]
TAG_SOUP = st.lists(st.sampled_from(SNIPPETS), max_size=30).map("".join)


@given(html=st.one_of(TAG_SOUP, jobs.TEXT, jobs.rich_pairs().map(lambda pair: pair[0])))
@MANY
def test_pieces_are_the_text_again_and_mates_know_each_other(html):
    pieces = take_apart(html)
    assert "".join(piece.raw for piece in pieces) == html
    for place, piece in enumerate(pieces):
        assert piece.mate < 0 or pieces[piece.mate].mate == place
        assert piece.kind != "text" or spell(piece.words, spelling_of(html)) == piece.raw


@given(pair=jobs.rich_pairs())
@MANY
def test_translation_with_the_same_tags_is_no_different(pair):
    source, target = pair
    assert difference(source, target) == ""


@given(source=TAG_SOUP, target=TAG_SOUP)
@MANY
def test_nothing_like_a_tag_comes_in_that_is_not_in_the_source(source, target):
    if difference(source, target, formatting_may_go=True) == "":
        ours = [piece.raw for piece in take_apart(source)]
        theirs = [piece.raw for piece in take_apart(target) if piece.raw.startswith("<")]
        assert all(theirs.count(raw) <= ours.count(raw) for raw in theirs)


@pytest.mark.parametrize(
    ("source", "target", "told"),
    [
        ("<p>a</p><h2>b</h2>", "<h2>b</h2><p>a</p>", "another order"),
        ("<p><b>a</b></p><p>b</p>", "<b><p>a</p></b><p>b</p>", "another order"),
        ("<p>a</p>", "<P>a</P>", "another order"),
        ("a <b>b</b>", "a", "missing: <b>"),
        ("a", "a <b>b</b>", "not in the source: <b>"),
        ("a <b>b</b>", "a <b>b", "missing: <b>; not in the source: <b>"),
        ("a", "a <", "a < that belongs to no tag"),
        ("a", "<![CDATA[a]]>", "a < that belongs to no tag"),
        ("a", "a <img src=x onerror=alert(1)//", "a < that belongs to no tag"),
        ("a", f"<a href='{'x' * 100}'>a</a>", "…"),
    ],
)
def test_difference_is_told(source, target, told):
    assert told in difference(source, target)


@pytest.mark.parametrize("text", ["<b>", "</b", "<!--", "<svg/onload=1", "<?x", "&lt;", "&#60;"])
def test_markup_in_plain_text_is_found(text):
    assert markup_in(f"a {text} b")


@pytest.mark.parametrize("text", ["5 < 6", "a & b", "AT&T", "<3", "a > b", "&"])
def test_signs_are_no_markup(text):
    assert not markup_in(text)


@given(pair=jobs.rich_pairs())
@MANY
def test_answer_of_a_machine_that_changes_nothing_is_the_source_in_other_letters(pair):
    source, _ = pair
    answer = wire.decode(wire.encode(source, "en"), source)
    assert answer == source.replace("&nbsp;", "\xa0")


@given(source=jobs.rich_pairs().map(lambda pair: pair[0]), answer=TAG_SOUP)
@MANY
def test_whatever_a_machine_answers_only_the_tags_of_the_source_come_in(source, answer):
    sent = wire.encode(source, "en")
    for said in (answer, sent + answer, answer + sent, sent.replace("</", answer + "</", 1)):
        try:
            restored = wire.decode(said, source)
        except CodesBroken:
            continue
        assert difference(source, restored) == ""
