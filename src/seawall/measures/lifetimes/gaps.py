"""Times in which nobody looked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from seawall.errors import MeasureError
from seawall.measures.lifetimes.times import instants, is_days
from seawall.measures.tables import as_table, require_columns

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Gaps:
    """Intervals that do not touch, in the order of time."""

    start: Ints
    end: Ints

    @classmethod
    def of(cls, table: Any, dated: bool) -> Gaps:
        """Those of a table with the columns ``start`` and ``end``, joined where they touch.

        Raises:
            MeasureError: a column is missing, a time is, or an interval ends before it starts.
        """
        told = as_table(table)
        require_columns(told, ("start", "end"))
        if len(told) and is_days(told.schema.field("start").type) == dated:
            raise MeasureError(
                "Gaps are not told as the spells are.", where="gaps", mend="Give dates, or days, to both."
            )
        (start, has_start), (end, has_end) = (instants(told.column(name), name) for name in ("start", "end"))
        if not (has_start & has_end & (start <= end)).all():
            raise MeasureError(
                "A gap has no start, no end, or ends before it starts.", where="gaps", mend="Correct such rows."
            )
        order = np.argsort(start, kind="stable")
        start, end = start[order], np.maximum.accumulate(end[order]) if len(end) else end
        fresh = np.concatenate([[True], start[1:] > end[:-1]])[: len(start)]
        last = np.concatenate([fresh[1:], [True]])[: len(start)]
        return cls(start[fresh], end[last])

    def around(self, at: Ints) -> tuple[Bools, Ints]:
        """Whether each time lies within a gap or at its end, and where that gap began."""
        if not len(self.start):
            return np.zeros(len(at), np.bool_), at
        place = np.maximum(np.searchsorted(self.start, at, side="left") - 1, 0)
        inside = (self.start[place] < at) & (at <= self.end[place])
        return inside, np.where(inside, self.start[place], at)
