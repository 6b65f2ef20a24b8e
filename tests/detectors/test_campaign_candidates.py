from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from seawall.detectors.campaign_candidates import Candidate, Looking, Rise

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
DAYS = 730
LOOKING = Looking("1d", 0.05, 3, 3, 1.5, 20, 100)


def rise(channel: int, day: int, days: int = 8, factor: float = 3.0) -> Rise:
    start = BEGIN + timedelta(days=day)
    end = start + timedelta(days=days)
    observed = round(10 * days * factor)
    return Rise(
        "garden", f"c{channel}", start, end, observed, 10.0 * days, factor, factor / 1.2, factor * 1.2, 1.0, 0, False
    )


def told(rises: list[Rise], channels: int) -> list[Candidate]:
    whole = [(BEGIN, BEGIN + timedelta(days=DAYS))]
    return LOOKING.together(rises, {("garden", f"c{number}"): whole for number in range(channels)})


def test_channels_that_rise_at_random_are_rarely_joined() -> None:
    """Forty channels with three rises of their own in two years: in at most one world of twenty is anything told."""
    rng = np.random.default_rng(11)
    wrong = 0
    for _ in range(200):
        rises = [rise(channel, int(day)) for channel in range(40) for day in rng.integers(0, DAYS - 10, 3)]
        wrong += bool(told(sorted(rises, key=lambda one: (str(one.channel), one.start)), 40))
    assert wrong <= 10


def test_channels_that_rise_together_among_others_are_found() -> None:
    """Eight of the forty begin within two days; they and no others are the candidate."""
    rng = np.random.default_rng(12)
    for _ in range(20):
        rises = [rise(channel, int(day)) for channel in range(40) for day in rng.integers(0, 350, 2)]
        rises += [rise(channel, 400 + int(rng.integers(3))) for channel in range(8)]
        (found,) = told(rises, 40)
        assert {one.channel for one in found.rises} == {f"c{number}" for number in range(8)}
        assert found.q < 0.001
        assert found.looked_at == 40


def test_the_factor_of_a_candidate_is_that_of_all_its_channels() -> None:
    """Observed over expected, with an interval as wide as if all expectations erred together."""
    (found,) = told([rise(0, 100), rise(1, 101), rise(2, 101, days=4, factor=6.0), rise(3, 300)], 4)
    factor, low, high = found.factor
    assert found.observed == 240 + 240 + 240
    assert factor == pytest.approx(found.observed / found.expected)
    assert low == pytest.approx(factor / 1.2)
    assert high == pytest.approx(factor * 1.2)
    assert (found.start, found.end) == (BEGIN + timedelta(days=100), BEGIN + timedelta(days=109))
