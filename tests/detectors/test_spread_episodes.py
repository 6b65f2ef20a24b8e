"""Episodes of copying, and the busiest spans in them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from seawall.detectors.spread_copies import SCHEMA, Copies
from seawall.detectors.spread_episodes import episodes

SILENCE, SPANS = 20, (3, 9)

rows = st.lists(
    st.fixed_dictionaries(
        {
            "platform": st.sampled_from(["garden", "pedal"]),
            "channel": st.sampled_from([None, "c1", "c2", "c3"]),
            "account": st.integers(1, 5),
            "at": st.integers(0, 120),
            "key": st.integers(1, 3),
            "repost": st.booleans(),
        }
    ),
    max_size=40,
)


def table(given_rows: list[dict[str, Any]]) -> pa.Table:
    told = [{**row, "message": f"m{place}", "linked": False} for place, row in enumerate(given_rows)]
    return pa.Table.from_pylist(told, SCHEMA)


def plainly(given_rows: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    """Episodes with what they reached and their busiest spans, obviously."""
    groups = defaultdict(list)
    for row in given_rows:
        groups[row["platform"], row["repost"], row["key"]].append(row)
    found = set()
    for name, group in groups.items():
        runs: list[list[dict[str, Any]]] = []
        for row in sorted(group, key=lambda row: row["at"]):
            if runs and row["at"] - runs[-1][-1]["at"] <= SILENCE:
                runs[-1].append(row)
            else:
                runs.append([row])
        earlier: dict[Any, int] = {}
        for run in runs:
            told: list[Any] = [*name, run[0]["at"], run[-1]["at"], len(run)]
            for what in ("account", "channel"):
                first: dict[Any, int] = {}
                for row in run:
                    if row[what] is not None:
                        first.setdefault(row[what], row["at"])
                times = sorted(first.values())
                told.append(len(times))
                for span in SPANS:
                    peaks = [sum(start <= at <= start + span for at in times) for start in times]
                    most = max(peaks, default=0)
                    told += [most, times[peaks.index(most)] if times else 0, earlier.get((what, span), 0)]
                    earlier[what, span] = max(most, earlier.get((what, span), 0))
            found.add(tuple(told))
    return found


@given(given_rows=rows)
def test_episodes_are_those_of_a_plain_loop(given_rows: list[dict[str, Any]]) -> None:
    """Runs, what they reached, the busiest spans with their beginning, and the largest ones before, one by one."""
    copies = Copies.of(table(given_rows))
    found = episodes(copies, SILENCE, SPANS)
    told = set()
    for place in range(len(found)):
        run = copies.table.slice(int(found.first[place]), int(found.end[place] - found.first[place]))
        line: list[Any] = [run[name][0].as_py() for name in ("platform", "repost", "key")]
        line += [int(found.start[place]), int(found.last[place]), len(run)]
        for what in ("accounts", "channels"):
            line.append(int(found.reached[what][place]))
            for span in SPANS:
                look = what, span
                line += [int(each[look][place]) for each in (found.peaks, found.peak_at, found.before)]
        told.add(tuple(line))
    assert told == plainly(given_rows)
    assert len(told) == len(found)


def test_texts_of_one_cluster_are_copies_of_each_other() -> None:
    """Keys that a table joins make one episode, named by their cluster; platforms may be taken together."""
    given_rows = [
        {"platform": platform, "channel": None, "account": key, "at": key, "key": key, "repost": False}
        for key, platform in ((1, "garden"), (2, "garden"), (3, "pedal"))
    ]
    near = pa.table({"key": pa.array([2, 3], pa.uint64()), "cluster": pa.array([1, 1], pa.uint64())})
    apart = episodes(Copies.of(table(given_rows), near), SILENCE, SPANS)
    assert apart.copies.cluster.tolist() == [1, 1, 1]
    assert apart.reached["accounts"].tolist() == [2, 1]
    joined = episodes(Copies.of(table(given_rows), near, apart=False), SILENCE, SPANS)
    assert joined.reached["accounts"].tolist() == [3]
