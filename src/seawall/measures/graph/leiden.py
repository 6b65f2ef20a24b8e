"""Communities of a weighted graph by the Leiden algorithm, without chance: the same graph gives the same communities.

Source: Traag, Waltman, van Eck 2019, *From Louvain to Leiden: guaranteeing well-connected communities*, with
modularity (Newman and Girvan 2004). Where the authors draw at random (the order of visits, the mergers of the
refinement), nodes come in the order of their numbers and the best merger is taken, of equals the one with the lower
number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from seawall.measures.compiled import compiled
from seawall.measures.coshare.ordering import Indices
from seawall.measures.graph.adjacency import Floats, Graph

MOST_ROUNDS = 20
"""It starts anew from what it has found at most so often; it hardly ever needs five."""

GAIN = 1e-12
"""A move must gain so much, as part of all weight, so that rounding cannot make it go on for ever."""


def leiden(graph: Graph) -> Indices:
    """The community of each node, numbered from 0 by the lowest node in it. Each community is connected."""
    found = np.arange(graph.nodes, dtype=np.int32)
    if len(graph.weight) == 0:
        return found
    best = modularity(graph, found)
    for _ in range(MOST_ROUNDS):
        again = connected(graph, _round(graph, found))
        score = modularity(graph, again)
        if score <= best + GAIN:
            break
        found, best = again, score
    return found


def modularity(graph: Graph, community: Indices) -> float:
    """How much more of the weight lies inside communities than strengths alone explain: -1/2 to 1."""
    total = graph.strength.sum()
    if total == 0:
        return 0.0
    ends = np.repeat(np.arange(graph.nodes), np.diff(graph.starts))
    inside = graph.weight[community[ends] == community[graph.neighbour]].sum() + graph.inner.sum()
    strength = np.bincount(community, graph.strength)
    return float(inside / total - np.sum((strength / total) ** 2))


def _round(graph: Graph, community: Indices) -> Indices:
    """Move, refine, merge, until nothing can be merged; the community of each node of the graph."""
    place = np.arange(graph.nodes, dtype=np.int32)
    while True:
        community = _renumbered(_moved(graph, community))
        if int(community.max(initial=-1)) + 1 == graph.nodes:
            return community[place]
        refined = _renumbered(_refined(graph, community))
        merged = int(refined.max()) + 1
        if merged == graph.nodes:
            return community[place]
        lifted = np.empty(merged, np.int32)
        lifted[refined] = community
        graph, place, community = _merged(graph, refined, merged), refined[place], _renumbered(lifted)


@compiled
def _renumbered(community: Indices) -> Indices:
    """Numbers from 0 in the order in which communities appear."""
    number = np.full(len(community), -1, np.int32)
    out = np.empty(len(community), np.int32)
    found = 0
    for node in range(len(community)):
        if number[community[node]] < 0:
            number[community[node]] = found
            found += 1
        out[node] = number[community[node]]
    return out


@compiled
def _weights_to(graph: Graph, group: Indices, node: int, to: Floats, met: Indices) -> int:
    """Add up the weight from a node to each group of its neighbours; returns how many groups."""
    found = 0
    for k in range(graph.starts[node], graph.starts[node + 1]):
        other = group[graph.neighbour[k]]
        if to[other] == 0.0:
            met[found] = other
            found += 1
        to[other] += graph.weight[k]
    return found


@compiled
def _moved(graph: Graph, before: Indices) -> Indices:
    """Move nodes to the best community around them until none gains; who has a neighbour that left is asked again."""
    starts, neighbour, strength = graph.starts, graph.neighbour, graph.strength
    nodes = len(starts) - 1
    community = before.copy()
    total, tot = strength.sum(), np.zeros(nodes)
    for node in range(nodes):
        tot[community[node]] += strength[node]
    queue, waiting = np.arange(nodes).astype(np.int32), np.ones(nodes, np.bool_)
    head, length = 0, nodes
    to, met = np.zeros(nodes), np.empty(nodes, np.int32)
    while length > 0:
        node = queue[head]
        head, length = (head + 1) % nodes, length - 1
        waiting[node] = False
        own = community[node]
        found = _weights_to(graph, community, node, to, met)
        tot[own] -= strength[node]
        best, most = own, to[own] - strength[node] * tot[own] / total + GAIN * total
        for k in range(found):
            gain = to[met[k]] - strength[node] * tot[met[k]] / total
            if gain > most or (gain == most and best != own and met[k] < best):
                best, most = met[k], gain
        tot[best] += strength[node]
        to[met[:found]] = 0.0
        if best != own:
            community[node] = best
            for k in range(starts[node], starts[node + 1]):
                other = neighbour[k]
                if not waiting[other] and community[other] != best:
                    waiting[other] = True
                    queue[(head + length) % nodes] = other
                    length += 1
    return community


@compiled
def _refined(graph: Graph, community: Indices) -> Indices:
    """Within each community: merge single nodes into the best well-connected part of it; parts are connected."""
    starts, neighbour, weight, strength = graph.starts, graph.neighbour, graph.weight, graph.strength
    nodes = len(starts) - 1
    part = np.arange(nodes).astype(np.int32)
    total, whole, tot = strength.sum(), np.zeros(nodes), strength.copy()
    outward, alone = np.zeros(nodes), np.ones(nodes, np.bool_)
    to, met = np.zeros(nodes), np.empty(nodes, np.int32)
    for node in range(nodes):
        whole[community[node]] += strength[node]
        for k in range(starts[node], starts[node + 1]):
            if community[neighbour[k]] == community[node]:
                outward[node] += weight[k]
    for node in range(nodes):
        mine = whole[community[node]]
        if not alone[node] or outward[node] < strength[node] * (mine - strength[node]) / total:
            continue
        found = _weights_to(graph, part, node, to, met)
        best, most = node, GAIN * total
        for k in range(found):
            other = met[k]
            if community[other] != community[node] or outward[other] < tot[other] * (mine - tot[other]) / total:
                continue
            gain = to[other] - strength[node] * tot[other] / total
            if other != node and (gain > most or (gain == most and best != node and other < best)):
                best, most = other, gain
        if best != node:
            part[node] = best
            outward[best] += outward[node] - 2 * to[best]
            tot[best] += strength[node]
            tot[node] = 0.0
            alone[best] = False
        to[met[:found]] = 0.0
    return part


def _merged(graph: Graph, part: Indices, parts: int) -> Graph:
    """The graph whose nodes are the parts."""
    ends = part[np.repeat(np.arange(graph.nodes), np.diff(graph.starts))]
    others = part[graph.neighbour]
    within = ends == others
    inner = _sums(part, graph.inner, parts) + _sums(ends[within], graph.weight[within], parts)
    keys = ends[~within].astype(np.int64) * parts + others[~within]
    edges, edge = np.unique(keys, return_inverse=True)
    weight = _sums(edge, graph.weight[~within], len(edges))
    starts = np.searchsorted(edges, np.arange(parts + 1, dtype=np.int64) * parts)
    strength = _sums(part, graph.strength, parts)
    return Graph(starts, (edges % parts).astype(np.int32), weight, inner, strength)


def _sums(group: npt.NDArray[Any], values: Floats, groups: int) -> Floats:
    return np.bincount(group, values, minlength=groups).astype(np.float64)


def connected(graph: Graph, community: Indices) -> Indices:
    """Communities cut where they hang together by nothing."""
    ends = np.repeat(np.arange(graph.nodes), np.diff(graph.starts))
    inside = community[ends] == community[graph.neighbour]
    shape = (graph.nodes, graph.nodes)
    matrix = csr_array((np.ones(int(inside.sum()), np.int8), (ends[inside], graph.neighbour[inside])), shape=shape)
    _, labels = connected_components(matrix, directed=False)
    return _renumbered(labels.astype(np.int32))
