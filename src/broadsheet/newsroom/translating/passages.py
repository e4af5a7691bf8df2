"""Pieces of text compared: which paragraphs differ, and which words in them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from lxml import html as lxml_html

from broadsheet.articles.body import clean_html, plain_text

from . import pieces
from .pieces import Leaf, Piece

# As much of a paragraph as a list shows.
EXCERPT = 90


@dataclass(frozen=True)
class Passage:
    """A paragraph, or a text of one line: what the source said and says, differing words marked, and what is here."""

    label: str
    old: SafeString
    new: SafeString
    here: SafeString


def paragraphs(html: str) -> list[str]:
    """The blocks of a piece of rich text, points of lists one by one, each as safe HTML."""
    found: list[str] = []
    for element in lxml_html.fragments_fromstring(clean_html(html)) if html.strip() else []:
        if isinstance(element, str):
            found.append(str(escape(element)))
        elif element.tag in {"ul", "ol"}:
            found += [_written(point) for point in element]
        else:
            found.append(_written(element))
    return found


def _written(element: lxml_html.HtmlElement) -> str:
    return str(lxml_html.tostring(element, encoding="unicode", with_tail=False))


def compare(then: dict[str, Leaf], now: Piece | None, partner: Piece | None) -> Iterator[Passage]:
    """The passages of a piece that differ from what it was; `then` are its former texts, `partner` the translation."""
    new = {leaf.path: leaf for leaf in now.leaves} if now else {}
    ours = {leaf.path: leaf for leaf in partner.leaves} if partner else {}
    for path in dict.fromkeys([*new, *then]):
        old_leaf, new_leaf, our_leaf = then.get(path), new.get(path), ours.get(path)
        leaf = new_leaf or old_leaf
        assert leaf is not None
        old_text, new_text = (one.text if one else "" for one in (old_leaf, new_leaf))
        if not pieces.is_same(old_text, new_text):
            label = new_leaf.label if new_leaf else ""
            split = paragraphs if leaf.is_html else _line
            our_parts = split(our_leaf.text) if our_leaf else []
            yield from _differing(label, split(old_text), split(new_text), our_parts)


def _line(text: str) -> list[str]:
    return [str(escape(text))] if text else []


def _differing(label: str, old: Sequence[str], new: Sequence[str], ours: Sequence[str]) -> Iterator[Passage]:
    """The paragraphs that differ. Ours stand beside them one by one where there are as many as there were."""
    plain_old, plain_new = [plain_text(one) for one in old], [plain_text(one) for one in new]
    beside = len(ours) == len(old)
    whole = mark_safe("".join(ours))
    matcher = difflib.SequenceMatcher(None, plain_old, plain_new, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            continue
        for then, now, index in zip_longest(
            plain_old[start:end], plain_new[new_start:new_end], range(start, end), fillvalue=None
        ):
            marked_old, marked_new = mark_words(then or "", now or "")
            here = mark_safe(ours[index]) if beside and index is not None else (mark_safe("") if beside else whole)
            yield Passage(label, marked_old, marked_new, here)


def mark_words(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Both texts as HTML, with the words in `<del>` and `<ins>` that the other has not."""
    before, after = old.split(), new.split()
    out_old: list[str] = []
    out_new: list[str] = []
    for kind, start, end, new_start, new_end in difflib.SequenceMatcher(None, before, after, False).get_opcodes():
        gone, come = escape(" ".join(before[start:end])), escape(" ".join(after[new_start:new_end]))
        if kind == "equal":
            out_old.append(gone)
            out_new.append(come)
            continue
        if gone:
            out_old.append(f"<del>{gone}</del>" if new else gone)
        if come:
            out_new.append(f"<ins>{come}</ins>" if old else come)
    return mark_safe(" ".join(out_old)), mark_safe(" ".join(out_new))


def summary(then: dict[str, Leaf], now: Piece | None) -> tuple[int, str]:
    """How many passages of a piece differ from what it was, and the beginning of the first one."""
    found = list(compare(then, now, None))
    if not found:
        return 1, ""
    return len(found), _excerpt(found[0].new or found[0].old)


def _excerpt(marked: str) -> str:
    """The words round the first marked ones, or the beginning."""
    before, mark, _rest = marked.partition("<ins>")
    start, text = len(plain_text(before)) if mark else 0, plain_text(marked)
    cut = text.rfind(" ", 0, max(start - EXCERPT // 3, 0)) + 1
    end = cut + EXCERPT
    return ("…" if cut else "") + text[cut:end].strip() + ("…" if end < len(text) else "")
