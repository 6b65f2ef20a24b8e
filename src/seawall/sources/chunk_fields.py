"""The columns of a chunk of a table whose format is known, converted on demand."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from seawall.sources import values
from seawall.sources.clock import Clock
from seawall.sources.tabular import Chunk, Faults


class ChunkFields:
    """Columns of a chunk, converted; null throughout where the file does not have the column."""

    def __init__(self, chunk: Chunk, clock: Clock) -> None:
        self._chunk = chunk
        self._clock = clock
        self.rows = len(chunk.positions)
        self.faults = Faults(self.rows)
        self.assumptions: set[str] = set()

    def __call__(self, name: str, convert: Any = values.ids) -> pa.Array:
        """A column by its name."""
        column = self._chunk.columns.get(name)
        return convert(pa.nulls(self.rows, pa.string()) if column is None else column)

    def has(self, name: str) -> bool:
        """Whether the file has the column."""
        return name in self._chunk.columns

    def times(self, name: str, field: str, *, required: bool) -> pa.Array:
        """A column as times."""
        column = self(name, lambda column: column)
        return self._clock.read(column, field, self.faults, self.assumptions, required=required)
