"""Counts of series and bins that come and go, against a dictionary."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seawall.detectors.cells import Cells

cells = st.tuples(
    st.sampled_from(["bed", "row", None]), st.sampled_from(["a", "b", None]), st.integers(-5, 5), st.integers(-2, 2)
)


@given(groups=st.lists(st.lists(cells, max_size=8), max_size=6), edge=st.integers(-6, 6))
def test_cells_are_the_sums_of_what_was_added(groups: list[list[tuple[str, str, int, int]]], edge: int) -> None:
    """Whatever is added, however it is grouped, saved and forgotten, the table is a dictionary's, sorted."""
    held, plain = Cells(["one", "two"]), Counter[tuple[str, str, int]]()
    for group in groups:
        held.add([row[:2] for row in group], np.array([row[2] for row in group], np.int64), _steps(group))
        plain.update({})
        for one, two, place, step in group:
            plain[one, two, place] += step
    again = Cells(["one", "two"])
    again.put(held.table())
    assert again.table() == held.table()
    assert read(held) == {key: count for key, count in plain.items() if count}
    assert held.table(np.ones(len(held.series), bool)) == held.table()
    totals = dict(zip(held.series, held.totals().tolist(), strict=True))
    chosen = np.array([total > 0 for total in totals.values()], bool)
    assert {row[:2] for row in read_keys(held, chosen)} <= {name for name, total in totals.items() if total > 0}
    held.keep_from(edge)
    assert read(held) == {key: count for key, count in plain.items() if count and key[2] >= edge}


def _steps(group: list[tuple[str, str, int, int]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([row[3] for row in group], np.int64)


def read(held: Cells) -> dict[tuple[str | None, ...], int]:
    return {(row["one"], row["two"], row["bin"]): row["count"] for row in held.table().to_pylist()}


def read_keys(held: Cells, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> set[tuple[str | None, ...]]:
    return {(row["one"], row["two"], row["bin"]) for row in held.table(chosen).to_pylist()}
