"""A stream of long bins: the last counts, on which the compiled steps of ``scores`` run anew for each bin.

The online score of a bin rests on what lies at most a baseline, a null and two gaps before it. So a tail of so many
bins gives, but for rounding, what ``scores`` gives for the whole series.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from seawall.measures.bursts.kernel import score_series
from seawall.measures.bursts.plan import Plan, plan_for, scan_lengths
from seawall.measures.bursts.stream_state import ALERT, NEVER, TOLD
from seawall.measures.compiled import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Parts = dict[str, npt.NDArray[Any]]

RARE_HEIGHT = 3.0
"""The height of ``scores`` that scores one half: in regular series it comes about once a year."""
DOWN = 0.25
"""A fall must be four times as rare as a rise to score as much."""
QUIET = 7
"""A burst is told again when so many bins have not reached an alert,"""
AGAIN = 10.0
"""or when its odds are so many times those with which it was told."""
LAST, BEGIN, QUIET_UNTIL = 0, 1, 2


@compiled
def make_room(tail: Floats, marks: Ints, number: int, stride: int) -> None:
    """Let the tail reach up to bin ``number``: by whole strides, so that baselines stay the same."""
    size = tail.shape[0]
    away = max(-(-(number + 1 - size - marks[BEGIN]) // stride), 0) * stride
    kept = max(size - away, 0)
    tail[:kept] = tail[size - kept :].copy()
    tail[kept:] = np.nan
    marks[BEGIN] += away


@compiled
def long_step(
    tail: Floats, marks: Ints, told_odds: Floats, number: int, count: float, plan: Plan, lengths: Ints
) -> float:
    """Take in one bin (NaN = not collected), later than all before; its score."""
    if marks[LAST] == NEVER:
        marks[BEGIN] = number
    make_room(tail, marks, number, plan.stride)
    marks[LAST] = number
    here = number - marks[BEGIN]
    tail[here] = count
    if math.isnan(count):
        return 0.0
    known = ~np.isnan(tail[: here + 1])
    counts = np.where(known, tail[: here + 1], 0.0)
    heights = score_series(counts, known, marks[BEGIN], plan, lengths)[1]
    up, down = heights[0, here], heights[1, here]
    if math.isnan(up):
        return 0.0
    odds = 10.0 ** (up - RARE_HEIGHT) + DOWN * 10.0 ** (down - RARE_HEIGHT)
    score = float(odds / (1.0 + odds))
    told = number < marks[QUIET_UNTIL] and odds < AGAIN * told_odds[0]
    if score >= ALERT:
        marks[QUIET_UNTIL] = number + QUIET
        told_odds[0] = told_odds[0] if told else odds
    return TOLD * score if told else score


@compiled
def score_long_bins(
    tail: Floats,
    marks: Ints,
    told_odds: Floats,
    first: int,
    counts: Floats,
    plan: Plan,
    lengths: Ints,
    scores: Floats,
) -> None:
    """Fill ``scores`` for consecutive bins (NaN = not collected) of one stream."""
    for i in range(counts.shape[0]):
        scores[i] = long_step(tail, marks, told_odds, first + i, counts[i], plan, lengths)


class LongBins:
    """Bins of which a day holds fewer than seven. ``width``: of a bin, microseconds."""

    def __init__(self, width: int) -> None:
        self.plan = plan_for(width)
        self.lengths = scan_lengths(width)
        size = self.plan.trail + self.plan.window + 2 * (self.plan.gap + self.plan.stride) + int(self.lengths.max())
        self.tail = np.full(size, np.nan)
        self.told_odds = np.zeros(1)
        self.marks = np.array([NEVER, 0, NEVER], np.int64)

    @property
    def last(self) -> int:
        """The number of the last bin, or NEVER."""
        return int(self.marks[LAST])

    def step(self, number: int, count: float) -> float:
        """Take in one bin (NaN = not collected); its score."""
        return float(long_step(self.tail, self.marks, self.told_odds, number, count, self.plan, self.lengths))

    def run(self, first: int, counts: Floats) -> Floats:
        """Take in consecutive bins; the score of each."""
        scores = np.empty(len(counts))
        score_long_bins(self.tail, self.marks, self.told_odds, first, counts, self.plan, self.lengths, scores)
        return scores

    def parts(self) -> Parts:
        """The state, to be read or filled in place: an array a field."""
        return {"tail": self.tail, "marks": self.marks, "told_odds": self.told_odds}
