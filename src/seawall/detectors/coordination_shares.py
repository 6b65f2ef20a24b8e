"""What messages share: the same text, a repost of the same message, the same link, hashtags, reply, mention, file."""

from __future__ import annotations

from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from seawall.parts import Mapped, Rows
from seawall.protocols import Window

_KEYS = {
    "text": ("text_key", "repost_of"),
    "repost": ("repost_of",),
    "link": ("links", "repost_of"),
    "hashtag": ("hashtags", "repost_of"),
    "hashtag_sequence": ("hashtags", "repost_of"),
    "reply": ("reply_to", "repost_of"),
    "mention": ("mentions", "repost_of"),
    "media": ("media", "repost_of"),
}
_NEEDED = ("message_id", "account_id", "sent_at")

LAYER_COLUMNS = {layer: (*_NEEDED, *keys) for layer, keys in _KEYS.items()}
"""The columns of ``messages`` that each layer reads."""

COLUMNS = {layer: LAYER_COLUMNS[layer] for layer in ("text", "repost", "link")}
"""Of the layers that are looked at while it happens, and within a campaign candidate."""

LEAST_QUALITY = 50
"""The PDQ hash of a picture of lower quality says nothing."""


def shares(messages: pa.RecordBatchReader, layer: str) -> pa.RecordBatchReader:
    """``object``, ``account``, ``message`` and ``at`` of each share; read as it streams."""
    batches = (_shares_of(layer, batch) for batch in messages)
    return pa.RecordBatchReader.from_batches(_schema(layer), batches)


def share_rows(window: Window, layer: str) -> Rows:
    """The same of the messages of a window, for an engine to read wherever it works."""
    return Mapped(window.table("messages", LAYER_COLUMNS[layer]), partial(_shares_of, layer))


def _schema(layer: str) -> pa.Schema:
    kind = pa.uint64() if layer == "text" else pa.string()
    return pa.schema(
        [("object", kind), ("account", pa.string()), ("message", pa.string()), ("at", pa.timestamp("us", "UTC"))]
    )


def _shares_of(layer: str, messages: pa.RecordBatch) -> pa.RecordBatch:
    objects, rows = _objects(messages, layer)
    named = [messages[name].take(rows) for name in ("account_id", "message_id", "sent_at")]
    return pa.RecordBatch.from_arrays([objects, *named], schema=_schema(layer))


def _objects(batch: pa.RecordBatch, layer: str) -> tuple[pa.Array, pa.Array]:
    """What was shared, and the row in which."""
    column = _KEYS[layer][0]
    told = pc.is_valid(batch[column])
    rows = pc.indices_nonzero(told if layer == "repost" else pc.and_(told, pc.is_null(batch["repost_of"])))
    values = batch[column].take(rows)
    if layer in ("text", "repost", "reply"):
        return values, rows
    if layer == "hashtag_sequence":
        several = pc.greater(pc.list_value_length(values), 1)
        values, rows = values.filter(several), rows.filter(several)
        return pc.binary_join(values, " "), rows
    parents, items = pc.list_parent_indices(values), pc.list_flatten(values)
    if layer == "link":
        items = pc.struct_field(items, "url")
    elif layer == "media":
        items = _files(items)
    return items, rows.take(parents)


def _files(media: pa.Array) -> pa.Array:
    """What a file is known by: its PDQ hash where that is good, else its SHA-256, else nothing."""
    pdq, quality = pc.struct_field(media, "pdq"), pc.struct_field(media, "quality")
    good = pc.fill_null(pc.greater_equal(quality, LEAST_QUALITY), fill_value=True)
    return pc.coalesce(pc.if_else(good, pdq, pa.scalar(None, pa.string())), pc.struct_field(media, "sha256"))
