"""What messages share: the same text, a repost of the same message, the same link."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

COLUMNS = {
    layer: ("message_id", "account_id", "sent_at", *keys)
    for layer, keys in {
        "text": ("text_key", "repost_of"),
        "repost": ("repost_of",),
        "link": ("links", "repost_of"),
    }.items()
}
"""The columns of ``messages`` that each layer reads."""


def shares(messages: pa.RecordBatchReader, layer: str) -> pa.RecordBatchReader:
    """``object``, ``account``, ``message`` and ``at`` of each share; read as it streams."""
    kind = pa.uint64() if layer == "text" else pa.string()
    schema = pa.schema(
        [("object", kind), ("account", pa.string()), ("message", pa.string()), ("at", pa.timestamp("us", "UTC"))]
    )

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in messages:
            objects, rows = _objects(batch, layer)
            named = [batch[name].take(rows) for name in ("account_id", "message_id", "sent_at")]
            yield pa.RecordBatch.from_arrays([objects, *named], schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _objects(batch: pa.RecordBatch, layer: str) -> tuple[pa.Array, pa.Array]:
    """What was shared, and the row in which."""
    if layer == "repost":
        rows = pc.indices_nonzero(pc.is_valid(batch["repost_of"]))
        return batch["repost_of"].take(rows), rows
    own = pc.is_null(batch["repost_of"])
    if layer == "text":
        rows = pc.indices_nonzero(pc.and_(own, pc.is_valid(batch["text_key"])))
        return batch["text_key"].take(rows), rows
    rows = pc.indices_nonzero(pc.and_(own, pc.is_valid(batch["links"])))
    links = batch["links"].take(rows)
    return pc.struct_field(pc.list_flatten(links), "url"), rows.take(pc.list_parent_indices(links))
