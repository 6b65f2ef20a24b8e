"""What counts as noise: outliers and the likeness of neighbours."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.levels.noise import ALIKE_MOST, alikeness, standing, without_outliers
from tests.measures.levels.reference import likeness, standing_share


def autoregressive(alike: float, size: int, seed: int) -> np.ndarray:
    """Noise of variance 1 in which neighbours have this correlation, as a column."""
    rng = np.random.default_rng(seed)
    values = np.empty((size, 1))
    values[0] = rng.standard_normal()
    for i in range(1, size):
        values[i] = alike * values[i - 1] + np.sqrt(1 - alike**2) * rng.standard_normal()
    return values


@given(
    st.integers(1, 2).flatmap(
        lambda width: st.lists(st.lists(st.integers(-50, 50), min_size=width, max_size=width), min_size=1, max_size=30)
    )
)
def test_alikeness_is_that_of_the_slow_reference(rows: list[list[int]]) -> None:
    """Difference by difference the same number comes out."""
    values = np.array(rows, np.float64)
    assert alikeness(values) == pytest.approx(likeness(values.T.tolist()), abs=1e-9)


@given(st.lists(st.integers(0, 3), min_size=2, max_size=30))
def test_standing_is_that_of_the_slow_reference(numbers: list[int]) -> None:
    """Pair by pair the same share of observations stands as the last one did."""
    values = np.array(numbers, np.float64)[:, np.newaxis]
    assert standing(values) == pytest.approx(standing_share(values.T.tolist()), abs=1e-12)


@pytest.mark.parametrize("alike", [0.0, 0.3, 0.5])
def test_alikeness_is_found_with_and_without_changes(alike: float) -> None:
    """That of simulated noise is found to within 0.1, through a trend and two steps of ten deviations as well."""
    values = autoregressive(alike, 3000, seed=4)
    assert alikeness(values) == pytest.approx(alike, abs=0.1)
    changed = values + np.linspace(0, 20, 3000)[:, np.newaxis]
    changed[1000:2000] += 10
    assert alikeness(changed) == pytest.approx(alike, abs=0.1)


def test_what_wanders_is_not_called_noise() -> None:
    """A random walk is held to be as alike as noise may be, not more."""
    assert alikeness(np.cumsum(autoregressive(0.0, 500, seed=1), axis=0)) == pytest.approx(ALIKE_MOST)


@given(st.integers(0, 2**32 - 1), st.integers(3, 30))
def test_a_lone_spike_is_pulled_in_and_a_lasting_change_is_not(seed: int, lasts: int) -> None:
    """One spike of 50 deviations nearly vanishes; the same height over three observations or more stays as it is."""
    values = np.random.default_rng(seed).uniform(-1, 1, (80, 1))
    spiked, stepped = values.copy(), values.copy()
    spiked[40] += 50
    stepped[40 : 40 + lasts] += 50
    assert without_outliers(spiked).max() < 10
    assert without_outliers(stepped)[40 : 40 + lasts].min() > 40
