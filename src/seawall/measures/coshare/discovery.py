"""Which of many p-values to believe: the false discovery rate of Benjamini and Hochberg (1995)."""

from __future__ import annotations

import numpy as np

from seawall.measures.coshare.tails import Floats


def false_discovery(p: Floats, hypotheses: int) -> Floats:
    """The smallest rate of false discoveries at which each would be one.

    Args:
        p: p-values of the hypotheses that may be discoveries.
        hypotheses: how many there are in all, at least as many as ``p``; the p-values of the others count as 1.
            A larger number is allowed and makes each q larger.

    >>> false_discovery(np.array([0.001, 0.5, 0.004]), 10).tolist()
    [0.01, 1.0, 0.02]
    """
    q = np.ones(len(p))
    worth = np.flatnonzero(p * hypotheses < len(p))  # the others have q = 1, whatever their rank
    order = worth[np.argsort(p[worth])]
    ranked = p[order] * hypotheses / np.arange(1, len(order) + 1)
    q[order] = np.minimum(1.0, np.minimum.accumulate(ranked[::-1])[::-1])
    return q
