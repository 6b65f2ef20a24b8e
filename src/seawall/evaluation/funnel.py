"""The whole evaluation of a measure of funnels: clean traffic for the bound, planted worlds for the figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import ConfigurationError
from seawall.evaluation.groups import GroupGap, group_gaps
from seawall.evaluation.intervals import Figure, figures
from seawall.evaluation.judgement import Judgement, evaluate
from seawall.evaluation.operating import Clean, operating_bound
from seawall.evaluation.worlds import Result, World

MeasureAt = Callable[[pa.Table, float | None], Result]
"""Interactions and a bound (None: the measure's own) -> what it says."""
Report = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class FunnelReport:
    """What was found.

    Args:
        worlds: how many.
        accounts, hubs, look_alikes: in them, on average.
        days: how long they last, on average.
        prevalence: hubs among accounts.
        bound: that of the operating point, set on clean traffic.
        at_bound: figures at that bound.
        as_shipped: figures at the measure's own bound.
        gaps: of false alerts between the auditor's groups, on clean traffic at that bound; empty without groups.
    """

    worlds: int
    accounts: float
    hubs: float
    look_alikes: float
    days: float
    prevalence: float
    bound: float
    at_bound: Mapping[str, Figure]
    as_shipped: Mapping[str, Figure]
    gaps: tuple[GroupGap, ...]


def evaluate_funnel(
    measure: MeasureAt,
    world_of: Callable[[int], World],
    clean_of: Callable[[int], pa.Table],
    seeds: Sequence[int],
    *,
    clean_seeds: Sequence[int] | None = None,
    groups: Mapping[Any, str] | None = None,
    rate: float = 1.0,
    floor: float = 0.0,
    report: Report | None = None,
) -> FunnelReport:
    """Judge a measure: set its bound on clean traffic, then look at worlds with funnels in them.

    Args:
        measure: what is judged.
        world_of: seed -> a world with its truth.
        clean_of: seed -> traffic in which nothing is planted.
        seeds: of the worlds, each once.
        clean_seeds: of the clean traffic; else one for each world, none of them a world's.
        groups: account of the clean traffic -> group, for gaps of false alerts.
        rate: false hubs that are borne per 10,000 accounts and 30 days.
        floor: the bound is no lower than this: the measure's own, where that raises fewer alerts already.
        report: is told how far it is.

    Raises:
        ConfigurationError: no seed is given.
        MeasureError: see evaluate and group_gaps.
    """
    if not seeds:
        raise ConfigurationError("There is nothing to evaluate without a seed.", mend="Give --seeds 1 or more.")
    tell = report or (lambda *_: None)
    cleans = [seed + 1_000_000 for seed in seeds] if clean_seeds is None else clean_seeds
    quiet, flagged = [], []
    for place, seed in enumerate(cleans):
        tell("clean traffic", place, len(cleans))
        traffic = clean_of(seed)
        result = measure(traffic, None)
        quiet.append(Clean.of(traffic, result))
        flagged.append(result.hubs.select(["hub", "score"]))
    bound = operating_bound(quiet, rate, floor)
    shipped, operated = [], []
    for place, seed in enumerate(seeds):
        tell("worlds with funnels", place, len(seeds))
        world = world_of(seed)
        shipped.append(evaluate(world, measure(world.interactions, None)))
        operated.append(evaluate(world, measure(world.interactions, bound)))
    tell("figures", 0, None)
    gaps = () if groups is None else tuple(group_gaps(_above(flagged, bound), groups))
    return FunnelReport(
        len(seeds),
        _mean(operated, lambda one: one.accounts),
        _mean(operated, lambda one: len(one.scores)),
        _mean(operated, lambda one: len(one.decoy_scores)),
        _mean(operated, lambda one: one.days),
        _mean(operated, lambda one: one.prevalence),
        bound,
        figures(operated),
        figures(shipped),
        gaps,
    )


def _above(flagged: Sequence[pa.Table], bound: float) -> set[Any]:
    return {
        hub for table in flagged for hub in table.filter(pc.greater_equal(table["score"], bound))["hub"].to_pylist()
    }


def _mean(judgements: Sequence[Judgement], value: Callable[[Judgement], float]) -> float:
    return float(np.mean([value(judgement) for judgement in judgements]))
