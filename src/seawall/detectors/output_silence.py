"""Days on which a collector, and not those who publish, was silent: no message of any kind where many were due."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

DUE = 20.0
"""So many messages would have been due in a silence that is taken for a break in collection."""
BEFORE = 28
"""Days before it from which that is judged."""


def silences(counts: npt.NDArray[np.float64], known: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Stretches [begin, end) of days without any message, although ``DUE`` were due by the known days before.

    Args:
        counts: messages of all kinds, day by day.
        known: the days that count as collected.

    >>> list(silences(np.array([9.0] * 30 + [0.0] * 3 + [9.0]), np.ones(34, bool)))
    [(30, 33)]
    >>> list(silences(np.array([1.0] * 30 + [0.0] * 3 + [1.0]), np.ones(34, bool)))
    []
    """
    quiet = np.concatenate([[False], counts == 0, [False]])
    edges = np.flatnonzero(np.diff(quiet))
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        before = slice(max(begin - BEFORE, 0), begin)
        days, due = int(known[before].sum()), int(known[begin:end].sum())
        if days and counts[before][known[before]].sum() / days * due >= DUE:
            yield begin, end
