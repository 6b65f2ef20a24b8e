from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.contrast import gini, least_for_half

counts = st.lists(st.integers(1, 60), min_size=1, max_size=20)


@given(counts)
def test_gini_is_the_mean_difference_of_all_pairs(told: list[int]) -> None:
    """Half the mean absolute difference of two writers, relative to the mean."""
    pairs = sum(abs(one - other) for one in told for other in told)
    wanted = pairs / (2 * len(told) * sum(told))
    assert gini(np.array(told)) == pytest.approx(wanted, abs=1e-12)


@given(counts)
def test_half_is_reached_by_so_many_and_not_by_fewer(told: list[int]) -> None:
    """The most active writers, one after the other, until they have half."""
    ordered = sorted(told, reverse=True)
    wanted = next(number for number in range(1, len(told) + 1) if 2 * sum(ordered[:number]) >= sum(told))
    assert least_for_half(np.array(told)) == wanted


def test_nobody_wrote_nothing() -> None:
    """Without counts there is neither inequality nor a half."""
    assert gini(np.array([], np.int64)) == 0.0
    assert least_for_half(np.array([], np.int64)) == 0
