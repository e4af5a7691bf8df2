"""What became of everything in a source: counts, every story that was skipped or altered and why."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

TAKEN, UPDATED, UNCHANGED, KEPT, SKIPPED = "taken", "updated", "unchanged", "kept", "skipped"
OUTCOMES = (TAKEN, UPDATED, UNCHANGED, KEPT, SKIPPED)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
# Control characters, lone surrogates and what turns the reading direction: a report is read in terminals.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str, limit: int = 200) -> str:
    """The text in one line of at most `limit` characters, without e-mail addresses and control characters."""
    clean = _UNPRINTABLE.sub(" ", _EMAIL.sub("(e-mail address)", text[: limit * 4]))
    clean = " ".join(clean.split())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


@dataclass(frozen=True)
class Account:
    """What became of one thing of the source; `changes` say what is not as it was there, `reason` why it was left."""

    line: int
    id: str
    type: str
    status: str
    title: str
    outcome: str
    reason: str = ""
    changes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "line": self.line,
            "id": printable(self.id),
            "type": printable(self.type, 60),
            "status": printable(self.status, 40),
            "title": printable(self.title),
            "outcome": self.outcome,
            "reason": printable(self.reason, 400),
            "changes": [printable(change, 400) for change in self.changes],
        }


@dataclass
class Report:
    """The account of one run. `made` counts what came about beside the stories: sections, topics, redirects …"""

    file: str
    dry_run: bool = False
    site: dict[str, str] = field(default_factory=dict)
    counts: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    made: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    accounts: list[Account] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def note(self, account: Account) -> None:
        """Count the account; keep it in full where something was skipped, kept or altered."""
        by_status = self.counts.setdefault(printable(account.type, 60) or "(none)", {})
        by_status.setdefault(printable(account.status, 40) or "(none)", Counter())[account.outcome] += 1
        if account.outcome == SKIPPED:
            self.skipped[printable(account.reason, 400)] += 1
        self.changed.update(_general(change) for change in account.changes)
        if account.outcome not in {TAKEN, UNCHANGED} or account.changes:
            self.accounts.append(account)

    def note_many(self, kind: str, status: str, number: int, reason: str) -> None:
        """Things that are skipped by the number, such as comments."""
        if number:
            self.counts.setdefault(kind, {}).setdefault(status, Counter())[SKIPPED] += number
            self.skipped[reason] += number

    def warn(self, message: str) -> None:
        if message not in self.warnings:
            self.warnings.append(message)

    def total(self, outcome: str, kind: str | None = None) -> int:
        """How many things had this outcome, of all kinds or of one."""
        kinds = self.counts.values() if kind is None else [self.counts.get(kind, {})]
        return sum(counter[outcome] for by_status in kinds for counter in by_status.values())

    def to_json(self) -> dict[str, Any]:
        """Plain values for `json.dump`; nothing in it but valid Unicode."""
        return {
            "file": printable(self.file),
            "dry_run": self.dry_run,
            "site": {name: printable(value) for name, value in self.site.items()},
            "totals": {outcome: self.total(outcome) for outcome in OUTCOMES},
            "counts": {
                kind: {status: dict(counter) for status, counter in sorted(by_status.items())}
                for kind, by_status in sorted(self.counts.items())
            },
            "made": dict(sorted(self.made.items())),
            "skipped_because": dict(self.skipped.most_common()),
            "changed_because": dict(self.changed.most_common()),
            "items": [account.to_json() for account in self.accounts],
            "warnings": [printable(warning, 400) for warning in self.warnings],
            "seconds": round(self.seconds, 2),
        }

    def to_text(self) -> str:
        """The account in a few lines for a terminal."""
        head = "Dry run: nothing was written." if self.dry_run else ""
        totals = ", ".join(f"{self.total(outcome)} {outcome}" for outcome in OUTCOMES)
        made = ", ".join(f"{number} {what.replace('_', ' ')}" for what, number in sorted(self.made.items()))
        skipped = [f"  {number} × {reason}" for reason, number in self.skipped.most_common(12)]
        changed = [f"  {number} × {change}" for change, number in self.changed.most_common(12)]
        lines = [head, f"Stories and pages: {totals}.", f"Made: {made}." if made else ""]
        lines += ["Skipped:", *skipped] if skipped else []
        lines += ["Altered:", *changed] if changed else []
        lines += [f"Warning: {printable(warning, 400)}" for warning in self.warnings]
        return "\n".join(line for line in lines if line)


def _general(change: str) -> str:
    """The part of a change before its colon: what it is about, without the single case."""
    return printable(change.split(":", 1)[0], 200)
