"""A post's content as blocks: classic, of the block editor, with shortcodes, and hostile."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet.articles.body import plain_text
from broadsheet.importers.errors import TextRefused
from broadsheet.importers.wxr.body import Surroundings, make_body
from broadsheet.importers.wxr.paragraphs import add_paragraphs
from broadsheet.importers.wxr.pictures import Attachment
from broadsheet.importers.wxr.sanitise import make_tree

BASE = "https://old.example/2024/05/story/"


def blocks(content: str, **around) -> list[tuple[str, object]]:
    return [(one["type"], one["value"]) for one in make_body(content, Surroundings(base=BASE, **around)).blocks]


def html(content: str, **around) -> str:
    """The content's only block, which is text."""
    ((kind, value),) = blocks(content, **around)
    assert kind == "text"
    return str(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\n\ntwo", "<p>one</p><p>two</p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("<p>one</p>\n\n<p>two</p>\n", "<p>one</p><p>two</p>"),
        ("one\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\ntwo", "<p>one</p><ul><li>a</li><li>b</li></ul><p>two</p>"),
        ("<pre>a\n\nb</pre>", "<pre>a\n\nb</pre>"),
        ("<div>\none\n\ntwo\n</div>", "<div><p>one</p><p>two</p></div>"),
        ("<blockquote>one\n\ntwo</blockquote>", "<blockquote><p>one</p><p>two</p></blockquote>"),
        ("a <b>bold</b>\n<i>line</i>", "<p>a <b>bold</b><br>\n<i>line</i></p>"),
        ("<h2>Head</h2>\ntext", "<h2>Head</h2><p>text</p>"),
        ("one\n<!--more-->\ntwo", "<p>one<br>\n<br>\ntwo</p>"),
        ("1 < 2\n\n3 > 2", "<p>1 < 2</p><p>3 > 2</p>"),
    ],
)
def test_blank_lines_part_paragraphs_as_in_wordpress(text, expected):
    assert add_paragraphs(text) == expected


def test_old_line_ends_part_paragraphs_too():
    assert html("one\r\n\r\ntwo") == "<p>one</p><p>two</p>"


def test_blocks_of_the_block_editor_become_text():
    content = (
        '<!-- wp:heading {"level":2} -->\n<h2 class="wp-block-heading">Head</h2>\n<!-- /wp:heading -->\n\n'
        "<!-- wp:paragraph -->\n<p>One <strong>two</strong>.</p>\n<!-- /wp:paragraph -->\n\n"
        "<!-- wp:list --><ul><!-- wp:list-item --><li>a</li><!-- /wp:list-item --></ul><!-- /wp:list -->"
    )
    assert html(content) == "<h2>Head</h2><p>One <b>two</b>.</p><ul><li>a</li></ul>"


def test_classic_text_among_blocks_gets_paragraphs():
    assert html("one\n\ntwo\n<!-- wp:paragraph --><p>three</p><!-- /wp:paragraph -->") == (
        "<p>one</p><p>two</p><p>three</p>"
    )


def test_shared_blocks_and_footnotes_stand_in_their_place():
    content = '<!-- wp:block {"ref":5} /--><!-- wp:paragraph --><p>x</p><!-- /wp:paragraph --><!-- wp:footnotes /-->'
    notes = '[{"id":"a","content":"A note"}]'
    reusable = {"5": "<!-- wp:paragraph --><p>Shared</p><!-- /wp:paragraph -->"}
    assert (
        html(content, reusable=reusable, meta={"footnotes": notes}) == "<p>Shared</p><p>x</p><ol><li>A note</li></ol>"
    )


def test_a_shared_block_that_holds_itself_ends():
    reusable = {"5": '<p>again</p><!-- wp:block {"ref":5} /-->'}
    assert html('<!-- wp:block {"ref":5} /-->', reusable=reusable).count("again") < 10


def test_a_block_that_wordpress_fills_in_is_named():
    body = make_body("<!-- wp:latest-posts /--><p>x</p>", Surroundings())
    assert body.changes == ["a block that WordPress fills in was left out: latest-posts"]


def test_headings_fit_below_the_headline():
    assert html("<h1>a</h1><h5>b</h5>") == "<h2>a</h2><h4>b</h4>"


def test_a_quote_with_a_speaker_becomes_a_quote():
    ((kind, value),) = blocks("<blockquote class='wp-block-quote'><p>We sail.</p><cite>— Leyla</cite></blockquote>")
    assert kind == "quote"
    assert (value["text"], value["speaker"], value["source_url"]) == ("We sail.", "Leyla", "")


def test_a_quote_with_a_linked_source_keeps_the_address():
    ((_, value),) = blocks(
        '<blockquote>We sail.<footer><a href="https://x.example/a">The Paper</a></footer></blockquote>'
    )
    assert (value["text"], value["source"], value["source_url"]) == ("We sail.", "The Paper", "https://x.example/a")


def test_a_quote_with_links_or_several_paragraphs_stays_whole():
    text = html('<blockquote><p>One <a href="https://x.example/">two</a></p><p>three</p></blockquote>')
    assert text.startswith("<blockquote><p>One <a href=")
    assert "<p>three</p></blockquote>" in text


def test_a_pull_quote_is_one():
    content = '<figure class="wp-block-pullquote"><blockquote><p>Big words</p><cite>Anna</cite></blockquote></figure>'
    assert blocks(content) == [("pull_quote", {"text": "Big words", "attribution": "Anna"})]


@pytest.mark.parametrize(
    "content",
    [
        "https://www.youtube.com/watch?v=abc_DEF-123",
        "[embed]https://youtu.be/abc_DEF-123[/embed]",
        "[youtube https://www.youtube.com/watch?v=abc_DEF-123]",
        "[youtube=http://www.youtube.com/watch?v=abc_DEF-123&w=320]",
        '[youtube id="abc_DEF-123"]',
        '<iframe src="//www.youtube.com/embed/abc_DEF-123?rel=0" width="560"></iframe>',
        '<p><iframe src="https://www.youtube.com/embed/abc_DEF-123"></iframe></p>',
        '<object><param name="movie" value="http://www.youtube.com/v/abc_DEF-123"><embed src="x.swf"></object>',
        '<!-- wp:embed {"url":"https://youtu.be/abc_DEF-123"} --><figure class="wp-block-embed"><div>\n'
        "https://youtu.be/abc_DEF-123\n</div></figure><!-- /wp:embed -->",
    ],
)
def test_players_of_known_providers_become_embeds(content):
    assert blocks(content) == [("embed", {"url": "https://www.youtube.com/watch?v=abc_DEF-123", "caption": ""})]


def test_players_of_others_become_links():
    body = make_body('<iframe src="https://player.example/1" title="A talk"></iframe>', Surroundings())
    assert body.blocks[0]["value"] == '<p><a href="https://player.example/1" rel="noopener">A talk</a></p>'
    assert body.changes == ["a player of an unknown provider became a link"]


def test_an_address_inside_a_sentence_is_no_embed():
    assert html("See https://youtu.be/abc here") == "<p>See https://youtu.be/abc here</p>"


def test_a_picture_without_a_file_is_a_line_that_says_what_it_shows():
    content = (
        '[caption id="attachment_7"]<img src="/wp-content/uploads/a-300x200.jpg" alt="A pier" /> The old pier[/caption]'
    )
    body = make_body(content, Surroundings(base=BASE))
    address = "https://old.example/wp-content/uploads/a-300x200.jpg"
    assert body.blocks[0]["value"] == f'<p>Image: <a href="{address}" rel="noopener">The old pier</a></p>'
    assert [(one.url, one.alt, one.caption) for one in body.pictures] == [(address, "A pier", "The old pier")]


def test_a_picture_with_a_file_is_a_picture(tmp_path: Path):
    content = '<p><img class="wp-image-7" src="https://old.example/a.jpg">Text behind it</p>'
    attachments = {"7": Attachment("7", "https://old.example/a.jpg", alt="A pier")}
    found = blocks(content, attachments=attachments, find_file=lambda url: tmp_path / "a.jpg")
    assert found == [
        ("image", {"image": str(tmp_path / "a.jpg"), "alt": "A pier", "caption": ""}),
        ("text", "<p>Text behind it</p>"),
    ]


def test_a_gallery_shows_its_pictures(tmp_path: Path):
    attachments = {"7": Attachment("7", "https://o.example/a.jpg"), "8": Attachment("8", "https://o.example/b.jpg")}
    ((kind, value),) = blocks('[gallery ids="8,7"]', attachments=attachments, find_file=lambda url: tmp_path / url[-5:])
    assert kind == "gallery"
    assert [Path(one["value"]["image"]).name for one in value["pictures"]] == ["b.jpg", "a.jpg"]


def test_a_gallery_without_numbers_shows_the_posts_own_pictures():
    children = (Attachment("7", "https://o.example/a.jpg", title="A pier"),)
    assert (
        html("[gallery]", children=children)
        == '<p>Image: <a href="https://o.example/a.jpg" rel="noopener">A pier</a></p>'
    )


def test_smileys_and_counters_are_no_pictures():
    content = '<p>Fine <img class="wp-smiley" alt=":)" src="/s.gif"> then<img src="/pixel" width="1" height="1"></p>'
    assert html(content) == "<p>Fine :) then</p>"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            "[button url='https://x.example/' text='Buy'] now",
            '<p><a href="https://x.example/" rel="noopener">Buy</a> now</p>',
        ),
        ("[box color='red']Mind the gap[/box]", "<p>Mind the gap</p>"),
        ("[vc_row][vc_column width='1/2']Words[/vc_column][/vc_row]", "<p>Words</p>"),
        ("He said so [sic] in 2007 [1] and [his words]", "<p>He said so [sic] in 2007 [1] and [his words]</p>"),
        ("Write [[gallery]] for one", "<p>Write [gallery] for one</p>"),
        ("[contact-form-7 id='3' title='Write to us'] end", "<p>Write to us end</p>"),
        ("<code>[gallery]</code>", "<p><code>[gallery]</code></p>"),
        ("[sourcecode language='php']<?php a(); ?>[/sourcecode]", "<pre>&lt;?php a(); ?&gt;</pre>"),
        ("a [b] c [/b] d", "<p>a  c  d</p>"),
    ],
)
def test_shortcodes_leave_words_and_no_code(content, expected):
    assert html(content) == expected.replace("a  c  d", "a c d")


def test_a_shortcode_without_words_is_named():
    body = make_body("[my-slider id='3']\n\nText", Surroundings())
    assert body.changes == ["a shortcode without text was left out: my-slider"]
    assert body.text == "Text"


def test_a_simple_table_is_a_table():
    content = "<table><thead><tr><th>Name</th><th>Age</th></tr></thead><tr><td>Anna</td><td>7</td></tr></table>"
    ((kind, value),) = blocks(content)
    assert kind == "table"
    assert [column["heading"] for column in value["columns"]] == ["Name", "Age"]
    assert value["rows"] == [{"values": ["Anna", "7"]}]


def test_links_of_a_table_are_kept_below_it():
    content = (
        '<table><tr><th>A</th><th>B</th></tr><tr><td><a href="https://x.example/">x</a></td><td>y</td></tr></table>'
    )
    assert blocks(content)[1] == ("text", '<p><a href="https://x.example/" rel="noopener">x</a></p>')


def test_a_table_with_joined_cells_becomes_lines():
    content = (
        "<table><tr><th>A</th><th>B</th></tr><tr><td colspan=2>both</td></tr><tr><td>1</td><td>2</td></tr></table>"
    )
    assert html(content) == "<p><b>A:</b> both</p><p><b>A:</b> 1 — <b>B:</b> 2</p>"


def test_code_keeps_its_lines():
    assert html("<pre>a\n  b &lt; c</pre>") == "<pre>a\n  b &lt; c</pre>"


def test_lists_keep_their_depth_and_start():
    content = '<ol start="3"><li>a<ul><li>b</li></ul></li></ol>'
    assert html(content) == '<ol start="3"><li>a<ul><li>b</li></ul></li></ol>'


def test_links_are_made_whole_and_dead_ones_become_words():
    content = '<p><a href="/about/">us</a> <a href="#top">up</a> <a href="javascript:alert(1)">no</a></p>'
    assert html(content) == '<p><a href="https://old.example/about/" rel="noopener">us</a> up no</p>'


def test_control_characters_and_text_that_was_decoded_twice_are_mended():
    from broadsheet.importers.wxr.letters import clean

    assert clean("a\x00b\x07 \u00e2\u0080\u009cquoted\u00e2\u0080\u009d na\u00efve") == "ab “quoted” naïve"


HOSTILE = [
    "<script>alert(1)</script><p>x</p>",
    "<p onclick=alert(1)>x</p>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>x",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href=' data:text/html,<script>alert(1)</script>'>x</a>",
    "<img src=x onerror=alert(1)>x",
    "<svg><style><img src=x onerror=alert(1)></style></svg>x",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">x',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">x',
    "<blockquote cite='x\n' onfocus=alert(1) autofocus tabindex=1>x</blockquote>",
    "<table class='\" onmouseover=alert(1) x=\"'><tr><td>a<td>b<tr><td>x<td>y</table>",
    "[caption]<img src=x onerror=alert(1)> <script>alert(1)</script>x[/caption]",
    "[embed]javascript:alert(1)[/embed]x",
    '[button url="javascript:alert(1)" text="<script>alert(1)</script>"]x',
    '<div class="wxr-embed" data-url="javascript:alert(1)"></div>x',
    '<!-- wp:embed {"url":"\\"><script>alert(1)</script>"} /-->x',
    "https://www.youtube.com/watch?v=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
]


@pytest.mark.parametrize("content", HOSTILE)
def test_nothing_that_runs_is_left(content):
    for kind, value in blocks(content):
        if kind == "text":
            lowered = str(value).lower()
            assert not any(sign in lowered for sign in ("<script", "onerror=", "onclick=", "<img", "<iframe", "<svg"))
            assert 'href="javascript' not in lowered
            assert 'href="data' not in lowered


@pytest.mark.slow
@pytest.mark.parametrize("tag", ["div", "b", "span", "blockquote", "ul><li"])
def test_200000_nested_elements_are_bounded_and_keep_their_words(tag):
    name = tag.split(">")[0]
    content = f"<{tag}>" * 200_000 + "<p>The word</p>" + f"</{name}>" * 200_000
    body = make_body(content, Surroundings())
    words = " ".join(plain_text(one["value"]) if one["type"] == "text" else str(one["value"]) for one in body.blocks)
    assert "The word" in words


BROKEN = ["<", "<!--", "<a ", "[a ", "[caption]", "<p>\n\n", "[[", "<pre>", "<pre>[", "<![CDATA[", "[a][/a]"]


@pytest.mark.slow
@pytest.mark.parametrize("piece", BROKEN)
def test_broken_markup_a_hundred_thousand_times_over_is_bounded(piece):
    make_body(piece * (200_000 // len(piece)), Surroundings())


@pytest.mark.parametrize("content", ["&" * 200_000, "a" * (17 << 20)])
def test_text_that_would_take_too_long_is_refused(content):
    with pytest.raises(TextRefused):
        make_body(content, Surroundings())


def test_the_tree_is_never_deeper_than_recursion_allows():
    assert make_tree("<div>" * 5000 + "x").count("<div>") == 0


def test_a_caption_with_markup_and_escaped_quotes_is_read():
    content = '[caption id="a" caption="By &lt;a href=&quot;https://x.example/&quot;&gt;Ali&lt;/a&gt;"]<a href="/a.jpg"><img src="/a.jpg"></a>[/caption]'
    assert html(content) == '<p>Image: <a href="https://old.example/a.jpg" rel="noopener">By Ali</a></p>'


def test_a_picture_leaves_no_empty_link_behind():
    assert html('<p><a href="https://x.example/"><img src="/a.jpg"></a> words</p>').count("<a ") == 1


def test_a_line_that_is_broken_already_is_not_broken_twice():
    assert html("one<br />\ntwo") == "<p>one<br>two</p>"


@pytest.mark.parametrize(
    ("address", "usual"),
    [
        ("https://www.dailymotion.com/embed/video/xfifs6?autoplay=1", "https://www.dailymotion.com/video/xfifs6"),
        ("http://www.dailymotion.com/swf/xfifs6", "https://www.dailymotion.com/video/xfifs6"),
        ("http://vimeo.com/moogaloop.swf?clip_id=123&server=vimeo.com", "https://vimeo.com/123"),
    ],
)
def test_old_players_are_known(address, usual):
    assert blocks(f'<iframe src="{address}"></iframe>') == [("embed", {"url": usual, "caption": ""})]
