"""A stream of short bins: its state, and the compiled step on one bin or on many."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from seawall.measures.bursts.stream_plan import stream_plan
from seawall.measures.bursts.stream_state import STATE, fresh_state
from seawall.measures.bursts.stream_step import score_bins, step

Floats = npt.NDArray[np.float64]
Parts = dict[str, npt.NDArray[Any]]


class ShortBins:
    """Bins of which a day holds seven or more; see ``stream_step``. ``width``: of a bin, microseconds."""

    def __init__(self, width: int) -> None:
        self.plan = stream_plan(width)
        self.state = fresh_state(self.plan)

    @property
    def last(self) -> int:
        """The number of the last bin, or NEVER."""
        return int(self.state["last"][0])

    def step(self, number: int, count: float) -> float:
        """Take in one bin (NaN = not collected); its score."""
        return float(step(self.state[0], number, count, self.plan))

    def run(self, first: int, counts: Floats) -> Floats:
        """Take in consecutive bins; the score of each."""
        scores = np.empty(len(counts))
        score_bins(self.state, first, counts, self.plan, scores)
        return scores

    def parts(self) -> Parts:
        """The state, to be read or filled in place: an array a field."""
        return {name: self.state[name] for name in STATE.names or ()}
