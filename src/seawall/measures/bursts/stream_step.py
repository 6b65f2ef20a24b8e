"""One short bin of one stream, compiled: how far from usual, how rare that is, and what is learnt from it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from seawall.measures.bursts.plan import DAY
from seawall.measures.bursts.stream_plan import LENGTHS, StreamPlan
from seawall.measures.bursts.stream_state import ALERT, NEVER, TOLD
from seawall.measures.compiled import compiled

Floats = npt.NDArray[np.float64]

LEAST_COLLECTED = 2.0 / 3.0
"""A sum counts only if so many of its bins were collected."""
LEAST_SPREAD = 0.1
"""Standard deviation of a log sum: no series is taken to be more regular."""
FIRST_SPREAD = 1.0
"""What it is taken to be before anything is known."""
EULER = 0.5772156649015329
GUMBEL_DEVIATION = math.pi / math.sqrt(6.0)
SIZE = LENGTHS[-1]


@compiled
def push(state: Any, number: int, count: float, collected: float) -> None:
    """Put a bin behind the others; ``count`` is 0 where it was not ``collected`` (1 or 0)."""
    for k in range(len(LENGTHS)):
        leaving = (number - LENGTHS[k]) % SIZE
        state.sums[k, 0] += count - state.counts[leaving]
        state.sums[k, 1] += collected - state.collected[leaving]
    state.counts[number % SIZE], state.collected[number % SIZE] = count, collected


@compiled
def skip(state: Any, number: int) -> None:
    """What lies between the last bin and this one was not collected."""
    if number - state.last > SIZE:
        state.counts[:] = 0.0
        state.collected[:] = 0.0
        state.sums[:] = 0.0
        return
    for missing in range(state.last + 1, number):
        push(state, missing, 0.0, 0.0)


@compiled
def close_day(state: Any, plan: StreamPlan) -> None:
    """Learn from the peaks of the day that is over, if half of it was judged, and begin the next."""
    if state.judged >= 0.5 * plan.day:
        state.days = min(state.days + 1.0, plan.most_days)
        kept = 1.0 - 1.0 / state.days
        for side in range(2):
            for k in range(len(LENGTHS)):
                if math.isinf(state.peak[side, k]):
                    continue
                off = state.peak[side, k] - state.peaks[side, k, 0]
                state.peaks[side, k, 0] += off / state.days
                state.peaks[side, k, 1] = math.sqrt(kept * (state.peaks[side, k, 1] ** 2 + off * off / state.days))
    state.peak[:] = -np.inf
    state.judged = 0


@compiled
def chance(height: float, peaks: Floats) -> float:
    """The chance that the peak of an ordinary day is at least so high: a Gumbel tail."""
    reduced = (height - peaks[0]) * GUMBEL_DEVIATION / peaks[1] + EULER
    return max(-math.expm1(-math.exp(-reduced)), 1e-300)


@compiled
def deviation(state: Any, k: int, plan: StreamPlan) -> float:
    """How far the sum of the last ``LENGTHS[k]`` bins is from usual, in its own spreads; NaN = too few collected.

    The sum is then itself learnt from.
    """
    total, collected = state.sums[k]
    if collected < LEAST_COLLECTED * LENGTHS[k]:
        return math.nan
    usual = state.usual[k]
    value = math.log(total * LENGTHS[k] / collected + plan.pseudo_count)
    off = value - usual[1] / usual[0] if usual[0] > 0.0 else 0.0
    spread = math.sqrt((usual[2] + FIRST_SPREAD**2) / (usual[0] + 1.0))
    usual[0] = usual[0] * plan.keep + 1.0
    usual[1] = usual[1] * plan.keep + value
    usual[2] = usual[2] * plan.keep + off * off
    return off / max(spread, LEAST_SPREAD)


@compiled
def rarity(state: Any, plan: StreamPlan) -> float:
    """In how many ordinary days something so unusual as what ends with this bin comes once; at least 1.

    The mean over the lengths, for a rise and with less weight for a fall.
    """
    ready = state.known >= plan.day
    days, lengths = 0.0, 0
    for k in range(len(LENGTHS)):
        height = deviation(state, k, plan)
        if not ready or math.isnan(height):
            continue
        state.peak[0, k] = max(state.peak[0, k], height)
        state.peak[1, k] = max(state.peak[1, k], -height)
        days += 1.0 / chance(height, state.peaks[0, k]) + plan.down / chance(-height, state.peaks[1, k])
        lengths += 1
    if ready:
        state.judged += 1
    return max(days / lengths, 1.0) if lengths else 1.0


@compiled
def step(state: Any, number: int, count: float, plan: StreamPlan) -> float:
    """Take in one bin (NaN = not collected), later than all before; its score."""
    if state.last != NEVER:
        if number * plan.width // DAY != state.last * plan.width // DAY:
            close_day(state, plan)
        skip(state, number)
    state.last = number
    if math.isnan(count):
        push(state, number, 0.0, 0.0)
        return 0.0
    push(state, number, count, 1.0)
    odds = (rarity(state, plan) - 1.0) / (plan.rare - 1.0)
    state.known += 1
    score = odds / (1.0 + odds)
    told = number < state.quiet_until
    if score >= ALERT:
        state.quiet_until = number + plan.quiet
    return TOLD * score if told else score


@compiled
def score_bins(states: Any, first: int, counts: Floats, plan: StreamPlan, scores: Floats) -> None:
    """Fill ``scores`` for consecutive bins (NaN = not collected) of one stream."""
    for i in range(counts.shape[0]):
        scores[i] = step(states[0], first + i, counts[i], plan)
