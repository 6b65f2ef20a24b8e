"""A window over tables in memory, for tests and for trying a detector out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.engine import TIME_COLUMNS, LocalEngine, TableWindow
from seawall.model import TABLES
from seawall.protocols import Detector, Engine


class MemoryWindow(TableWindow):
    """What a detector may see of tables in memory.

    Args:
        tables: table name -> rows; a table of the lake that is not given is empty.
        detector: it sees the columns that it declares.
        engine: runs its measures; None = a ``LocalEngine``.
        start: inclusive.
        end: exclusive.

    >>> from seawall.detectors import CanaryDetector
    >>> canary = CanaryDetector()
    >>> [alert.sentence for alert in canary.detect(MemoryWindow(canary.examples()[0], canary))]
    ['The canary phrase stands in 1 message, first on 3 May 2026 14:05 UTC: the chain from import to alert works.']
    """

    def __init__(
        self,
        tables: Mapping[str, pa.Table],
        detector: Detector,
        engine: Engine | None = None,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> None:
        def read(table: str, columns: tuple[str, ...]) -> pa.RecordBatchReader:
            rows = tables[table] if table in tables else TABLES[table].empty_table()
            return _within(rows, TIME_COLUMNS.get(table), start, end).select(list(columns)).to_reader()

        super().__init__(read, detector.needs, engine or LocalEngine(), start, end)


def _within(rows: pa.Table, column: str | None, start: datetime | None, end: datetime | None) -> pa.Table:
    for edge, keeps in ((start, pc.greater_equal), (end, pc.less)):
        if column is not None and edge is not None:
            limit: Any = pa.scalar(edge, rows.schema.field(column).type)
            rows = rows.filter(keeps(rows[column], limit))
    return rows
