"""Quotation marks by language: CLDR's delimiters, which Babel does not carry, and the CSS that `<q>` follows.

One table: outer opening and closing mark, then the inner ones. French has its narrow no-break space, as in print.
"""

from __future__ import annotations

from functools import cache

Marks = tuple[str, str, str, str]

ENGLISH: Marks = ("“", "”", "‘", "’")
_MARKS: dict[Marks, tuple[str, ...]] = {
    ENGLISH: ("en", "tr", "az", "uz", "kk", "hi", "pt", "zh", "vi", "id", "ko", "ga", "mt", "sq-XK"),
    ("«", "»", "„", "“"): ("ru", "uk", "be", "tt", "ba"),
    ("«", "»", "‹", "›"): ("fa", "ps", "ku", "tk"),
    ("«", "»", "“", "”"): ("hy", "es", "it", "el", "ca", "eu", "gl", "ckb"),
    ("«", "»", "“", "„"): ("ky",),
    ("«\u202f", "\u202f»", "“", "”"): ("fr",),
    ("”", "“", "’", "‘"): ("ar", "ur"),
    ("”", "”", "’", "’"): ("he", "fi", "sv"),
    ("„", "“", "‚", "‘"): ("de", "cs", "sk", "sl", "bg", "is", "lt", "mk", "lb"),
    ("„", "“", "«", "»"): ("ka", "et"),
    ("„", "”", "’", "’"): ("sr", "bs"),
    ("„", "”", "«", "»"): ("pl", "ro"),
    ("„", "”", "»", "«"): ("hu",),
    ("„", "“", "‘", "’"): ("hr",),
    ("‘", "’", "“", "”"): ("nl", "cy"),
    ("«", "»", "’", "‘"): ("am",),
    ("「", "」", "『", "』"): ("ja",),
}
_BY_LANGUAGE = {language: marks for marks, known in _MARKS.items() for language in known}
_PAIRS = {"«": "»", "‹": "›", "“": "”", "„": "“”", "”": "”“", "‘": "’", "‚": "‘’", '"': '"', "「": "」", "『": "』"}


def marks_of(language: str) -> Marks:
    """The four marks of the language; English ones where none are known."""
    return _BY_LANGUAGE.get(language) or _BY_LANGUAGE.get(language.split("-")[0], ENGLISH)


def quote(text: str, language: str) -> str:
    """The text between the language's outer marks."""
    start, end, *_ = marks_of(language)
    return f"{start}{text}{end}"


def without_marks(text: str) -> str:
    """The text without a pair of marks that stands round all of it, since the page sets its own."""
    stripped = text.strip()
    if len(stripped) < 3 or stripped[-1] not in _PAIRS.get(stripped[0], ""):
        return text
    inside = stripped[1:-1]
    others = {stripped[0], stripped[-1]}
    # “One,” he said, “two” begins and ends with a mark, and is no quotation as a whole.
    return text if others & set(inside) else inside.strip()


def has_marks_outside(text: str) -> bool:
    """Whether the text begins or ends with a quotation: other marks beside those would be read as one."""
    stripped = text.strip()
    return stripped[:1] in _PAIRS or stripped[-1:] in set("".join(_PAIRS.values()))


@cache
def css(languages: tuple[str, ...]) -> str:
    """The rules of `quotes` for these languages, one for each set of marks, English ones where no rule stands.

    Browsers have rules of their own, each from another edition of CLDR. A quotation has the marks of the text that it
    stands in, not of the language that it is in.
    """
    groups: dict[Marks, list[str]] = {}
    for language in languages:
        groups.setdefault(marks_of(language), []).append(language)
    rules = [f":root {{ quotes: {_css_marks(ENGLISH)}; }}"]
    for marks, known in groups.items():
        if marks != ENGLISH:
            rules.append(f":root:is({', '.join(f':lang({one})' for one in known)}) {{ quotes: {_css_marks(marks)}; }}")
    return "\n".join(rules)


def _css_marks(marks: Marks) -> str:
    return " ".join(f'"{mark}"' for mark in marks)
