"""The tests of weeks against the weeks before, against slow references and on simulated production."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from seawall.detectors.output_levels import (
    ALIKE,
    BASELINE,
    FULL_WEEKS,
    LENGTHS,
    USUAL_SCATTER,
    USUAL_WEEKS,
    Change,
    Days,
    Rule,
    Weeks,
    adjusted,
    changes,
)

RULE = Rule(q=0.05, least_factor=3.0, least_change=10.0, recovered=0.5)
MONDAY = 7 * 2800


def found(counts: Any, known: Any = None, first: int = MONDAY) -> list[Change]:
    """The changes of one series."""
    counts = np.asarray(counts, float)
    return changes([Days(first, counts, np.ones(len(counts), bool) if known is None else np.asarray(known))], RULE)


def test_a_series_that_stops_and_comes_back_is_told_twice() -> None:
    """The fall lasts from the day on which it begins to that of the recovery, and names both levels."""
    counts = [3] * 280 + [0] * 70 + [3] * 70
    fall, back = found(counts)
    assert (fall.down, back.down) == (True, False)
    assert (fall.window.start, fall.window.end, back.window.start) == (MONDAY + 280, MONDAY + 350, MONDAY + 350)
    assert (fall.before.rate, fall.window.items, back.before.items, back.ordinary.rate) == (3, 0, 0, 3)
    assert fall.found - fall.window.start <= 21
    assert back.found - back.window.start <= 21


def test_a_second_fall_is_compared_with_the_ordinary_weeks() -> None:
    """Weeks of a fall are no part of what the next one is compared with."""
    falls = [change for change in found([3] * 280 + [0] * 84 + [3] * 70 + [0] * 42) if change.down]
    assert [change.window.start - MONDAY for change in falls] == [280, 434]
    assert falls[1].q <= RULE.q


def test_a_lower_level_becomes_the_ordinary_one() -> None:
    """After half a year a fall ends where it is, and is not told again."""
    (fall,) = found([3] * 280 + [0, 0, 1, 0, 0, 0, 0] * 60)
    assert fall.window.end - fall.window.start <= 7 * (BASELINE + 1)


def test_unknown_days_are_neither_zeros_nor_expected() -> None:
    """Zeros that were not collected are no fall, and leave the level of what follows as it was."""
    counts = np.array([3] * 280 + [0] * 70 + [3] * 70)
    known = np.arange(len(counts)) // 70 != 4
    assert found(counts, known) == []
    fall = found(np.concatenate([counts, np.zeros(28)]), np.concatenate([known, np.ones(28, bool)]))[0]
    assert (fall.window.start, fall.before.rate) == (MONDAY + 420, 3)


@pytest.mark.parametrize("lead", range(7))
def test_a_series_may_begin_on_any_day(lead: int) -> None:
    """Weeks begin on Mondays whatever day the first item came; the day of the fall is the same."""
    fall = found([3] * (280 - lead) + [0] * 42, first=MONDAY + lead)[0]
    assert fall.window.start == MONDAY + 280


def test_too_short_a_past_gives_no_answer() -> None:
    """Four weeks are needed before a fall, and less than eight are marked."""
    assert found([9] * 20 + [0] * 21) == []
    (fall,) = found([9] * 49 + [0] * 28)
    assert fall.history < 1


def test_no_series_and_no_days_give_nothing() -> None:
    """Nothing at all, and a series of less than a week, are no error."""
    assert changes([], RULE) == []
    assert found([]) == []
    assert found([3, 3]) == []


@given(p=st.lists(st.floats(1e-9, 1.0), min_size=1, max_size=40))
def test_q_is_that_of_benjamini_and_hochberg(p: list[float]) -> None:
    """Each p of a family gets the q that scipy gives it."""
    family = np.sort(p)
    told = [adjusted(one, family) for one in family]
    assert told == pytest.approx(stats.false_discovery_control(family), rel=1e-12)


@given(
    counts=st.lists(st.integers(0, 9), min_size=7 * 8, max_size=7 * 50),
    gaps=st.lists(st.integers(0, 349), max_size=40),
    fall=st.integers(0, 49),
)
def test_the_tests_of_weeks_are_those_of_plain_loops(counts: list[int], gaps: list[int], fall: int) -> None:
    """p, window and baseline of each week are what a loop over its weeks gives."""
    values = np.array(counts, float)
    values[7 * fall :] = 0
    known = ~np.isin(np.arange(len(values)), gaps)
    weeks = Weeks(Days(MONDAY, values, known))
    ordinary = np.arange(len(weeks.items)) % 11 != 3
    looks = weeks.looks(RULE, ordinary)
    for week in range(len(weeks.items)):
        p, tested = plainly(values, known, ordinary, week)
        assert looks.p[week] == pytest.approx(p, rel=1e-6)
        assert looks.tested[week] == tested


def plainly(values: Any, known: Any, ordinary: Any, week: int) -> tuple[float, bool]:
    """The p of one week, obviously, and whether there was a test."""
    best, tested = 1.0, False
    for length in LENGTHS:
        begin = week + 1 - length
        if begin < 0:
            continue
        window = slice(7 * begin, 7 * (week + 1))
        seen, days = values[window][known[window]].sum(), known[window].sum()
        past = [(7 * one, 7 * one + 7) for one in range(max(begin - BASELINE, 0), begin) if ordinary[one]]
        items = np.array([values[a:b][known[a:b]].sum() for a, b in past])
        since = np.array([known[a:b].sum() for a, b in past])
        if since.sum() < 28 or 3 * days < 2 * 7 * length:
            continue
        tested = True
        rate = items.sum() / since.sum()
        expected = rate * days
        if seen * RULE.least_factor > expected or expected - seen < RULE.least_change:
            continue
        count = int((since > 0).sum())
        beyond = ((items - rate * since) ** 2).sum() * count / max(count - 1, 1) - items.sum()
        own = max(beyond / (rate**2 * (since.astype(float) ** 2).sum()), 0.0)
        scatter = (count * own + USUAL_WEEKS * USUAL_SCATTER) / (count + USUAL_WEEKS)
        history = min(since.sum() / 7 / FULL_WEEKS, 1)
        spread = scatter * (1 + (length - 1) * ALIKE) / length + 1 / items.sum() + scatter / (since.sum() / 7)
        size = history**2 / spread
        best = min(best, len(LENGTHS) * stats.nbinom.cdf(seen, size, size / (size + expected)))
    return best, tested


@pytest.mark.verify
def test_falls_from_ninety_videos_a_month_to_six_are_found_within_four_weeks() -> None:
    """Of simulated series of two years, clumped and wandering, 95 in 100 falls are found, and few false ones told."""
    series, falls = simulated(seeds=range(1, 6))
    told = [change for change in changes(series, RULE) if change.down]
    hits = {
        change.series
        for change in told
        if falls.get(change.series, -99) <= change.found - MONDAY <= falls.get(change.series, -99) + 28
    }
    false = [change for change in told if change.series not in falls]
    assert len(hits) >= 0.95 * len(falls)
    assert len(false) <= 0.1 * 2 * (len(series) - len(falls))


def simulated(seeds: range) -> tuple[list[Days], dict[int, int]]:
    """Forty series a seed, three items a day with a slow wander; every other one falls on a day of its own."""
    series, falls = [], {}
    for seed in seeds:
        rng = np.random.default_rng(seed)
        for number in range(40):
            wander = np.cumsum(rng.normal(0, 0.03, 728))
            level = 3 * np.exp(wander - np.linspace(0, wander[-1], 728))
            if number % 2:
                day = int(rng.integers(400, 600))
                falls[len(series)] = day
                level[day:] /= 15
            series.append(Days(MONDAY, rng.poisson(rng.gamma(2.0, level / 2.0)).astype(float), np.ones(728, bool)))
    return series, falls
