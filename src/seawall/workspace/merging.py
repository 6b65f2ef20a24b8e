"""Clean batches of one feed as one larger batch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from seawall.model import TABLES
from seawall.protocols import CleanBatch, RowKeys

_TIMES = {"first_seen": "min", "last_seen": "max", "valid_from": "min"}


def merged(batches: Sequence[CleanBatch]) -> CleanBatch:
    """The rows of all batches in their order; what they tell of accounts and channels again and again stands once.

    The ``batch`` of the rows is left as it is: the lake writes its own.
    """
    if len(batches) == 1:
        return batches[0]
    tables = {name: pa.concat_tables([batch.tables[name] for batch in batches]) for name in TABLES if name != "batches"}
    tables |= {name: _once(tables[name], name) for name in ("accounts", "aliases", "channels")}
    rows = np.cumsum([0, *(batch.tables["messages"].num_rows for batch in batches)])
    parents = [
        np.where(batch.parents >= 0, batch.parents + start, -1) for batch, start in zip(batches, rows, strict=False)
    ]
    return CleanBatch(
        records=sum(batch.records for batch in batches),
        tables=tables,
        message_keys=_keys([batch.message_keys for batch in batches]),
        interaction_keys=_keys([batch.interaction_keys for batch in batches]),
        parents=np.concatenate(parents),
    )


def _keys(parts: Sequence[RowKeys]) -> RowKeys:
    columns = ([getattr(part, name) for part in parts] for name in RowKeys.__dataclass_fields__)
    return RowKeys(*(np.concatenate(column) for column in columns))


def _once(rows: pa.Table, name: str) -> pa.Table:
    """Rows that tell the same, as one; from the first time to the last, so that readers see what they would have."""
    schema = TABLES[name]
    times = {"batch": "max"} | {column: how for column, how in _TIMES.items() if column in schema.names}
    keys = [column for column in schema.names if column not in times]
    told = rows.group_by(keys, use_threads=False).aggregate(list(times.items()))
    columns = [told.column(f"{column}_{times[column]}" if column in times else column) for column in schema.names]
    return pa.Table.from_arrays(columns, schema=schema)
