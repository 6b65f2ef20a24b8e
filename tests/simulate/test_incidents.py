"""Simulated surges and incidents are what their settings say."""

from __future__ import annotations

import numpy as np
import pytest

from seawall.errors import ConfigurationError
from seawall.simulate import IncidentSettings, incident_world
from seawall.simulate.incident_clusters import CLUSTERS


@pytest.mark.parametrize("clusters", CLUSTERS)
def test_rates_are_as_told(clusters: str) -> None:
    """Over many worlds a day outside has the rate that was asked for, and one inside as many times more as is told."""
    settings = IncidentSettings(clusters=clusters, daily=1.0, ratio=3.0, strength=0.5, memory=3.0)
    inside, outside, told = 0.0, 0.0, 0.0
    for seed in range(60):
        world = incident_world(seed, settings=settings)
        inside += float(world.daily[world.inside].mean())
        outside += float(world.daily[~world.inside].mean())
        told += world.ratio
    assert inside / outside == pytest.approx(told / 60, rel=0.12)
    if clusters != "echoes":
        assert told / 60 == pytest.approx(3.0)
        assert outside / 60 == pytest.approx(1.0, rel=0.12)


def test_clusters_cluster() -> None:
    """Every kind of clusters makes weeks differ by more than chance; "none" does not."""
    for clusters in CLUSTERS:
        spread = []
        for seed in range(20):
            daily = incident_world(seed, settings=IncidentSettings(days=1092, clusters=clusters, daily=1.0)).daily
            weeks = daily.reshape(-1, 7).sum(1)
            spread.append(weeks.var() / weeks.mean())
        assert np.mean(spread) == pytest.approx(1.0, abs=0.15) if clusters == "none" else np.mean(spread) > 1.3


def test_the_same_seed_gives_the_same_world() -> None:
    """Seed and settings tell everything."""
    one, two = incident_world(9), incident_world(9)
    assert one.incidents.equals(two.incidents)
    assert one.surges.equals(two.surges)
    assert not one.incidents.equals(incident_world(10).incidents)


def test_dates_are_as_precise_as_told() -> None:
    """About the told shares of dates are known to the week or the month only."""
    settings = IncidentSettings(daily=3.0, week=0.3, month=0.2)
    dates = incident_world(1, settings=settings).incidents["date"].to_pylist()
    assert np.mean(["W" in one for one in dates]) == pytest.approx(0.3, abs=0.05)
    assert np.mean([len(one) == 7 for one in dates]) == pytest.approx(0.2, abs=0.05)


@pytest.mark.parametrize(
    "wrong", [{"clusters": "clouds"}, {"surges": 90}, {"daily": 0.0}, {"ratio": -1.0}, {"week": 0.8, "month": 0.4}]
)
def test_wrong_settings_are_named(wrong: dict[str, float]) -> None:
    """A setting that cannot be is refused by name."""
    with pytest.raises(ConfigurationError, match=next(iter(wrong))):
        IncidentSettings(**wrong)  # type: ignore[arg-type]
