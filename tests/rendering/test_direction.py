"""Nothing on a page knows left from right but through the direction of its text."""

import re
from pathlib import Path

import pytest

from broadsheet.rendering import assets
from broadsheet.settings import base

SOURCE = Path(base.__file__).resolve().parent.parent
STYLES = sorted(SOURCE.rglob("static/**/*.css"))
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
# `left` and `right` as properties or values, and the axes that have a logical name.
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)(?:-\w+)?"
    r"|border-(?:top|bottom)-(?:left|right)-radius|left|right|float|clear"
    r"|(?:min-|max-)?(?:width|height))\s*:"
    r"|(?:text-align|float|clear|caption-side)\s*:\s*(?:left|right)\b"
)
# Four values run round a box from its top to its left.
SIDES = re.compile(r"(?<![\w-])(?:margin|padding|inset|border-width)\s*:([^;}]*)")


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_are_logical(path):
    css = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    css = re.sub(r"@(?:media|page-width|page)[^{]*", "", css)
    assert [match[0] for match in PHYSICAL.finditer(css)] == []
    four = [match[0] for match in SIDES.finditer(css) if len(sides := match[1].split()) == 4 and sides[1] != sides[3]]
    assert four == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_have_no_style_and_mirror_their_arrows(path):
    html = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\salign=", html)
    for line in html.splitlines():
        for arrow in re.finditer("[←→‹›⟵⟶❮❯»«]", line):
            assert 'class="arrow"' in line[: arrow.start()], line.strip()


def test_arrows_are_mirrored_and_other_signs_are_not():
    css = assets.inline_style()
    assert ":dir(rtl)>.arrow{transform:scaleX(-1)}" in css
    assert css.count("scaleX(-1)") == 1


def test_counted_lists_have_the_digits_of_the_sites_editions():
    css = assets.inline_style()
    assert "[data-digits=arabext] .body ol{list-style-type:persian}" in css
    assert "bengali" not in css
