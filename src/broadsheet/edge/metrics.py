"""The counts of all workers as text for Prometheus (text exposition format 0.0.4)."""

from __future__ import annotations

from collections.abc import Mapping

from .counters import Counter

_HELP = {
    Counter.HITS: "Pages given from a worker's memory",
    Counter.STORE_HITS: "Pages given from the store",
    Counter.MISSES: "Pages for which a reader waited",
    Counter.STALE: "Old copies given while the page was made anew",
    Counter.NOT_MODIFIED: "Answers 304",
    Counter.RENDERS: "Requests to the renderer",
    Counter.RENDER_FAILURES: "Requests to the renderer that failed",
    Counter.UNAVAILABLE: "Answers 503",
    Counter.REFUSED_REQUESTS: "Requests refused for their form, host or method",
    Counter.CONNECTIONS: "Connections accepted",
    Counter.PURGES: "Purges",
    Counter.PURGE_LAG_US: "Time from a change to its purge, summed",
    Counter.PUTS: "Pages stored",
    Counter.PUTS_REFUSED: "Pages for which the store had no room",
    Counter.DAMAGED_PAGES: "Stored pages whose checksum was wrong",
    Counter.STORES_GIVEN_UP: "Stores given up because they were damaged",
    Counter.BYTES_SENT: "Bytes of answers, heads included",
    Counter.PASSED: "Answers of the renderer passed on without being stored",
    Counter.FILES: "Pictures given",
    Counter.LOG_LINES_DROPPED: "Lines of the access log dropped because its disk was slow or full",
}


def write_metrics(totals: Mapping[Counter, int]) -> str:
    """All counters; times are in seconds, as Prometheus wants them."""
    lines: list[str] = []
    for counter, help_text in _HELP.items():
        total: float = totals.get(counter, 0)
        name = counter.name.lower()
        if name.endswith("_us"):
            name, total = name.removesuffix("_us") + "_seconds", total / 1_000_000
        full = f"broadsheet_edge_{name}_total"
        lines += [
            f"# HELP {full} {help_text}",
            f"# TYPE {full} counter",
            f"{full} {total:g}" if total % 1 else f"{full} {int(total)}",
        ]
    return "\n".join(lines) + "\n"
