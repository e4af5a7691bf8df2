"""Progress of long steps: bars on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

Report = Callable[[str, int, int], None]

console = Console(highlight=False, soft_wrap=True)


@contextmanager
def showing(*, quiet: bool = False) -> Iterator[Report]:
    """A function `report(step, done, total)` that shows how far each step is; a total of 0: nobody knows.

    `quiet` shows nothing, for output that programs read.
    """
    if quiet:
        yield lambda step, done, total: None
        return
    if not console.is_terminal:
        yield _Lines().report
        return
    columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bars:
        tasks: dict[str, TaskID] = {}

        def report(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total or None)
            bars.update(tasks[step], completed=done, total=total or None)

        yield report


class _Lines:
    """A line when a quarter of a step is done, for logs."""

    def __init__(self) -> None:
        self.told: dict[str, int] = {}

    def report(self, step: str, done: int, total: int) -> None:
        quarter = done * 4 // total if total else done // 1000
        if self.told.get(step) != quarter:
            self.told[step] = quarter
            console.print(f"{step}: {done} of {total}" if total else f"{step}: {done}", markup=False)
