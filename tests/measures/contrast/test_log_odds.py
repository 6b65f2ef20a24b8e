from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures.contrast import log_odds

counts = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=12)


def slow(here: int, there: int, totals: tuple[int, int], prior: float) -> tuple[float, float]:
    """Equations 15, 19 and 22 of Monroe, Colaresi and Quinn, one thing at a time."""
    if here + there == 0:
        return 0.0, 0.0
    alpha = prior * (here + there) / sum(totals)
    first = math.log((here + alpha) / (totals[0] + prior - here - alpha))
    second = math.log((there + alpha) / (totals[1] + prior - there - alpha))
    return first - second, (first - second) / math.sqrt(1 / (here + alpha) + 1 / (there + alpha))


@given(counts, st.integers(60, 500), st.integers(60, 500), st.floats(1, 1000))
def test_it_is_the_published_formula(told: list[tuple[int, int]], here: int, there: int, prior: float) -> None:
    """Difference and z are those of the paper, thing by thing."""
    difference, z = log_odds([a for a, _ in told], [b for _, b in told], here, there, prior=prior)
    wanted = [slow(a, b, (here, there), prior) for a, b in told]
    np.testing.assert_allclose(difference, [one for one, _ in wanted], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(z, [one for _, one in wanted], rtol=1e-6, atol=1e-9)


@given(counts, st.integers(60, 500), st.integers(60, 500))
def test_focus_and_rest_turned_around_change_the_sign_alone(told: list[tuple[int, int]], here: int, there: int) -> None:
    """What marks one side is what the other side lacks."""
    first, second = [a for a, _ in told], [b for _, b in told]
    for one, other in zip(log_odds(first, second, here, there), log_odds(second, first, there, here), strict=True):
        np.testing.assert_allclose(one, -other, atol=1e-9)


def test_a_thing_seen_twice_is_no_evidence_and_one_seen_often_is() -> None:
    """Rare things are drawn towards no difference."""
    _, z = log_odds([2, 60], [0, 0], 1000, 1000)
    assert z[0] < 2 < 5 < z[1]


def test_a_thing_in_every_message_of_both_sides_is_no_difference() -> None:
    """A share of one does not break the formula."""
    difference, _ = log_odds([100], [100], 100, 100)
    assert difference[0] == pytest.approx(0)


def test_counts_that_cannot_be_are_refused() -> None:
    """Negative counts, counts above their total, other lengths, and a prior of nothing give an error."""
    for here, there, total, prior in (
        ([-1], [1], 9, 1.0),
        ([10], [1], 9, 1.0),
        ([1, 2], [1], 9, 1.0),
        ([1], [1], 9, 0.0),
    ):
        with pytest.raises(MeasureError):
            log_odds(here, there, total, total, prior=prior)
