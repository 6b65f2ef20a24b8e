"""The worlds and textbook intervals that effects are judged by."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.migration_effect import TEXTBOOK, USUAL, drawn, holds, poisson
from benchmarks.migration_effect_other import other_world

from seawall.simulate.counted_takedowns import TakedownCountSettings, takedown_counts

CALM = TakedownCountSettings(
    controls=30,
    level=400.0,
    spread=0.1,
    clumped=0.0,
    wander=0.0,
    drift=0.0,
    own_weekly=0.0,
    shared_drift=0.0,
    ratio=0.6,
)


def test_textbook_intervals_hold_the_truth_where_counts_are_pure_chance() -> None:
    """Where nothing drifts or wanders, each of the three holds the ratio in nearly all worlds."""
    worlds = [takedown_counts(seed, settings=CALM) for seed in range(40)]
    for name, method in TEXTBOOK.items():
        assert sum(holds(method(world, CALM), world.ratio) for world in worlds) >= 33, name


def test_poisson_takes_days_for_chance() -> None:
    """The more is counted, the narrower it gets, however restless the channel is."""
    wide, narrow = (
        poisson(takedown_counts(1, settings=settings), settings)
        for settings in (TakedownCountSettings(level=4.0), TakedownCountSettings(level=4000.0))
    )
    assert np.log(narrow[1] / narrow[0]) < 0.1 < np.log(wide[1] / wide[0])


def test_settings_of_worlds_differ_and_come_from_their_ranges() -> None:
    """Two to twenty-four controls, a level from 1.5 to 300."""
    some = [drawn(np.random.default_rng(seed)) for seed in range(50)]
    assert len({one.level for one in some}) == 50
    assert all(2 <= one.controls < 25 and 1.5 <= one.level <= 300 for one in some)
    assert USUAL.controls == 9


def test_the_second_world_keeps_the_share_that_it_says() -> None:
    """Over many worlds, what is left of the channel acted on comes to the share, held against its own days before."""
    logs = []
    for seed in range(150):
        world = other_world(seed)
        before, after = world.counts[:, :30].sum(1) + 0.5, world.counts[:, 30:].sum(1) + 0.5
        change = np.log(after / before)
        logs.append(change[0] - np.median(change[1:]) - np.log(world.kept))
    assert float(np.median(logs)) == pytest.approx(0.0, abs=0.1)


def test_the_same_seed_gives_the_same_second_world() -> None:
    """And the action is on one channel, in the middle of sixty days."""
    one, same = other_world(4), other_world(4)
    assert (one.counts == same.counts).all()
    assert one.counts.shape[1] == 60
    assert len(one.actions) == 1
