"""An engine that runs measures of several steps over parts, as a cluster would, in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from seawall.engine import LocalEngine
from seawall.engine.local_parts import LocalParts
from seawall.parts import Rows, as_rows
from seawall.protocols import Measure, PartedMeasure


@dataclass
class PartedEngine:
    """What runs on ``count`` parts wherever it can.

    Args:
        count: in how many parts rows are cut.
    """

    count: int = 3
    name: str = "parted"

    def run(
        self, measure: Measure | PartedMeasure, rows: Rows | pa.RecordBatchReader, *, total: int | None = None
    ) -> Any:
        """The measure's final result."""
        if isinstance(measure, PartedMeasure):
            return measure.over(self.parts(rows))
        return LocalEngine().run(measure, rows)

    def parts(self, rows: Rows | pa.RecordBatchReader, *, total: int | None = None) -> LocalParts:
        """The rows as parts."""
        return LocalParts.of(as_rows(rows), self.count)
