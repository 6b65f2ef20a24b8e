from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.coshare import tails
from tests.measures.coshare import chance_reference as reference

quarters = st.integers(0, 16).map(lambda n: Fraction(n, 16))


def tail(chances: list[float], least: int) -> float:
    values = np.sort(np.array(chances, np.float64))
    return tails.upper_tail(values, np.ones(len(values), np.int64), least, True)


@given(chances=st.lists(quarters, max_size=9), least=st.integers(0, 10))
def test_a_tail_counts_every_outcome(chances: list[Fraction], least: int) -> None:
    """Chances from none to certainty: the tail is the sum over all outcomes, to a part in 10^12."""
    want = float(reference.upper_tail(chances, least))
    assert tail([float(c) for c in chances], least) == pytest.approx(want, rel=1e-12)


@given(
    classes=st.lists(st.tuples(quarters, st.integers(1, 3)), max_size=4, unique_by=lambda pair: pair[0]),
    least=st.integers(0, 10),
)
def test_classes_of_equal_events_give_what_the_events_give(classes: list[tuple[Fraction, int]], least: int) -> None:
    """A class of three events is three events."""
    classes.sort()
    chances, times = [float(c) for c, _ in classes], [n for _, n in classes]
    found = tails.upper_tail(np.array(chances, np.float64), np.array(times, np.int64), least, False)
    every = [chance for chance, number in classes for _ in range(number)]
    assert found == pytest.approx(float(reference.upper_tail(every, least)), rel=1e-12)


def test_the_smallest_tails_keep_their_digits() -> None:
    """Twenty events of one in a million, all of which happen: 10^-120, not zero."""
    assert tail([1e-6] * 20, 20) == pytest.approx(1e-120, rel=1e-12, abs=0)


@pytest.mark.parametrize("seed", range(6))
def test_the_saddlepoint_agrees_with_counting_out_where_it_takes_over(seed: int) -> None:
    """Of some hundreds of events, from far below the mean to tails of 10^-200: within one part in a hundred."""
    random = np.random.default_rng(seed)
    chances = np.sort(random.beta(0.3, 2.0, 400).clip(1e-6, 1 - 1e-6))
    ones = np.ones(len(chances), np.int64)
    mean = int(chances.sum())
    for least in {max(1, mean - 30), mean - 5, mean, mean + 1, mean + 5, mean + 30, 2 * mean, 3 * mean, 300}:
        exact = tails.upper_tail(chances, ones, least, True)
        assert len(chances) * least <= tails.MOST_WORK
        assert tails.saddlepoint(chances, ones, least) == pytest.approx(exact, rel=0.01, abs=1e-300), least


def test_both_ways_of_counting_out_agree_far_out() -> None:
    """Classes of hundreds of events with small chances give the tail of the single events."""
    chances, times = np.array([0.001, 0.01, 0.05]), np.array([900, 300, 40])
    for least in (1, 2, 9, 30):
        single = tail(np.repeat(chances, times).tolist(), least)
        assert tails.upper_tail(chances, times, least, False) == pytest.approx(single, rel=1e-11, abs=0)
