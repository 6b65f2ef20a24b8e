"""Pairs of accounts that chance does not explain, layer by layer, for two reasons that are never mixed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.coordination_meetings import SEVERAL, by_meetings, one_thing_a_message
from seawall.measures import Network, coordination
from seawall.measures.keys import identity_keys
from seawall.parts import Parts

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
        network: with significance; it may hold only what is in reach.
        shares: all shares of the layer.
    """

    name: str
    network: Network
    shares: Parts


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
    counted = layer.shares.beside_all(pa.table({"object": things}), _counted).by("place").each(_summed).all()
    total = np.bincount(counted["place"].to_numpy(), counted["shares"].to_numpy(), minlength=len(things))
    return things.filter(pa.array(largest["count_all_max"].to_numpy() >= ONE_MOMENT * total))


def _counted(shares: pa.Table, things: pa.Table) -> pa.Table:
    """How many shares each of the things has, by its place among them."""
    objects, wanted = shares["object"], things["object"].combine_chunks()
    if objects.type != wanted.type:
        objects = pa.array(identity_keys(objects))  # an engine that splits knows strings by their keys
    place = pc.index_in(objects, wanted).drop_null()
    place, count = np.unique(place.to_numpy(), return_counts=True)
    return pa.table({"place": place.astype(np.int32), "shares": count.astype(np.int64)})


def _summed(counted: pa.Table) -> pa.Table:
    summed = counted.group_by("place", use_threads=False).aggregate([("shares", "sum")])
    return summed.rename_columns(["place", "shares"])
