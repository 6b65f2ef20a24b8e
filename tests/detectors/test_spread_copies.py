"""Rows that are nobody's copy are left out before the others are put in order."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from seawall.detectors.spread_copies import SCHEMA, Copies, repeated
from seawall.detectors.spread_found import Rule, fast
from seawall.detectors.spread_known import HOUR, Known

END = datetime(2026, 5, 4, tzinfo=UTC)
START = END - timedelta(days=2)
FIRST = int(START.timestamp() * 1e6)
HOURS = [(name, FIRST // HOUR + hour, 1) for name in ("garden", "club") for hour in range(-30, 49)]
KNOWN = Known.of(pa.table([list(column) for column in zip(*HOURS, strict=True)], ["platform", "bin", "count"]), [])


@st.composite
def _tables(draw: st.DrawFn) -> tuple[pa.Table, pa.Table | None]:
    keys = draw(st.lists(st.sampled_from([1, 2, 3, 4, 2**63, 2**64 - 1]), max_size=60))
    rows = [
        {
            "message": f"m{number}",
            "account": draw(st.integers(1, 9)),
            "channel": draw(st.sampled_from(["beds", "rides", None])),
            "platform": draw(st.sampled_from(["garden", "club"])),
            "repost": draw(st.booleans()),
            "key": key,
            "at": FIRST + draw(st.integers(0, 47)) * HOUR,
            "linked": False,
        }
        for number, key in enumerate(keys)
    ]
    joined = draw(st.sampled_from([None, [(1, 1), (2, 1)], [(4, 3)]]))
    clusters = joined and pa.table(
        {name: pa.array([pair[place] for pair in joined], pa.uint64()) for place, name in enumerate(("key", "cluster"))}
    )
    return pa.Table.from_pylist(rows, SCHEMA), clusters


@given(_tables())
def test_rows_that_are_nobodys_copy_change_nothing(given_: tuple[pa.Table, pa.Table | None]) -> None:
    """The same spreads are found with and without them, to the last field."""
    table, clusters = given_
    rule = Rule(1.0, 1, 10 * HOUR, (HOUR, 4 * HOUR))
    whole = fast(Copies.of(table, clusters), KNOWN, rule)
    less = fast(Copies.of(repeated(table, clusters), clusters), KNOWN, rule)
    assert [(one.cluster, one.accounts, one.p, one.q, one.looks) for one in whole] == [
        (one.cluster, one.accounts, one.p, one.q, one.looks) for one in less
    ]
    assert [one.copies.table for one in whole] == [one.copies.table for one in less]


@given(_tables())
def test_only_texts_that_come_again_are_kept(given_: tuple[pa.Table, pa.Table | None]) -> None:
    """What stays is each row whose text, or cluster, stands in another row too."""
    table, clusters = given_
    names = {} if clusters is None else dict(zip(*clusters.to_pydict().values(), strict=True))
    joined = [names.get(key, key) for key in table["key"].to_pylist()]
    often = Counter(joined)
    wanted = [row for row, key in zip(table.to_pylist(), joined, strict=True) if often[key] > 1]
    assert repeated(table, clusters).to_pylist() == wanted
