"""GNU PO out and in: what gettext's programs and translators' editors read and write.

One entry is one unit: `msgctxt` is the key, `fuzzy` a machine's draft, extracted comments (`#.`) are our note,
translators' own (`#`) are added to it. The header names languages, direction, story and revision. Written and read
here and by no library: those that there are lose header fields, spaces in comments or unusual line ends, or open a file
whose name they are given as content. The format is that of gettext's manual, “The Format of PO Files”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..errors import FileTooLarge, ForeignUnit, NotPO, TranslationsError, UnitRepeated
from ..units import INITIAL, MACHINE, REVIEWED, TRANSLATED, TranslationJob, Unit
from . import returned, texts

LARGEST_FILE_BYTES = 8 * 1024 * 1024
_MOST_LINES, _MOST_ESCAPES = 300_000, 500_000
# What gettext has no word for stands in the first extracted comment, which its programs keep. They drop unknown flags.
_HTML, _TEXT, _REVIEWED = "[html]", "[text]", "[reviewed]"
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\a": "\\a", "\b": "\\b", "\v": "\\v"}
_SHORT |= {"\f": "\\f"}
_LONG = {escape[1]: letter for letter, escape in _SHORT.items()}
# All at which some program ends a line, and all that some editor drops.
_ESCAPED = re.compile('[\\\\"\x00-\x1f\x7f\x85\u2028\u2029\ufeff]')
_LINE_ENDS = re.compile("[\r\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
_KEYWORD = re.compile(r"(msgctxt|msgid|msgstr)[ \t]*(\".*)", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"((?:\\(?:[0-7]{1,3}|x[0-9A-Fa-f]{2}))+)|\\(.)", re.DOTALL)
_BYTE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{2}))")


def write(job: TranslationJob) -> bytes:
    """The job as a file in UTF-8. Raises JobUnwritable."""
    texts.check_job(job)
    parts = [_written_header(job), *(_written_unit(unit) for unit in job.units)]
    return "\n".join(parts).encode("utf-8")


def _written_header(job: TranslationJob) -> str:
    fields = {
        "Project-Id-Version": "Broadsheet",
        "Language": job.target_language.replace("-", "_"),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "X-Source-Language": job.source_language,
        "X-Target-Language": job.target_language,
        "X-Direction": texts.direction_of(job.target_language),
        "X-Story": texts.story_name(job),
    }
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f'msgid ""\nmsgstr {_quoted(lines)}\n'


def _written_unit(unit: Unit) -> str:
    notes = _LINE_ENDS.sub(" ", unit.note).split("\n") if unit.note else []
    kind = f"{_HTML} Keep every tag as it is." if unit.is_html else _TEXT
    kind += f" {_REVIEWED}" * (unit.state == REVIEWED)
    lines = [f"#. {line}" for line in (kind, *notes)]
    if unit.state == MACHINE:
        lines.append("#, fuzzy")
    lines += [f"msgctxt {_quoted(unit.key)}", f"msgid {_quoted(unit.source)}", f"msgstr {_quoted(unit.target)}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """The text as strings of PO, one a line of it."""
    lines = [f'"{_ESCAPED.sub(_escaped, line)}"' for line in re.findall(r"[^\n]*\n|[^\n]+", text)] or ['""']
    return lines[0] if len(lines) == 1 else "\n".join(['""', *lines])


def _escaped(match: re.Match[str]) -> str:
    letter = match[0]
    return _SHORT.get(letter) or "".join(f"\\{byte:03o}" for byte in letter.encode("utf-8"))


def read(data: bytes) -> TranslationJob:
    """The job that a file holds, as the file has it; `problems` says which units could not be read.

    Raises FileRefused. Nothing in the file may be believed: `exchange.receive` holds it against the story.
    """
    entries = list(_entries(_decoded(data)))
    if not entries or entries[0].source or entries[0].key is not None:
        raise NotPO("the file is no PO file with a header")
    header = _header(entries[0].target)
    story, revision = texts.read_story_name(header.get("x-story", ""))
    source_language = header.get("x-source-language", "")
    target_language = header.get("x-target-language") or header.get("language", "").replace("_", "-")
    if not (texts.is_language(source_language) and texts.is_language(target_language)):
        raise NotPO("the header does not name the two languages (X-Source-Language, X-Target-Language)")
    texts.check_number(len(entries) - 1)
    units, problems = _units(entries[1:])
    return TranslationJob(story, source_language, target_language, revision, tuple(units), tuple(problems))


@dataclass
class _Entry:
    """An entry as far as it was read; `None` where it has not had that keyword yet."""

    line: int
    key: str | None = None
    id: str | None = None
    string: str | None = None
    extracted: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)

    @property
    def source(self) -> str:
        return self.id or ""

    @property
    def target(self) -> str:
        return self.string or ""

    @property
    def is_begun(self) -> bool:
        return self.key is not None or self.id is not None


def _decoded(data: bytes) -> str:
    if len(data) > LARGEST_FILE_BYTES:
        raise FileTooLarge(f"the file is larger than {LARGEST_FILE_BYTES // 2**20} MiB")
    if data.count(b"\n") > _MOST_LINES or data.count(b"\\") > _MOST_ESCAPES:
        raise FileTooLarge("the file has more lines or escapes than any story's translation")
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise NotPO("the file is not in UTF-8") from None


def _entries(text: str) -> Iterator[_Entry]:
    entry, keyword = _Entry(1), ""
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip(" \t\r")
        begins = line.startswith(("#", "msgctxt", "msgid"))
        if entry.string is not None and (begins or not line):
            yield entry
            entry, keyword = _Entry(number), ""
        if line.startswith("#"):
            _add_comment(entry, line, number)
        elif line:
            keyword = _add_string(entry, keyword, line, number)
    if entry.string is not None:
        yield entry
    elif entry.is_begun:
        raise NotPO(f"line {entry.line}: the last entry has no msgstr")


def _add_comment(entry: _Entry, line: str, number: int) -> None:
    if line.startswith(("#~", "#|", "#:")):
        return
    if entry.is_begun:
        raise NotPO(f"line {number}: a comment within an entry")
    if line.startswith("#."):
        entry.extracted.append(line[2:].removeprefix(" "))
    elif line.startswith("#,"):
        entry.flags |= {flag.strip() for flag in line[2:].split(",")}
    else:
        entry.remarks.append(line[1:].removeprefix(" "))


def _add_string(entry: _Entry, keyword: str, line: str, number: int) -> str:
    """Add the line's string to the entry; the keyword to which a following string belongs."""
    match = _KEYWORD.fullmatch(line)
    if match is None and not (keyword and line.startswith('"')):
        raise NotPO(f"line {number}: neither comment, msgctxt, msgid nor msgstr (plurals are not used)")
    name, quoted = (match[1], match[2]) if match else (keyword, line)
    string = _QUOTED.fullmatch(quoted)
    if string is None:
        raise NotPO(f"line {number}: the string is not closed")
    attribute = {"msgctxt": "key", "msgid": "id", "msgstr": "string"}[name]
    before = getattr(entry, attribute)
    out_of_turn = (name == "msgctxt" and entry.id is not None) or (name == "msgstr" and entry.id is None)
    if match and (before is not None or out_of_turn):
        raise NotPO(f"line {number}: {name} out of turn")
    whole = (before or "") + _ESCAPE.sub(lambda found: _unescaped(found, number), string[1])
    if len(whole) > texts.LONGEST_UNIT:
        raise NotPO(f"line {number}: the string has more than {texts.LONGEST_UNIT} letters")
    setattr(entry, attribute, whole)
    return name


def _unescaped(match: re.Match[str], number: int) -> str:
    try:
        if match[2] is not None:
            return _LONG[match[2]]
        codes = _BYTE.findall(match[1])
        return bytes(int(octal, 8) if octal else int(other, 16) for octal, other in codes).decode("utf-8")
    except (KeyError, ValueError):
        raise NotPO(f"line {number}: {match[0][:20]} stands for no letter") from None


def _header(text: str) -> dict[str, str]:
    fields = (line.partition(":") for line in text.split("\n"))
    return {name.strip().lower(): value.strip() for name, colon, value in fields if colon}


def _units(entries: list[_Entry]) -> tuple[list[Unit], list[TranslationsError]]:
    units: dict[str, Unit] = {}
    problems: list[TranslationsError] = []
    texts.check_weight(sum(texts.weight(entry.source) + texts.weight(entry.target) for entry in entries))
    for entry in entries:
        if entry.key is None or not texts.is_key(entry.key):
            problems.append(ForeignUnit(f"the entry in line {entry.line} names no unit", (entry.key or "")[:255]))
        elif entry.key in units:
            problems.append(UnitRepeated("the file has this unit twice; the first was taken", entry.key))
        else:
            units[entry.key], problem = _unit(entry, entry.key)
            problems += [problem] if problem else []
    return list(units.values()), problems


def _unit(entry: _Entry, key: str) -> tuple[Unit, TranslationsError | None]:
    kind = entry.extracted[0] if entry.extracted else ""
    ours = entry.extracted[1:] if kind.startswith((_HTML, _TEXT)) else entry.extracted
    note = "\n\n".join("\n".join(lines) for lines in (ours, entry.remarks) if lines)
    unit = Unit(key, entry.source, kind.startswith(_HTML), note=note)
    state = MACHINE if "fuzzy" in entry.flags else REVIEWED if kind.endswith(_REVIEWED) else TRANSLATED
    return returned.with_target(unit, entry.target, state if entry.target else INITIAL)
