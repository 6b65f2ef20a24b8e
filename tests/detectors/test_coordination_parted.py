"""Coordination on an engine of many machines: the same alerts."""

from __future__ import annotations

import pytest

from seawall.checks import MemoryWindow, PartedEngine
from seawall.detectors import CoordinationDetector, WatchedCoordination
from seawall.engine.spark import SparkEngine
from seawall.model import Alert
from seawall.protocols import Engine
from tests.detectors.coordination_world import dealt_anew, garden_world

DETECTORS = (
    CoordinationDetector(),
    CoordinationDetector(q=None, min_repeats=4, layers=("link", "text")),
    CoordinationDetector(layers=("link", "text", "mention"), min_accounts=4, window_s=20.0),
    WatchedCoordination(),
)


def alerts(detector: CoordinationDetector, seed: int, engine: Engine | None) -> list[Alert]:
    tables = {"messages": garden_world(seed) if seed % 2 else dealt_anew(garden_world(seed), seed)}
    return list(detector.detect(MemoryWindow(tables, detector, engine)))


@pytest.mark.parametrize("seed", [5, 6])
@pytest.mark.parametrize("detector", DETECTORS, ids=str)
def test_alerts_over_parts_are_those_of_this_machine(detector: CoordinationDetector, seed: int) -> None:
    """To the last digit, over all layers, with chance and without, where groups are planted and where none is left."""
    found = alerts(detector, seed, PartedEngine(4))
    assert found == alerts(detector, seed, None)
    assert found


def test_spark_gives_the_same_alerts(spark_engine: SparkEngine) -> None:
    """On a real Spark: links and texts, with chance."""
    detector = CoordinationDetector(layers=("link", "text"))
    assert alerts(detector, 5, spark_engine) == alerts(detector, 5, None)
