"""Pairs of accounts that chance does not explain, layer by layer, for two reasons that are never mixed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.coordination_meetings import SEVERAL, by_meetings, one_thing_a_message
from seawall.measures import Network, coordination
from seawall.measures.keys import identity_keys

ONE_MOMENT = 0.75
"""A thing of which at least this part of all shares fell on one occasion was shared at one moment."""

MOMENTS = 5
"""Where times cannot tell, two accounts are linked by so many things of one moment or more."""

PAIRS = pa.schema(
    [
        ("source", pa.string()),
        ("target", pa.string()),
        ("layer", pa.string()),
        ("reason", pa.string()),
        ("weight", pa.int64()),
        ("expected", pa.float64()),
        ("p", pa.float64()),
        ("q", pa.float64()),
        ("q_sharing", pa.float64()),
        ("leads", pa.float64()),
        ("median_lag_s", pa.float64()),
    ]
)
"""``reason`` is "times" or "things"; p and q answer the question of the reason, ``expected`` is null for "things"."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer that was looked at.

    Args:
        name: of the layer.
        network: with significance.
        shares: gives the layer's shares once more.
    """

    name: str
    network: Network
    shares: Callable[[], pa.RecordBatchReader]


def unexplained(layer: Layer, q: float, least: int) -> pa.Table:
    """The pairs of a layer that stand out, see PAIRS; each once.

    *Times*: given who shared what, the two were in time on more things than the things' own times explain. *Things*:
    where a thing was shared at one moment only, its times explain everything and tell nothing; there the question is
    whether two accounts share more things than their activity and the things' popularity explain, and they must have
    been in time on MOMENTS such things. Things that come in the same two messages are one meeting, of which each
    pair has at least ``least``.
    """
    edges = layer.network.edges
    times = edges.filter(pc.less_equal(edges["q"], q))
    rest = edges.filter(pc.and_(pc.greater(edges["q"], q), pc.greater_equal(edges["weight"], MOMENTS)))
    candidates = rest.filter(pc.less_equal(rest["q_sharing"], q))
    if layer.name in SEVERAL and len(times):
        times = by_meetings(edges, layer.network, q, least)
    things = _of_one_moment(layer, candidates) if len(candidates) else candidates
    return pa.concat_tables([_told(times, layer.name, "times"), _told(things, layer.name, "things")])


def _told(edges: pa.Table, layer: str, reason: str) -> pa.Table:
    count, by_times = len(edges), reason == "times"
    return (
        pa.table(
            {
                **{name: edges[name] for name in ("source", "target", "weight", "q_sharing", "leads", "median_lag_s")},
                "layer": pa.array([layer] * count, pa.string()),
                "reason": pa.array([reason] * count, pa.string()),
                "expected": edges["expected"] if by_times else pa.nulls(count, pa.float64()),
                "p": edges["p" if by_times else "p_sharing"],
                "q": edges["q" if by_times else "q_sharing"],
            }
        )
        .select(PAIRS.names)
        .cast(PAIRS)
    )


def _of_one_moment(layer: Layer, candidates: pa.Table) -> pa.Table:
    """Of the pairs those that were in time on MOMENTS things of one moment; their weight counts only these."""
    accounts = pa.concat_arrays([candidates[end].combine_chunks() for end in ("source", "target")]).unique()
    rows = layer.network.among(accounts)
    chosen = rows.filter(pc.is_in(rows["object"], _momentary(layer, rows)))
    if not len(chosen):
        return candidates.slice(0, 0)
    found = coordination(one_thing_a_message(chosen), window=layer.network.window_s, min_repeats=MOMENTS).edges
    weights = {(row["source"], row["target"]): row["weight"] for row in found.to_pylist()}
    pairs = list(zip(candidates["source"].to_pylist(), candidates["target"].to_pylist(), strict=True))
    kept = candidates.filter(pa.array([pair in weights for pair in pairs], pa.bool_()))
    weight = pa.array([weights[pair] for pair in pairs if pair in weights], pa.int64())
    return kept.set_column(kept.schema.get_field_index("weight"), "weight", weight)


def _momentary(layer: Layer, rows: pa.Table) -> pa.Array:
    """The things of which most shares, of all that there are, fell on one occasion of these rows."""
    occasions = rows.group_by(["object", "occasion"], use_threads=False).aggregate([([], "count_all")])
    largest = occasions.group_by("object", use_threads=False).aggregate([("count_all", "max")])
    things = largest["object"].combine_chunks()
    total = np.zeros(len(things), np.int64)
    for objects in _objects(layer, things.type):
        place = pc.index_in(objects, things).drop_null()
        total += np.bincount(place.to_numpy(), minlength=len(things))
    return things.filter(pa.array(largest["count_all_max"].to_numpy() >= ONE_MOMENT * total))


def _objects(layer: Layer, kind: pa.DataType) -> Iterator[pa.Array]:
    """All things that were shared, as the network tells them: an engine that splits knows strings by their keys."""
    for batch in layer.shares():
        objects = batch["object"]
        same = objects.type == kind
        yield objects if same else pa.array(identity_keys(pa.chunked_array([objects])))
