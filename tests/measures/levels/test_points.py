"""Where one series changed: the optimum is the optimum, and nothing is found where nothing happened."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures.levels import change_points, points
from seawall.measures.levels.noise import alikeness
from seawall.measures.levels.points import LEAST, STANDING_PIECES, cut, varying
from tests.measures.levels.reference import criterion, every_cut, standing_share
from tests.measures.levels.test_noise import autoregressive

small = st.integers(1, 2).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(-9, 9), min_size=width, max_size=width), min_size=2 * LEAST, max_size=3 * LEAST + 1
    )
)


@given(small, st.data())
@settings(max_examples=40)
def test_no_other_cut_is_cheaper(rows: list[list[int]], data: st.DataObject) -> None:
    """Of all ways to cut a short series into levels and lines the one found is cheapest; evidence is what it saves."""
    values = varying(np.array(rows, np.float64))
    if values.shape[1] == 0:
        return
    gaps = data.draw(st.lists(st.integers(1, 4), min_size=len(values), max_size=len(values)))
    times = np.cumsum(gaps).astype(np.float64)
    standard = ((values - values.mean(axis=0)) / values.std(axis=0)).T.tolist()
    alike, fresh = alikeness(values), max(1 - standing_share(values.T.tolist()), 1 / len(values))
    share = fresh * (1 - alike) / (1 + alike)
    least = max(LEAST, min(math.ceil(LEAST / fresh), len(values) // STANDING_PIECES))
    found = cut(values, times)
    cost = criterion(standard, times.tolist(), tuple(found.begins), tuple(found.forms), share)
    costs = [criterion(standard, times.tolist(), *way, share) for way in every_cut(len(values), least)]
    assert cost == pytest.approx(min(costs), abs=1e-4)
    for i, evidence in enumerate(found.evidence, 1):
        begins = (*found.begins[:i], *found.begins[i + 1 :])
        joined = [(*found.forms[: i - 1], form, *found.forms[i + 1 :]) for form in (0, 1)]
        without = min(criterion(standard, times.tolist(), begins, forms, share) for forms in joined)
        assert evidence == pytest.approx((without - cost) / 2, abs=1e-4)


@given(st.integers(0, 2**32 - 1), st.integers(20, 40), st.integers(20, 40), st.sampled_from([-1.0, 1.0]))
def test_a_clear_step_is_found_where_it_is(seed: int, before: int, after: int, sign: float) -> None:
    """A step of eight deviations, up or down, is a change at the first observation of the new level."""
    values = np.random.default_rng(seed).uniform(-1.7, 1.7, before + after)
    values[before:] += 8 * sign
    assert before in change_points(values)


def test_a_clear_step_is_hardly_ever_two() -> None:
    """Of 100 series with a step of eight deviations at most five are told in more than two pieces."""
    found = []
    for seed in range(100):
        values = np.random.default_rng(seed).normal(size=60)
        values[25:] += 8
        found.append(change_points(values).tolist())
    assert all(25 in changes for changes in found)
    assert sum(len(changes) > 1 for changes in found) <= 5


def test_nothing_is_found_where_nothing_happened() -> None:
    """Of 200 series each, few of plain noise, alike noise, a trend or a yearly wave have a change."""
    months = np.arange(120)
    worlds = {
        "noise": lambda seed: autoregressive(0.0, 120, seed)[:, 0],
        "alike": lambda seed: autoregressive(0.5, 120, seed)[:, 0],
        "trend": lambda seed: autoregressive(0.3, 120, seed)[:, 0] + months / 10,
        "year": lambda seed: autoregressive(0.0, 120, seed)[:, 0] + 4 * np.sin(2 * np.pi * months / 12),
        "counts": lambda seed: np.random.default_rng(seed).poisson(5, 120),
    }
    for name, world in worlds.items():
        assert sum(len(change_points(world(seed))) > 0 for seed in range(200)) <= 10, name


def test_a_collapse_of_half_a_year_is_found() -> None:
    """In 95 of 100 series of five years, 90 things a month that fall to 6 for six months are two changes."""
    usual = np.full(60, 90.0)
    usual[30:36] = 6
    found = [change_points(np.random.default_rng(seed).poisson(usual)).tolist() for seed in range(100)]
    assert sum({30, 36} <= set(changes) for changes in found) >= 95


@given(st.lists(st.integers(-9, 9), min_size=0, max_size=40), st.data())
def test_missing_observations_keep_their_place(numbers: list[int], data: st.DataObject) -> None:
    """Changes are told by their index in the whole series, and only known observations begin a piece."""
    values = np.array(numbers, np.float64)
    for place in data.draw(st.sets(st.integers(0, len(values) - 1), max_size=len(values))) if len(values) else ():
        values[place] = np.nan
    found = change_points(values)
    assert not np.isnan(values[found]).any()
    assert found.tolist() == sorted(set(found.tolist()))


def test_a_gap_before_a_step_moves_the_change_behind_it() -> None:
    """Where the last observations before a step are missing, the change is at the first that is known again."""
    values = np.tile([9.0, 11.0, 10.0, 10.5], 12)
    values[24:] += 20
    values[20:27] = np.nan
    assert change_points(values).tolist() == [27]


@given(st.integers(0, 1000), st.floats(0.001, 1000), st.floats(-1000, 1000), st.sampled_from([1e-300, 1.0, 1e300]))
def test_neither_unit_nor_origin_matters(seed: int, unit: float, origin: float, vast: float) -> None:
    """The same series in another unit, be it a vast one, and with another zero has the same changes."""
    values = np.random.default_rng(seed).normal(size=60)
    values[30:] += 3
    assert change_points((values * unit + origin) * vast).tolist() == change_points(values).tolist()


def test_series_that_change_together_tell_more_than_one() -> None:
    """A soft step in three series is found in all together far more often than in one; a constant beside is nothing."""
    together = alone = 0
    for seed in range(20):
        values = np.random.default_rng(seed).normal(size=(60, 3))
        values[30:] += 1.0
        alone += len(change_points(values[:, 0])) > 0
        found = change_points(np.hstack([values, np.ones((60, 1))])).tolist()
        together += len(found) == 1 and abs(found[0] - 30) <= 3
    assert alone <= 5 < 12 <= together


@given(st.integers(0, 2**32 - 1), st.integers(2, 6))
@settings(max_examples=30)
def test_telling_each_value_several_times_tells_no_more(seed: int, times: int) -> None:
    """Noise whose every value stands for several observations has no more changes, and a step in it is where it was."""
    noise = np.random.default_rng(seed).normal(size=60)
    stepped = noise + np.where(np.arange(60) < 30, 0, 8)
    assert len(change_points(np.repeat(noise, times))) <= len(change_points(noise))
    assert 30 * times in change_points(np.repeat(stepped, times))


def test_stairs_are_told_stair_by_stair() -> None:
    """A series without noise that stands still between three steps has three changes."""
    assert change_points(np.repeat([3, 7, 2, 5], 22)).tolist() == [22, 44, 66]


def test_a_long_series_is_cut_as_a_short_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes sought on a coarse grid first come to lie on the same observations."""
    values = np.random.default_rng(5).normal(size=400)
    values[137:251] += 5
    exact = change_points(values).tolist()
    monkeypatch.setattr(points, "EDGES", 60)
    assert change_points(values).tolist() == exact == [137, 251]


@pytest.mark.parametrize(
    "values",
    [[], [1.0], [1.0] * 50, [np.nan] * 50, [0.1 + 0.2] * 20 + [0.3] * 20, [1.0, 9.0, 1.0, 9.0, 9.0], np.ones((30, 2))],
)
def test_too_little_to_tell_is_no_change(values: object) -> None:
    """Nothing, one value, a constant, only missing ones, rounding, or five observations have no change."""
    found = change_points(values)
    assert found.dtype == np.int64
    assert found.tolist() == []


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([1.0, np.inf, 2.0], "infinite.*index 1"),
        (["roses"], "not numbers"),
        (np.zeros((2, 2, 2)), "not one series"),
        (3.0, "not one series"),
    ],
)
def test_what_is_no_series_is_refused(values: object, told: str) -> None:
    """Infinite values, text and other shapes raise an error that says where."""
    with pytest.raises(MeasureError, match=told):
        change_points(values)
