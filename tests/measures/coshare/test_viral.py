"""Things that are cut in time, and pairs that are dealt to squares: nothing is lost, and little travels."""

from __future__ import annotations

from functools import partial
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.engine.local_parts import LocalParts
from seawall.measures.coshare import squares
from seawall.measures.coshare.squares import dealt, groups_for, swept
from seawall.measures.coshare.viral import SHARES, nothing_viral, told_apart
from seawall.parts import TableRows

moments = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5), st.integers(0, 60)), max_size=60)


def shares(rows: list[tuple[int, int, int]]) -> pa.Table:
    """Each with a message of its own."""
    things, accounts, times = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table([things, accounts, range(len(rows)), times], schema=SHARES)


@given(rows=moments, window=st.integers(0, 15), most=st.integers(1, 20))
def test_each_pair_in_time_is_together_where_one_of_the_two_is_at_the_core(
    rows: list[tuple[int, int, int]], window: int, most: int
) -> None:
    """Every share is at the core of one spot, stands in three at most, and each pair in time meets at both cores."""
    parts, viral = told_apart(LocalParts.of(TableRows(shares(rows)), 3), window, most)
    spread = parts.all()
    placed = viral.stretched(spread).to_pylist()
    assert sorted(row["message"] for row in placed if row["core"]) == list(range(len(rows)))
    where = {number: {row["spot"] for row in placed if row["message"] == number} for number in range(len(rows))}
    core = {row["message"]: row["spot"] for row in placed if row["core"]}
    assert all(len(spots) <= 3 for spots in where.values())
    for (one, first), (other, second) in combinations(enumerate(rows), 2):
        if first[0] == second[0] and abs(first[2] - second[2]) <= window:
            assert core[one] in where[other]
            assert core[other] in where[one]
        elif first[0] != second[0]:
            assert not where[one] & where[other]


@given(rows=moments, window=st.integers(0, 15), most=st.integers(1, 20))
def test_what_is_known_of_a_thing_that_is_cut_is_what_a_count_of_all_pairs_gives(
    rows: list[tuple[int, int, int]], window: int, most: int
) -> None:
    """Sharers, and the part of its pairs of shares in the window, of each thing with too many shares and no other."""
    _, viral = told_apart(LocalParts.of(TableRows(shares(rows)), 3), window, most)
    heavy = [thing for thing in range(3) if sum(row[0] == thing for row in rows) > most]
    assert viral.objects.tolist() == heavy
    for place, thing in enumerate(heavy):
        own = [row for row in rows if row[0] == thing]
        pairs = [abs(one[2] - other[2]) <= window for one, other in combinations(own, 2)]
        assert viral.sharers[place] == len({row[1] for row in own})
        assert viral.chance[place] == (sum(pairs) / len(pairs) if pairs else 0.0)


@given(rows=moments, window=st.integers(0, 15), groups=st.integers(1, 5))
def test_both_shares_of_each_pair_meet_in_the_square_of_their_accounts(
    rows: list[tuple[int, int, int]], window: int, groups: int
) -> None:
    """And no share stands twice in a square, or in more squares than there are groups."""
    rows = list(dict.fromkeys(rows))
    number = {row: place for place, row in enumerate(rows)}
    given = nothing_viral(window).stretched(shares(rows))
    placed = pa.concat_tables(dealt(window, groups, given)).to_pylist()
    there = [(number[row["object"], row["account"], row["at"]], row["square"]) for row in placed]
    assert len(there) == len(set(there))
    group = squares.group_of(np.array([row[1] for row in rows], np.uint64), groups).tolist()
    for (one, first), (other, second) in combinations(enumerate(rows), 2):
        if first[0] == second[0] and first[1] != second[1] and abs(first[2] - second[2]) <= window:
            low, high = sorted((group[one], group[other]))
            assert {(one, low * groups + high), (other, low * groups + high)} <= set(there)
    assert all(sum(row == place for row, _ in there) <= groups for place in range(len(rows)))


def test_the_pairs_of_a_thing_are_never_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four hundred shares at one moment are 79,800 pairs: what travels is bounded, and comes in tables of the bound."""
    monkeypatch.setattr(squares, "TABLE_ROWS", 100)
    crowd = shares([(thing, account, account % 3) for account in range(400) for thing in range(2)])
    tables = list(dealt(5, 7, nothing_viral(5).stretched(crowd)))
    assert max(map(len, tables)) <= 100
    assert sum(map(len, tables)) <= 800 * 7
    edges = LocalParts.of(TableRows(pa.concat_tables(tables)), 4).by("square").each(partial(swept, 5, 2, 7))
    sizes = [len(table) for _, table in edges.run()]
    assert max(sizes) <= 100
    assert sum(sizes) == 400 * 399 // 2


def test_there_are_more_squares_than_parts() -> None:
    """So that chance makes no part much larger than the others."""
    for parts in (1, 3, 16, 64, 4_000):
        groups = groups_for(parts)
        assert 6 * parts <= groups * (groups + 1) // 2 <= 13 * parts
