"""How the records of the model lie on disk, and how they come back.

Delta knows no unsigned integers, so the 64-bit hashes are stored as signed ones with the same bits. Messages
and interactions carry three hidden columns, the keyed hashes ``id_key`` and ``content_key`` and the time of the
last edit, from which the duplicate index can be rebuilt.
"""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa

from seawall.model import TABLES
from seawall.model.lake import LATER

KEYS = ("id_key", "content_key", "edited_key")
KEYED = ("messages", "interactions", "deletions")
"""Tables whose rows stand in the duplicate index."""

TIME_COLUMN = {
    "messages": "sent_at",
    "interactions": "at",
    "deletions": "deleted_at",
    "coverage": "start",
    "batches": "committed_at",
}
"""The column that bounds of time refer to; tables that are not named have none and are read whole."""

REFERENCES = ("reply_to", "repost_of", "thread_of")
"""Columns of messages that name other messages."""

PRIVATE_COLUMNS = {
    "messages": frozenset({"text", "links", "hashtags", "media"}),
    "channels": frozenset({"title", "handle"}),
}
"""Words of people: they never reach a spill file."""

SCAN = {"batch_size": 65_536, "batch_readahead": 2, "fragment_readahead": 1}
"""How far ahead data files are read: whole rows of 5 million messages pass through half a gigabyte."""

_DICTIONARY = {
    "platform",
    "source",
    "channel_id",
    "account_id",
    "kind",
    "visibility",
    "language",
    "collected_at",
    "sent_at",
    "batch",
    "edited_key",
    "source_account",
    "target_account",
    "contact_kind",
    "length_class",
    "feed",
    "file",
    "field",
    "reason",
    "extractor",
    "raw_ref.file",
    "mentions.list.element",
    "hashtags.list.element",
    "links.list.element.domain",
    "links.list.element.place",
}


def _stored_field(column: pa.Field) -> pa.Field:
    return column.with_type(pa.int64()) if column.type == pa.uint64() else column


def _stored(table: str, schema: pa.Schema) -> pa.Schema:
    """The columns with statistics stand first, because readers of the log look at the first 32 leaves only."""
    first = statistics_columns(table)
    names = [*first, *(name for name in schema.names if name not in first)]
    fields = [_stored_field(schema.field(name)) for name in names]
    if table in KEYED:
        fields += [pa.field(name, pa.int64()) for name in KEYS]  # null: the row shares its message's fate
    return pa.schema(fields)


def statistics_columns(table: str) -> list[str]:
    """The only columns of which the log and the files keep minimum and maximum: none that tells of a person."""
    return [name for name in (TIME_COLUMN.get(table), "batch") if name is not None]


STORED: dict[str, pa.Schema] = {name: _stored(name, schema) for name, schema in TABLES.items()}
"""The schema of each Delta table."""


def fits(table: str, columns: Collection[str]) -> bool:
    """Whether a data file has the columns of its table; one of an older Seawall may lack those that came later.

    >>> names = STORED["channels"].names
    >>> fits("channels", names), fits("channels", [name for name in names if name not in LATER["channels"]])
    (True, True)
    >>> fits("channels", names[:3])
    False
    """
    later = set(LATER.get(table, ())) - set(columns)
    return list(columns) == [name for name in STORED[table].names if name not in later]


def dictionary_columns(table: str) -> list[str]:
    """The parquet columns of few distinct values: the rest is not worth a dictionary."""
    names = set(STORED[table].names)
    return sorted(path for path in _DICTIONARY if path.split(".")[0] in names)


def to_stored(table: str, rows: pa.Table, batch: int) -> pa.Table:
    """Rows of the model (and the hidden keys, where there are any) as rows of the Delta table, all of one batch."""
    arrays = []
    for column in STORED[table]:
        if column.name == "batch":
            arrays.append(pa.repeat(pa.scalar(batch, pa.int64()), rows.num_rows))
        else:
            arrays.append(signed(rows.column(column.name)))
    return pa.Table.from_arrays(arrays, schema=STORED[table])


def signed(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """The same bits as a signed column, where the column is unsigned."""
    if values.type != pa.uint64():
        return values
    return pa.chunked_array([chunk.view(pa.int64()) for chunk in values.chunks], pa.int64())


def from_stored(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The columns of ``schema`` (of the model) out of stored rows."""
    arrays = []
    for column in schema:
        values = batch.column(column.name)
        arrays.append(values.view(pa.uint64()) if column.type == pa.uint64() else values)
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
