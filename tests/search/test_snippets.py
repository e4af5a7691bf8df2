"""The piece of a story that a hit shows."""

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from broadsheet.search import snippets


def test_words_are_marked_as_they_are_written():
    assert snippets.make(["Ferries leave İstanbul’da at noon."], ["istanbul"], "tr") == (
        "Ferries leave <mark>İstanbul</mark>’da at noon."
    )


def test_word_with_a_joiner_or_accents_inside_is_marked_whole():
    assert snippets.make(["او کتاب‌ها را"], ["کتاب"], "fa") == "او <mark>کتاب‌ها</mark> را"
    assert "<mark>cafe\u0301s</mark>" in snippets.make(["two cafe\u0301s here"], ["cafe"], "en")


def test_everything_but_the_marks_is_escaped():
    made = snippets.make(["<script>alert(1)</script> & harbour <b>"], ["harbour", "script"], "en")
    assert isinstance(made, Markup)
    assert made == (
        "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; &amp; <mark>harbour</mark> &lt;b&gt;"
    )


def test_first_text_with_a_wanted_word_is_chosen():
    assert snippets.make(["No such thing.", "The harbour is open."], ["harb"], "en") == (
        "The <mark>harbour</mark> is open."
    )


def test_first_text_stands_where_the_word_is_only_in_the_headline():
    assert snippets.make(["", "The quay."], ["harbour"], "en") == "The quay."


def test_long_text_is_cut_round_the_word_at_spaces():
    made = snippets.make(["word " * 100 + "harbour " + "text " * 100], ["harbour"], "en")
    assert made.startswith("… word") and made.endswith("text …") and "<mark>harbour</mark>" in made
    assert len(made) < snippets.LENGTH + 40


def test_very_short_words_are_marked_only_whole():
    assert snippets.make(["in inner"], ["in"], "en") == "<mark>in</mark> inner"


@given(st.text(max_size=400), st.lists(st.text(alphabet="abcé", min_size=1), min_size=1, max_size=3))
def test_snippet_of_any_text_is_well_formed(text, wanted):
    made = str(snippets.make([text], wanted, "en"))
    assert made.count("<mark>") == made.count("</mark>") == made.count("<") / 2
