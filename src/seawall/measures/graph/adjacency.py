"""A weighted undirected graph as arrays: the neighbours of each node one after the other."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.coshare.ordering import Bounds, Indices

Floats = npt.NDArray[np.float64]


class Graph(NamedTuple):
    """Nodes are numbers from 0; each edge stands with both of its ends."""

    starts: Bounds  # where each node's part of the next two begins; one more at the end
    neighbour: Indices  # rising within a node
    weight: Floats
    inner: Floats  # one a node: twice the weight of the edges that it stands for
    strength: Floats  # one a node: weight of its edges, and ``inner``

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.starts) - 1


def graph_of(source: npt.NDArray[Any], target: npt.NDArray[Any], weight: Floats, nodes: int) -> Graph:
    """A graph of edges that each stand once, between different nodes."""
    first = np.concatenate([source, target]).astype(np.int32)
    second = np.concatenate([target, source]).astype(np.int32)
    order = np.lexsort((second, first))
    weights = np.concatenate([weight, weight])[order]
    starts = np.zeros(nodes + 1, np.int64)
    np.cumsum(np.bincount(first, minlength=nodes), out=starts[1:])
    strength = np.bincount(first[order], weights, minlength=nodes).astype(np.float64)
    return Graph(starts, second[order], weights, np.zeros(nodes), strength)
