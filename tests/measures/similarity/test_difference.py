"""What two rows of pieces have in common, against a plain longest common subsequence."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.similarity import difference
from seawall.measures.similarity.difference import matches

rows = st.lists(st.sampled_from("abcd"), max_size=12)
wide = st.lists(st.integers(0, 30).map(str), max_size=25)


def longest(first: list[str], other: list[str]) -> int:
    @cache
    def best(place: int, beside: int) -> int:
        if place == len(first) or beside == len(other):
            return 0
        if first[place] == other[beside]:
            return 1 + best(place + 1, beside + 1)
        return max(best(place + 1, beside), best(place, beside + 1))

    return best(0, 0)


def is_true(pairs: list[tuple[int, int]], first: list[str], other: list[str]) -> bool:
    ascending = all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(pairs))
    return ascending and all(first[place] == other[beside] for place, beside in pairs)


@given(rows, rows)
def test_as_much_as_can_be_is_the_same(first: list[str], other: list[str]) -> None:
    """Short rows are matched by a longest common subsequence."""
    found = matches(first, other)
    assert is_true(found, first, other)
    assert len(found) == longest(first, other)


@given(wide, wide, st.integers(0, 20))
def test_a_small_budget_gives_a_coarser_difference_that_is_true(first: list[str], other: list[str], cells: int) -> None:
    """Where comparing all pairs would cost too much, the matches are fewer and still matches."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(difference, "CELLS", cells)
        found = matches(first, other)
    assert is_true(found, first, other)


def test_long_texts_are_cut_at_what_both_have_once() -> None:
    """Of 60,000 pieces with a change in every thousandth, all others are found to be the same."""
    first = [f"word{number}" for number in range(60_000)]
    other = [f"{word}!" if number % 1000 == 500 else word for number, word in enumerate(first)]
    assert len(matches(first, other)) == 60_000 - 60


def test_long_texts_that_share_little_are_told_coarsely() -> None:
    """Two long rows of the same few pieces in another order end soon, with what is true."""
    first, other = list("ab" * 50_000), list("ba" * 49_000 + "c" * 10)
    assert is_true(matches(first, other), first, other)
