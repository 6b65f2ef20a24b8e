"""Whether a place stays: it is linked to on other days than its busiest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.emergence.clock import DAY

Ints = npt.NDArray[np.int64]

LEFT = 0.5
"""Outside its busiest 24 hours a place that stays has at least this part of the channels that it has within them."""


def stays(at: Ints, channels: Ints) -> bool:
    """Whether links (in the order of time) are more than one occasion.

    >>> import numpy as np
    >>> hours = np.array([0, 1, 2, 3, 30, 60]) * 3_600_000_000
    >>> stays(hours, np.array([1, 2, 3, 4, 1, 5])), stays(hours, np.array([1, 2, 3, 4, 1, 1]))
    (True, False)
    """
    ends = np.searchsorted(at, at + DAY, side="left")
    codes = np.unique(channels, return_inverse=True)[1]
    inside = _within(codes.astype(np.int64), ends.astype(np.int64))
    busiest = int(np.argmax(inside))
    outside = np.concatenate([channels[:busiest], channels[ends[busiest] :]])
    return len(set(outside.tolist())) >= max(LEFT * int(inside[busiest]), 1)


@compiled
def _within(codes: Ints, ends: Ints) -> Ints:
    """For each link how many channels link from it on until its end; ``codes`` number the channels from 0."""
    held = np.zeros(codes.max() + 1, np.int64)
    inside = np.empty(codes.shape[0], np.int64)
    there, end = 0, 0
    for start in range(codes.shape[0]):
        while end < ends[start]:
            there += held[codes[end]] == 0
            held[codes[end]] += 1
            end += 1
        inside[start] = there
        held[codes[start]] -= 1
        there -= held[codes[start]] == 0
    return inside
