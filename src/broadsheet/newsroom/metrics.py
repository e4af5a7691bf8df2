"""Numbers of the site for Prometheus: what the edge has counted, how full its store is, what waits in the outbox."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest

from broadsheet.edge.errors import EdgeError
from broadsheet.edge.metrics import write_metrics
from broadsheet.rendering import store

from . import health

_THIS_MACHINE = frozenset({"127.0.0.1", "::1"})


def may_read(request: HttpRequest) -> bool:
    """With a token: who has it. Without: a program on this machine that came here directly, through no proxy."""
    token = settings.CONFIG.metrics_token
    if token:
        given = request.headers.get("Authorization", "").encode("latin-1", "replace")
        return secrets.compare_digest(given, f"Bearer {token}".encode())
    return request.META.get("REMOTE_ADDR") in _THIS_MACHINE and "X-Forwarded-For" not in request.headers


def write() -> str:
    """All numbers that can be read now; what is down is left out, and `broadsheet_up` says so."""
    text = write_metrics(store.counters().totals())
    gauges: dict[str, float] = {}
    try:
        found = store.pages().stats()
        gauges |= {
            "edge_store_pages": found.pages,
            "edge_store_used_bytes": found.pages_bytes,
            "edge_store_file_bytes": found.file_bytes,
            "edge_store_limit_bytes": found.limit_bytes,
        }
    except EdgeError:
        gauges["edge_store_pages"] = 0
    try:
        report = health.examine()
        gauges |= {"up": int(report["database"]), "outbox_age_seconds": report.get("outbox_age_s", 0)}
        gauges["overdue_stories"] = report.get("overdue_stories", 0)
    except DatabaseError:
        gauges["up"] = 0
    lines = [f"# TYPE broadsheet_{name} gauge\nbroadsheet_{name} {value:g}\n" for name, value in gauges.items()]
    return text + "".join(lines)
