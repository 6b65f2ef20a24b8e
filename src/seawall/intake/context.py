"""What every step of intake needs to know of the batch that it works on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from seawall.intake.pseudonyms import Pseudonyms
from seawall.intake.withheld import without_hidden_bytes


@dataclass(frozen=True, slots=True)
class Context:
    """One batch, and under which terms it is taken in."""

    platform: str
    source: str
    file: str  # first 16 hexadecimal digits of the input's SHA-256
    batch: int
    collected_at: datetime
    basis: str | None
    identify_language: bool
    ids_within_channel: bool
    ids_name_accounts: bool
    pseudonyms: Pseudonyms

    def table(self, schema: pa.Schema, rows: int, columns: dict[str, Any]) -> pa.Table:
        """A lake table: given columns, this batch's platform, source and number, null for the rest."""
        constant = {"platform": self.platform, "source": self.source, "batch": self.batch, "file": self.file}
        arrays = []
        for field in schema:
            values = columns.get(field.name)
            if values is None:
                told = constant.get(field.name)
                values = pa.repeat(pa.scalar(told, field.type), rows)
            if isinstance(values, pa.ChunkedArray):
                values = values.combine_chunks()
            values = values if values.type == field.type else values.cast(field.type)
            arrays.append(without_hidden_bytes(values) if pa.types.is_string(field.type) else values)
        return pa.Table.from_arrays(arrays, schema=schema)
