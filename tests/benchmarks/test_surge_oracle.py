"""The oracle of surges."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.surge_oracle import FACTORS, LENGTHS, best_ratios, oracle
from benchmarks.surge_world import Setting, make_world
from scipy import stats

WORLD = make_world(Setting(series=2, days=200, outages=6.0), 1)


def slow(day: int, series: int) -> float:
    size = 1 / WORLD.dispersion[series, 0]
    best = 0.0
    for length in LENGTHS:
        days = [d for d in range(max(day + 1 - length, 0), day + 1) if WORLD.known[series, d]]
        counts, mean = WORLD.counts[series, days], WORLD.ordinary[series, days]
        ordinary = stats.nbinom.logpmf(counts, size, size / (size + mean)).sum()
        for factor in FACTORS:
            raised = stats.nbinom.logpmf(counts, size, size / (size + factor * mean)).sum()
            best = max(best, raised - ordinary)
    return best


def test_is_the_ratio_of_likelihoods() -> None:
    """The score is the best ratio of likelihoods, over lengths and factors, that the distribution itself gives."""
    scores = oracle(WORLD)
    days = [(series, day) for series in range(2) for day in (0, 5, 130, 150, 199) if WORLD.known[series, day]]
    assert [scores[where] for where in days] == pytest.approx([slow(day, series) for series, day in days], abs=1e-8)


def test_unknown_days_have_no_score() -> None:
    """Exactly the days that were not collected have no score."""
    assert (np.isnan(oracle(WORLD)) == ~WORLD.known).all()
    assert not WORLD.known.all()


def test_sees_nothing_later() -> None:
    """The scores of the first days are the same when the later days are not there."""
    counts, mean, known = WORLD.counts[0].astype(float), WORLD.ordinary[0], WORLD.known[0]
    sizes = np.full(len(counts), 5.0)
    whole = best_ratios(counts, mean, known, sizes, LENGTHS, FACTORS)
    begin = best_ratios(counts[:150], mean[:150], known[:150], sizes[:150], LENGTHS, FACTORS)
    assert np.array_equal(whole[:150], begin, equal_nan=True)
