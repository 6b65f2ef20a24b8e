"""A network cut into groups that a person can look at, and who is at the core of each."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from seawall.measures.coshare.ordering import Indices
from seawall.measures.graph.adjacency import Floats, Graph, graph_of
from seawall.measures.graph.cores import core_numbers
from seawall.measures.graph.leiden import connected, leiden, modularity

LARGE = 30
"""A connected group of more accounts is cut into communities, if it has any."""

CLEAR = 0.3
"""It has if the modularity of the cut is at least this: less is found in groups that are of a piece."""

Numbers = npt.NDArray[Any]


def grouped(
    source: Numbers, target: Numbers, weight: Floats, order: Numbers, least: int = 3
) -> tuple[Numbers, npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Groups of accounts in a network, and their cores.

    A connected group of up to LARGE accounts is one community. A larger one is cut by ``leiden`` if the cut is clear
    (modularity CLEAR or more, after Newman and Girvan 2004). The core of a community is its innermost k-core: the
    accounts of the part in which each is joined with the most others of that part.

    Args:
        source, target: whole numbers, 0 or more: the two accounts of each edge; an edge stands once.
        weight: above zero.
        order: all accounts, in an order that does not depend on what they are called. It numbers the nodes, and so
            decides between cuts that are equally good.
        least: communities of fewer accounts are left out.

    Returns:
        account, community (from 0, the largest first, of equals the one with the first account of ``order``) and
        whether it is at the core; one entry a member, by community, core first, then by ``order``.

    >>> who, community, core = grouped(
    ...     np.array([4, 4, 7, 9]), np.array([7, 9, 9, 2]), np.ones(4), np.array([9, 7, 4, 2]))
    >>> list(zip(who.tolist(), community.tolist(), core.tolist()))
    [(9, 0, True), (7, 0, True), (4, 0, True), (2, 0, False)]
    """
    rank = np.full(int(order.max(initial=-1)) + 1, -1, np.int64)
    rank[order] = np.arange(len(order))
    graph = graph_of(rank[source], rank[target], weight, len(order))
    community = _cut(graph)
    sizes = np.bincount(community, minlength=1)
    kept = np.flatnonzero(sizes[community] >= least) if len(order) else np.empty(0, np.int64)
    core = _core(graph, community)
    position = np.lexsort((kept, ~core[kept], community[kept], -sizes[community[kept]]))
    kept = kept[position]
    numbers = np.cumsum(np.diff(community[kept], prepend=community[kept][:1]) != 0)
    return order[kept], numbers.astype(np.int64), core[kept]


def _cut(graph: Graph) -> Indices:
    """The community of each node, numbered by the lowest node in it."""
    whole = connected(graph, np.zeros(graph.nodes, np.int32))
    out = whole.astype(np.int64) * (graph.nodes + 1)
    for number in np.flatnonzero(np.bincount(whole, minlength=1) > LARGE):
        members = np.flatnonzero(whole == number)
        part = _part(graph, members)
        found = leiden(part)
        if modularity(part, found) >= CLEAR:
            out[members] += found
    _, lowest, which = np.unique(out, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(lowest))
    return rank[which].astype(np.int32)


def _part(graph: Graph, members: Numbers) -> Graph:
    """The part of the graph on some nodes, which no edge leaves."""
    number = np.full(graph.nodes, -1, np.int64)
    number[members] = np.arange(len(members))
    ends = np.repeat(np.arange(graph.nodes), np.diff(graph.starts))
    once = (number[ends] >= 0) & (ends < graph.neighbour)
    return graph_of(number[ends[once]], number[graph.neighbour[once]], graph.weight[once], len(members))


def _core(graph: Graph, community: Indices) -> npt.NDArray[np.bool_]:
    """Which nodes are in the innermost k-core of their community, by edges inside it."""
    if graph.nodes == 0:
        return np.empty(0, np.bool_)
    ends = np.repeat(np.arange(graph.nodes), np.diff(graph.starts))
    once = (community[ends] == community[graph.neighbour]) & (ends < graph.neighbour)
    inside = graph_of(ends[once], graph.neighbour[once], graph.weight[once], graph.nodes)
    numbers = core_numbers(inside.starts, inside.neighbour)
    highest = np.zeros(int(community.max()) + 1, numbers.dtype)
    np.maximum.at(highest, community, numbers)
    core: npt.NDArray[np.bool_] = numbers == highest[community]
    return core
