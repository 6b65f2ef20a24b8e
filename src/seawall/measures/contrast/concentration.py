"""How evenly messages are spread over those who wrote them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


def gini(counts: Ints) -> float:
    """Gini's coefficient of counts above 0: 0 where everybody wrote as much, towards 1 where one wrote all.

    >>> gini(np.array([5, 5, 5])), round(gini(np.array([1, 1, 98])), 2)
    (0.0, 0.65)
    """
    if not len(counts):
        return 0.0
    ordered = np.sort(counts)
    ranks = np.arange(1, len(ordered) + 1)
    return float(2 * np.sum(ranks * ordered) / (len(ordered) * ordered.sum()) - (len(ordered) + 1) / len(ordered))


def least_for_half(counts: Ints) -> int:
    """The least number of writers whose messages are half of all, or more.

    >>> least_for_half(np.array([6, 2, 2])), least_for_half(np.array([1] * 10)), least_for_half(np.array([], int))
    (1, 5, 0)
    """
    if not len(counts):
        return 0
    running = np.cumsum(np.sort(counts)[::-1])
    return int(np.searchsorted(2 * running, running[-1]) + 1)
