from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.measures.coshare import chance_reference as reference

times = st.lists(st.integers(0, 12), min_size=2, max_size=6)


@given(at=times, window=st.integers(0, 5))
def test_the_chance_of_an_object_is_that_of_its_times_dealt_anew(at: list[int], window: int) -> None:
    """For two accounts with one share each, the part of pairs within the window is the exact probability."""
    assert reference.chance(at, window) == reference.dealt(at, 1, 1, window)


@given(at=times, window=st.integers(0, 5), ours=st.integers(1, 3), theirs=st.integers(1, 3))
def test_several_shares_have_at_most_their_tries_times_the_chance(
    at: list[int], window: int, ours: int, theirs: int
) -> None:
    """The bound that is used for accounts with several shares on an object is never below the probability."""
    if ours + theirs <= len(at):
        bound = min(Fraction(1), reference.chance(at, window) * ours * theirs)
        assert reference.dealt(at, ours, theirs, window) <= bound


def test_an_object_with_two_shares_says_nothing() -> None:
    """Dealt anew to the same two accounts, the times are as near as they were."""
    assert reference.dealt([5, 9], 1, 1, 60) == 1 == pytest.approx(float(reference.chance([5, 9], 60)))
