"""The k-core of each node: in how dense a part of the graph it stands."""

from __future__ import annotations

import numpy as np

from seawall.measures.compiled import compiled
from seawall.measures.coshare.ordering import Bounds, Indices


@compiled
def core_numbers(starts: Bounds, neighbour: Indices) -> Indices:
    """For each node the greatest k such that it is in a part of the graph where each has k neighbours in that part.

    Source: Batagelj and Zaversnik 2003; linear in the edges.

    >>> triangle_with_a_tail = np.array([0, 2, 4, 7, 8]), np.array([1, 2, 0, 2, 0, 1, 3, 2], np.int32)
    >>> core_numbers(*triangle_with_a_tail).tolist()
    [2, 2, 2, 1]
    """
    nodes = len(starts) - 1
    degree = np.diff(starts).astype(np.int32)
    bins = np.zeros(degree.max() + 2 if nodes else 1, np.int64)
    for node in range(nodes):
        bins[degree[node] + 1] += 1
    bins = np.cumsum(bins)
    order, place, cursor = np.empty(nodes, np.int32), np.empty(nodes, np.int32), bins.copy()
    for node in range(nodes):
        place[node] = cursor[degree[node]]
        order[place[node]] = node
        cursor[degree[node]] += 1
    for k in range(nodes):
        node = order[k]
        for j in range(starts[node], starts[node + 1]):
            other = neighbour[j]
            if degree[other] > degree[node]:
                ahead = order[bins[degree[other]]]
                order[place[other]], order[place[ahead]] = ahead, other
                place[other], place[ahead] = place[ahead], place[other]
                bins[degree[other]] += 1
                degree[other] -= 1
    return degree
