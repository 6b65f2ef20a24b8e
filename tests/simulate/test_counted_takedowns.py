"""Counts around takedowns whose effect is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from seawall.errors import ConfigurationError
from seawall.simulate.counted_takedowns import RATIO_2018, RATIO_2019, TakedownCountSettings, takedown_counts

MANY = TakedownCountSettings(treated=300, controls=300, level=200.0, drift=0.0)


def test_the_same_seed_gives_the_same_counts() -> None:
    """And another seed gives others."""
    one, same, other = (takedown_counts(seed).counts for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()


@pytest.mark.parametrize("ratio", [RATIO_2018, RATIO_2019, 1.0])
def test_the_truth_is_the_ratio_of_means(ratio: float) -> None:
    """Over hundreds of channels, counts after against before, held against the controls, come to the ratio."""
    counts = takedown_counts(3, settings=replace(MANY, ratio=ratio)).counts
    change = counts[:, 30:].sum(1) / counts[:, :30].sum(1)
    assert np.median(change[:300]) / np.median(change[300:]) == pytest.approx(ratio, rel=0.05)


def test_tables_and_counts_say_the_same() -> None:
    """A row a channel and day, one a channel acted on."""
    world = takedown_counts(4, settings=TakedownCountSettings(treated=2, actions=2, apart=5, controls=3))
    assert world.series["value"].to_pylist() == world.counts.ravel().tolist()
    assert world.counts.shape == (7, 65)
    assert world.actions["action"].to_pylist() == ["action 1"] * 2 + ["action 2"] * 2


@pytest.mark.parametrize("bad", [{"treated": 0}, {"controls": -1}, {"alike": 1.0}, {"level": 0.0}, {"ratio": -1.0}])
def test_settings_that_cannot_be_are_refused(bad: dict[str, Any]) -> None:
    """No channel, a correlation of one, a level of nothing."""
    with pytest.raises(ConfigurationError):
        TakedownCountSettings(**bad)
