"""The texts that were copied most, over rows in parts and in plain Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from seawall.detectors.spread_most import MostCopied
from seawall.engine.local_parts import LocalParts
from seawall.parts import TableRows
from tests.detectors.test_spread_over import worlds

HOUR = timedelta(hours=1)
NONE = pa.table({"key": pa.array([], pa.uint64()), "cluster": pa.array([], pa.uint64())})


def plainly(messages: pa.Table, clusters: pa.Table, least: int, most: int) -> set[str]:
    """The messages of the clusters that come first, obviously."""
    names = dict(zip(*clusters.to_pydict().values(), strict=True))
    groups = defaultdict(list)
    for row in messages.to_pylist():
        if row["text_key"] is not None and row["kind"] not in ("edit", "service"):
            groups[names.get(row["text_key"], row["text_key"])].append(row)
    ranked = []
    for name, rows in groups.items():
        first = {who: min(row["sent_at"] for row in rows if row["account_id"] == who) for who in {
            row["account_id"] for row in rows}}  # fmt: skip
        peak = max(sum(start <= at <= start + HOUR for at in first.values()) for start in first.values())
        if len(rows) >= least:
            ranked.append((-peak, -len(rows), name))
    return {row["message_id"] for _, _, name in sorted(ranked)[:most] for row in groups[name]}


@given(worlds(), st.integers(1, 7), st.integers(1, 4), st.integers(1, 3))
def test_the_copies_of_the_first_clusters_come_back(
    world: tuple[pa.Table, pa.Table | None], count: int, least: int, most: int
) -> None:
    """At once and in parts they are those of a plain loop, each once, in the columns of copies."""
    messages, clusters = world
    near = NONE if clusters is None else clusters
    measure = MostCopied(near, least, most)
    whole = measure.at_once(messages.to_reader())
    parts = measure.over(LocalParts.of(TableRows(messages), count))
    assert parts.schema == whole.schema
    expected = plainly(messages, near, least, most)
    for found in (whole, parts):
        assert sorted(found["message"].to_pylist()) == sorted(expected)
