"""Whether a place stays: it is linked to on other days than its busiest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

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
    inside = [len(set(channels[start:end].tolist())) for start, end in enumerate(ends.tolist())]
    busiest = int(np.argmax(inside))
    outside = np.concatenate([channels[:busiest], channels[ends[busiest] :]])
    return len(set(outside.tolist())) >= max(LEFT * inside[busiest], 1)
