"""What is expected of a channel, against one normal law of all channels and blocks."""

from __future__ import annotations

import numpy as np
import pytest

from seawall.measures.effects.blocks import Blocks, blocks_of, weekdays_of
from seawall.measures.effects.evidence import covariance_of, evidence, foretell
from seawall.measures.effects.expected import expected
from seawall.measures.effects.laws import laws
from seawall.measures.effects.ratio import ratio_interval
from seawall.simulate.counted_takedowns import TakedownCountSettings, takedown_counts
from tests.measures.effects import reference

GRID = laws(30)
LAWS = (0, 57, 200, 333, 419)


def blocks(seed: int = 3, controls: int = 4) -> Blocks:
    counts = takedown_counts(seed, settings=TakedownCountSettings(controls=controls)).counts.astype(np.float64)
    known = np.random.default_rng(seed).random(counts.shape) > 0.1
    return blocks_of(counts, known, weekdays_of(counts, known, 0, 30), GRID)


@pytest.mark.parametrize("seed", range(4))
def test_laws_are_weighed_as_by_the_joint_law_of_all_controls(seed: int) -> None:
    """The restricted likelihood of each law is that of one large normal law in which shared moves are free."""
    given = blocks(seed)
    found = evidence(given, range(1, 5), GRID, sharing=True)
    covariances = [covariance_of(given, row, GRID) for row in range(1, 5)]
    slow = [reference.log_likelihood([one[law] for one in covariances], given.logs[1:]) for law in LAWS]
    fast = found.likelihood[list(LAWS)]
    np.testing.assert_allclose(fast - fast[0], np.array(slow) - slow[0], atol=1e-3)


@pytest.mark.parametrize("seed", range(4))
def test_the_level_after_is_that_of_the_joint_law_given_all_else(seed: int) -> None:
    """Mean and variance of what is expected after, law by law."""
    given = blocks(seed)
    found = evidence(given, range(1, 5), GRID, sharing=True)
    own = covariance_of(given, 0, GRID)
    weights = np.ones((len(GRID.moving), 6)) + np.arange(6)
    told = foretell(given.logs[0] - found.shared, own + found.shared_covariance, weights, GRID)
    shared = (told.weights * found.shared[:, GRID.after]).sum(1)
    for law in LAWS:
        covariances = [covariance_of(given, row, GRID)[law] for row in range(5)]
        mean, variance = reference.predicted(covariances, given.logs, 6, weights[law])
        assert told.mean[law] + shared[law] == pytest.approx(mean, abs=1e-3)
        assert told.variance[law] == pytest.approx(variance, rel=1e-3, abs=1e-5)


def test_the_interval_of_a_ratio_is_that_of_draws() -> None:
    """A gamma count over a mixture of Student laws: the limits are the quantiles of two hundred thousand draws."""
    told = expected(blocks(), GRID)
    rng = np.random.default_rng(1)
    law = rng.choice(len(told.weight), 200_000, p=told.weight)
    log = told.log[law] + told.scale[law] * rng.standard_t(told.freedom, len(law))
    ratio = rng.gamma(40.5, size=len(law)) / np.exp(log)
    slow = np.quantile(ratio, [0.5, 0.025, 0.975])
    np.testing.assert_allclose(ratio_interval(40.0, told, 0.95), slow, rtol=0.03)


def test_nothing_counted_has_an_upper_limit_and_no_lower_one() -> None:
    """A count of zero gives an interval that begins next to zero and is finite."""
    _, low, high = ratio_interval(0.0, expected(blocks(), GRID), 0.95)
    assert low < 1e-4
    assert 0 < high < 0.1


def test_what_all_channels_do_moves_nothing() -> None:
    """Doubling every channel after the action leaves the ratio next to where it was."""
    counts = takedown_counts(5, settings=TakedownCountSettings(level=400.0)).counts.astype(np.float64)
    known, ratios = np.ones(counts.shape, np.bool_), []
    for factor in (1.0, 2.0):
        given = np.where(np.arange(60) >= 30, np.round(counts * factor), counts)
        cut = blocks_of(given, known, weekdays_of(given, known, 0, 30), GRID)
        ratios.append(ratio_interval(float(cut.counts[0, 6:].sum()), expected(cut, GRID), 0.95)[0])
    assert ratios[1] == pytest.approx(ratios[0], rel=0.05)
