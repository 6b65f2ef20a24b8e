"""Which of many p-values to believe: the false discovery rate."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def benjamini_hochberg(p: Floats, hypotheses: float | None = None) -> Floats:
    """q of each p: the smallest false discovery rate at which it is still a discovery.

    Benjamini and Hochberg, Journal of the Royal Statistical Society B 57, 1995.

    Args:
        p: p-values, float64.
        hypotheses: how many there were, where these are not all of them; the others count as p = 1.

    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    >>> benjamini_hochberg(np.array([0.01, 0.001, 0.5]), 10).round(4).tolist()
    [0.05, 0.01, 1.0]
    """
    order = np.argsort(p, kind="stable")
    raised = p[order] * max(hypotheses or 0, len(p)) / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return q
