"""An engine that runs measures of several steps over parts, as a cluster would, in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from seawall.engine import LocalEngine
from seawall.engine.local_parts import LocalParts
from seawall.parts import Rows, TableRows, as_rows, reader
from seawall.protocols import Measure, PartedMeasure


@dataclass
class PartedEngine:
    """Runs a measure over parts wherever it can: for trying out what a cluster will do, and for nothing else.

    Args:
        count: in how many parts rows are cut.
        batch: so many rows are read at once; None = as they come.
    """

    count: int = 3
    batch: int | None = None
    name: str = "parted"

    def run(
        self, measure: Measure | PartedMeasure, rows: Rows | pa.RecordBatchReader, *, total: int | None = None
    ) -> Any:
        """The measure's final result.

        Raises:
            MeasureError: the measure cannot use the rows.
        """
        if isinstance(measure, PartedMeasure):
            return measure.over(self.parts(rows))
        return LocalEngine().run(measure, rows)

    def parts(self, rows: Rows | pa.RecordBatchReader, *, total: int | None = None) -> LocalParts:
        """The rows as parts."""
        rows = as_rows(rows)
        if self.batch is not None:
            table = reader(rows).read_all().combine_chunks()
            rows = TableRows(pa.Table.from_batches(table.to_batches(max_chunksize=self.batch), table.schema))
        return LocalParts.of(rows, self.count)
