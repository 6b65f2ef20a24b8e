from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.casebook.quality import agreement, share

OUTCOMES = ["refer", "support", "watch", "no_action"]
pairs = st.lists(st.tuples(st.sampled_from(OUTCOMES), st.sampled_from(OUTCOMES)), max_size=60)


def slow_kappa(given_pairs: list[tuple[str, str]]) -> Fraction | None:
    """Cohen (1960), from the table of counts, in exact fractions."""
    count = len(given_pairs)
    table = {(one, other): 0 for one in OUTCOMES for other in OUTCOMES}
    for pair in given_pairs:
        table[pair] += 1
    observed = Fraction(sum(table[one, one] for one in OUTCOMES), count)
    rows = {one: Fraction(sum(table[one, other] for other in OUTCOMES), count) for one in OUTCOMES}
    columns = {one: Fraction(sum(table[other, one] for other in OUTCOMES), count) for one in OUTCOMES}
    expected = sum((rows[one] * columns[one] for one in OUTCOMES), Fraction(0))
    return None if expected == 1 else (observed - expected) / (1 - expected)


def slow_wilson(count: int, of: int) -> tuple[float, float]:
    """The shares from which the count is 1.96 standard errors away, found by halving (Wilson 1927)."""
    z = 1.959963984540054

    def away(part: float) -> float:
        return abs(count / of - part) - z * math.sqrt(part * (1 - part) / of)

    ends = []
    for far in (0.0, 1.0):
        near = count / of
        for _ in range(200):
            middle = (near + far) / 2
            near, far = (middle, far) if away(middle) < 0 else (near, middle)
        ends.append(near)
    return ends[0], ends[1]


@given(pairs)
def test_kappa_is_that_of_the_definition(given_pairs: list[tuple[str, str]]) -> None:
    """Equal to the definition in exact fractions; unknown without pairs, or where chance alone gives full agreement."""
    found = agreement(given_pairs)
    if not given_pairs:
        assert (found.kappa, found.low, found.high, found.expected) == (None, None, None, None)
        return
    slow = slow_kappa(given_pairs)
    assert (found.kappa is None) == (slow is None)
    if slow is not None and found.kappa is not None and found.low is not None and found.high is not None:
        assert found.kappa == pytest.approx(float(slow), abs=1e-12)
        assert found.low <= found.kappa + 1e-12
        assert found.high >= found.kappa - 1e-12


@given(st.integers(1, 300).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_share_has_the_interval_of_wilson(numbers: tuple[int, int]) -> None:
    """Against a search for the shares that are just 1.96 standard errors away."""
    found = share(*numbers)
    low, high = slow_wilson(*numbers)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))


def test_a_published_table_has_the_kappa_that_was_published() -> None:
    """Two readers, 50 proposals, yes and no: 20 and 15 agreed, 5 and 10 not: kappa 0.4 (a textbook's example)."""
    table = {("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15}
    found = agreement([pair for pair, count in table.items() for _ in range(count)])
    assert found.kappa == pytest.approx(0.4)
    assert found.expected == pytest.approx(0.5)


def test_a_few_pairs_that_all_agree_are_not_certain() -> None:
    """Three of three: kappa is one, and its interval reaches far below."""
    found = agreement([("watch", "watch"), ("support", "support"), ("watch", "watch")])
    assert found.kappa == 1
    assert found.low is not None
    assert found.low < 0.1


@pytest.mark.parametrize("pairs_each", [20, 60, 200])
@pytest.mark.parametrize("same", [0.3, 0.6, 0.9])
def test_the_interval_covers_the_truth_as_often_as_it_says(pairs_each: int, same: float) -> None:
    """Two judges who agree on purpose in a known share of cases, else by chance: 95 % of the intervals hold it."""
    random = np.random.default_rng(20260520)
    weights = np.array([0.1, 0.2, 0.4, 0.3])
    covered = 0
    for _ in range(400):
        first = random.choice(4, pairs_each, p=weights)
        second = np.where(random.random(pairs_each) < same, first, random.choice(4, pairs_each, p=weights))
        found = agreement(list(zip(first.tolist(), second.tolist(), strict=True)))
        covered += found.low is not None and found.high is not None and found.low <= same <= found.high
    assert covered >= 0.93 * 400
