"""Groups that a person can look at."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.graph import grouped

PAIRS = st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] < pair[1]), max_size=30)


def groups(pairs: list[tuple[int, int]], order: list[int], least: int = 2) -> list[tuple[list[int], list[int]]]:
    """(members, core) of each community."""
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    who, community, core = grouped(ends[:, 0], ends[:, 1], np.ones(len(pairs)), np.array(order, np.int64), least)
    assert community.tolist() == sorted(community.tolist())
    return [
        (who[community == number].tolist(), who[(community == number) & core].tolist())
        for number in range(int(community.max(initial=-1)) + 1)
    ]


@given(PAIRS, st.permutations(range(12)))
def test_small_groups_are_connected_ones(pairs: set[tuple[int, int]], names: list[int]) -> None:
    """Groups of up to thirty are the connected ones, and other names for the accounts change their names alone."""
    used = sorted({end for pair in pairs for end in pair})
    before = groups(sorted(pairs), used)
    renamed = [(names[a], names[b]) for a, b in sorted(pairs, reverse=True)]
    assert groups(renamed, [names[end] for end in used]) == [
        ([names[a] for a in members], [names[a] for a in core]) for members, core in before
    ]
    assert all({a, b} <= set(members) for a, b in pairs for members, _ in before if a in members)


def test_the_core_is_the_innermost_part() -> None:
    """Five accounts, each joined with each, are the core; those who hang on to one of them are not."""
    clique = list(combinations(range(5), 2))
    assert groups([*clique, (0, 5), (5, 6), (1, 7)], [7, 6, 5, 4, 3, 2, 1, 0]) == [
        ([4, 3, 2, 1, 0, 7, 6, 5], [4, 3, 2, 1, 0])
    ]


def test_a_large_group_is_cut_where_the_cut_is_clear() -> None:
    """Two cliques of twenty, joined by one edge, are two communities; a clique of forty is one."""
    bridge = [*combinations(range(20), 2), *((a + 20, b + 20) for a, b in combinations(range(20), 2)), (3, 30)]
    assert [sorted(members) for members, _ in groups(bridge, list(range(40)))] == [
        list(range(20)), list(range(20, 40))
    ]  # fmt: skip
    assert len(groups(list(combinations(range(40), 2)), list(range(40)))) == 1


def test_the_largest_comes_first_and_small_ones_are_left_out() -> None:
    """Communities are numbered by size, then by who comes first in the order; below the least size there is none."""
    pairs = [(0, 1), (2, 3), (3, 4), (5, 6), (6, 7), (5, 7)]
    assert [members for members, _ in groups(pairs, [7, 6, 5, 4, 3, 2, 1, 0], least=3)] == [[7, 6, 5], [4, 3, 2]]
    assert groups([], [], least=3) == []
