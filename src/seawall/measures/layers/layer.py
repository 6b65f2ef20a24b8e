"""One layer of the network: the exact co-sharing core over its acts, and what its p-values rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.special import gammainc

from seawall.measures.coshare import Network, coordination
from seawall.measures.keys import MICROSECONDS, Mask
from seawall.measures.layers.messages import Messages
from seawall.measures.layers.objects import Acts
from seawall.measures.layers.pooling import Floats, benjamini_hochberg, most_pairs
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
        return coordination(self._shares(which), window=self.window_s or 0.0, min_repeats=1)

    def _shares(self, which: Mask | slice) -> pa.Table:
        return _shares(self.messages, self.acts, which)


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
        q: with significance: edges with a higher p are left out, as they cannot be found. None = without.
    """
    if window is None:
        window = window_of(acts.object.astype(np.uint64), messages.at[acts.row])
    shares = _shares(messages, acts, slice(0 if window is None else None))
    network = coordination(shares, window=window or 0.0, min_repeats=least, significance=q is not None)
    del shares
    edges = network.edges
    in_time, hypotheses = len(edges), 0
    del network
    if q is not None:
        hypotheses = most_pairs(acts.object, messages.account[acts.row])
        edges = edges.filter(edges["p"].to_numpy() <= q)
    separate = _separate(messages, acts, edges, window or 0.0)
    edges = edges.add_column(edges.column_names.index("weight") + 1, "messages", pa.array(separate))
    if q is not None:
        edges = _with_honest_p(edges, hypotheses, q)
    return Layer(name, messages, acts, window, edges, in_time, hypotheses)


def _separate(messages: Messages, acts: Acts, edges: pa.Table, window: float) -> Any:
    ends = edges["source"].to_numpy(), edges["target"].to_numpy()
    rows = acts.row
    return separate_messages(
        messages.account[rows], acts.object, messages.message[rows], messages.at[rows], ends,
        round(window * MICROSECONDS),
    )  # fmt: skip


def _with_honest_p(edges: pa.Table, hypotheses: int, q: float) -> pa.Table:
    """Objects that met in the same two messages are one meeting: where a pair has fewer meetings than objects, its p
    is that of so many meetings with the same expectation, after Poisson, which is never below the Poisson-binomial's
    tail (Hoeffding 1956) nor helped by objects that come together."""
    meetings = edges["messages"].to_numpy()
    p = edges["p"].to_numpy()
    fewer = meetings < edges["weight"].to_numpy()
    p = np.where(fewer, np.maximum(p, at_least(meetings, edges["expected"].to_numpy())), p)
    kept = p <= q
    edges = edges.set_column(edges.column_names.index("p"), "p", pa.array(p)).filter(kept)
    return edges.set_column(edges.column_names.index("q"), "q", pa.array(benjamini_hochberg(p[kept], hypotheses)))


def at_least(events: Any, expected: Floats) -> Floats:
    """The chance of so many events or more, one at least, where as many are expected (Poisson)."""
    tail: Floats = gammainc(np.maximum(events, 1), expected)
    return tail
