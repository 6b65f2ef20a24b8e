"""Things that come together in one message are one meeting, however many they are."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from scipy.special import gammainc

from seawall.measures import Network
from seawall.measures.discovery import benjamini_hochberg

SEVERAL = frozenset({"link", "hashtag", "mention", "media"})
"""The layers in which one message can share several things."""


def by_meetings(edges: pa.Table, network: Network, rate: float, least: int) -> pa.Table:
    """The edges that stand out where things in the same two messages count as one meeting.

    Where a pair has fewer meetings than things, its p is that of so many meetings with the same expectation, after
    Poisson, which is never below the tail of the Poisson-binomial (Hoeffding 1956) nor helped by things that come
    together; then the edges are compared anew (Benjamini-Hochberg).

    Args:
        edges: of a network with significance, all that stand out at the rate at least.
        network: where they are from.
        rate: of false discoveries.
        least: the least number of meetings.
    """
    p, q, weight, expected = (edges[name].to_numpy() for name in ("p", "q", "weight", "expected"))
    standing = np.flatnonzero(q <= rate)
    ends = (edges[end].take(pa.array(standing)).to_pylist() for end in ("source", "target"))
    meetings = np.array([_meetings(network, *pair) for pair in zip(*ends, strict=True)], np.int64)
    fewer = meetings < weight[standing]
    tail = gammainc(np.maximum(meetings, 1), expected[standing])
    honest = p.copy()
    honest[standing] = np.where(fewer, np.maximum(p[standing], tail), p[standing])
    adjusted = benjamini_hochberg(honest, network.compared)[standing]
    kept = (adjusted <= rate) & (meetings >= least)
    chosen = edges.take(pa.array(standing))
    columns = {"weight": np.minimum(meetings, weight[standing]), "p": honest[standing], "q": adjusted}
    for name, values in columns.items():
        chosen = chosen.set_column(chosen.schema.get_field_index(name), name, pa.array(values))
    return chosen.filter(pa.array(kept))


def one_thing_a_message(rows: pa.Table) -> pa.Table:
    """Of each message one of its things, the first by name; see ``Network.among`` for the columns."""
    first = rows.group_by(["account", "message"], use_threads=False).aggregate([("object", "min"), ("at", "min")])
    return first.rename_columns(["account", "message", "object", "at"])


def _meetings(network: Network, source: str, target: str) -> int:
    """By how many separate messages two accounts met, of the one that has fewer."""
    behind = network.evidence(source, target)
    return min(len(behind[name].unique()) for name in ("source_message", "target_message"))
