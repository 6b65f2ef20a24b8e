"""What is run on each engine, and what of it must be the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

from seawall.detectors import (
    CoordinationDetector,
    EmergingDetector,
    FunnelDetector,
    SpreadDetector,
    SurgeDetector,
)
from seawall.lake import Lake
from seawall.measures.lifetimes.channel_lives import CHANNEL, ChannelLives
from seawall.protocols import Detector, Engine
from seawall.workspace.window import lake_window

Run = Callable[[Lake, Engine, datetime | None], Any]
"""Over the lake up to a time (exclusive; None = all of it) -> what must be the same, as JSON can tell it."""


def _detected(detector: Detector, lake: Lake, engine: Engine, end: datetime | None) -> Any:
    """Every alert with all its numbers: edges, weights, p, q, windows, scores, ids."""
    window = lake_window(lake, detector, engine, end=end)
    return [asdict(alert) for alert in detector.detect(window)]


def _lives(lake: Lake, engine: Engine, end: datetime | None) -> Any:
    """The first and the last message of each channel, which survival rests on."""
    measure = ChannelLives()
    lives = engine.run(measure, lake.rows("messages", measure.columns, end=end))
    return lives.sort_by([(name, "ascending") for name in CHANNEL]).to_pylist()


MEASURES: Mapping[str, Run] = {
    "coordination": partial(_detected, CoordinationDetector()),
    "near-duplicates": partial(_detected, SpreadDetector()),
    "surges": partial(_detected, SurgeDetector()),
    "funnels": partial(_detected, FunnelDetector()),
    "emerging": partial(_detected, EmergingDetector()),
    "survival": _lives,
}


def apart(one: Any, other: Any) -> float:
    """The largest difference of two results, relative to the larger number; infinite where they differ in kind.

    >>> apart({"p": [0.5, "ferns"]}, {"p": [0.5, "ferns"]}), apart([1, 2], [1])
    (0.0, inf)
    """
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() != other.keys():
            return float("inf")
        return max((apart(one[name], other[name]) for name in one), default=0.0)
    if isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return float("inf")
        return max(map(apart, one, other), default=0.0)
    if isinstance(one, float) and isinstance(other, float) and one != other:
        return abs(one - other) / max(abs(one), abs(other))
    return 0.0 if one == other else float("inf")
