"""Figures over many worlds: the mean, and an interval from drawing worlds and hubs anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from seawall.errors import MeasureError
from seawall.evaluation import weighing
from seawall.evaluation.judgement import Floats, Judgement
from seawall.evaluation.weighing import Measure, Weights

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "pr_auc": weighing.average_precision,
        "recall_at_1": weighing.recall_at(1),
        "recall_at_10": weighing.recall_at(10),
        "recall": weighing.recall,
        "funnels_caught": weighing.funnels_caught,
        "before_the_address": weighing.before_the_address,
        "before_hand_off": weighing.persons_before_hand_off,
        "before_hand_off_by_funnel": weighing.persons_before_hand_off_by_funnel,
        "persons_protected": weighing.persons_protected,
        "look_alikes_among_alerts": weighing.look_alikes_among_alerts,
        "false_hubs": weighing.false_hubs,
        "f_latency": weighing.f_latency,
        "erde_5": weighing.erde(5),
        "erde_50": weighing.erde(50),
    }
)
"""Name -> how it is measured. The first three rest on scores alone, the others on alerts."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Args:
        name: one of MEASURES.
        value: over all worlds; NaN where nothing could be counted.
        low, high: 95 % interval.
        worlds: how many.
    """

    name: str
    value: float
    low: float
    high: float
    worlds: int


def figures(judgements: Sequence[Judgement], *, rounds: int = 1000, seed: int = 0) -> dict[str, Figure]:
    """All figures over worlds, with 95 % intervals by the bootstrap.

    A figure over worlds is the sum of numerators over the sum of denominators: for areas, F-latency and the like the
    plain mean of the worlds, for shares the share of everything counted. In each round worlds are drawn with
    replacement, and in each of them funnels and look-alikes; background accounts stay as they are.

    Args:
        judgements: one a world.
        rounds: how often to draw.
        seed: of the draws.

    Raises:
        MeasureError: no world is given.
    """
    if not judgements:
        raise MeasureError("There is no world to judge.")
    rng = np.random.default_rng(seed)
    drawn_worlds = rng.integers(0, len(judgements), (rounds, len(judgements)))
    draws = [Weights.drawn(judgement, rounds, rng) for judgement in judgements]
    plain = [Weights.ones(judgement) for judgement in judgements]
    rows = np.arange(rounds)[:, None]
    turns = (rows + np.arange(len(judgements)) * (rounds // max(len(judgements), 1) or 1)) % rounds
    found = {}
    for name, measure in MEASURES.items():
        parts = np.array([measure(*pair) for pair in zip(judgements, plain, strict=True)])[:, :, 0]
        again = np.array([measure(*pair) for pair in zip(judgements, draws, strict=True)])
        above, below = (again[drawn_worlds, side, turns].sum(1) for side in (0, 1))
        ratios = np.divide(above, below, out=np.full(rounds, np.nan), where=below > 0)
        found[name] = Figure(name, _ratio(*parts.sum(0)), *_interval(ratios), len(judgements))
    return found


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below > 0 else float("nan")


def _interval(values: Floats) -> tuple[float, float]:
    values = values[np.isfinite(values)]
    if not len(values):
        return float("nan"), float("nan")
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)
