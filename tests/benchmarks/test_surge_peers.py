"""The methods that surges are compared with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.surge_plain import fit
from benchmarks.surge_world import Setting, World, make_world

from benchmarks import surge_packages, surge_peers

METHODS = [
    surge_peers.nb_scan,
    surge_peers.nb_day,
    surge_peers.nb_cusum,
    surge_peers.gaussian,
    surge_peers.ears_c1,
    surge_peers.ears_c2,
    surge_peers.ears_c3,
    surge_peers.kleinberg,
    surge_packages.bocpd,
]
WORLD = make_world(Setting(series=2, days=240), 1)
SEEN = 200


def beginning(world: World) -> World:
    matrices = {key: getattr(world, key)[:, :SEEN] for key in ("ordinary", "mean", "counts", "known")}
    return replace(world, setting=replace(world.setting, days=SEEN), **matrices)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.__name__)
def test_online(method) -> None:
    """A method's score of a day is the same when the days after it are not there."""
    assert np.array_equal(method(WORLD)[:, :SEEN], method(beginning(WORLD)), equal_nan=True)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.__name__)
def test_rises(method) -> None:
    """A method's score of a day grows when the day and the two before it hold ten times as much."""
    day = 150
    raised = WORLD.counts.copy()
    raised[:, day - 2 : day + 1] *= 10
    more = replace(WORLD, counts=raised, known=np.ones_like(WORLD.known))
    less = replace(WORLD, known=np.ones_like(WORLD.known))
    assert (method(more)[:, day] > method(less)[:, day]).all()


def test_plain_regression() -> None:
    """The plain regression finds the weekdays and the growth that made its counts."""
    days = np.arange(91)
    weekday = np.array([1.0, 1.2, 1.4, 1.0, 0.8, 0.5, 0.6])
    counts = np.round(1000 * weekday[days % 7] * np.exp(0.3 * (days - 91) / 91))
    found, dispersion = fit(counts, np.ones(91, bool), 0, 91)
    assert np.exp(found[:7]) == pytest.approx(1000 * weekday, rel=0.01)
    assert found[7] == pytest.approx(0.3, abs=0.01)
    assert dispersion == 0.002
