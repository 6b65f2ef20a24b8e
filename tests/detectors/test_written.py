from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from seawall.detectors.written import Written
from seawall.measures.keys import identity_keys

messages = st.lists(st.tuples(st.sampled_from(["ann", "bob", "cem"]), st.integers(-4, 4)), max_size=30)


def columns(rows: list[tuple[str, int]]) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    times = [datetime(1970, 1, 1, 23, tzinfo=UTC) + timedelta(days=day) for _, day in rows]
    names = pa.array([name for name, _ in rows], pa.string())
    return pa.chunked_array([names]), pa.chunked_array([pa.array(times, pa.timestamp("us", "UTC"))])


@given(came=messages, went=st.integers(0, 30), before=st.integers(-5, 5))
def test_it_counts_what_came_less_what_went_since_a_day(came: list[tuple[str, int]], went: int, before: int) -> None:
    """Counts by account equal those of a list, before and after days are forgotten and after saving."""
    written, again = Written(), Written()
    written.add(*columns(came), 1)
    written.add(*columns(came[:went]), -1)
    for since in (-10, before):
        written.forget(since)
        want = Counter(name for name, day in came[went:] if day >= since)
        for name in ("ann", "bob", "cem"):
            assert written.by(identity_keys(pa.chunked_array([[name]]))) == want[name]
    again.restore(written.save())
    assert again.save().equals(written.save())


def test_many_accounts_are_counted_in_growing_room() -> None:
    """Twenty thousand accounts on two days are told apart."""
    written = Written()
    rows = [(f"account {n}", n % 2) for n in range(20_000)]
    for start in range(0, len(rows), 1_000):
        written.add(*columns(rows[start : start + 1_000]), 1)
    names, _ = columns(rows)
    assert written.by(identity_keys(names)) == 20_000
    assert written.save()["messages"].unique().to_pylist() == [1]
