"""The judge of scores."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.surge_judge import NEUTRAL, TRUE, Truth, alarms, judge, ratio, truth_of
from benchmarks.surge_world import QUIET_DAYS, Setting, World
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

DAYS = 400


def toy(scores: np.ndarray, campaigns: list[tuple[int, int, int]], spikes: list[tuple[int, int]]) -> World:
    size = len(scores)
    ones = np.ones((size, DAYS))
    setting = Setting(series=size, days=DAYS)
    return World(setting, ones, ones, ones.astype(np.int64), ones.astype(bool), ones[:, :1], campaigns, spikes)


def test_alarms_merge() -> None:
    """Runs with up to two quiet days between them are one alarm; with three they are two."""
    scores = np.zeros((1, DAYS))
    scores[0, [200, 201, 204, 208]] = 1.0
    assert list(alarms(scores, 1.0, QUIET_DAYS)) == [(0, 200, 205), (0, 208, 209)]


def test_hand_computed() -> None:
    """One campaign, a spike and three false alarms give the thresholds, recalls and delays that a person reads off."""
    scores = np.zeros((1, DAYS))
    scores[0, 152], scores[0, 250] = 5.0, 9.0  # the third day of a campaign; a news spike
    scores[0, [300, 330, 360]] = 7.0, 4.0, 3.0
    scores[0, QUIET_DAYS - 1] = 8.0
    world = toy(scores, [(0, 150, 160), (0, 200, 210)], [(0, 249)])
    years = (DAYS - QUIET_DAYS) / 365
    told = judge(scores, world, [0.1, 1.2 / years, 2.2 / years])
    assert [one.threshold for one in told.values()] == [9.0, 5.0, 4.0]
    assert [one.recall for one in told.values()] == [0.0, 0.5, 0.5]
    assert [one.delay for one in told.values()] == [float("inf"), 3.0, 3.0]
    assert [round(one.false_alarms * years) for one in told.values()] == [0, 1, 2]


def test_reach_of_events() -> None:
    """A day counts for a campaign until seven days after its last, and for a spike until three days after it."""
    kinds = truth_of(toy(np.zeros((1, DAYS)), [(0, 150, 160)], [(0, 200)])).kinds[0]
    assert np.flatnonzero(kinds == TRUE).tolist() == list(range(150, 167))
    assert np.flatnonzero(kinds == NEUTRAL).tolist() == [200, 201, 202, 203]


def test_unknown_days() -> None:
    """A day without a score is no alarm, and a score that never alarms finds nothing."""
    scores = np.full((1, DAYS), np.nan)
    told = judge(scores, toy(scores, [(0, 150, 160)], []))[1.0]
    assert (told.threshold, told.recall, told.delay) == (float("inf"), 0.0, float("inf"))


def test_always_on() -> None:
    """A score that raises every day finds nothing."""
    scores = np.ones((1, DAYS))
    assert judge(scores, toy(scores, [(0, 150, 160)], []))[1.0].recall == 0.0


def lowest_threshold(scores: np.ndarray, kinds: np.ndarray, limit: float) -> float:
    found = float("inf")
    judged = scores[~np.isnan(scores)]
    for threshold in np.unique(scores[~np.isnan(scores)])[::-1]:
        false = sum(not kinds[series, a:b].any() for series, a, b in alarms(scores, threshold, 0))
        if false > limit or (judged >= threshold).sum() > scores.size // 2:
            break
        found = float(threshold)
    return found


@given(
    arrays(np.float64, (2, 30), elements=st.sampled_from([0.0, 1.0, 2.0, 3.0, 4.0, np.nan])),
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 26)), max_size=3),
    st.integers(0, 4),
)
def test_exact_threshold(scores: np.ndarray, events: list[tuple[int, int]], limit: int) -> None:
    """The threshold is the one found by trying every score from the top and counting false alarms anew."""
    kinds = np.zeros(scores.shape, np.uint8)
    for series, day in events:
        kinds[series, day : day + 4] = TRUE
    truth = Truth(kinds, np.zeros((0, 3), np.int64), since=0, bins_a_year=60.0)
    told = judge(scores, truth, [float(limit)])
    assert told[float(limit)].threshold == lowest_threshold(scores, kinds, limit)


def test_ratio_with_itself() -> None:
    """A score compared with itself is exactly as good, however series are drawn."""
    rng = np.random.default_rng(1)
    scores = rng.random((6, DAYS))
    world = toy(scores, [(series, 150 + 20 * series, 160 + 20 * series) for series in range(6)], [])
    for series in range(6):
        scores[series, 150 + 20 * series] = 2.0
    share = ratio(scores, scores, world, 1.0, draws=20)
    assert (share.value, share.low, share.high) == (1.0, 1.0, 1.0)


def test_wrong_shape() -> None:
    """Scores of another world are refused."""
    with pytest.raises(ValueError, match="scores are"):
        judge(np.zeros((2, 5)), toy(np.zeros((1, DAYS)), [], []))
