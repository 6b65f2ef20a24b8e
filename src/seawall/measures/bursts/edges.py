"""Where a surge begins and ends: the likeliest path through two states, ordinary and raised (or lowered).

After Kleinberg, Bursty and hierarchical structure in streams (KDD 2002), with the baseline as exposure.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

CHANGE_COST = 3.0
"""Nats that a change of state costs."""
UNKNOWN_COST = 0.1 * CHANGE_COST
"""Nats that a bin without knowledge costs the raised state, so that no window bridges a long gap."""
LOOK_AROUND = 12
"""How many reaches to each side are looked at."""
LEAST_CHANGE = 1.5
"""The raised state is at least this factor away from the ordinary one."""
ROUNDS = 2


@compiled
def likeliest_run(gains: Floats, begin: int, end: int) -> Ints:
    """The run of the second state that overlaps [begin, end) most, on the likeliest path; [begin, end) if none does.

    ``gains`` is, bin by bin, the log-likelihood of the second state less that of the first.
    """
    size = gains.shape[0]
    switched = np.zeros((2, size), np.bool_)
    ordinary, raised = 0.0, -CHANGE_COST
    for i in range(size):
        if i > 0:
            switched[0, i] = raised - CHANGE_COST > ordinary
            switched[1, i] = ordinary - CHANGE_COST > raised
            ordinary, raised = max(ordinary, raised - CHANGE_COST), max(raised, ordinary - CHANGE_COST)
        raised += gains[i]
    state = 1 if raised > ordinary else 0
    found = np.array([begin, end])
    overlap, right = 0, size
    for i in range(size - 1, -1, -1):
        before = 1 - state if switched[state, i] else state
        if state == 1 and (before == 0 or i == 0):
            shared = min(right, end) - max(i, begin)
            if shared > overlap:
                overlap, found[0], found[1] = shared, i, right
        if before != state and before == 1:
            right = i
        state = before
    return found


@compiled
def window_edges(
    counts: Floats, known: Bools, baseline: Floats, begin: int, end: int, reach: int, upwards: bool
) -> Ints:
    """[begin, end) of the window around a stretch of the scan, in bins of the series."""
    low, high = max(begin - LOOK_AROUND * reach, 0), min(end + LOOK_AROUND * reach, counts.shape[0])
    gains = np.zeros(high - low)
    found = np.array([begin - low, end - low])
    for _ in range(ROUNDS):
        observed, expected = 0.0, 0.0
        for i in range(low + found[0], low + found[1]):
            if known[i] and not math.isnan(baseline[0, i]):
                observed += counts[i]
                expected += baseline[0, i]
        factor = (observed + 0.5) / (expected + 0.5)
        factor = max(factor, LEAST_CHANGE) if upwards else min(factor, 1.0 / LEAST_CHANGE)
        for i in range(low, high):
            gains[i - low] = -UNKNOWN_COST
            if known[i] and not math.isnan(baseline[0, i]):
                size, mean = 1.0 / baseline[1, i], baseline[0, i]
                gains[i - low] = counts[i] * math.log(factor) - (counts[i] + size) * math.log(
                    (size + factor * mean) / (size + mean)
                )
        found = likeliest_run(gains, begin - low, end - low)
    return np.array([low + found[0], low + found[1]])
