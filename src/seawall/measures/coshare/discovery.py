"""Which of many p-values to believe: the false discovery rate of Benjamini and Hochberg (1995)."""

from __future__ import annotations

import numpy as np

from seawall.measures.compiled import compiled
from seawall.measures.coshare.ordering import numbered
from seawall.measures.coshare.tails import Floats
from seawall.measures.keys import Keys, mix


def false_discovery(p: Floats, hypotheses: int) -> Floats:
    """The smallest rate of false discoveries at which each would be one.

    Args:
        p: p-values of the hypotheses that may be discoveries.
        hypotheses: how many there are in all, at least as many as ``p``; the p-values of the others count as 1.
            A larger number is allowed and makes each q larger.

    >>> false_discovery(np.array([0.001, 0.5, 0.004]), 10).tolist()
    [0.01, 1.0, 0.02]
    """
    codes, firsts = numbered(_spread(p))
    values = p[firsts]
    order = np.argsort(values)
    ranks = np.cumsum(np.bincount(codes, minlength=len(values))[order])
    adjusted = np.minimum.accumulate((values[order] * hypotheses / ranks)[::-1])[::-1]
    q = np.empty(len(values))
    q[order] = np.minimum(1.0, adjusted)
    found: Floats = q[codes]
    return found


@compiled
def _spread(p: Floats) -> Keys:
    """A key of each number, so that equal ones are ranked once."""
    bits = p.view(np.uint64)
    keys = np.empty(len(p), np.uint64)
    for k in range(len(p)):
        keys[k] = mix(bits[k])
    return keys
