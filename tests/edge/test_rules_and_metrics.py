"""Rules keep their meaning on the way through the store; counts become Prometheus' text."""

import pytest

from broadsheet.edge.counters import Counter, Counters
from broadsheet.edge.metrics import write_metrics
from broadsheet.edge.pages import DEFAULT_RULES, Rule
from broadsheet.edge.rules import RulesUnreadable, SiteFacts, pack_facts, unpack_facts
from tests.edge.doors import with_site


def test_facts_are_the_same_again():
    rules = (*DEFAULT_RULES, Rule("/x/[^/]+", ("a", "b"), dynamic=True, methods=("POST",), forwards=("origin",)))
    facts = SiteFacts(rules, {"fa": "فعلاً نه".encode()}, (("X-Content-Type-Options", "nosniff"),))
    assert unpack_facts(pack_facts(facts)) == facts


@pytest.mark.parametrize("packed", [b"", b"{}x", b"[1]", b'{"rules": [{"pattern": "("}]}', b'{"rules": []}', b"\xff"])
def test_unreadable_facts_are_refused(packed):
    with pytest.raises(RulesUnreadable):
        unpack_facts(packed)


def test_every_counter_has_its_lines(tmp_path):
    counters = Counters(tmp_path)
    counters.add(Counter.HITS, 12_345_678_901)
    counters.add(Counter.PURGE_LAG_US, 2_500_000)
    lines = write_metrics(counters.totals()).splitlines()
    assert len(lines) == 3 * len(Counter)
    assert "broadsheet_edge_hits_total 12345678901" in lines
    assert "broadsheet_edge_purge_lag_seconds_total 2.5" in lines
    counters.close()


@with_site()
async def test_what_is_answered_is_counted(site):
    for _ in range(5):
        reply = await site.get("/en/world/")
    await site.get("/en/world/", f"If-None-Match: {reply.headers['etag']}")
    # It is asked for twice: the first failure may be a process that was just ended.
    await site.get("/en/none/")
    await site.get("/en/world/", method="PUT")
    site.ask("/en/\x01")
    site.door.turn()
    totals = site.door.counters.totals()
    assert (totals[Counter.STORE_HITS], totals[Counter.HITS], totals[Counter.NOT_MODIFIED]) == (1, 5, 1)
    assert (totals[Counter.UNAVAILABLE], totals[Counter.REFUSED_REQUESTS], totals[Counter.RENDERS]) == (1, 2, 2)
    assert totals[Counter.CONNECTIONS] == 9 and totals[Counter.BYTES_SENT] > 5 * len(reply.body)


@with_site()
async def test_new_rules_hold_at_once(site):
    assert (await site.get("/en/world/?x=1")).status == 200
    site.lookup.use_facts(SiteFacts((Rule("/en/world/", ("x",)),)))
    assert (await site.get("/en/world/?x=1")).status == 503
