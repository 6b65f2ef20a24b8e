from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from seawall.errors import MeasureError
from seawall.measures.synchrony import Lag, lags

Floats = npt.NDArray[np.float64]
HOURS, MOST = 24 * 20, 96


def world(rng: np.random.Generator, late: list[int], level: float = 4.0, spread: float = 0.3) -> tuple[Floats, Floats]:
    """Channels that rise fourfold over ten days with a ramp of a day, each so many hours late; counts, usual."""
    hours = np.arange(HOURS)
    course = 1 + 0.6 * np.sin(hours * 2 * np.pi / 24)
    usual = level * np.tile(course, (len(late), 1))
    begin = MOST + 24
    rise = np.array([np.clip((hours - begin - lag) / 24, 0, 1) * (hours < begin + lag + 240) for lag in late])
    mean = usual * (1 + 3 * rise) * rng.gamma(1 / spread**2, spread**2, usual.shape)
    return rng.poisson(mean).astype(float), usual


def test_a_channel_that_rose_a_day_earlier_led() -> None:
    """The interval of the lag holds the truth, and lies before the others."""
    counts, usual = world(np.random.default_rng(1), [-24, 0, 0, 0])
    first = lags(counts, usual, most=MOST)[0]
    assert first is not None
    assert first.leads
    assert not first.follows
    assert first.low <= -24 <= first.high


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Of many channels that rose so many hours earlier or later, 93 % or more have the truth in their interval."""
    held, told, wide = 0, 0, []
    for seed in range(24):
        rng = np.random.default_rng(seed)
        late = int(rng.integers(-48, 49))
        found = lags(*world(rng, [late, 0, 0, 0, 0]), most=MOST)[0]
        if found is not None:
            told += 1
            held += found.low <= late <= found.high
            wide.append(found.high - found.low)
    assert told >= 22
    assert held >= 0.93 * told
    assert np.median(wide) <= 24


def test_channels_that_rose_at_once_are_not_told_as_leaders() -> None:
    """With no lag at all, at most one channel in twenty is told to lead or to follow."""
    told = []
    for seed in range(12):
        told += lags(*world(np.random.default_rng(100 + seed), [0] * 5), most=MOST)
    assert sum(lag is not None and (lag.leads or lag.follows) for lag in told) <= 3


def test_nothing_is_told_of_a_channel_that_did_not_rise() -> None:
    """A flat channel among rising ones has no lag."""
    counts, usual = world(np.random.default_rng(5), [0, 0, 0])
    counts[1] = np.floor(usual[1] * 0.5)
    assert lags(counts, usual, most=MOST)[1] is None


def test_the_order_of_channels_does_not_matter() -> None:
    """Turned around, the same channels have the same lags."""
    counts, usual = world(np.random.default_rng(7), [-30, 0, 12, 0])
    assert lags(counts[::-1], usual[::-1], most=MOST)[::-1] == lags(counts, usual, most=MOST)


def test_roles_follow_from_the_interval() -> None:
    """Who leads has the whole interval before the others; one that touches zero says nothing."""
    assert Lag(-5, -9, -1).leads
    assert Lag(5, 1, 9).follows
    assert not Lag(-5, -9, 0).leads
    assert not Lag(5, 0, 9).follows


def test_too_little_to_compare_is_refused() -> None:
    """One series, shapes that differ, and fewer bins than the lags need give an error."""
    table = np.ones((3, 40))
    for counts, usual, most in ((table[:1], table[:1], 4), (table, table[:, 1:], 4), (table, table, 20)):
        with pytest.raises(MeasureError):
            lags(counts, usual, most=most)
