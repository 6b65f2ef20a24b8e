"""The best way to cut a series into pieces that are level or straight, for each number of parameters spent.

An exact dynamic program over the end of the last piece (Auger and Lawrence, Bulletin of Mathematical Biology 51, 1989;
the segment neighbourhood), with parameters in place of segments, so that every piece may choose its own form.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEVEL, LINE = 0, 1


@compiled
def running_sums(values: Floats, times: Floats) -> Floats:
    """Sums up to each observation, (3 + 2d) x (n + 1): of times, their squares, all squares; values, and them by times.

    ``values`` is n x d without holes, ``times`` n; the rows from the fourth on are two for each of d.
    """
    size, width = values.shape
    sums = np.zeros((3 + 2 * width, size + 1))
    for i in range(size):
        sums[0, i + 1] = sums[0, i] + times[i]
        sums[1, i + 1] = sums[1, i] + times[i] * times[i]
        squares = 0.0
        for k in range(width):
            value = values[i, k]
            squares += value * value
            sums[3 + 2 * k, i + 1] = sums[3 + 2 * k, i] + value
            sums[4 + 2 * k, i + 1] = sums[4 + 2 * k, i] + value * times[i]
        sums[2, i + 1] = sums[2, i] + squares
    return sums


@compiled
def left_over(sums: Floats, begin: int, end: int) -> tuple[float, float]:
    """The squares that a level, and that a line, leave unexplained in [begin, end)."""
    size = end - begin
    time = sums[0, end] - sums[0, begin]
    spread = sums[1, end] - sums[1, begin] - time * time / size
    level = sums[2, end] - sums[2, begin]
    gain = 0.0
    for k in range((sums.shape[0] - 3) // 2):
        total = sums[3 + 2 * k, end] - sums[3 + 2 * k, begin]
        level -= total * total / size
        slant = sums[4 + 2 * k, end] - sums[4 + 2 * k, begin] - time * total / size
        gain += slant * slant
    level = max(level, 0.0)
    return level, max(level - gain / spread, 0.0) if spread > 0.0 else level


@compiled
def best_cuts(sums: Floats, edges: Ints, least: int, prices: Ints, most: int) -> tuple[Floats, Ints]:
    """The least that pieces leave over, for each end and each number of parameters, and the piece it ends with.

    ``edges`` are the places where a piece may begin or end, from 0 to n; a piece holds at least ``least``
    observations; ``prices`` are the parameters of a level and of a line; at most ``most`` are spent.

    Returns:
        Two tables, edges x (most + 1): what is left over (infinite = impossible), and twice the number of the edge at
        which the last piece begins, plus its form.
    """
    count = edges.shape[0]
    best = np.full((count, most + 1), np.inf)
    came = np.full((count, most + 1), -1)
    best[0, 0] = 0.0
    costs = np.empty(2)
    for end in range(1, count):
        for begin in range(end):
            if edges[end] - edges[begin] < least:
                break
            costs[LEVEL], costs[LINE] = left_over(sums, edges[begin], edges[end])
            for form in range(2):
                price, cost = prices[form], costs[form]
                for spent in range(price, most + 1):
                    total = best[begin, spent - price] + cost
                    if total < best[end, spent]:
                        best[end, spent] = total
                        came[end, spent] = 2 * begin + form
    return best, came


@compiled
def trace(came: Ints, edges: Ints, prices: Ints, spent: int) -> tuple[Ints, Ints]:
    """Where the pieces begin, and their forms, in order, of the best cut with ``spent`` parameters."""
    begins, forms = np.empty(spent, np.int64), np.empty(spent, np.int64)
    end, found = edges.shape[0] - 1, 0
    while end > 0:
        form = came[end, spent] % 2
        end, spent = came[end, spent] // 2, spent - prices[form]
        begins[found], forms[found] = edges[end], form
        found += 1
    return begins[:found][::-1].copy(), forms[:found][::-1].copy()
