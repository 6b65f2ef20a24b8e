from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures import coordination, pooled
from tests.measures.coshare import chance_reference
from tests.measures.coshare.reference import Share
from tests.measures.coshare.test_measure import shares_lists, table


def by_pair(edges: list[dict[str, object]]) -> dict[tuple[object, object], dict[str, object]]:
    return {(edge["source"], edge["target"]): edge for edge in edges}


def parts_of(shares: list[Share]) -> list[list[Share]]:
    """Three tables of some objects each."""
    return [[share for share in shares if str(share[0]) in names] for names in (("a", "b"), ("c", "dd"), ("ä" * 9,))]


@given(shares=shares_lists, window=st.integers(0, 12))
def test_tables_of_other_messages_give_what_one_table_gives(shares: list[Share], window: int) -> None:
    """Objects cut into three tables and pooled: weight, expected and p are those of one table of all objects."""
    shares = [share for share in shares if share[0]]
    whole = by_pair(coordination(table(shares), window=window, significance=True).edges.to_pylist())
    networks = [coordination(table(part), window=window, significance=True) for part in parts_of(shares)]
    found = by_pair(pooled(networks, same_messages=False).to_pylist())
    assert found.keys() == whole.keys()
    for pair, edge in whole.items():
        assert found[pair]["weight"] == edge["weight"]
        for name in ("expected", "p"):
            assert found[pair][name] == pytest.approx(edge[name], rel=1e-12)
        assert found[pair]["q"] >= edge["q"] * (1 - 1e-12)  # type: ignore[operator]


@given(shares=shares_lists, window=st.integers(0, 12))
def test_tables_of_the_same_messages_give_the_smallest_p_times_their_number(shares: list[Share], window: int) -> None:
    """Bonferroni over the tables in which the pair shares an object."""
    shares = [share for share in shares if share[0]]
    parts = parts_of(shares)
    networks = [coordination(table(part), window=window, significance=True) for part in parts]
    each = [chance_reference.timing(part, window) for part in parts]
    found = by_pair(pooled(networks, same_messages=True).to_pylist())
    assert found.keys() == {pair for timed in each for pair in timed}
    for (first, second), edge in found.items():
        sharing = sum(
            bool({s[0] for s in part if s[1] == first} & {s[0] for s in part if s[1] == second}) for part in parts
        )
        smallest = min(timed[first, second][1] for timed in each if (first, second) in timed)
        assert edge["p"] == pytest.approx(min(1.0, smallest * sharing), rel=1e-10)


def test_pairs_come_by_their_chance_and_then_by_name() -> None:
    """The smallest p first; source before target."""
    shares = [("c", "b", "1", 0), ("c", "a", "2", 1), ("c", "c", "3", 50), ("dd", "c", "4", 0), ("dd", "b", "5", 1)]
    edges = pooled([coordination(table(shares), window=5, significance=True)], same_messages=False)
    assert edges["p"].to_pylist() == sorted(edges["p"].to_pylist())
    assert [(row["source"], row["target"]) for row in edges.to_pylist()] == [("a", "b"), ("b", "c")]


def test_a_network_without_significance_is_refused() -> None:
    """It has nothing to pool."""
    with pytest.raises(MeasureError, match="significance"):
        pooled([coordination(table([]), window=5)], same_messages=False)
