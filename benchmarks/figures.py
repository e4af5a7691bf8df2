"""What was measured, beside the floor and the aim, as a table of text."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from . import machine


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: a value for each round, and the bounds; `is_least` says that a smaller value is the better one."""

    name: str
    floor: float | None
    aim: float | None
    values: tuple[float, ...]
    is_least: bool = False
    form: str = "{:.2f}"

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def verdict(self) -> str:
        if self._reaches(self.aim):
            return "aim"
        if self._reaches(self.floor):
            return "floor"
        return "-" if self.floor is None else "MISSED"

    def _reaches(self, bound: float | None) -> bool:
        if bound is None:
            return False
        return self.median <= bound if self.is_least else self.median >= bound


def show(figures: Sequence[Figure]) -> None:
    """Print the table."""
    rows = [("", "floor", "aim", "median", "from – to", "reached")]
    rows += [_row(figure) for figure in figures]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        machine.say("  ".join(cells).rstrip())


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest value that so large a part of all does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]


def _row(figure: Figure) -> tuple[str, str, str, str, str, str]:
    def bound(value: float | None) -> str:
        return "" if value is None else ("≤ " if figure.is_least else "≥ ") + f"{value:g}"

    lowest, highest = (figure.form.format(end(figure.values)) for end in (min, max))
    spread = "" if len(figure.values) == 1 else f"{lowest} – {highest}"
    median = figure.form.format(figure.median)
    return figure.name, bound(figure.floor), bound(figure.aim), median, spread, figure.verdict
