"""Each compiled step of surges does what its slow reference does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from seawall.measures.bursts.baseline import expect
from seawall.measures.bursts.edges import likeliest_run
from seawall.measures.bursts.factor import factor_interval
from seawall.measures.bursts.null import irregularity
from seawall.measures.bursts.plan import DAY, HOUR, WEEK, plan_for, scan_lengths
from seawall.measures.bursts.scan import scan
from seawall.measures.discovery import benjamini_hochberg
from tests.measures import bursts_reference as slow

seeds = st.integers(0, 2**32 - 1)


def _series(seed: int, bins: int, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Overdispersed counts with weekends, a surge and a few unknown bins."""
    rng = np.random.default_rng(seed)
    mean = level * np.where(np.arange(bins) % 7 < 2, 0.5, 1.0) * np.exp(rng.normal(0, 0.003) * np.arange(bins))
    begin = rng.integers(0, bins)
    mean[begin : begin + 9] *= 3
    counts = rng.poisson(rng.gamma(8, mean / 8)).astype(float)
    return counts, rng.random(bins) > 0.05


@given(seed=seeds, level=st.sampled_from([0.0, 0.05, 2.0, 300.0]), first=st.integers(-400, 400))
def test_expectation_is_that_of_the_plain_regression(seed: int, level: float, first: int) -> None:
    """The compiled baseline gives the means of the same regression written with numpy, whatever the weekday."""
    counts, known = _series(seed, 150, level)
    out = np.empty((4, 150))
    expect(counts, known, first, plan_for(DAY), out)
    np.testing.assert_allclose(out[0], slow.expected_means(counts, known, first, plan_for(DAY)), rtol=1e-7)


@pytest.mark.parametrize(("width", "bins"), [(WEEK, 60), (HOUR, 24 * 7 * 9), (2 * DAY, 80)])
def test_expectation_holds_for_other_widths(width: int, bins: int) -> None:
    """Weeks, hours and pairs of days are fitted by the same rule."""
    counts, known = _series(7, bins, 20.0)
    out = np.empty((4, bins))
    expect(counts, known, 3, plan_for(width), out)
    want = slow.expected_means(counts, known, 3, plan_for(width))
    assert np.isfinite(want).any()
    np.testing.assert_allclose(out[0], want, rtol=1e-7)


@given(seed=seeds)
def test_expectation_is_near_the_truth(seed: int) -> None:
    """On regular series with a weekly rhythm the expectation misses the true mean by a few per cent."""
    rng = np.random.default_rng(seed)
    truth = 200.0 * np.where(np.arange(280) % 7 < 2, 0.5, 1.0)
    out = np.empty((4, 280))
    expect(rng.poisson(truth).astype(float), np.ones(280, bool), 0, plan_for(DAY), out)
    assert np.abs(np.log(out[0, 140:] / truth[140:])).max() < 0.15


def test_past_surge_hardly_moves_the_expectation() -> None:
    """A tenfold surge within the baseline is weighted down: the expectation stays within a tenth."""
    rng = np.random.default_rng(5)
    counts = rng.poisson(100, 200).astype(float)
    plain, surged = np.empty((4, 200)), np.empty((4, 200))
    expect(counts, np.ones(200, bool), 0, plan_for(DAY), plain)
    counts[120:128] *= 10
    expect(counts, np.ones(200, bool), 0, plan_for(DAY), surged)
    assert np.abs(surged[0, 150:] / plain[0, 150:] - 1).max() < 0.1


def _one_score(observed: float, expected: float, variance: float) -> float:
    """What the scan says of a single bin."""
    dispersion = (variance - expected) / expected**2
    baseline = np.array([[expected], [dispersion], [0.0], [1.0]])
    scores, best = np.empty((2, 1)), np.empty((2, 1))
    scan(np.array([observed]), np.ones(1, bool), baseline, np.array([1]), scores, best)
    return float(scores[0, 0] - scores[1, 0])


@given(
    observed=st.integers(0, 2000),
    expected=st.floats(0.5, 500),
    dispersion=st.one_of(st.just(0.0), st.floats(0.001, 0.5)),
)
def test_score_is_the_root_of_the_deviance(observed: int, expected: float, dispersion: float) -> None:
    """Two points give the integral of the quasi-likelihood from a quarter to sixfold within 6 %; falls beyond are less.

    A fall to nothing of a very irregular series is understated, by half at most, and never overstated.
    """
    variance = expected + dispersion * expected**2
    score, want = (
        _one_score(float(observed), expected, variance),
        slow.deviance_root(float(observed), expected, variance),
    )
    if expected / 4 <= observed <= 6 * expected:
        assert score == pytest.approx(want, rel=0.06, abs=0.01)
    elif observed < expected:
        assert 0.5 * abs(want) - 0.01 <= abs(score) <= 1.03 * abs(want) + 0.01


@given(
    observed=st.integers(0, 2000),
    expected=st.floats(5.0, 500),
    dispersion=st.one_of(st.just(0.0), st.floats(0.001, 0.5)),
)
def test_score_is_the_tail_of_the_negative_binomial(observed: int, expected: float, dispersion: float) -> None:
    """The score is the normal deviate of the exact tail, within 0.7 or a sixth of itself, from a quarter to sixfold."""
    variance = expected + dispersion * expected**2
    score = abs(_one_score(float(observed), expected, variance))
    tail = slow.negative_binomial_tail(observed, expected, variance)
    if tail > 1e-280 and 1.0 < score < 10.0 and expected / 4 <= observed <= 6 * expected:
        exact = stats.norm.isf(tail)
        assert abs(score - exact) <= max(0.7, exact / 6)


@given(seed=seeds)
def test_scan_tries_every_stretch(seed: int) -> None:
    """The running sums of the scan find what trying each stretch by itself finds."""
    counts, known = _series(seed, 90, 5.0)
    rng = np.random.default_rng(seed)
    baseline = np.vstack([rng.gamma(4, 1.5, 90), np.full(90, 0.1), rng.uniform(0, 0.1, 90), rng.uniform(0.5, 1, 90)])
    baseline[0, :20] = np.nan
    lengths, scores, best = scan_lengths(DAY), np.empty((2, 90)), np.empty((2, 90))
    scan(counts, known, baseline, lengths, scores, best)
    np.testing.assert_allclose(scores, slow.scan_scores(counts, known, baseline, lengths, _one_score), atol=1e-6)


@given(seed=seeds, first=st.integers(-400, 400), factor=st.sampled_from([0.5, 1.0, 2.5]))
def test_irregularity_is_the_middle_of_the_weeks(seed: int, first: int, factor: float) -> None:
    """The null of a series is what sorting its weeks gives, whatever the weekday and however many bins are unknown."""
    rng = np.random.default_rng(seed)
    scores = factor * np.abs(rng.normal(1.0, 1.0, 330))
    scores[rng.random(330) < rng.choice([0.02, 0.6])] = np.nan
    scores[: rng.integers(0, 120)] = np.nan
    out = np.empty(330)
    irregularity(scores, first, plan_for(DAY), out)
    np.testing.assert_allclose(out, slow.irregularities(scores, 1.5, first, plan_for(DAY)))


@given(p=st.lists(st.floats(1e-12, 1.0), min_size=1, max_size=40))
def test_q_is_where_benjamini_and_hochberg_first_reject(p: list[float]) -> None:
    """q is the smallest rate at which the step-up rule rejects, and what scipy says."""
    found = benjamini_hochberg(np.array(p))
    np.testing.assert_allclose(found, slow.false_discovery_q(np.array(p)), rtol=1e-9)
    np.testing.assert_allclose(found, stats.false_discovery_control(p), rtol=1e-9)


@given(gains=st.lists(st.floats(-4, 4), min_size=3, max_size=11), begin=st.integers(0, 2))
def test_edges_lie_on_the_best_path(gains: list[float], begin: int) -> None:
    """The run that is found is a run of the best of all paths; where none overlaps, the stretch itself is kept."""
    values, stretch = np.array(gains), [begin, len(gains)]
    found = likeliest_run(values, *stretch).tolist()
    best = slow.best_path_value(values)
    if slow.best_path_value(values, tuple(found)) < best - 1e-9:
        assert found == stretch
        ordinary = np.where(np.arange(len(values)) < begin, values, -1e3)
        assert slow.best_path_value(ordinary) == pytest.approx(best)


def test_edges_of_one_clear_run() -> None:
    """A run that gains is found whole, with a short dip inside and without the bins around it."""
    gains = np.array([-1.0] * 10 + [2.0] * 4 + [-1.0] + [2.0] * 5 + [-1.0] * 10)
    assert likeliest_run(gains, 12, 14).tolist() == [10, 20]


def test_interval_of_counts_alone_is_garwoods() -> None:
    """Without any other error the interval is the exact one of a Poisson count."""
    nothing, one = np.zeros(3), np.ones(3)
    observed = np.array([4.0, 30.0, 900.0])
    factor, low, high = factor_interval(observed, observed / 2, nothing, nothing, one, one)
    np.testing.assert_allclose(factor, 2.0)
    np.testing.assert_allclose(low * observed / 2, stats.chi2.ppf(0.025, 2 * observed) / 2, rtol=1e-9)
    np.testing.assert_allclose(high * observed / 2, stats.chi2.ppf(0.975, 2 * observed + 2) / 2, rtol=1e-9)


def test_interval_widens_with_dispersion_short_history_and_irregularity() -> None:
    """More dispersion, less history or a less regular series never make the interval narrower."""
    base = [np.array([x]) for x in (120.0, 40.0, 30.0, 0.02, 1.0, 1.0)]
    _, low, high = factor_interval(*base)
    for position, value in ((2, 300.0), (3, 0.2), (4, 0.5), (5, 2.0)):
        changed = [*base]
        changed[position] = np.array([value])
        _, lower, higher = factor_interval(*changed)
        assert lower[0] < low[0]
        assert higher[0] > high[0]


def test_nothing_seen_has_a_finite_interval_from_zero() -> None:
    """A total collapse has factor 0, lower end 0 and an upper end that the expectation bounds."""
    zero, one = np.zeros(1), np.ones(1)
    factor, low, high = factor_interval(zero, np.array([50.0]), zero, zero, one, one)
    assert (factor[0], low[0]) == (0.0, 0.0)
    assert high[0] == pytest.approx(stats.chi2.ppf(0.975, 2) / 2 / 50)
