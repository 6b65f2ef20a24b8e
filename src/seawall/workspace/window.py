"""What a detector may see of the lake."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from seawall.engine import TableWindow
from seawall.lake import Lake
from seawall.parts import Rows
from seawall.protocols import Detector, Engine


def lake_window(
    lake: Lake, detector: Detector, engine: Engine, *, start: datetime | None = None, end: datetime | None = None
) -> TableWindow:
    """The lake's rows of this time (UTC, end exclusive), in the columns that the detector declares."""

    def read(table: str, columns: tuple[str, ...]) -> pa.RecordBatchReader:
        return lake.reader(table, columns, start=start, end=end)

    def in_pieces(table: str, columns: tuple[str, ...]) -> Rows:
        return lake.rows(table, columns, start=start, end=end)

    return TableWindow(read, detector.needs, engine, start, end, in_pieces=in_pieces)
