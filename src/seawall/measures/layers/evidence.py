"""The messages behind an edge or a community, in all layers: the core run again over the acts of those accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from seawall.measures.keys import Mask
from seawall.measures.layers.layer import Layer
from seawall.measures.layers.messages import Messages

TIME = pa.timestamp("us", "UTC")
ROW = pa.field("row", pa.int64())


def evidence(layers: Sequence[Layer], messages: Messages, source: Any, target: Any) -> pa.Table:
    """See ``LayeredNetwork.evidence``."""
    first, second = messages.number_of(source), messages.number_of(target)
    parts = [
        _empty(messages, ("source_message", "target_message"), ("source_at", "target_at"), ("lag_s", pa.float64()))
    ]
    for layer in layers:
        account = messages.account[layer.acts.row]
        ours, theirs = account == first, account == second
        if first == second or layer.window_s is None or not (ours.any() and theirs.any()):
            continue
        found = layer.network(ours | theirs)
        if len(found):
            rows = found.evidence(first, second)
            parts.append(_named(rows, layer, messages, parts[0].schema))
    return pa.concat_tables(parts).sort_by(
        [("source_at", "ascending"), ("target_at", "ascending"), ("layer", "ascending"), ("object", "ascending")]
    )


def among(layers: Sequence[Layer], messages: Messages, accounts: Sequence[Any]) -> pa.Table:
    """See ``LayeredNetwork.among``; and ``row`` (int64), the first row of each act's message."""
    members = np.zeros(len(messages.names), np.bool_)
    members[[messages.number_of(account) for account in accounts]] = True
    parts = [
        _empty(messages, ("account", "message"), ("at",), ("occasion", pa.int64())).append_column(
            ROW, pa.array([], ROW.type)
        )
    ]
    numbered = 0
    for layer in layers:
        rows = _together(layer, members[messages.account[layer.acts.row]], members)
        if rows is not None:
            rows = rows.set_column(4, "occasion", pa.array(rows["occasion"].to_numpy() + numbered))
            rows = rows.append_column("row", rows["message"])
            numbered = int(rows["occasion"].to_numpy().max(initial=numbered - 1)) + 1
            parts.append(_named(rows, layer, messages, parts[0].schema))
    return pa.concat_tables(parts).sort_by([("at", "ascending"), ("layer", "ascending"), ("occasion", "ascending")])


def _together(layer: Layer, which: Mask, members: Mask) -> pa.Table | None:
    if layer.window_s is None or not which.any():
        return None
    return layer.network(which).among(pa.array(np.flatnonzero(members).astype(np.int32)))


def _empty(messages: Messages, ids: Sequence[str], times: Sequence[str], last: tuple[str, pa.DataType]) -> pa.Table:
    message = messages.table.schema.field("message_id").type
    kinds = {"account": messages.names.type}
    return pa.schema(
        [
            ("layer", pa.string()),
            ("object", pa.string()),
            *((name, kinds.get(name, message)) for name in ids),
            *((name, TIME) for name in times),
            last,
        ]
    ).empty_table()


def _named(rows: pa.Table, layer: Layer, messages: Messages, schema: pa.Schema) -> pa.Table:
    """Ids instead of numbers."""
    columns: dict[str, Any] = {
        "layer": pa.array([layer.name] * len(rows), pa.string()),
        "object": layer.acts.names(rows["object"].to_numpy()),
    }
    for name in schema.names[2:]:
        column = rows[name]
        if name == "account":
            column = messages.names.take(column.combine_chunks())
        elif name.endswith("message"):
            column = messages.ids(column.to_numpy())
        columns[name] = column
    return pa.table(columns).cast(schema)
