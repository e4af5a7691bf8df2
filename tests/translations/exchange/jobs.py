"""Jobs for these tests: one that has everything that rich text may have, and any that there can be."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from broadsheet.translations.markup import SPELLINGS, spell
from broadsheet.translations.units import INITIAL, MACHINE, REVIEWED, TRANSLATED, TranslationJob, Unit

STORY = "5f0c1c3e-8a57-4c37-9f0a-0a6f7c1b2d3e"
RICH = (
    '<p data-block-key="a1b2">He said &quot;no&quot;: <a linktype="page" id="12">the harbour</a> '
    '<b>stays</b> <i>shut</i>.<br/>It&#x27;s&nbsp;<span lang="ru" dir="ltr">закрыто</span> for '
    '<a href="https://example.org/?a=1&amp;b=2">a week</a></p>'
)
RICH_TARGET = (
    '<p data-block-key="a1b2">او گفت: <span lang="ru" dir="ltr">закрыто</span> '
    '<a href="https://example.org/?a=1&amp;b=2">یک هفته</a> <a linktype="page" id="12">بندر</a> <b>بسته</b><br/></p>'
)


def job(**changes: object) -> TranslationJob:
    """A headline that a machine has translated, a paragraph with everything, a caption that nobody has touched."""
    units = (
        Unit("headline", "Harbour shut & quiet", False, "بندر بسته شد", MACHINE, "Headline, 80 letters at most"),
        Unit("body.3f2a.text", RICH, True, RICH_TARGET, TRANSLATED, "First paragraph"),
        Unit("body.77aa.caption", "The harbour at <dawn>", False),
    )
    return replace(TranslationJob(STORY, "en", "fa", "sha256-1", units), **changes)


# Quotation marks, backslashes, line ends of all kinds, controls, marks of direction, combining and astral letters.
AWKWARD = "\"'\\\n\r\t\x0b\x0c\x01\x1c\x7f\x85\u2028\u2029\u200f\u202e\u2066\u2069\u0301\ufeff\ufffe\U0001f600&<>;#n "
LETTERS = st.one_of(st.sampled_from(AWKWARD), st.characters(exclude_categories=("Cs",), exclude_characters="\0"))
TEXT = st.text(LETTERS, max_size=40)
WORDS = st.text(LETTERS, min_size=1, max_size=40)
# What XML can carry, for notes: they have no codes.
NOTES = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\ufffe\uffff"), max_size=30
)
TAGS = [
    ("<b>", "</b>"), ("<i>", "</i>"), ("<sup>", "</sup>"), ("<code>", "</code>"), ("<br/>", ""), ("&nbsp;", ""),
    ('<a linktype="page" id="3">', "</a>"), ('<a href="https://example.org/?q=%22&amp;x=1">', "</a>"),
    ('<span lang="ar" dir="rtl">', "</span>"), ('<bdi lang="he">', "</bdi>"), ("<s>", "</s>"),
]  # fmt: skip
BLOCKS = [('<p data-block-key="k">', "</p>"), ("<h2>", "</h2>"), ("<ul><li>", "</li></ul>"), ("<p>", "</p><hr/>")]
_TAGGED = st.lists(st.sampled_from(TAGS), max_size=4)


@st.composite
def rich_pairs(draw: st.DrawFn) -> tuple[str, str]:
    """A rich text and a translation of it: the same blocks, their codes in another order, other words."""
    source = target = ""
    spellings = [draw(st.sampled_from(sorted(SPELLINGS))) for _ in range(2)]
    for opening, closing in draw(st.lists(st.sampled_from(BLOCKS), max_size=3)) or [("", "")]:
        tags = draw(_TAGGED)
        source += opening + _filled(draw, tags, spellings[0]) + closing
        target += opening + _filled(draw, draw(st.permutations(tags)), spellings[1]) + closing
    return source, target


def _filled(draw: st.DrawFn, tags: list[tuple[str, str]], spelling: str) -> str:
    found = spell(draw(TEXT), spelling)
    for opening, closing in tags:
        inner = spell(draw(TEXT), spelling) if closing else ""
        found += opening + inner + closing + spell(draw(TEXT), spelling)
    return found


@st.composite
def units(draw: st.DrawFn, key: str) -> Unit:
    is_html = draw(st.booleans())
    source, target = draw(rich_pairs()) if is_html else (draw(TEXT), draw(WORDS))
    state = draw(st.sampled_from([INITIAL, MACHINE, TRANSLATED, REVIEWED])) if target else INITIAL
    return Unit(key, source, is_html, "" if state == INITIAL else target, state, draw(NOTES))


@st.composite
def any_job(draw: st.DrawFn) -> TranslationJob:
    keys = draw(
        st.lists(st.from_regex(r"[a-z0-9_][A-Za-z0-9._-]{0,20}", fullmatch=True), min_size=1, max_size=4, unique=True)
    )
    languages = st.sampled_from(["en", "az", "fa", "sr-Latn", "az-Arab", "hy", "zz"])
    revision = draw(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20))
    found = tuple(draw(units(key)) for key in keys)
    return TranslationJob(STORY, draw(languages), draw(languages), revision, found)
