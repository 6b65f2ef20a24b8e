"""Columns that came later: the log of a table that an older Seawall made is told of them, once.

Readers do without: a data file that lacks a column gives nulls for it.
"""

from __future__ import annotations

import json

from deltalake import Schema

from seawall.lake.delta import DeltaFolder
from seawall.lake.schemas import STORED
from seawall.model.lake import LATER


def widen(table: DeltaFolder) -> None:
    """Tell the log of the columns that its table lacks, so that other readers of Delta tables see them, too.

    Raises:
        StorageError: the disk refused, or the log is damaged.
    """
    if table.table not in LATER:
        return
    with table.place.refusals():
        known = table.place.delta()
        if {field.name for field in known.schema().fields} >= set(LATER[table.table]):
            return
        told = known.metadata()
    table.commit(
        [],
        operation="ADD COLUMN",
        metadata={
            "id": str(told.id),
            "format": {"provider": "parquet", "options": {}},
            "schemaString": json.dumps(json.loads(Schema.from_arrow(STORED[table.table]).to_json())),
            "partitionColumns": told.partition_columns,
            "configuration": told.configuration,
            "createdTime": told.created_time,
        },
    )
