"""The tables of a layered network: its edges, pairs and nodes, out of its layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.measures.discovery import benjamini_hochberg
from seawall.measures.layers.layer import Layer
from seawall.measures.layers.messages import Messages
from seawall.measures.layers.moments import LEAST_MOMENTS
from seawall.measures.layers.objects import LAYERS
from seawall.measures.layers.pooling import pooled
from seawall.measures.layers.separate import share_an_object

Numbers = npt.NDArray[Any]

LAYER_NAME = pa.dictionary(pa.int8(), pa.string())


def layers_table(layers: Sequence[Layer], left_out: dict[str, str]) -> pa.Table:
    """One row a layer that was asked for."""
    schema = pa.schema(
        [
            ("layer", pa.string()),
            ("rows", pa.int64()),
            ("objects", pa.int64()),
            ("window_s", pa.float64()),
            ("in_time", pa.int64()),
            ("edges", pa.int64()),
            ("left_out", pa.string()),
        ]
    )
    run: list[dict[str, Any]] = [
        {
            "layer": layer.name,
            "rows": len(layer.acts),
            "objects": len(layer.acts.first),
            "window_s": layer.window_s,
            "in_time": layer.in_time,
            "edges": len(layer.edges),
        }
        for layer in layers
    ]
    rows = [*run, *({"layer": name, "left_out": why} for name, why in left_out.items())]
    return pa.Table.from_pylist(sorted(rows, key=lambda row: LAYERS.index(str(row["layer"]))), schema=schema)


def edges_by_number(layers: Sequence[Layer]) -> pa.Table:
    """The edges of all layers, accounts as numbers, heaviest first, then by account and layer."""
    names = pa.array([layer.name for layer in layers], pa.string())
    parts = []
    for number, layer in enumerate(layers):
        which = pa.DictionaryArray.from_arrays(pa.array(np.full(len(layer.edges), number, np.int8)), names)
        parts.append(layer.edges.add_column(2, "layer", which))
    table = pa.concat_tables(parts)
    place = np.concatenate([np.full(len(part), number, np.int8) for number, part in enumerate(parts)])
    order = np.lexsort((place, table["target"].to_numpy(), table["source"].to_numpy(), -table["weight"].to_numpy()))
    return table.take(pa.array(order))


def with_names(table: pa.Table, messages: Messages) -> pa.Table:
    """Accounts by their ids instead of their numbers."""
    for place, name in enumerate(("source", "target")):
        table = table.set_column(place, name, messages.names.take(table[name].combine_chunks()))
    return table


def pairs_by_number(edges: pa.Table, layers: Sequence[Layer], messages: Messages) -> pa.Table:
    """One row a pair of accounts, by their numbers: its edges in all layers, see ``LayeredNetwork.pairs``."""
    keys = edges["source"].to_numpy().astype(np.int64) << 32 | edges["target"].to_numpy()
    pairs, pair = np.unique(keys, return_inverse=True)
    weight = edges["weight"].to_numpy()
    total = np.bincount(pair, weight, minlength=len(pairs))
    leads = np.bincount(pair, weight * edges["leads"].to_numpy(), minlength=len(pairs)) / total
    columns: dict[str, Any] = {
        "source": (pairs >> 32).astype(np.int32),
        "target": (pairs & 0xFFFFFFFF).astype(np.int32),
        "weight": total.astype(np.int64),
        "leads": leads,
        "layers": _layer_lists(edges, pair, len(pairs), [layer.name for layer in layers]),
    }
    order: list[Numbers] = [-total]
    if "p" in edges.column_names:
        ends = columns["source"], columns["target"]
        columns |= _judged(edges, pair, ends, layers, messages)
        order = [-total, columns["p"]]
    table = pa.table(columns)
    return table.take(pa.array(np.lexsort((columns["target"], columns["source"], *order))))


def _judged(
    edges: pa.Table, pair: Numbers, ends: tuple[Numbers, Numbers], layers: Sequence[Layer], messages: Messages
) -> dict[str, Numbers]:
    """What is known of chance for each pair, its layers together."""
    accounts = len(messages.names)
    all_pairs = accounts * (accounts - 1) // 2
    shared = [share_an_object(messages.account[layer.acts.row], layer.acts.object, ends) for layer in layers]
    told = np.maximum(np.sum(shared, axis=0), 1)
    p, p_sharing = (pooled(edges[name].to_numpy(), pair, told) for name in ("p", "p_sharing"))
    moments = np.zeros(len(told), np.int64)
    np.maximum.at(moments, pair, edges["moments"].to_numpy())
    return {
        "p": p,
        "q": benjamini_hochberg(p, min(sum(layer.hypotheses for layer in layers), all_pairs)),
        "p_sharing": p_sharing,
        "q_sharing": benjamini_hochberg(p_sharing, all_pairs),
        "moments": moments,
    }


def with_reason(pairs: pa.Table, q: float) -> pa.Table:
    """``reason``: why a pair was found, null where it was not."""
    by_times = pairs["q"].to_numpy() <= q
    by_things = (pairs["q_sharing"].to_numpy() <= q) & (pairs["moments"].to_numpy() >= LEAST_MOMENTS)
    reasons = pa.array(np.where(by_times, "times", "things"), pa.string(), mask=~(by_times | by_things))
    return pairs.append_column("reason", reasons)


def _layer_lists(edges: pa.Table, pair: Numbers, pairs: int, names: list[str]) -> pa.Array:
    present = np.zeros((pairs, len(names)), np.bool_)
    present[pair, _layer_numbers(edges)] = True
    starts = np.concatenate([[0], np.cumsum(present.sum(axis=1))]).astype(np.int32)
    values = pa.array(names, pa.string()).take(pa.array(np.nonzero(present)[1]))
    return pa.ListArray.from_arrays(pa.array(starts), values)


def _layer_numbers(edges: pa.Table) -> Numbers:
    column = edges["layer"].combine_chunks()
    numbers: Numbers = column.indices.to_numpy()
    return numbers


def nodes_by_number(found: pa.Table, layers: Sequence[Layer], messages: Messages) -> pa.Table:
    """One row an account of the pairs that were found; see ``LayeredNetwork.nodes``."""
    source, target = found["source"].to_numpy(), found["target"].to_numpy()
    weight, leads = found["weight"].to_numpy(), found["leads"].to_numpy()
    used, end = np.unique(np.concatenate([source, target]), return_inverse=True)
    strength = np.bincount(end, np.concatenate([weight, weight]), minlength=len(used))
    led = np.bincount(end, np.concatenate([weight * leads, weight * (1 - leads)]), minlength=len(used))
    first, key = _first_acts(used, layers, messages)
    table = pa.table(
        {
            "account": used.astype(np.int32),
            "degree": np.bincount(end, minlength=len(used)),
            "strength": strength.astype(np.int64),
            "leads": led / strength,
            "first_at": pa.array(first).cast(pa.timestamp("us", "UTC")),
            "key": key,
        }
    )
    return table.take(pa.array(np.lexsort((used, -strength))))


def _first_acts(used: Numbers, layers: Sequence[Layer], messages: Messages) -> tuple[Numbers, Numbers]:
    """The time of each account's first act in any layer, and the key of its message."""
    mask = np.zeros(len(messages), np.bool_)
    for layer in layers:
        mask[layer.acts.row] = True
    wanted = np.zeros(len(messages.names), np.bool_)
    wanted[used] = True
    rows = np.flatnonzero(mask & wanted[messages.account])
    rows = rows[np.lexsort((messages.message_key[rows], messages.at[rows]))][::-1]
    first = np.zeros(len(messages.names), np.int64)
    first[messages.account[rows]] = rows
    chosen = first[used]
    return messages.at[chosen], messages.message_key[chosen]
