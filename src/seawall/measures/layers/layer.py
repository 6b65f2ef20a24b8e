"""One layer of the network: the exact co-sharing core over its acts, and what its p-values rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.special import gammainc

from seawall.measures.coshare import Network, coordination
from seawall.measures.discovery import benjamini_hochberg
from seawall.measures.keys import MICROSECONDS, Mask
from seawall.measures.layers.messages import Messages
from seawall.measures.layers.moments import LEAST_MOMENTS, at_one_moment
from seawall.measures.layers.objects import Acts
from seawall.measures.layers.pooling import Floats, most_pairs
from seawall.measures.layers.separate import separate_messages
from seawall.measures.layers.windows import window_of


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer, with what is needed to show the messages behind its edges.

    Args:
        name: one of LAYERS.
        messages: those of the network.
        acts: see ``acts``.
        window_s: seconds, inclusive. None = it could not be estimated, so that there is nothing to see.
        edges: ``source`` and ``target`` are numbers of accounts; otherwise as ``LayeredNetwork.edges``.
        in_time: pairs of accounts that were in time ``min_repeats`` times, whether or not that is unusual.
        hypotheses: at least as many as there are pairs of accounts that share an object.
    """

    name: str
    messages: Messages
    acts: Acts
    window_s: float | None
    edges: pa.Table
    in_time: int
    hypotheses: int

    def network(self, which: Mask) -> Network:
        """The network of some acts alone; its objects, accounts and messages are numbers."""
        shares = _shares(self.messages, self.acts, which)
        return coordination(shares, window=self.window_s or 0.0, min_repeats=1)


def _shares(messages: Messages, acts: Acts, which: Mask | slice) -> pa.Table:
    rows = acts.row[which]
    return pa.table(
        {
            "object": acts.object[which],
            "account": messages.account[rows],
            "message": messages.message[rows],
            "at": pa.array(messages.at[rows]).cast(pa.timestamp("us", "UTC")),
        }
    )


def layer_of(name: str, messages: Messages, acts: Acts, window: float | None, least: int, q: float | None) -> Layer:
    """Run one layer.

    Args:
        name: of the layer.
        messages: of the network.
        acts: of the layer.
        window: seconds; None = estimated from the acts.
        least: an edge has at least so many objects.
        q: with significance: edges that cannot be found at this rate are left out. None = without.
    """
    if window is None:
        window = window_of(acts.object.astype(np.uint64), messages.at[acts.row])
    shares = _shares(messages, acts, slice(0 if window is None else None))
    edges = coordination(shares, window=window or 0.0, min_repeats=least, significance=q is not None).edges
    del shares
    in_time, hypotheses = len(edges), 0
    if q is None:
        edges = _with(edges, "messages", _meetings(messages, acts, edges, window, slice(None)), after="weight")
        return Layer(name, messages, acts, window, edges, in_time, hypotheses)
    hypotheses = most_pairs(acts.object, messages.account[acts.row])
    edges = edges.filter(_findable(edges, q))
    edges = _with(edges, "messages", _meetings(messages, acts, edges, window, slice(None)), after="weight")
    edges = _with_honest_p(edges, hypotheses)
    moment = at_one_moment(acts.object, messages.at[acts.row], len(acts.first), _microseconds(window))
    moments = _meetings(messages, acts, edges, window, moment[acts.object])
    edges = _with(edges, "moments", moments, after="q_sharing")
    return Layer(name, messages, acts, window, edges.filter(_findable(edges, q)), in_time, hypotheses)


def _findable(edges: pa.Table, q: float) -> Mask:
    """Which edges may be part of a pair that is found, for the one reason or the other."""
    by_things = (edges["p_sharing"].to_numpy() <= q) & (edges["weight"].to_numpy() >= LEAST_MOMENTS)
    if "moments" in edges.column_names:
        by_things &= edges["moments"].to_numpy() >= LEAST_MOMENTS
    findable: Mask = (edges["p"].to_numpy() <= q) | by_things
    return findable


def _microseconds(window: float | None) -> int:
    return round((window or 0.0) * MICROSECONDS)


def _meetings(
    messages: Messages, acts: Acts, edges: pa.Table, window: float | None, which: Mask | slice
) -> npt.NDArray[np.int64]:
    """By how many separate messages each pair met, in some of the acts."""
    rows, objects = acts.row[which], acts.object[which]
    if not len(rows):
        return np.zeros(len(edges), np.int64)
    ends = edges["source"].to_numpy(), edges["target"].to_numpy()
    return separate_messages(
        messages.account[rows], objects, messages.message[rows], messages.at[rows], ends, _microseconds(window)
    )


def _with(edges: pa.Table, name: str, values: npt.NDArray[np.int64], *, after: str) -> pa.Table:
    return edges.add_column(edges.column_names.index(after) + 1, name, pa.array(values))


def _with_honest_p(edges: pa.Table, hypotheses: int) -> pa.Table:
    """Objects that met in the same two messages are one meeting: where a pair has fewer meetings than objects, its p
    is that of so many meetings with the same expectation, after Poisson, which is never below the Poisson-binomial's
    tail (Hoeffding 1956) nor helped by objects that come together."""
    meetings = edges["messages"].to_numpy()
    p = edges["p"].to_numpy()
    fewer = meetings < edges["weight"].to_numpy()
    p = np.where(fewer, np.maximum(p, at_least(meetings, edges["expected"].to_numpy())), p)
    edges = edges.set_column(edges.column_names.index("p"), "p", pa.array(p))
    return edges.set_column(edges.column_names.index("q"), "q", pa.array(benjamini_hochberg(p, hypotheses)))


def at_least(events: Any, expected: Floats) -> Floats:
    """The chance of so many events or more, one at least, where as many are expected (Poisson)."""
    tail: Floats = gammainc(np.maximum(events, 1), expected)
    return tail
