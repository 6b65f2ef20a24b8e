"""An engine that runs measures of several steps as many machines would, in memory: rows in batches, and cut by keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from seawall.engine.local_parts import LocalParts
from seawall.parts import Rows, TableRows, reader
from seawall.protocols import Measure, PartedMeasure


@dataclass(frozen=True)
class InParts:
    """Runs ``over`` on rows cut in so many parts.

    Args:
        count: in how many parts ``by`` cuts.
        batch: so many rows are read at once.
    """

    count: int
    batch: int = 1 << 20
    name: str = "in parts"

    def run(
        self, measure: Measure | PartedMeasure, rows: Rows | pa.RecordBatchReader, *, total: int | None = None
    ) -> Any:
        """The measure's final result."""
        parts = self.parts(rows)
        if isinstance(measure, PartedMeasure):
            return measure.over(parts)
        return measure.finalise(measure.merge([parts.each(measure.prepare).by(measure.key).each(measure.kernel).all()]))

    def parts(self, rows: Rows | pa.RecordBatchReader, *, total: int | None = None) -> LocalParts:
        """The rows as parts."""
        table = (reader(rows) if isinstance(rows, Rows) else rows).read_all()
        batches = table.combine_chunks().to_batches(max_chunksize=self.batch)
        return LocalParts.of(TableRows(pa.Table.from_batches(batches, table.schema)), self.count)
