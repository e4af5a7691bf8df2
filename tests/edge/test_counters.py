"""Counters are summed over processes and never go back."""

from __future__ import annotations

from broadsheet.edge.counters import Counter, Counters


def test_rows_are_summed_and_outlast_their_holder(tmp_path):
    first, second = Counters(tmp_path), Counters(tmp_path)
    first.row[Counter.HITS] += 2
    second.add(Counter.HITS, 3)
    second.add(Counter.BYTES_SENT, 10)
    assert first.totals()[Counter.HITS] == 5
    second.close()
    third = Counters(tmp_path)
    third.add(Counter.HITS)
    assert first.totals()[Counter.HITS] == 6
    assert first.totals()[Counter.BYTES_SENT] == 10 and first.totals()[Counter.MISSES] == 0
    first.close()
    third.close()
